import type { LocalText } from '#platform/plain';
import type { Customer, Money, PostalAddress, WorkTime } from '#provider-kit';

/** A postal address or a point (reference: DeliveryAddress). Every part may be missing. */
export interface Address extends PostalAddress {
  /** Code of the pickup point or terminal chosen. */
  terminal?: string;
  /** The CRM's data about that point. */
  terminalData?: TerminalData;
}

/** Decimal degrees. */
export interface Coordinates {
  latitude: number;
  longitude: number;
}

/** A chosen pickup point, as the provider described it to the CRM (reference: Terminal). */
export interface TerminalData {
  code?: string;
  /** Price when it differs from the tariff's. */
  cost?: Money;
  name?: string;
  description?: string;
  address?: string;
  schedule?: string;
  phone?: string;
  extraData?: ExtraData;
  coordinates?: Coordinates;
}

/** The warehouse of shipment (reference: Store). */
export interface DeliveryStore {
  /** Code in the CRM. */
  code?: string;
  name?: string;
  address?: PostalAddress & { coordinates?: Coordinates };
  /** One entry for each interval of a day. */
  workTimes?: readonly WorkTime[];
}

/** An item of a package. */
export interface ParcelItem {
  /** Id of the offer in the CRM. */
  offerId?: string;
  /** Id of the offer in the shop. */
  externalId?: string;
  /** Id of the offer in the shop's stock system. */
  xmlId?: string;
  name?: string;
  quantity: number;
  /** Declared value of one unit. */
  declaredValue?: Money;
  /** Price of one unit, discounts taken off. */
  cost?: Money;
  vatRate?: string;
  markingCodes?: string[];
  /** The unit of the quantity. The code is the CRM's. */
  unit?: { code?: string; name?: string; symbol?: string };
  /** The offer's properties by code, such as colour and size. */
  properties?: Readonly<Record<string, string | readonly string[]>>;
  /** Grams of one unit. Null if it has no weight, such as a service. */
  weight?: number | null;
}

/** One package. */
export interface Parcel {
  packageId?: string;
  /** Grams. */
  weight: number;
  /** Millimetres, above 0. Missing, as the other sides: not measured. */
  width?: number;
  /** Millimetres. */
  length?: number;
  /** Millimetres. */
  height?: number;
  items: ParcelItem[];
}

/** Times of day as `HH:MM`. */
export interface TimeWindow {
  from?: string;
  to?: string;
  /** A free text instead of times, or in addition to them. According to the CRM, saves do not contain it. */
  custom?: string;
}

/** Values of data fields by code (manifest `dataFields`). */
export type ExtraData = Record<string, string | number | boolean | string[]>;

/** Who pays the provider: the buyer on receipt, or the shop. */
export type PayerType = 'receiver' | 'sender';

/** A question for prices. */
export interface CalculateRequest {
  parcels: Parcel[];
  /** Warehouse of shipment. */
  store?: DeliveryStore;
  from?: Address;
  to?: Address;
  payerType?: PayerType;
  declaredValue?: Money;
  /** The amount that the order still owes in cash on delivery, goods and delivery. */
  cod?: Money;
  /** The order's currency, ISO 4217 upper case. Amounts of the reply must be in it. */
  currency?: string;
  /** `YYYY-MM-DD`. */
  shipmentDate?: string;
  /** `YYYY-MM-DD`. */
  deliveryDate?: string;
  deliveryTime?: TimeWindow;
  extraData: ExtraData;
}

export interface Person {
  /** Name of the person, or of the company if there is no person. */
  name?: string;
  /** The legal person that is the buyer. */
  company?: string;
  phone?: string;
  email?: string;
}

/** Who takes the parcels. */
export interface Recipient extends Person {
  /** Number of an identity document, unchanged (manifest `recipientDocument`). */
  document?: string;
}

/** The manager of an order or a shipment. */
export interface Manager extends Person {
  /** Id of the user in the CRM. */
  id?: number;
}

/** The amount to collect from the buyer at the door. Whole minor units of `currency`, never negative. */
export interface Collect {
  /** ISO 4217, as the order's other amounts. */
  currency: string;
  /**
   * For the goods: the sum of `perItem`. For an order without items, the amount it owes besides the delivery.
   */
  goods: number;
  /** For the delivery service. */
  delivery: number;
  /** Goods and delivery. */
  total: number;
  /**
   * For each item of each parcel, in the order of `parcels[].items`: the amount owed for its whole quantity.
   */
  perItem: number[][];
}

/** An order to be registered with the provider, or changed. */
export interface SaveRequest {
  /**
   * Our reference, the same in every repeat of a registration: 1 to 30 ASCII letters, digits and dashes,
   * unique in the connection. Send it to the provider if possible; `find` looks for it.
   */
  reference: string;
  /**
   * As `reference`, for carriers with short fields: 1 to 10 digits and small letters (base 36). Missing in
   * requests stored by an earlier version.
   */
  shortKey?: string;
  /** The order's id in the CRM. */
  order: string;
  orderNumber?: string;
  site?: string;
  siteName?: string;
  /** Warehouse of shipment. */
  storeCode?: string;
  storeName?: string;
  store?: DeliveryStore;
  /** Name of the selling legal person. */
  legalEntity?: string;
  /** Who takes the parcels, from `customer`. */
  recipient: Recipient;
  /** The buyer, with the legal person that buys. Missing in requests stored by an earlier version. */
  customer?: Customer;
  manager: Manager;
  parcels: Parcel[];
  from?: Address;
  to?: Address;
  tariff: string;
  payerType?: PayerType;
  /** The order's delivery price, for printed forms. It is not collected (see `collect`). */
  cost?: Money;
  vatRate?: string;
  /** Missing: nothing is collected. */
  collect?: Collect;
  /** How the buyer will pay at the door: a payment type of the CRM. */
  codPaymentType?: { code: string; name?: string };
  /** Sum of the items' declared values. */
  declaredValue?: Money;
  currency?: string;
  /** `YYYY-MM-DD`. */
  shipmentDate?: string;
  /** `YYYY-MM-DD`. */
  deliveryDate?: string;
  deliveryTime?: TimeWindow;
  extraData: ExtraData;
}

