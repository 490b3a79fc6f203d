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
  /** What the CRM also says of it where it asks; not for finding it where an id above does. */
  name?: string;
  article?: string;
  barcode?: string;
}

/** What one warehouse has of an offer. */
export interface WarehouseStock {
  /** Code of the warehouse in the CRM. */
  store: string;
  /**
   * Units for sale, never negative, rounded to 6 decimals where it is sent; 0 or 1 where the CRM only tracks
   * presence. Missing: not known at the moment, so the CRM keeps what it has.
   */
  available?: number;
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
  /** Numbers of the shop's documents. */
  invoiceNumber?: string;
  deliveryNoteNumber?: string;
  /** Ids of the order's item in other systems. */
  itemExternalIds?: readonly { code: string; value: string }[];
}

/** What is to be reserved for an order. */
export interface ReserveRequest {
  /** How the order is told from others: its id in the CRM, else its shop and id there; empty: not named. */
  order: string;
  /** What the CRM says of the order. */
  crmOrder?: { id?: number; externalId?: string; site?: string };
  packs: readonly Pack[];
}

/** A document of the service about an order. */
export interface StoreDocument {
  /** The service's id. */
  id: string;
  /** As people know it. */
  number?: string;
  /** Where people see it. */
  url?: string;
}

/** What an order holds, as the last successful `reserve` left it. */
export interface ExistingReservation {
  /** As `ReserveRequest.order`. */
  order: string;
  /** What `reserve` last remembered; empty at first. */
  memory: Readonly<Record<string, string>>;
  /** Packs above 0, each item, offer and warehouse once. */
  packs: readonly Pack[];
  documents: readonly StoreDocument[];
}

/** What a reservation came to at the service. */
export interface ReservedOrder {
  /** Replaces what is remembered for the order, such as ids and versions; no secrets. Missing: it stays. */
  memory?: Readonly<Record<string, string>>;
  /** Replaces the order's documents. Missing: they stay. */
  documents?: readonly StoreDocument[];
}
