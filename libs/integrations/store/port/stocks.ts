import type { Money } from '#provider-kit';

/** Most units that a pack or a line may count. */
export const MOST_UNITS = 1_000_000_000;

/** An offer (SKU), found by `key`, else `id`, `xmlId` or `externalId` (reference: inventories/upload). */
export interface OfferRef {
  /** The provider's own name of the offer. */
  key?: string;
  /** Id in the CRM. */
  id?: number;
  /** Id in the warehouse system. */
  xmlId?: string;
  /** Id in the shop; unique within a site. */
  externalId?: string;
  /** Code of the shop that `externalId` is of. */
  site?: string;
}

/** What one warehouse has of an offer. */
export interface WarehouseStock {
  /** Code of the warehouse in the CRM. */
  store: string;
  /** Units for sale, up to 6 decimals, never negative; 0 or 1 where the CRM only tracks presence. */
  available: number;
  /** Of one unit, in the account's currency. */
  purchasePrice?: Money;
}

/** An offer's stock in all warehouses, at most 500 (reference: inventories/upload). */
export interface OfferStock {
  offer: OfferRef & { key: string };
  stores: readonly WarehouseStock[];
}

/** What an order needs of an offer from a warehouse (reference: PackDataModel). */
export interface Pack {
  /** The order's item, empty when the CRM names none. */
  item: string;
  offer: OfferRef;
  /** Code of the warehouse; missing: the provider's choice. */
  store?: string;
  /** Units, at most 6 digits after the point; 0 ends the reservation. */
  quantity: number;
  /** Of one unit. */
  purchasePrice?: Money;
  /** `2026-11-24`. */
  shipmentDate?: string;
}

/** What is to be reserved for an order. */
export interface ReserveRequest {
  /** The order's id in the CRM, empty when it names none. */
  order: string;
  packs: readonly Pack[];
}
