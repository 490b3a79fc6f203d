import type { WireCall } from '../../double/wire.js';

/* CDEK's calls by its published schemas and texts, with their lengths; unknown fields are refused. */

const text = (maxLength: number) => ({ type: 'string', maxLength });
const filled = (maxLength: number) => ({ type: 'string', minLength: 1, maxLength });
const whole = (minimum: number, maximum = Number.MAX_SAFE_INTEGER) => ({ type: 'integer', minimum, maximum });
const amount = { type: 'number', minimum: 0 };
const uuid = { type: 'string', pattern: '^[0-9a-fA-F-]{36}$' };
const object = (properties: object, required: readonly string[] = []) => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
});
const list = (items: object, minItems = 0, maxItems = 10_000) => ({ type: 'array', minItems, maxItems, items });

const place = {
  code: whole(1),
  postal_code: text(255),
  country_code: { type: 'string', pattern: '^[A-Z]{2}$', maxLength: 2 },
  city: text(255),
};
/** The place of a calculation: CDEK recognises its code or postal code. */
const quotedPlace = { ...object(place), anyOf: [{ required: ['code'] }, { required: ['postal_code'] }] };
const located = (required: readonly string[] = []) => ({
  ...object({ ...place, region: text(255), address: filled(255) }, required),
  anyOf: [{ required: ['code'] }, { required: ['postal_code'] }, { required: ['city'] }],
});
const money = object({ value: amount, vat_sum: amount, vat_rate: { anyOf: [whole(0, 99), { type: 'null' }] } }, ['value']);
const phones = list(
  object({ number: { type: 'string', pattern: '^\\+?[0-9()\\- ]{5,24}$', maxLength: 24 }, additional: text(255) }, ['number']),
  1,
  10,
);
const contact = object(
  {
    company: text(255),
    name: filled(255),
    contragent_type: { type: 'string', enum: ['LEGAL_ENTITY', 'INDIVIDUAL'] },
    email: { type: 'string', pattern: '^[^\\s@]+@[^\\s@]+$', maxLength: 255 },
    phones,
  },
  ['name', 'phones'],
);
const services = list(object({ code: filled(255), parameter: text(255) }, ['code']));
const sizes = { weight: whole(1), length: whole(0), width: whole(0), height: whole(0) };
const item = object(
  {
    name: filled(255),
    ware_key: filled(255),
    marking: text(255),
    payment: money,
    cost: amount,
    weight: whole(0),
    amount: whole(1, 999_999),
  },
  ['name', 'ware_key', 'payment', 'cost', 'weight', 'amount'],
);
const parcels = (extra: object) =>
  list(object({ number: filled(30), ...sizes, comment: text(255), items: list(item, 1), ...extra }, ['number', 'weight']), 1, 255);

const quoted = {
  date: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d[+-]\\d{4}$' },
  type: { type: 'integer', enum: [1, 2] },
  currency: whole(1, 99),
  lang: { type: 'string', enum: ['rus', 'eng', 'zho'] },
  from_location: quotedPlace,
  to_location: quotedPlace,
  packages: list(object(sizes, ['weight']), 1, 255),
};

const quoteBody = object(quoted, ['from_location', 'to_location', 'packages']);
const tariffBody = object({ ...quoted, tariff_code: whole(1), services }, ['tariff_code', 'from_location', 'to_location', 'packages']);

const orderType = { type: 'integer', enum: [1, 2] };
/** One of the two names of an order. */
const named = (body: object) => ({ ...body, anyOf: [{ required: ['order_uuid'] }, { required: ['cdek_number'] }] });

const order = {
  type: orderType,
  tariff_code: whole(1),
  comment: text(255),
  shipment_point: filled(255),
  delivery_point: filled(255),
  delivery_recipient_cost: money,
  sender: contact,
  recipient: contact,
  from_location: located(),
  to_location: located(),
  services,
};

const orderBody = object(
  {
    ...order,
    from_location: located(['address']),
    to_location: located(['address']),
    number: { type: 'string', pattern: '^[\\x20-\\x7e]{1,40}$' },
    print: { type: 'string', enum: ['WAYBILL', 'BARCODE'] },
    packages: parcels({}),
  },
  ['tariff_code', 'recipient', 'packages'],
);
const orderChange = object({ ...order, uuid, cdek_number: text(20), packages: parcels({ package_id: uuid }) }, [
  'type',
  'uuid',
  'recipient',
]);

