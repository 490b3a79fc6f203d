import type { DataField, DeliveryManifest, PrintedForm } from '#delivery/port';
import { SECTIONS } from '#platform';
import type { FirstStep } from '#provider-kit';
import { ApishipSettings, checkSettings, createDefaultSettings, LOOKUP } from './apiship.settings.js';
import { CANCELLED_STATUS, STATUSES } from './apiship.statuses.js';
import { texts } from './apiship.texts.js';

/** Codes of the adapter's own fields in the CRM's delivery form. The CRM stores them: they never change. */
export const FIELD = { comment: 'comment', service: 'service' } as const;

/** Codes of the adapter's own fields in the CRM's shipment form. */
export const SHIPMENT_FIELD = { call: 'courierCall', number: 'courierNumber' } as const;

/** Codes of the printed forms. Forms of a shipment print all of its deliveries. */
export const FORM = { label: 'label', labels: 'labels', acts: 'acts' } as const;

const dataFields: readonly DataField[] = [
  { code: FIELD.service, ...texts.fields.service, type: 'autocomplete', affectsCost: true },
  { code: FIELD.comment, label: texts.fields.comment.label, type: 'text' },
];

const shipmentDataFields: readonly DataField[] = [
  { code: SHIPMENT_FIELD.number, label: texts.shipmentFields.number.label, type: 'text', editable: false },
  { code: SHIPMENT_FIELD.call, label: texts.shipmentFields.call.label, type: 'text', visible: false, editable: false },
];

const forms: readonly PrintedForm[] = [
  { entity: 'order', code: FORM.label, label: texts.forms.label },
  { entity: 'shipment', code: FORM.labels, label: texts.forms.labels },
  { entity: 'shipment', code: FORM.acts, label: texts.forms.acts },
];

const logo = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 128 64" role="img" aria-label="ApiShip">
<rect width="128" height="64" rx="8" fill="#2f6fde"/>
<text x="64" y="41" font-family="Arial, sans-serif" font-size="26" font-weight="bold" text-anchor="middle" fill="#fff">ApiShip</text>
</svg>`;

/** The initial settings of a connection, which belong to no account. */
const EXAMPLE = createDefaultSettings();

/** The first steps of an account with ApiShip. */
const firstSteps: readonly FirstStep<ApishipSettings>[] = [
  { ...texts.firstSteps.carriers, section: SECTIONS.connect.code, isDone: ({ contour }) => contour === 'production' },
  { ...texts.firstSteps.check, section: SECTIONS.connect.code, sign: 'checked' },
  {
    ...texts.firstSteps.sender,
    section: SECTIONS.sender.code,
    isDone: ({ senderPhone, fromCity, fromStreet }) => senderPhone !== EXAMPLE.senderPhone && !!(fromCity && fromStreet),
  },
  { ...texts.firstSteps.statuses, section: 'connect', sign: 'set-up' },
  { ...texts.firstSteps.delivery, section: 'rules', sign: 'used' },
];

/** The description of the ApiShip provider. */
export const apishipManifest: DeliveryManifest<ApishipSettings> = {
  code: 'apiship',
  portVersion: 2,
  title: texts.title,
  logo,
  countries: ['RU'],
  settings: ApishipSettings,
  firstSteps,
  createDefaultSettings,
  checkSettings,
  lookups: Object.values(LOOKUP),
  contractFields: ['contour', 'token', 'login', 'password'],
  senderFields: [
    ...['senderCompany', 'senderInn', 'senderName', 'senderPhone', 'senderEmail', 'pickup'],
    ...['fromCountry', 'fromRegion', 'fromCity', 'fromIndex', 'fromStreet', 'fromHouse', 'fromOffice'],
  ],
  // How long a new order may not be found is not documented.
  recovery: { kind: 'find', settleSeconds: 30 },
  strategies: ['create-and-wait', 'adopt-when-same'],
  statuses: STATUSES.list,
  cancelledStatus: CANCELLED_STATUS,
  forms,
  dataFields,
  shipmentDataFields,
  // The shop pays the carriers. The buyer's payment for the delivery is collected for the shop.
  payerTypes: ['sender'],
  printLimit: 100,
  cod: true,
  packages: true,
  selfShipment: true,
  trackNumber: true,
  requiredFields: [],
};
