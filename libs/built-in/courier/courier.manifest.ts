import type { DataField, DeliveryManifest, PrintedForm } from '#delivery/port';
import { firstSteps } from './courier.first-steps.js';
import { courierLogo } from './courier.logo.js';
import { CourierSettings } from './courier.settings.js';
import { WINDOW_NAMES } from './zone.settings.js';
import { CANCELLED_STATUS, COURIER_STATUSES } from './courier.statuses.js';
import { texts } from './courier.texts.js';
import { exampleNetwork, presets } from './example-network/index.js';
import { CourierNetwork } from './network/courier-network.js';
import { packNetwork } from './network/pack-network.js';
import { checkCourierSettings } from './settings-check.js';

/** Codes of the provider's own fields in the CRM's delivery form. */
export const FIELD = {
  note: 'courierNote',
  window: 'deliveryWindow',
  fitting: 'fitting',
  hub: 'sortingHub',
  insurance: 'insuranceCost',
} as const;

/** Codes of the provider's own fields in the CRM's shipment form. */
export const SHIPMENT_FIELD = { vehicle: 'vehicle', gate: 'gate', packages: 'packageCount' } as const;

/** Codes of the printed forms. */
export const FORM = { label: 'label', waybill: 'waybill', manifest: 'manifest' } as const;

/** Maximum length of the free texts. */
export const LONGEST_NOTE = 500;

export const VEHICLES = [
  { code: 'foot', label: texts.vehicles.foot },
  { code: 'bicycle', label: texts.vehicles.bicycle },
  { code: 'motorcycle', label: texts.vehicles.motorcycle },
  { code: 'car', label: texts.vehicles.car },
  { code: 'van', label: texts.vehicles.van },
  { code: 'truck', label: texts.vehicles.truck },
] as const;

const dataFields: readonly DataField[] = [
  { code: FIELD.note, ...texts.fields.note, type: 'text' },
  {
    code: FIELD.window,
    ...texts.fields.window,
    type: 'choice',
    choices: Object.entries(WINDOW_NAMES).map(([code, label]) => ({ code, label })),
  },
  { code: FIELD.fitting, label: texts.fields.fitting.label, type: 'checkbox', affectsCost: true },
  { code: FIELD.hub, ...texts.fields.hub, type: 'autocomplete' },
  { code: FIELD.insurance, ...texts.fields.insurance, type: 'text', editable: false },
];

const shipmentDataFields: readonly DataField[] = [
  { code: SHIPMENT_FIELD.vehicle, label: texts.shipmentFields.vehicle.label, type: 'choice', choices: VEHICLES },
  { code: SHIPMENT_FIELD.gate, ...texts.shipmentFields.gate, type: 'text' },
  { code: SHIPMENT_FIELD.packages, label: texts.shipmentFields.packages.label, type: 'integer', editable: false },
];

const forms: readonly PrintedForm[] = [
  { entity: 'order', code: FORM.label, label: texts.forms.label },
  { entity: 'order', code: FORM.waybill, label: texts.forms.waybill },
  { entity: 'shipment', code: FORM.manifest, label: texts.forms.manifest },
];

/** One frozen object, so that its index is built once. */
const noNetwork: CourierSettings = Object.freeze(Object.assign(new CourierSettings(), { tariffs: [], zones: [] }));

/** Description of the courier service. */
export const courierManifest: DeliveryManifest<CourierSettings> = {
  code: 'courier',
  portVersion: 2,
  title: texts.title,
  logo: courierLogo,
  countries: ['RU', 'ES', 'MX'],
  settings: CourierSettings,
  firstSteps,
  // A new shop must not sell at example prices.
  createDefaultSettings: (production) => (production ? noNetwork : exampleNetwork),
  presets,
  describeMissing: ({ zones }) => (zones.length === 0 ? texts.noNetwork : undefined),
  checkSettings: checkCourierSettings,
  compiler: { format: 1, pack: packNetwork, open: (parts) => new CourierNetwork(parts) },
  senderFields: ['senderName', 'senderPhone', 'senderAddress'],
  recovery: { kind: 'local' },
  statuses: COURIER_STATUSES,
  cancelledStatus: CANCELLED_STATUS,
  forms,
  dataFields,
  shipmentDataFields,
  widget: {
    rows: [
      { label: texts.fields.window.label, field: FIELD.window, values: WINDOW_NAMES },
      { label: texts.fields.hub.label, field: FIELD.hub },
    ],
  },
  payerTypes: ['receiver', 'sender'],
  printLimit: 100,
  cod: true,
  packages: true,
  selfShipment: true,
  trackNumber: true,
  requiredFields: [],
};
