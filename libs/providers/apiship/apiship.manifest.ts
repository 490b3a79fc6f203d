import type { DataField, DeliveryManifest, PrintedForm } from '#delivery/port';
import { FIELD, FORM, LOOKUP, SHIPMENT_FIELD } from './apiship.fields.js';
import { firstSteps } from './apiship.first-steps.js';
import { ApishipSettings, checkSettings, createDefaultSettings } from './apiship.settings.js';
import { CANCELLED_STATUS, STATUSES } from './apiship.statuses.js';

const dataFields: readonly DataField[] = [
  {
    code: FIELD.service,
    label: { en: 'Service of the carrier', es: 'Servicio del transportista', ru: 'Услуга службы доставки' },
    hint: {
      en: 'Ordered with tariffs of its own carrier only',
      es: 'Se contrata solo con tarifas de su transportista',
      ru: 'Заказывается только с тарифами своей службы',
    },
    type: 'autocomplete',
    affectsCost: true,
  },
  {
    code: FIELD.comment,
    label: { en: 'Comment for the carrier', es: 'Comentario para el transportista', ru: 'Комментарий для службы доставки' },
    type: 'text',
  },
];

const shipmentDataFields: readonly DataField[] = [
  {
    code: SHIPMENT_FIELD.number,
    label: { en: 'Number of the courier’s call', es: 'Número de la solicitud de mensajero', ru: 'Номер вызова курьера' },
    type: 'text',
    editable: false,
  },
  {
    code: SHIPMENT_FIELD.call,
    label: { en: 'ApiShip’s id of the call', es: 'Identificador de la solicitud en ApiShip', ru: 'Идентификатор вызова в ApiShip' },
    type: 'text',
    visible: false,
    editable: false,
  },
];

const forms: readonly PrintedForm[] = [
  { entity: 'order', code: FORM.label, label: { en: 'Carrier’s label', es: 'Etiqueta del transportista', ru: 'Этикетка службы доставки' } },
  {
    entity: 'shipment',
    code: FORM.labels,
    label: { en: 'Labels of all deliveries', es: 'Etiquetas de todos los envíos', ru: 'Этикетки всех доставок' },
  },
  {
    entity: 'shipment',
    code: FORM.acts,
    label: { en: 'Carriers’ acceptance acts', es: 'Actas de entrega a transportistas', ru: 'Акты приёма-передачи' },
  },
];

const logo = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 128 64" role="img" aria-label="ApiShip">
<rect width="128" height="64" rx="8" fill="#2f6fde"/>
<text x="64" y="41" font-family="Arial, sans-serif" font-size="26" font-weight="bold" text-anchor="middle" fill="#fff">ApiShip</text>
</svg>`;

/** What the ApiShip provider says of itself. */
export const apishipManifest: DeliveryManifest<ApishipSettings> = {
  code: 'apiship',
  title: { en: 'ApiShip', es: 'ApiShip', ru: 'ApiShip' },
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
  statuses: STATUSES,
  cancelledStatus: CANCELLED_STATUS,
  forms,
  dataFields,
  shipmentDataFields,
  // The shop pays the carriers; what the buyer pays for the delivery is collected for the shop.
  payerTypes: ['sender'],
  printLimit: 100,
  cod: true,
  packages: true,
  selfShipment: true,
  trackNumber: true,
  requiredFields: [],
};
