import type { DataField, DeliveryManifest } from '#delivery/port';
import { FakeCarrierSettings } from './fake-carrier.settings.js';
import { STATUSES } from './fake-carrier.statuses.js';
import { texts } from './fake-carrier.texts.js';

const dataFields: readonly DataField[] = [
  {
    code: 'fragile',
    label: texts.fields.fragile.label,
    type: 'checkbox',
    visible: true,
    affectsCost: true,
    editable: true,
  },
  { code: 'comment', label: texts.fields.comment.label, type: 'text', visible: true, editable: true },
];

/** The adapter's manifest. */
export const manifest: DeliveryManifest<FakeCarrierSettings> = {
  code: 'fake-carrier',
  portVersion: 2,
  title: texts.title,
  logo: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect x="8" y="20" width="48" height="32" rx="4" fill="#6b7280"/><path d="M8 30h48" stroke="#fff" stroke-width="3"/></svg>',
  countries: ['RU', 'ES', 'MX'],
  settings: FakeCarrierSettings,
  createDefaultSettings: () =>
    Object.assign(new FakeCarrierSettings(), {
      baseUrl: 'http://127.0.0.1:4100',
      apiKey: 'fake-api-key',
      webhookSecret: 'fake-webhook-secret',
    }),
  contractFields: ['apiKey', 'webhookSecret'],
  senderFields: ['senderName', 'senderPhone'],
  // An order that the carrier makes late appears within a second or two.
  recovery: { kind: 'find', settleSeconds: 3 },
  strategies: ['create-and-wait', 'adopt-when-same'],
  statuses: STATUSES.list,
  cancelledStatus: 'cancelled',
  decisions: ['deliver', 'keep', 'return', 'clientReturn'],
  recipientDocument: 'optional',
  forms: [
    { entity: 'order', code: 'label', label: texts.forms.label },
    { entity: 'order', code: 'label-zpl', label: texts.forms.labelZpl, format: 'zpl' },
    { entity: 'shipment', code: 'act', label: texts.forms.act },
  ],
  widget: {
    actions: [{ id: 'ring', label: texts.ring.label, states: ['at-point', 'attempt-failed', 'registered'], hasEffect: true }],
  },
  dataFields,
  shipmentDataFields: [
    { code: 'loaders', label: texts.shipmentDataFields.loaders.label, type: 'integer', visible: true, editable: true },
    { code: 'dock', label: texts.shipmentDataFields.dock.label, type: 'autocomplete', visible: true, editable: true },
  ],
  payerTypes: ['sender', 'receiver'],
  printLimit: 100,
  cod: true,
  codLimits: [{ country: 'ES', currency: 'EUR', max: 249_900 }],
  packages: true,
  selfShipment: true,
  trackNumber: true,
  requiredFields: [],
  // The module's features may depend on the settings. It is registered again when they change them.
  bySettings: ({ contract }) =>
    contract === 'prepaid' ? { cod: false, payerTypes: ['sender'], dataFields: dataFields.filter(({ affectsCost }) => !affectsCost) } : {},
};
