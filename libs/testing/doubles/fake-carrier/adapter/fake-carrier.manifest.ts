import type { DataField, DeliveryManifest } from '#delivery/port';
import { FakeCarrierSettings } from './fake-carrier.settings.js';
import { STATUSES } from './fake-carrier.statuses.js';

const dataFields: readonly DataField[] = [
  {
    code: 'fragile',
    label: { en: 'Fragile', es: 'Frágil', ru: 'Хрупкое' },
    type: 'checkbox',
    visible: true,
    affectsCost: true,
    editable: true,
  },
  {
    code: 'comment',
    label: { en: 'Comment for the courier', es: 'Comentario para el mensajero', ru: 'Комментарий курьеру' },
    type: 'text',
    visible: true,
    editable: true,
  },
];

/** The adapter's manifest. */
export const manifest: DeliveryManifest<FakeCarrierSettings> = {
  code: 'fake-carrier',
  title: { en: 'Fake Carrier', es: 'Transportista de prueba', ru: 'Тестовый перевозчик' },
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
  statuses: STATUSES,
  cancelledStatus: 'cancelled',
  forms: [
    { entity: 'order', code: 'label', label: { en: 'Label', es: 'Etiqueta', ru: 'Этикетка' } },
    { entity: 'shipment', code: 'act', label: { en: 'Handover note', es: 'Acta de entrega', ru: 'Акт передачи' } },
  ],
  dataFields,
  shipmentDataFields: [
    { code: 'loaders', label: { en: 'Loaders', es: 'Cargadores', ru: 'Грузчики' }, type: 'integer', visible: true, editable: true },
    { code: 'dock', label: { en: 'Dock', es: 'Muelle', ru: 'Рампа' }, type: 'autocomplete', visible: true, editable: true },
  ],
  payerTypes: ['sender', 'receiver'],
  printLimit: 100,
  cod: true,
  packages: true,
  selfShipment: true,
  trackNumber: true,
  requiredFields: [],
  // What the module offers may depend on the settings; it is registered again when they change it.
  bySettings: ({ contract }) =>
    contract === 'prepaid' ? { cod: false, payerTypes: ['sender'], dataFields: dataFields.filter(({ affectsCost }) => !affectsCost) } : {},
};
