import { defineOperatorList, type OperatorList } from '#platform';
import { toMoney, toWireAmount } from '#provider-kit';
import { type OfferRef, toUnits } from '#inventory/port';
import type { MovementListDto, ReservationListDto, StockListDto } from './ledger-operator.dto.js';
import { toOffer } from './ledger-stocks.js';

/** Fields of every row of a list. Quantities are units, prices are per unit in `currency`. */
interface LedgerView {
  /** Public id. */
  connection: string;
  offer: Omit<OfferRef, 'key'>;
  store: string;
  purchasePrice?: number;
  currency?: string;
}

/** A balance. `available` is the unreserved stock. */
export interface StockView extends LedgerView {
  onHand: number;
  reserved: number;
  available: number;
  updatedAt: string;
}

/** A movement: the change of stock and of reserved units. */
export interface MovementView extends LedgerView {
  id: string;
  kind: string;
  onHand: number;
  reserved: number;
  order?: string;
  item?: string;
  /** Key of the import. */
  key?: string;
  comment?: string;
  line?: number;
  at: string;
}

/** An order's reservation of an offer in a warehouse, and the shipped quantity. */
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
  warehouse: string;
  price_minor: string | null;
  price_currency: string | null;
}

/** Columns of LedgerRow: of a table of the ledger and its offer `o`. */
const buildColumns = (table: string): string => `
  o.id, o.crm_id, o.xml_id, o.external_id, o.site, ${table}.connection_id, ${table}.warehouse, ${table}.price_minor, ${table}.price_currency`;

/** Conditions of StockListDto for a table of the ledger and its offer `o`. */
const buildConditions = (table: string): OperatorList<StockListDto, LedgerRow, unknown>['where'] => ({
  connection: `${table}.connection_id = :connection`,
  id: 'o.crm_id = :id',
  xmlId: 'o.xml_id = :xmlId',
  externalId: 'o.external_id = :externalId',
  store: `${table}.warehouse = :store`,
});

interface StockRow extends LedgerRow {
  on_hand: string;
  reserved: string;
  updated_at: Date;
}

/** Balances, by offer and warehouse. */
export const STOCK_LIST = defineOperatorList<StockListDto, StockRow, StockView>({
  from: {
    columns: `${buildColumns('b')}, b.on_hand, b.reserved, b.updated_at`,
    tables: 'ledger_balance b JOIN ledger_offer o ON o.id = b.offer_id',
  },
  where: buildConditions('b'),
  order: { 'b.connection_id': 'ASC', 'b.offer_id': 'ASC', 'b.warehouse': 'ASC' },
  view: (row) => ({
    ...toLedgerView(row),
    onHand: toUnits(row.on_hand),
    reserved: toUnits(row.reserved),
    available: toUnits(Number(row.on_hand) - Number(row.reserved)),
    updatedAt: row.updated_at.toISOString(),
  }),
});

interface MovementRow extends LedgerRow {
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
}

/** Movements, newest first. */
export const MOVEMENT_LIST = defineOperatorList<MovementListDto, MovementRow, MovementView>({
  from: {
    columns: `${buildColumns('m')}, m.id AS movement_id, m.kind, m.on_hand, m.reserved, m.order_ref, m.item_ref,
      i.key, i.comment, m.line, m.created_at`,
    tables: 'ledger_movement m JOIN ledger_offer o ON o.id = m.offer_id LEFT JOIN ledger_import i ON i.id = m.import_id',
  },
  where: { ...buildConditions('m'), kind: 'm.kind = :kind', order: 'm.order_ref = :order' },
  order: { 'm.id': 'DESC' },
  view: (row) => ({
    ...toLedgerView(row),
    id: row.movement_id,
    kind: row.kind,
    onHand: toUnits(row.on_hand),
    reserved: toUnits(row.reserved),
    ...(row.order_ref && { order: row.order_ref }),
    ...(row.item_ref && { item: row.item_ref }),
    ...(row.key !== null && { key: row.key }),
    ...(row.comment && { comment: row.comment }),
    ...(row.line !== null && { line: row.line }),
    at: row.created_at.toISOString(),
  }),
});

interface ReservationRow extends LedgerRow {
  order_ref: string;
  item_ref: string;
  quantity: string;
  shipped: string;
  shipment_date: string | null;
  created_at: Date;
  updated_at: Date;
}

/** Reserved or shipped quantities of orders, newest first. */
export const RESERVATION_LIST = defineOperatorList<ReservationListDto, ReservationRow, ReservationView>({
  from: {
    columns: `${buildColumns('r')}, r.order_ref, r.item_ref, r.quantity, r.shipped, r.shipment_date::text, r.created_at, r.updated_at`,
    tables: 'ledger_reservation r JOIN ledger_offer o ON o.id = r.offer_id',
  },
  where: {
    ...buildConditions('r'),
    order: 'r.order_ref = :order',
    state: (state) => (state === 'shipped' ? 'r.shipped > 0' : 'r.quantity > 0'),
  },
  order: {
    'r.created_at': 'DESC',
    'r.connection_id': 'ASC',
    'r.order_ref': 'ASC',
    'r.item_ref': 'ASC',
    'r.offer_id': 'ASC',
    'r.warehouse': 'ASC',
  },
  view: (row) => ({
    ...toLedgerView(row),
    order: row.order_ref,
    ...(row.item_ref && { item: row.item_ref }),
    quantity: toUnits(row.quantity),
    shipped: toUnits(row.shipped),
    ...(row.shipment_date && { shipmentDate: row.shipment_date }),
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }),
});

function toLedgerView(row: LedgerRow): LedgerView {
  const { key: _key, ...offer } = toOffer(row);
  return {
    connection: row.connection_id,
    offer,
    store: row.warehouse,
    ...(row.price_minor !== null &&
      row.price_currency !== null && {
        purchasePrice: toWireAmount(toMoney(Number(row.price_minor), row.price_currency)),
        currency: row.price_currency,
      }),
  };
}
