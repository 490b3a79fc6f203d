import type { LocalText } from '#platform/plain';
import type { Provider, ProviderContext, ProviderPress, ProviderWebhook, Register, WebhookRequest } from '#provider-kit';
import type { DeliveryManifest } from './manifest.js';
import type {
  Address,
  CalculateRequest,
  Decision,
  ExistingDelivery,
  ExistingShipment,
  ExtraData,
  PointQuery,
  PrintRequest,
  SaveRequest,
  ShipmentRequest,
} from './requests.js';
import type {
  AddressCheck,
  CarrierReport,
  DeliveryDay,
  PickupPoint,
  SavedDelivery,
  SavedShipment,
  Suggestion,
  Tariff,
  TariffInfo,
} from './replies.js';

export type { WebhookRequest };

/** A registration whose reply was lost. */
export interface SentRequest {
  request: SaveRequest;
  /** Not later than the first attempt. */
  at: Date;
}

/** One event of a webhook: `id` is the provider's and makes it unique. */
export interface WebhookEvent {
  id: string;
  reports: CarrierReport[];
}

/** The webhook steps of a carrier. */
export interface DeliveryWebhook<S> extends ProviderWebhook<S, WebhookEvent> {
  /**
   * The carrier does not sign its events, so anyone may have sent one: a report only means that there is an
   * update of its delivery. The carrier is then queried (`track`, which is required) and only its reply
   * counts.
   */
  readonly unsigned?: boolean;
}

/**
 * A carrier. Its methods determine the capabilities that are registered with the CRM. Every method throws
 * only ProviderError and honours `context.signal`.
 */
export interface DeliveryProvider<S extends object = object> extends Provider<S> {
  readonly manifest: DeliveryManifest<S>;

  /** Prices for a parcel. An empty list when the address is not served. On the hot path. */
  calculate(request: CalculateRequest, context: ProviderContext<S>): Promise<Tariff[]>;

  /**
   * Judges the address of a courier's delivery. Called before each save with a new address: a
   * rejected address refuses the save, a corrected one adds a warning.
   */
  checkAddress?(address: Address, context: ProviderContext<S>): Promise<AddressCheck>;

  /** Registers a delivery, or changes `existing` to match `request`. */
  save(request: SaveRequest, context: ProviderContext<S>, existing?: ExistingDelivery): Promise<SavedDelivery>;

  /**
   * The delivery registered under our reference, undefined when there is none. Needed for recovery `find`.
   * `sent` is the request and the time of its first attempt, for carriers that can only search by content or
   * by day.
   */
  find?(reference: string, context: ProviderContext<S>, sent?: SentRequest): Promise<SavedDelivery | undefined>;

  /**
   * Withdraws a delivery. Succeeds if it is already withdrawn. `rejected` if it can no longer be withdrawn.
   */
  cancel?(delivery: ExistingDelivery, context: ProviderContext<S>): Promise<void>;

  /**
   * Acts on a decision of one of `manifest.decisions`. Succeeds if repeated. `rejected` if the delivery's
   * state does not allow it.
   */
  decide?(delivery: ExistingDelivery, decision: Decision, context: ProviderContext<S>): Promise<void>;

  /**
   * Performs an action of `manifest.widget.actions`. A repeat with the same key has no second effect.
   * Returns a sentence for the manager, if there is something to say. `rejected` if it is not possible now.
   */
  press?(press: ProviderPress, delivery: ExistingDelivery, context: ProviderContext<S>): Promise<LocalText | undefined>;

  /** Days and hours for a decision `deliver`, earliest first. Without it, any may be requested. */
  listDeliveryDays?(delivery: ExistingDelivery, context: ProviderContext<S>): Promise<DeliveryDay[]>;

  /** The provider's current track number, price and date. Status and its time come from `track`. */
  get?(delivery: ExistingDelivery, context: ProviderContext<S>): Promise<SavedDelivery>;

  /** One file in the form's format with the form of all entities, in the order given. */
  print?(request: PrintRequest, context: ProviderContext<S>): Promise<Uint8Array>;

  /** Points that take parcels in from the shop (the CRM's `shipmentPointList`). */
  listPickupPoints?(query: PointQuery, context: ProviderContext<S>): Promise<PickupPoint[]>;

  listTariffs?(context: ProviderContext<S>): Promise<TariffInfo[]>;

  /** Suggestions for the data field `field` of type `autocomplete`. */
  autocomplete?(field: string, term: string, context: ProviderContext<S>): Promise<Suggestion[]>;

  /** Registers a shipment, or changes `existing`. */
  saveShipment?(request: ShipmentRequest, context: ProviderContext<S>, existing?: ExistingShipment): Promise<SavedShipment>;

  /**
   * The shipment with our reference, needed for recovery `find` with `saveShipment`. `request` is the sent
   * request, if known, for providers that can only search by content.
   */
  findShipment?(reference: string, context: ProviderContext<S>, request?: ShipmentRequest): Promise<SavedShipment | undefined>;

  /** Withdraws a shipment. Succeeds if it is already withdrawn. `extraData` is as in ShipmentRequest. */
  cancelShipment?(shipment: ExistingShipment, context: ProviderContext<S>, extraData: ExtraData): Promise<void>;

  /** Fetches the updates of these deliveries (a poll). Several reports of one delivery in any order. */
  track?(deliveries: ExistingDelivery[], context: ProviderContext<S>): Promise<CarrierReport[]>;

  /** The payouts and bills that the carrier paid or issued on a day, `YYYY-MM-DD`. */
  listRegisters?(day: string, context: ProviderContext<S>): Promise<Register[]>;

  readonly webhook?: DeliveryWebhook<S>;
}
