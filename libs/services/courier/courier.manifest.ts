import type { DataField, DeliveryManifest, PrintedForm } from '#delivery/port';
import { firstSteps } from './courier.first-steps.js';
import { courierLogo } from './courier.logo.js';
import { CourierSettings, WINDOW_NAMES } from './courier.settings.js';
import { CANCELLED_STATUS, COURIER_STATUSES } from './courier.statuses.js';
import { texts } from './courier.texts.js';
import { exampleNetwork, presets } from './example-network/index.js';
import { CourierNetwork, packNetwork } from './network/courier-network.js';
import { checkCourierSettings } from './settings-check.js';

/** Codes of the fields of the provider's own in the CRM's delivery form. */
export const FIELD = {
  note: 'courierNote',
  window: 'deliveryWindow',
  fitting: 'fitting',
  hub: 'sortingHub',
  insurance: 'insuranceCost',
} as const;

/** Codes of the fields of the provider's own in the CRM's shipment form. */
export const SHIPMENT_FIELD = { vehicle: 'vehicle', gate: 'gate', packages: 'packageCount' } as const;

/** Codes of the printed forms. */
export const FORM = { label: 'label', waybill: 'waybill', manifest: 'manifest' } as const;

/** Most characters of the free texts. */
export const LONGEST_NOTE = 500;

export const VEHICLES = [
  { code: 'foot', label: { en: 'On foot', es: 'A pie', ru: 'Пешком' } },
  { code: 'bicycle', label: { en: 'Bicycle', es: 'Bicicleta', ru: 'Велосипед' } },
  { code: 'motorcycle', label: { en: 'Motorcycle', es: 'Motocicleta', ru: 'Мотоцикл' } },
  { code: 'car', label: { en: 'Car', es: 'Coche', ru: 'Легковой автомобиль' } },
  { code: 'van', label: { en: 'Van', es: 'Furgoneta', ru: 'Фургон' } },
  { code: 'truck', label: { en: 'Lorry', es: 'Camión', ru: 'Грузовик' } },
] as const;

const dataFields: readonly DataField[] = [
  {
    code: FIELD.note,
    label: { en: 'Note for the courier', es: 'Nota para el mensajero', ru: 'Примечание для курьера' },
    hint: {
      en: 'Entry code, landmark, whom to call; printed on the waybill',
      es: 'Código del portal, referencia, a quién llamar; se imprime en el albarán',
      ru: 'Код домофона, ориентир, кому звонить; печатается в накладной',
    },
    type: 'text',
  },
  {
    code: FIELD.window,
    label: { en: 'Delivery window', es: 'Tramo de entrega', ru: 'Интервал доставки' },
    hint: {
      en: 'The hours of each window are shown with the tariff',
      es: 'Las horas de cada tramo se muestran con la tarifa',
      ru: 'Часы интервалов показаны рядом с тарифом',
    },
    type: 'choice',
    choices: Object.entries(WINDOW_NAMES).map(([code, label]) => ({ code, label })),
  },
  {
    code: FIELD.fitting,
    label: { en: 'Trying on before paying', es: 'Prueba antes de pagar', ru: 'Примерка перед оплатой' },
    type: 'checkbox',
    affectsCost: true,
  },
  {
    code: FIELD.hub,
    label: { en: 'Sorting hub', es: 'Centro de clasificación', ru: 'Сортировочный центр' },
    hint: {
      en: 'Empty: the hub of the address',
      es: 'Vacío: el centro de la dirección',
      ru: 'Пусто: центр по адресу доставки',
    },
    type: 'autocomplete',
  },
  {
    code: FIELD.insurance,
    label: { en: 'Insurance', es: 'Seguro', ru: 'Страхование' },
    hint: {
      en: 'Filled by the courier service; part of the cost',
      es: 'Lo rellena el servicio de mensajería; incluido en el coste',
      ru: 'Заполняет курьерская служба; входит в стоимость',
    },
    type: 'text',
    editable: false,
  },
];

const shipmentDataFields: readonly DataField[] = [
  { code: SHIPMENT_FIELD.vehicle, label: { en: 'Vehicle', es: 'Vehículo', ru: 'Транспорт' }, type: 'choice', choices: VEHICLES },
  {
    code: SHIPMENT_FIELD.gate,
    label: { en: 'Gate or door', es: 'Muelle o puerta', ru: 'Ворота или дверь' },
    hint: {
      en: 'Where the courier finds the parcels',
      es: 'Dónde recoge los paquetes el mensajero',
      ru: 'Где курьер забирает посылки',
    },
    type: 'text',
  },
  { code: SHIPMENT_FIELD.packages, label: { en: 'Packages', es: 'Bultos', ru: 'Мест' }, type: 'integer', editable: false },
];

const forms: readonly PrintedForm[] = [
  { entity: 'order', code: FORM.label, label: { en: 'Label 100 x 150 mm', es: 'Etiqueta 100 x 150 mm', ru: 'Этикетка 100 x 150 мм' } },
  { entity: 'order', code: FORM.waybill, label: { en: 'Waybill', es: 'Albarán', ru: 'Накладная' } },
  { entity: 'shipment', code: FORM.manifest, label: { en: 'Shipment manifest', es: 'Manifiesto de envío', ru: 'Реестр отгрузки' } },
];

/** One frozen object, so that what is made of it is made once. */
const noNetwork: CourierSettings = Object.freeze(Object.assign(new CourierSettings(), { tariffs: [], zones: [] }));

/** What the courier service says of itself. */
export const courierManifest: DeliveryManifest<CourierSettings> = {
  code: 'courier',
  title: { en: 'Own courier service', es: 'Mensajería propia', ru: 'Своя курьерская служба' },
  logo: courierLogo,
  countries: ['RU', 'ES', 'MX'],
  settings: CourierSettings,
  firstSteps,
  // A shop must not sell at invented prices on its first day.
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
  payerTypes: ['receiver', 'sender'],
  printLimit: 100,
  cod: true,
  packages: true,
  selfShipment: true,
  trackNumber: true,
  requiredFields: [],
};
