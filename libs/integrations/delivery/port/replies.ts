import type { LocalText } from '#platform/plain';
import type { Money } from '#provider-kit';
import type { Coordinates, ExtraData, Reported, TimeWindow } from './requests.js';

/** A place where parcels are handed out or taken in (reference: Terminal). */
export interface PickupPoint {
  code: string;
  name: string;
  address: string;
  description?: string;
  schedule?: string;
  phone?: string;
  /** Price when it differs from the tariff's. */
  cost?: Money;
  extraData?: ExtraData;
  coordinates?: Coordinates;
}

/** A price offered (reference: ResponseCalculate). */
export interface Tariff {
  code: string;
  name: string;
  type: 'courier' | 'selfDelivery';
  group?: string;
  description?: string;
  /**
   * If missing, the tariff is shown, but cannot be chosen in the CRM. `description`, or the costs of all
   * points, explain why.
   */
  cost?: Money;
  /** Days. */
  minTerm?: number;
  /** Days. */
  maxTerm?: number;
  extraData?: ExtraData;
  /** Codes of the data fields to show with this tariff. If missing, all. */
  extraDataAvailable?: string[];
  pickupPoints?: PickupPoint[];
}

/** A tariff of the list that needs no quote (reference: Tariff). */
export interface TariffInfo {
  code: string;
  name: string;
  type: 'courier' | 'selfDelivery';
  description?: string;
}

/** The provider's result for a SaveRequest. */
export interface SavedDelivery extends Reported {
  /** The provider's id. */
  externalId: string;
  /** Code of the manifest's list, a preprocessing one while the provider still works on it. */
  status: string;
  /** When a new delivery got this status. If missing or in the future, now. Our own services omit it. */
  statusAt?: Date;
  /** `YYYY-MM-DD`: when the provider delivered it, or plans to. Shown instead of the requested day. */
  deliveryDate?: string;
}

/** A carrier's judgement of an address. */
export type AddressCheck =
  | { result: 'accepted' }
  /** The carrier would deliver to this address instead, in one line. */
  | { result: 'corrected'; address: string }
  | { result: 'rejected'; reasons: readonly LocalText[] };

/** A day on which the carrier can deliver, with its hours. */
export interface DeliveryDay {
  /** `YYYY-MM-DD`. */
  date: string;
  times: readonly TimeWindow[];
}

/** The provider's result for a ShipmentRequest. */
export interface SavedShipment {
  externalId: string;
  extraData?: ExtraData;
}

/** One delivery status, in the same shape from every source through inbox and outbox to the CRM. */
export interface StatusReport extends Reported {
  /** Code of the manifest's list. Missing: only other values changed, such as the cost. The status stays. */
  code?: string;
  /** When the delivery got this status. If missing, now. */
  updatedAt?: Date;
  comment?: string;
}

/** A carrier's report about one of its deliveries. */
export interface CarrierReport extends StatusReport {
  /** The provider's id of the delivery. */
  externalId: string;
  updatedAt: Date;
}

/** A suggestion for an autocomplete field. */
export interface Suggestion {
  value: string;
  label: string;
  description?: string;
}
