import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { isUuid } from '#connections';
import { toMoney, toWireAmount } from '#provider-kit';
import type { OfferRef } from '#store/port';
import type { MovementListDto, ReservationListDto, StockListDto } from './ledger-operator.dto.js';
import { offerOf } from './ledger-stocks.js';
import { unitsOf } from './quantity.js';

/** A list as all of the operator API answers it. */
export interface Page<Item> {
  items: Item[];
  /** Of all pages. */
  total: number;
}

/** What every line of a list says. Quantities are units, prices of one unit in `currency`. */
interface LedgerView {
  /** Public id. */
  connection: string;
  offer: Omit<OfferRef, 'key'>;
  store: string;
  purchasePrice?: number;
  currency?: string;
}

/** A balance: `available` is what is there and not reserved. */
export interface StockView extends LedgerView {
  onHand: number;
  reserved: number;
  available: number;
  updatedAt: string;
}

/** A movement: by how much it changed what is there and what is reserved. */
export interface MovementView extends LedgerView {
  id: string;
  kind: string;
  onHand: number;
  reserved: number;
  order?: string;
  item?: string;
  /** Of the import. */
  key?: string;
  comment?: string;
  line?: number;
  at: string;
}

/** What an order holds of an offer in a warehouse, and what has left for it. */
export interface ReservationView extends LedgerView {
  order: string;
  item?: string;
  quantity: number;
  shipped: number;
  shipmentDate?: string;
  createdAt: string;
  updatedAt: string;
}

interface LedgerRow {
  connection_id: string;
  id: string;
  crm_id: string | null;
  xml_id: string | null;
  external_id: string | null;
  site: string;
  store: string;
  price_minor: string | null;
  price_currency: string | null;
}

interface Listed {
  /** FROM and WHERE; `o` is the offer, parameters 1 to 5 are the filter of StockListDto. */
  rows: string;
  /** Besides those of LedgerRow. */
  columns: string;
  order: string;
  /** Parameters from 6 on. */
  values?: unknown[];
}

const OFFER_COLUMNS = 'o.id, o.crm_id, o.xml_id, o.external_id, o.site';

/** Condition on a table `t` of the ledger and its offer `o`. */
const filterOf = (t: string): string => `
  ($1::uuid IS NULL OR ${t}.connection_id = $1) AND ($2::bigint IS NULL OR o.crm_id = $2) AND ($3::text IS NULL OR o.xml_id = $3)
  AND ($4::text IS NULL OR o.external_id = $4) AND ($5::text IS NULL OR ${t}.store = $5)`;

/** Reads the ledger for operators. */
@Injectable()
export class LedgerLists {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Balances, by offer and warehouse. */
  stock(filter: StockListDto): Promise<Page<StockView>> {
    return this.list<LedgerRow & { on_hand: string; reserved: string; updated_at: Date }, StockView>(
      filter,
      {
        rows: `ledger_balance b JOIN ledger_offer o ON o.id = b.offer_id WHERE ${filterOf('b')}`,
        columns: 'b.connection_id, b.store, b.price_minor, b.price_currency, b.on_hand, b.reserved, b.updated_at',
        order: 'b.connection_id, b.offer_id, b.store',
      },
      (row) => ({
        ...viewOf(row),
        onHand: unitsOf(row.on_hand),
        reserved: unitsOf(row.reserved),
        available: unitsOf(Number(row.on_hand) - Number(row.reserved)),
        updatedAt: row.updated_at.toISOString(),
      }),
    );
  }

