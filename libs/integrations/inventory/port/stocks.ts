import type { Money } from '#provider-kit';

/** Maximum number of units in a pack or a line. */
export const MOST_UNITS = 1_000_000_000;

/**
 * An offer (SKU), found by `key`, otherwise by `id`, `xmlId` or `externalId` (reference: inventories/upload).
 */
export interface OfferRef {
  /** The provider's id of the offer. */
  key?: string;
  /** Id in the CRM. */
  id?: number;
  /** Id in the warehouse system. */
  xmlId?: string;
  /** Id in the shop, unique within a site. */
  externalId?: string;
  /** Code of the shop that `externalId` belongs to. */
  site?: string;
  /** Other data of the offer in the CRM's request. It is not used to find an offer with an id. */
  name?: string;
  article?: string;
  barcode?: string;
}

/** An offer's stock in one warehouse. */
export interface WarehouseStock {
  /** Code of the warehouse in the CRM. */
  store: string;
  /**
   * Units for sale, never negative, rounded to 6 decimals when sent. 0 or 1 if the CRM only tracks presence.
   * Missing: unknown at the moment, so the CRM keeps its figure.
   */
  available?: number;
  /** Price per unit, in the account's currency. */
  purchasePrice?: Money;
}

/** An offer's stock in all warehouses, at most 500 (reference: inventories/upload). */
export interface OfferStock {
  offer: OfferRef & { key: string };
  stores: readonly WarehouseStock[];
}

/** An order's need of an offer from a warehouse (reference: PackDataModel). */
export interface Pack {
  /** The order's item. Empty if the CRM sends none. */
  item: string;
  offer: OfferRef;
  /** Code of the warehouse. Missing: the provider chooses. */
  store?: string;
  /** Units, at most 6 decimals. 0 ends the reservation. */
  quantity: number;
  /** Price per unit. */
  purchasePrice?: Money;
  /** `2026-11-24`. */
  shipmentDate?: string;
  /** Numbers of the shop's documents. */
  invoiceNumber?: string;
  deliveryNoteNumber?: string;
  /** Ids of the order's item in other systems. */
  itemExternalIds?: readonly { code: string; value: string }[];
}

/** A reservation request for an order. */
export interface ReserveRequest {
  /** Identifies the order: its id in the CRM, otherwise its shop and id there. Empty: the order has no id. */
  order: string;
  /** The order's ids in the CRM. */
  crmOrder?: { id?: number; externalId?: string; site?: string };
  packs: readonly Pack[];
}

/** A document of the service about an order. */
export interface StoreDocument {
  /** The service's id. */
  id: string;
  /** Number shown to people. */
  number?: string;
  /** Page of the document for people. */
  url?: string;
}

/** An order's reservation after the last successful `reserve`. */
export interface ExistingReservation {
  /** Same as `ReserveRequest.order`. */
  order: string;
  /** The memory that `reserve` last returned, initially empty. */
  memory: Readonly<Record<string, string>>;
  /** Packs above 0, each item, offer and warehouse once. */
  packs: readonly Pack[];
  documents: readonly StoreDocument[];
}

/** The service's result of a reservation. */
export interface ReservedOrder {
  /** Replaces the order's memory, such as ids and versions. No secrets. Missing: the memory stays. */
  memory?: Readonly<Record<string, string>>;
  /** Replaces the order's documents. Missing: they stay. */
  documents?: readonly StoreDocument[];
}

/** A quantity of an offer that leaves a warehouse or comes back to it. */
export interface MovedItem {
  offer: OfferRef;
  /** Code of the warehouse in the CRM. Missing: the provider's main one. */
  store?: string;
  /** Units above 0, at most 6 decimals. Offer and warehouse are in the request once. */
  quantity: number;
}

/** Goods of an order that left with a parcel. */
export interface WriteOffRequest {
  /** Names the movement: the same in every repeat, unique in the connection. At most 100 characters. */
  key: string;
  /** Same as `ReserveRequest.order`. */
  order: string;
  items: readonly MovedItem[];
}

/** Goods of a parcel that came back: all of its write-off or a part. */
export interface TakeBackRequest extends WriteOffRequest {
  /** `key` of the write-off. */
  writeOff: string;
}

/** The service's result of a write-off or a return. */
export interface StockMovement {
  /** One for each warehouse. Empty if the service has no documents. */
  documents: readonly StoreDocument[];
}
