import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { toMoney } from '#provider-kit';
import { type OfferRef, type OfferStock, type Pack, toUnits, type WarehouseStock } from '#inventory/port';
import type { LedgerSettings } from './ledger.settings.js';
import { buildOfferId, REFS, toRefValues } from './offer-search.js';

/** Account data for reading stocks. */
export interface StockReader {
  connectionId: string;
  settings: LedgerSettings;
  /** The account's currency. Prices in another one are left out. */
  currency?: string | undefined;
}

interface StockRow {
  id: string;
  crm_id: string | null;
  xml_id: string | null;
  external_id: string | null;
  site: string;
  /** Bigints as JSON numbers, because all are exact integers. */
  warehouses: { warehouse: string; free: number; price: number | null; currency: string | null }[];
}

const STOCKS = `
  SELECT o.id, o.crm_id, o.xml_id, o.external_id, o.site, coalesce(b.warehouses, '[]') AS warehouses
  FROM ${REFS}
  LEFT JOIN ledger_offer o ON o.id = ${buildOfferId('r')}
  LEFT JOIN LATERAL (
    SELECT json_agg(json_build_object('warehouse', b.warehouse, 'free', b.on_hand - b.reserved, 'price', b.price_minor, 'currency', b.price_currency) ORDER BY b.warehouse) AS warehouses
    FROM ledger_balance b WHERE b.offer_id = o.id
  ) b ON true
  ORDER BY r.n`;

/** Reads balances in the format for the CRM. */
@Injectable()
export class LedgerStocks {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Returns stocks in the order of the offers, with undefined for offers that are not in the ledger. */
  async read(
    reader: StockReader,
    offers: readonly OfferRef[],
    manager: EntityManager = this.dataSource.manager,
  ): Promise<(OfferStock | undefined)[]> {
    const rows = (await manager.query(STOCKS, [reader.connectionId, ...toRefValues(offers)])) as (StockRow | { id: null })[];
    return rows.map((row) => (row.id === null ? undefined : toStock(row, reader)));
  }

  /** Returns the packs that an order has reserved. */
  async readReserved(connectionId: string, order: string): Promise<Pack[]> {
    const rows: (OfferRow & { item: string; warehouse: string; quantity: string })[] = await this.dataSource.query(
      `SELECT r.item_ref AS item, o.id, o.crm_id, o.xml_id, o.external_id, o.site, r.warehouse, r.quantity
       FROM ledger_reservation r JOIN ledger_offer o ON o.id = r.offer_id WHERE r.connection_id = $1 AND r.order_ref = $2 AND r.quantity > 0`,
      [connectionId, order],
    );
    return rows.map(({ item, warehouse: store, quantity, ...offer }) => ({
      ...{ item, store, quantity: toUnits(quantity), offer: toOffer(offer) },
    }));
  }

  /** Whether a connection has any balance. */
  async hasAny(connectionId: string): Promise<boolean> {
    const rows: object[] = await this.dataSource.query('SELECT 1 FROM ledger_balance WHERE connection_id = $1 LIMIT 1', [connectionId]);
    return rows.length > 0;
  }
}

function toStock(row: StockRow, { settings, currency }: StockReader): OfferStock {
  return {
    offer: toOffer(row),
    stores: row.warehouses.map(({ warehouse, free, price, currency: priceCurrency }): WarehouseStock => {
      const units = Math.max(0, toUnits(free));
      const presence = settings.stores.some((one) => one.code === warehouse && one.counts === 'presence');
      return {
        store: warehouse,
        available: presence ? Math.min(1, Math.ceil(units)) : units,
        ...(price !== null &&
          priceCurrency !== null &&
          (currency === undefined || priceCurrency === currency) && { purchasePrice: toMoney(price, priceCurrency) }),
      };
    }),
  };
}

type OfferRow = Pick<StockRow, 'id' | 'crm_id' | 'xml_id' | 'external_id' | 'site'>;

/** Returns an offer's row in the port's format. */
export function toOffer(row: OfferRow): OfferStock['offer'] {
  return {
    key: row.id,
    ...(row.crm_id !== null && { id: Number(row.crm_id) }),
    ...(row.xml_id !== null && { xmlId: row.xml_id }),
    ...(row.external_id !== null && { externalId: row.external_id }),
    ...(row.site !== '' && { site: row.site }),
  };
}