  /** Movements, newest first. */
  movements(filter: MovementListDto): Promise<Page<MovementView>> {
    type Row = LedgerRow & {
      movement_id: string;
      kind: string;
      on_hand: string;
      reserved: string;
      order_ref: string | null;
      item_ref: string | null;
      key: string | null;
      comment: string | null;
      line: number | null;
      created_at: Date;
    };
    return this.list<Row, MovementView>(
      filter,
      {
        rows: `ledger_movement m JOIN ledger_offer o ON o.id = m.offer_id LEFT JOIN ledger_import i ON i.id = m.import_id
          WHERE ${filterOf('m')} AND ($6::text IS NULL OR m.kind = $6) AND ($7::text IS NULL OR m.order_ref = $7)`,
        columns: `m.connection_id, m.store, m.price_minor, m.price_currency, m.id AS movement_id, m.kind, m.on_hand, m.reserved, m.order_ref, m.item_ref, i.key, i.comment,
          m.line, m.created_at`,
        order: 'm.id DESC',
        values: [filter.kind ?? null, filter.order ?? null],
      },
      (row) => ({
        ...viewOf(row),
        id: row.movement_id,
        kind: row.kind,
        onHand: unitsOf(row.on_hand),
        reserved: unitsOf(row.reserved),
        ...(row.order_ref && { order: row.order_ref }),
        ...(row.item_ref && { item: row.item_ref }),
        ...(row.key !== null && { key: row.key }),
        ...(row.comment && { comment: row.comment }),
        ...(row.line !== null && { line: row.line }),
        at: row.created_at.toISOString(),
      }),
    );
  }

  /** Reservations, newest first. */
  reservations(filter: ReservationListDto): Promise<Page<ReservationView>> {
    type Row = LedgerRow & {
      order_ref: string;
      item_ref: string;
      quantity: string;
      shipped: string;
      shipment_date: string | null;
      created_at: Date;
      updated_at: Date;
    };
    const quantity = filter.state === 'shipped' ? 'r.shipped' : 'r.quantity';
    return this.list<Row, ReservationView>(
      filter,
      {
        rows: `ledger_reservation r JOIN ledger_offer o ON o.id = r.offer_id WHERE ${filterOf('r')} AND ($6::text IS NULL OR r.order_ref = $6) AND ${quantity} > 0`,
        columns: `r.connection_id, r.store, r.price_minor, r.price_currency, r.order_ref, r.item_ref, r.quantity, r.shipped, r.shipment_date::text, r.created_at, r.updated_at`,
        order: 'r.created_at DESC, r.connection_id, r.order_ref, r.item_ref, r.offer_id, r.store',
        values: [filter.order ?? null],
      },
      (row) => ({
        ...viewOf(row),
        order: row.order_ref,
        ...(row.item_ref && { item: row.item_ref }),
        quantity: unitsOf(row.quantity),
        shipped: unitsOf(row.shipped),
        ...(row.shipment_date && { shipmentDate: row.shipment_date }),
        createdAt: row.created_at.toISOString(),
        updatedAt: row.updated_at.toISOString(),
      }),
    );
  }

  private async list<Row extends LedgerRow, Item>(filter: StockListDto, listed: Listed, itemOf: (row: Row) => Item): Promise<Page<Item>> {
    const { connection, id, xmlId, externalId, store, page = 1, limit = 50 } = filter;
    if (connection !== undefined && !isUuid(connection)) return { items: [], total: 0 };
    const values = [connection ?? null, id ?? null, xmlId ?? null, externalId ?? null, store ?? null, ...(listed.values ?? [])];
    const rows = (await this.dataSource.query(
      `SELECT ${OFFER_COLUMNS}, ${listed.columns} FROM ${listed.rows} ORDER BY ${listed.order} LIMIT ${limit} OFFSET ${(page - 1) * limit}`,
      values,
    )) as Row[];
    const [count] = (await this.dataSource.query(`SELECT count(*)::int AS total FROM ${listed.rows}`, values)) as { total: number }[];
    return { items: rows.map(itemOf), total: count?.total ?? 0 };
  }
}

function viewOf(row: LedgerRow): LedgerView {
  const { key: _key, ...offer } = offerOf(row);
  return {
    connection: row.connection_id,
    offer,
    store: row.store,
    ...(row.price_minor !== null &&
      row.price_currency !== null && {
        purchasePrice: toWireAmount(toMoney(Number(row.price_minor), row.price_currency)),
        currency: row.price_currency,
      }),
  };
}
