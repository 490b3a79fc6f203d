import type { DataField, DeliveryManifest, PrintedForm } from '#delivery/port';
import { SECTIONS } from '#platform';
import type { FirstStep } from '#provider-kit';
import { CdekSettings, checkSettings, createDefaultSettings, LOOKUP } from './cdek.settings.js';
import { STATUSES } from './cdek.statuses.js';
import { texts } from './cdek.texts.js';
import { UNION } from './countries.js';

/** Codes of the adapter's own fields in the CRM's delivery form. The CRM stores them: they never change. */
export const FIELD = { city: 'city', comment: 'comment', services: 'services', reverse: 'reverse' } as const;

/** Codes of the adapter's own fields in the CRM's shipment form. */
export const SHIPMENT_FIELD = { needCall: 'needCall', intake: 'intake', number: 'intakeNumber' } as const;

/** Codes of the printed forms. Forms of a shipment print all of its deliveries. */
export const FORM = { label: 'label', waybill: 'waybill', labels: 'labels', waybills: 'waybills' } as const;

const dataFields: readonly DataField[] = [
  { code: FIELD.city, ...texts.fields.city, type: 'autocomplete', affectsCost: true },
  {
    code: FIELD.services,
    label: texts.fields.services.label,
    type: 'choice',
    multiple: true,
    affectsCost: true,
    choices: Object.entries(texts.fields.services.choices).map(([code, label]) => ({ code, label })),
  },
  { code: FIELD.reverse, ...texts.fields.reverse, type: 'checkbox' },
  { code: FIELD.comment, label: texts.fields.comment.label, type: 'text' },
];

const shipmentDataFields: readonly DataField[] = [
  { code: SHIPMENT_FIELD.needCall, label: texts.shipmentFields.needCall.label, type: 'checkbox' },
  { code: SHIPMENT_FIELD.number, label: texts.shipmentFields.number.label, type: 'text', editable: false },
  { code: SHIPMENT_FIELD.intake, label: texts.shipmentFields.intake.label, type: 'text', visible: false, editable: false },
];

const forms: readonly PrintedForm[] = [
  { entity: 'order', code: FORM.label, label: texts.forms.label },
  { entity: 'order', code: FORM.waybill, label: texts.forms.waybill },
  { entity: 'shipment', code: FORM.labels, label: texts.forms.labels },
  { entity: 'shipment', code: FORM.waybills, label: texts.forms.waybills },
];

const logo = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 128 64" role="img" aria-label="CDEK">
<rect width="128" height="64" rx="8" fill="#1ab248"/>
<text x="64" y="42" font-family="Arial, sans-serif" font-size="30" font-weight="bold" font-style="italic" text-anchor="middle" fill="#fff">CDEK</text>
</svg>`;

/** The initial settings of a connection, which belong to no account. */
const EXAMPLE = createDefaultSettings();

/** The first steps of an account with CDEK. */
const firstSteps: readonly FirstStep<CdekSettings>[] = [
  { ...texts.firstSteps.account, section: SECTIONS.connect.code, isDone: ({ contour }) => contour === 'production' },
  { ...texts.firstSteps.check, section: SECTIONS.connect.code, sign: 'checked' },
  {
    ...texts.firstSteps.sender,
    section: SECTIONS.sender.code,
    isDone: ({ senderPhone, shipmentPoint, fromAddress }) => senderPhone !== EXAMPLE.senderPhone && !!(shipmentPoint || fromAddress),
  },
  { ...texts.firstSteps.delivery, section: 'rules', sign: 'used' },
];

/** The description of the CDEK provider. */
export const cdekManifest: DeliveryManifest<CdekSettings> = {
  code: 'cdek',
  portVersion: 2,
  title: texts.title,
  logo,
  // Orders to other countries need customs papers, which the CRM has no fields for.
  countries: UNION,
  settings: CdekSettings,
  firstSteps,
  createDefaultSettings,
  checkSettings,
  lookups: Object.values(LOOKUP),
  contractFields: ['contour', 'clientId', 'clientSecret', 'contractKind', 'currency', 'collectsAbroad'],
  senderFields: ['senderCompany', 'senderName', 'senderPhone', 'senderEmail', 'fromCityCode', 'fromAddress', 'shipmentPoint'],
  // CDEK finds an order by number only after a while. A second one is rejected, and the first is adopted.
  recovery: { kind: 'find', settleSeconds: 20 },
  strategies: ['create-and-wait', 'adopt-when-same', 'print-job'],
  statuses: STATUSES.list,
  cancelledStatus: 'cancelled',
  decisions: ['deliver', 'return', 'clientReturn'],
  forms,
  dataFields,
  shipmentDataFields,
  widget: { rows: [{ label: texts.fields.services.label, field: FIELD.services, values: texts.fields.services.choices }] },
  // The shop pays CDEK by its contract. The buyer's payment for the delivery is collected for the shop.
  payerTypes: ['sender'],
  // More are printed in several jobs and merged.
  printLimit: 300,
  cod: true,
  packages: true,
  selfShipment: true,
  trackNumber: true,
  requiredFields: [],
};