const time = { type: 'string', pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' };
const intakeBody = object(
  {
    order_uuid: uuid,
    cdek_number: text(20),
    intake_date: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\d$' },
    intake_time_from: time,
    intake_time_to: time,
    lunch_time_from: time,
    lunch_time_to: time,
    name: text(255),
    ...sizes,
    comment: text(255),
    sender: contact,
    from_location: located(['address']),
    need_call: { type: 'boolean' },
  },
  ['intake_date', 'intake_time_from', 'intake_time_to'],
);

const printBody = (form: 'orders' | 'barcodes') =>
  object(
    {
      orders: list(named(object({ order_uuid: uuid, cdek_number: whole(1) })), 1, 100),
      copy_count: whole(1, 10),
      ...(form === 'barcodes' && { format: { type: 'string', enum: ['A4', 'A5', 'A6', 'A7'] } }),
    },
    ['orders'],
  );

const webhookTypes = [
  ...['ORDER_STATUS', 'ORDER_MODIFIED', 'PRINT_FORM', 'RECEIPT', 'DOWNLOAD_PHOTO', 'PREALERT_CLOSED', 'ACCOMPANYING_WAYBILL'],
  ...['OFFICE_AVAILABILITY', 'DELIV_PROBLEM', 'DELIV_AGREEMENT'],
];
const webhookBody = object(
  { url: { type: 'string', pattern: '^https?://\\S+$', maxLength: 255 }, type: { type: 'string', enum: webhookTypes } },
  ['url', 'type'],
);

const word = { type: 'string' };
const flag = { type: 'string', enum: ['1', 'true', '0', 'false'] };

const cities = object({
  country_codes: word,
  city: word,
  postal_code: word,
  code: word,
  size: { type: 'string', pattern: '^[1-9]\\d{0,3}$' },
});
const points = object({
  ...{ code: text(255), type: { type: 'string', enum: ['POSTAMAT', 'PVZ', 'ALL'] }, city_code: word, postal_code: text(255) },
  ...{ country_code: { type: 'string', minLength: 2, maxLength: 2 }, is_reception: flag, is_handout: flag },
});

/** The calls of CDEK's API v2 that we use. */
export const WIRE = [
  { call: 'token', method: 'POST', path: '/v2/oauth/token' },
  { call: 'quotes', method: 'POST', path: '/v2/calculator/tarifflist', body: quoteBody },
  { call: 'tariff', method: 'POST', path: '/v2/calculator/tariff', body: tariffBody },
  { call: 'cities', method: 'GET', path: '/v2/location/cities', query: cities },
  { call: 'suggest', method: 'GET', path: '/v2/location/suggest/cities', query: object({ name: word, country_code: word }, ['name']) },
  { call: 'points', method: 'GET', path: '/v2/deliverypoints', query: points },
  { call: 'createOrder', method: 'POST', path: '/v2/orders', body: orderBody, status: 202 },
  { call: 'findOrder', method: 'GET', path: '/v2/orders', query: object({ im_number: word, cdek_number: word }) },
  { call: 'getOrder', method: 'GET', path: '/v2/orders/:uuid' },
  { call: 'changeOrder', method: 'PATCH', path: '/v2/orders', body: orderChange, status: 202 },
  { call: 'deleteOrder', method: 'DELETE', path: '/v2/orders/:uuid', status: 202 },
  { call: 'refuseOrder', method: 'POST', path: '/v2/orders/:uuid/refusal', status: 202 },
  { call: 'createIntake', method: 'POST', path: '/v2/intakes', body: intakeBody, status: 202 },
  { call: 'getIntake', method: 'GET', path: '/v2/intakes/:uuid' },
  { call: 'findIntakes', method: 'GET', path: '/v2/orders/:uuid/intakes' },
  { call: 'deleteIntake', method: 'DELETE', path: '/v2/intakes/:uuid' },
  { call: 'startPrint', method: 'POST', path: '/v2/print/orders', body: printBody('orders'), status: 202 },
  { call: 'startPrint', method: 'POST', path: '/v2/print/barcodes', body: printBody('barcodes'), status: 202 },
  { call: 'printFile', method: 'GET', path: '/v2/print/orders/:uuid.pdf' },
  { call: 'printFile', method: 'GET', path: '/v2/print/barcodes/:uuid.pdf' },
  { call: 'printState', method: 'GET', path: '/v2/print/orders/:uuid' },
  { call: 'printState', method: 'GET', path: '/v2/print/barcodes/:uuid' },
  { call: 'createWebhook', method: 'POST', path: '/v2/webhooks', body: webhookBody },
  { call: 'listWebhooks', method: 'GET', path: '/v2/webhooks' },
  { call: 'getWebhook', method: 'GET', path: '/v2/webhooks/:uuid' },
  { call: 'deleteWebhook', method: 'DELETE', path: '/v2/webhooks/:uuid' },
] as const satisfies readonly WireCall[];
export type CdekCall = (typeof WIRE)[number]['call'];
