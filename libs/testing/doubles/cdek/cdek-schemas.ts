/* CDEK's requests by its public pages, with their lengths; unknown fields are refused. */

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
  fias_guid: uuid,
  postal_code: text(255),
  longitude: { type: 'number' },
  latitude: { type: 'number' },
  country_code: { type: 'string', pattern: '^[A-Z]{2}$' },
  region: text(255),
  region_code: whole(1),
  sub_region: text(255),
  city: text(255),
};
const located = (extra: object = {}, required: readonly string[] = []) => ({
  ...object({ ...place, ...extra }, required),
  anyOf: [{ required: ['code'] }, { required: ['postal_code'] }, { required: ['city'] }, { required: ['fias_guid'] }],
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
const services = list(object({ code: filled(60), parameter: text(255) }, ['code']));
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
  from_location: located(),
  to_location: located(),
  packages: list(object(sizes, ['weight']), 1, 255),
};

export const quoteBody = object(quoted, ['from_location', 'to_location', 'packages']);
export const tariffBody = object({ ...quoted, tariff_code: whole(1), services }, [
  'tariff_code',
  'from_location',
  'to_location',
  'packages',
]);

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
  from_location: located({ address: filled(255) }),
  to_location: located({ address: filled(255) }),
  services,
};

export const orderBody = object(
  {
    ...order,
    number: { type: 'string', pattern: '^[\\x20-\\x7e]{1,40}$' },
    print: { type: 'string', enum: ['WAYBILL', 'BARCODE'] },
    packages: parcels({}),
  },
  ['tariff_code', 'recipient', 'packages'],
);
export const orderChange = object({ ...order, uuid, cdek_number: text(20), packages: parcels({ package_id: uuid }) }, ['type', 'uuid']);

const time = { type: 'string', pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' };
export const intakeBody = object(
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
    from_location: located({ address: filled(255) }, ['address']),
    need_call: { type: 'boolean' },
  },
  ['intake_date', 'intake_time_from', 'intake_time_to'],
);

export const printBody = (form: 'orders' | 'barcodes') =>
  object(
    {
      orders: list(named(object({ order_uuid: uuid, cdek_number: text(20) })), 1, 100),
      copy_count: whole(1, 10),
      ...(form === 'barcodes' && { format: { type: 'string', enum: ['A4', 'A5', 'A6', 'A7'] } }),
    },
    ['orders'],
  );

export const webhookBody = object({ url: { type: 'string', pattern: '^https?://\\S+$', maxLength: 255 }, type: filled(60) }, [
  'url',
  'type',
]);