/** The values that a carrier may report with each save and status. */
export interface Reported {
  trackNumber?: string;
  /** The carrier's page about the parcel, for people. An address other than https is dropped. */
  trackUrl?: string;
  /** The price of the delivery for the shop. The CRM is sent it only in the order's currency. */
  cost?: Money;
  /** By codes of the manifest's data fields. */
  extraData?: ExtraData;
  collected?: CollectedMoney;
  /** The items handed over, if not all were. */
  delivered?: readonly DeliveredItem[];
  /** Numbers of each package, in the request's order. */
  parcels?: readonly ParcelNumbers[];
  /**
   * Parcels that belong to the delivery and are separate orders at the carrier. The adapter reads them with
   * the delivery (`track`). The core never queries them.
   */
  related?: readonly RelatedParcel[];
  /**
   * Differences between the request and the carrier's order, and parts that failed. A save replaces earlier
   * ones.
   */
  warnings?: readonly LocalText[];
}

/** The money that the carrier took from the buyer, as it reports. */
export interface CollectedMoney {
  /** ISO 4217. It may differ from the order's. */
  currency: string;
  /** Minor units. */
  total: number;
  by?: 'cash' | 'card' | 'other';
  at?: Date;
}

/** An item that was handed over. */
export interface DeliveredItem {
  /** Position in the request's parcels, from 0. */
  parcel: number;
  /** Position in the parcel's items, from 0. */
  item: number;
  /** How much of it the buyer took. */
  quantity: number;
}

/** The carrier's numbers of a package. */
export interface ParcelNumbers {
  packageId?: string;
  trackNumber?: string;
  barcode?: string;
}

/**
 * A parcel that follows a delivery. `return`: not handed over, comes back. `clientReturn`: the buyer sends it
 * back. `reverse`: goes back with the courier.
 */
export interface RelatedParcel {
  kind: 'return' | 'clientReturn' | 'reverse';
  /** The carrier's id. */
  externalId: string;
  trackNumber?: string;
  /** `back`: at the shop. `withdrawn`: does not come. A parcel that has ended is never going again. */
  state: 'going' | 'back' | 'lost' | 'withdrawn';
  /** When it got this state. */
  at?: Date;
}

/** A stored delivery, passed to calls on an existing one. */
export interface ExistingDelivery extends Reported {
  /** The CRM's id of it (and ours). */
  id: string;
  /** The provider's id for it. */
  externalId: string;
  reference: string;
  /** Missing if it was not sent when the delivery was made. */
  shortKey?: string;
  /** Status code of the manifest's list. */
  status: string;
  statusAt: Date;
  createdAt: Date;
  /** The provider's extra data of the last save. */
  extraData: ExtraData;
  /** The last saved request. */
  request: SaveRequest;
}

/** The shop's decision about a delivery that the carrier has, such as after a failed attempt. */
export type Decision =
  /** Delivers on a day, to another address or point if `to` is given. */
  | { kind: 'deliver'; date: string; time?: TimeWindow; to?: Address }
  /** Keeps the parcel at the point until a day. */
  | { kind: 'keep'; until: string }
  /** Sends the parcel back to the shop now. */
  | { kind: 'return' }
  /** Registers a return of all goods from a buyer who has them. It is a parcel in `related`. */
  | { kind: 'clientReturn' };

/** A shipment to be registered: a courier's visit, or parcels handed over together. */
export interface ShipmentRequest {
  /** As SaveRequest.reference. */
  reference: string;
  /** `YYYY-MM-DD`. */
  date?: string;
  time?: TimeWindow;
  address?: Address;
  storeCode?: string;
  manager: Manager;
  comment?: string;
  extraData: ExtraData;
  /** Packages as handed over, by the delivery's id. A delivery may lack them. Money is in its currency. */
  parcels?: Readonly<Record<string, readonly Parcel[]>>;
  deliveries: ExistingDelivery[];
}

/** A stored shipment. */
export interface ExistingShipment {
  id: string;
  externalId: string;
  createdAt: Date;
  extraData: ExtraData;
  request: ShipmentRequest;
}

/** A query for pickup points or for terminals that accept parcels. Every part may be missing. */
export interface PointQuery {
  countryIso?: string;
  region?: string;
  city?: string;
  /** Ids of the CRM's geocoder. */
  regionId?: number;
  cityId?: number;
  /** Shipment warehouse code. */
  code?: string;
}

/** A printed form to be made. */
export type PrintRequest =
  | { entity: 'order'; form: string; deliveries: ExistingDelivery[] }
  | { entity: 'shipment'; form: string; shipments: ExistingShipment[] };
