import type { LocalText } from '#platform';
import type { ProviderManifest, Recovery } from '#provider-kit';
import type { PayerType } from './requests.js';

export type { Recovery };

/** A status a delivery can have. */
export interface DeliveryStatus {
  code: string;
  name: LocalText;
  /** The CRM's user may still change the delivery. */
  isEditable?: boolean;
  /** Something is wrong; the manager is alerted. */
  isError?: boolean;
  /** Registration with the carrier is still running. */
  isPreprocessing?: boolean;
  /** Nothing can follow. */
  isFinal?: boolean;
}

/** A printed form (reference: Plate). */
export interface PrintedForm {
  entity: 'order' | 'shipment';
  code: string;
  label: LocalText;
}

/** A field of the provider's own in the CRM's delivery or shipment form (reference: DeliveryDataField). */
export interface DataField {
  code: string;
  label: LocalText;
  hint?: LocalText;
  type: 'integer' | 'text' | 'autocomplete' | 'checkbox' | 'choice' | 'date';
  multiple?: boolean;
  /** Of a `choice`: code and label. */
  choices?: readonly { code: string; label: LocalText }[];
  visible?: boolean;
  required?: boolean;
  affectsCost?: boolean;
  editable?: boolean;
}

/** A delivery provider's description; the CRM registration is derived from it and the methods present. */
export interface DeliveryManifest<S extends object> extends ProviderManifest<S> {
  recovery: Recovery;
  /** In life order: later ones follow earlier ones. */
  statuses: readonly DeliveryStatus[];
  /** Status a delivery gets when it is cancelled. */
  cancelledStatus: string;
  forms: readonly PrintedForm[];
  dataFields: readonly DataField[];
  shipmentDataFields: readonly DataField[];
  payerTypes: readonly PayerType[];
  /** Most deliveries in one printed document. */
  printLimit: number;
  /** Cash on delivery is possible. */
  cod: boolean;
  /** An order may have several packages. */
  packages: boolean;
  /** The shop may bring parcels to a terminal itself. */
  selfShipment: boolean;
  /** The CRM may show and take a track number. */
  trackNumber: boolean;
  /** `listPickupPoints` finds places by the CRM's geocoder ids, without their names. */
  pointsByGeoId?: boolean;
  /** Fields of the order the CRM must fill before it calls, as the registration's `requiredFields`. */
  requiredFields: readonly string[];
}
