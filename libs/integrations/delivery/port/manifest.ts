import type { LocalText } from '#platform/plain';
import type { ProviderManifest, Recovery } from '#provider-kit';
import type { Decision, ExtraData, PayerType } from './requests.js';

export type { Recovery };

/** A status a delivery can have. */
export interface DeliveryStatus {
  code: string;
  name: LocalText;
  /** The CRM's user may still change the delivery. */
  isEditable?: boolean;
  /** Something is wrong. The manager is alerted. */
  isError?: boolean;
  /** Registration with the carrier is still running. */
  isPreprocessing?: boolean;
  /** The carrier has the parcel. Goods are written off from then on, if the shop chooses so. */
  isTaken?: boolean;
  /** Nothing can follow. A parcel that comes back is another one (`Reported.related`). */
  isFinal?: boolean;
  /** The buyer took a part of the items. The rest comes back. */
  isPartial?: boolean;
  /** Goes back to the shop. A final one is polled until the parcel is back. */
  isReturning?: boolean;
  /** Back at the shop. */
  isReturned?: boolean;
}

/** A format of printed forms. `zpl`: commands of Zebra label printers. */
export type FormFormat = 'pdf' | 'zpl';

/** A printed form (reference: Plate). */
export interface PrintedForm {
  entity: 'order' | 'shipment';
  code: string;
  label: LocalText;
  /** By default `pdf`. The CRM offers only PDFs. Widgets and the operator API also have the others. */
  format?: FormFormat;
}

/** A field of the provider's own in the CRM's delivery or shipment form (reference: DeliveryDataField). */
export interface DataField {
  code: string;
  label: LocalText;
  hint?: LocalText;
  type: 'integer' | 'text' | 'autocomplete' | 'checkbox' | 'choice' | 'date';
  multiple?: boolean;
  /** For a `choice`: code and label. */
  choices?: readonly { code: string; label: LocalText }[];
  visible?: boolean;
  required?: boolean;
  affectsCost?: boolean;
  editable?: boolean;
}

/** The initial values of a shop in the CRM, which it may change there. */
export interface ShopDefaults {
  /** One of `payerTypes`, by default the first. */
  payerType?: PayerType;
  /** As the registration's `costCalculateBy`, whose values are not documented; `auto` when left out. */
  costCalculateBy?: string;
  /** As the registration's `nullDeclaredValue`: goods are declared without a value. By default false. */
  nullDeclaredValue?: boolean;
  /** New orders are not synchronized with the delivery service (reference: `locked`); false when left out. */
  lockedByDefault?: boolean;
  /** Payment types of the CRM, by code: on offer with this delivery, and paid at the door. */
  paymentTypes?: readonly { code: string; active: boolean; cod: boolean }[];
  /** The carrier's point for each store of the CRM, by code. */
  shipmentPoints?: readonly { store: string; point: string; label: string }[];
  /** Status that an order gets in the CRM when its delivery has a status of the manifest. */
  statuses?: readonly { crmStatus: string; status: string }[];
  /** Values of the data fields of new deliveries, by code. */
  deliveryExtraData?: ExtraData;
  /** Values of the data fields of new shipments, by code. */
  shipmentExtraData?: ExtraData;
}

/** A maximum amount of cash on delivery. */
export interface CodLimit {
  /** The recipient's country, ISO 3166-1 alpha-2. Missing: any. */
  country?: string;
  /** ISO 4217. The limit counts only for amounts in it. */
  currency: string;
  /** Minor units. */
  max: number;
}

/** The features of a delivery module. Each may depend on the settings. */
export interface DeliveryTraits {
  readonly forms: readonly PrintedForm[];
  readonly dataFields: readonly DataField[];
  readonly shipmentDataFields: readonly DataField[];
  /** Not empty. */
  readonly payerTypes: readonly PayerType[];
  /** Most deliveries in one printed document. */
  readonly printLimit: number;
  /** Cash on delivery is possible. */
  readonly cod: boolean;
  /**
   * Maximum amounts collected from a buyer. A larger amount gets no tariffs, and a save with it is rejected.
   * Missing: the carrier states none, or states it by place (then the adapter checks it).
   */
  readonly codLimits?: readonly CodLimit[];
  /** An order may have several packages. */
  readonly packages: boolean;
  /** The shop may bring parcels to a terminal itself. */
  readonly selfShipment: boolean;
  /** The CRM may show and take a track number. */
  readonly trackNumber: boolean;
  /**
   * Fields of the order the CRM must fill before it calls, as the registration's `requiredFields`. The CRM
   * publishes no list of their names, so leave it empty and reject missing fields by `fields` of the error.
   */
  readonly requiredFields: readonly string[];
  /** Shown with the module in the CRM. */
  readonly description?: LocalText;
  /** Whether the CRM requests prices. By default true. */
  readonly ratesCost?: boolean;
  /** Whether an order may have one product in several lines. By default true. */
  readonly repeatedProducts?: boolean;
  /** Countries delivered to, ISO 3166-1 alpha-2. By default the module's countries. */
  readonly deliveryCountries?: readonly string[];
  /** `listPickupPoints` finds places by the CRM's geocoder ids, without their names. */
  readonly pointsByGeoId?: boolean;
  /**
   * Each is sent once, and again when it changed here. Values that the shop has chosen or emptied since then
   * stay.
   */
  readonly shopDefaults?: ShopDefaults;
}

/** A delivery provider's description. The CRM registration is derived from it and the methods present. */
export interface DeliveryManifest<S extends object> extends ProviderManifest<S>, DeliveryTraits {
  readonly recovery: Recovery;
  /** In life order: later ones follow earlier ones. */
  readonly statuses: readonly DeliveryStatus[];
  /** Status a delivery gets when it is cancelled. */
  readonly cancelledStatus: string;
  /** Kinds of decisions that `decide` can act on. */
  readonly decisions?: readonly Decision['kind'][];
  /**
   * The carrier takes the number of the buyer's document (`recipient.document`). The shop's rules name the
   * custom field of the order with it. `required`: a save without it never reaches the carrier.
   */
  readonly recipientDocument?: 'optional' | 'required';
  /** The carrier's page about a parcel, if replies have no `trackUrl`. `{track}`: its tracking number. */
  readonly trackUrl?: string;
  /**
   * Names of the settings that make a contract with the carrier, such as credentials and numbers: a shop may
   * enter several, and its rules choose. Not the settings that `bySettings` reads: the registration follows
   * the settings. Never an address, because the secrets of the settings would go there.
   */
  readonly contractFields?: readonly string[];
  /** Names of the settings that describe who sends and from where. Chosen as contracts are. */
  readonly senderFields?: readonly string[];
  /**
   * Traits that differ with these settings, such as cash on delivery by contract. Earlier deliveries
   * continue.
   */
  bySettings?(settings: S): Partial<DeliveryTraits>;
}
