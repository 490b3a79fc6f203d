import type { DataField, DeliveryManifest, PrintedForm } from '#delivery/port';
import { firstSteps } from './cdek.first-steps.js';
import { FIELD, FORM, LOOKUP, SHIPMENT_FIELD } from './cdek.fields.js';
import { CdekSettings, checkSettings, createDefaultSettings } from './cdek.settings.js';
import { STATUSES } from './cdek.statuses.js';
import { UNION } from './countries.js';

const dataFields: readonly DataField[] = [
  {
    code: FIELD.city,
    label: { en: 'CDEK city', es: 'Ciudad de CDEK', ru: 'Город СДЭК' },
    hint: {
      en: 'When the city of the address is not found, or there are several of its name',
      es: 'Si no se encuentra la ciudad de la dirección o hay varias con ese nombre',
      ru: 'Если город адреса не найден или таких городов несколько',
    },
    type: 'autocomplete',
    affectsCost: true,
  },
  {
    code: FIELD.services,
    label: { en: 'Services', es: 'Servicios', ru: 'Услуги' },
    type: 'choice',
    multiple: true,
    affectsCost: true,
    choices: [
      { code: 'TRYING_ON', label: { en: 'Trying on', es: 'Prueba', ru: 'Примерка' } },
      { code: 'PART_DELIV', label: { en: 'Partial delivery', es: 'Entrega parcial', ru: 'Частичная доставка' } },
      { code: 'INSPECTION_CARGO', label: { en: 'Inspection of the contents', es: 'Inspección del contenido', ru: 'Осмотр вложения' } },
      {
        code: 'BAN_ATTACHMENT_INSPECTION',
        label: { en: 'No inspection of the contents', es: 'Sin inspección del contenido', ru: 'Запрет осмотра вложения' },
      },
      { code: 'DANGER_CARGO', label: { en: 'Dangerous goods', es: 'Mercancía peligrosa', ru: 'Опасный груз' } },
    ],
  },
  {
    code: FIELD.comment,
    label: { en: 'Comment for CDEK', es: 'Comentario para CDEK', ru: 'Комментарий для СДЭК' },
    type: 'text',
  },
];

const shipmentDataFields: readonly DataField[] = [
  {
    code: SHIPMENT_FIELD.needCall,
    label: { en: 'Call before coming', es: 'Llamar antes de venir', ru: 'Позвонить перед приездом' },
    type: 'checkbox',
  },
  {
    code: SHIPMENT_FIELD.number,
    label: { en: 'Number of the courier’s visit', es: 'Número de la visita del mensajero', ru: 'Номер заявки на курьера' },
    type: 'text',
    editable: false,
  },
  {
    code: SHIPMENT_FIELD.intake,
    label: { en: 'CDEK’s id of the visit', es: 'Identificador de la visita en CDEK', ru: 'Идентификатор заявки в СДЭК' },
    type: 'text',
    visible: false,
    editable: false,
  },
];

const forms: readonly PrintedForm[] = [
  { entity: 'order', code: FORM.label, label: { en: 'CDEK label', es: 'Etiqueta de CDEK', ru: 'Этикетка СДЭК (ШК места)' } },
  { entity: 'order', code: FORM.waybill, label: { en: 'CDEK waybill', es: 'Albarán de CDEK', ru: 'Квитанция СДЭК' } },
  {
    entity: 'shipment',
    code: FORM.labels,
    label: { en: 'CDEK labels of all deliveries', es: 'Etiquetas de CDEK de todos los envíos', ru: 'Этикетки СДЭК всех доставок' },
  },
  {
    entity: 'shipment',
    code: FORM.waybills,
    label: { en: 'CDEK waybills of all deliveries', es: 'Albaranes de CDEK de todos los envíos', ru: 'Квитанции СДЭК всех доставок' },
  },
];

const logo = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 128 64" role="img" aria-label="CDEK">
<rect width="128" height="64" rx="8" fill="#1ab248"/>
<text x="64" y="42" font-family="Arial, sans-serif" font-size="30" font-weight="bold" font-style="italic" text-anchor="middle" fill="#fff">CDEK</text>
</svg>`;

/** What the CDEK provider says of itself. */
export const cdekManifest: DeliveryManifest<CdekSettings> = {
  code: 'cdek',
  title: { en: 'CDEK', es: 'CDEK', ru: 'СДЭК' },
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
  // CDEK finds an order by number only after a while; a second one is refused, and the first is adopted.
  recovery: { kind: 'find', settleSeconds: 20 },
  statuses: STATUSES,
  cancelledStatus: 'cancelled',
  forms,
  dataFields,
  shipmentDataFields,
  // The shop pays CDEK by its contract; what the buyer pays for the delivery is collected for the shop.
  payerTypes: ['sender'],
  // More are printed in several jobs and put together.
  printLimit: 300,
  cod: true,
  packages: true,
  selfShipment: true,
  trackNumber: true,
  requiredFields: [],
};
