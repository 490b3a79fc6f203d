import { findCall, type WireCall } from '../../double/wire.js';

/* Requests of ApiShip's API, with their lengths and units; unknown fields are refused. */

const text = (maxLength: number, minLength = 0) => ({ type: 'string', minLength, maxLength });
const pattern = (source: string, maxLength = 255) => ({ type: 'string', pattern: source, maxLength });
const whole = (minimum: number, maximum = 100_000_000) => ({ type: 'integer', minimum, maximum });
const oneOf = (...values: readonly (string | number)[]) => ({ enum: values });
const list = (items: object, minItems = 0, maxItems = 1_000) => ({ type: 'array', minItems, maxItems, items });
const object = (properties: object, required: readonly string[] = []) => ({
  ...{ type: 'object', additionalProperties: false, properties, required },
});

/** Grams, and centimetres. */
const weight = whole(1);
const sizes = { width: whole(1, 10_000), height: whole(1, 10_000), length: whole(1, 10_000) };
/** Roubles. */
const money = { type: 'number', minimum: 0, maximum: 100_000_000 };
const vat = oneOf(-1, 0, 5, 7, 10, 20, 22);
const date = pattern('^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$');
const time = pattern('^([01]\\d|2[0-3]):[0-5]\\d$');
const country = pattern('^[A-Z]{2}$');
const guid = pattern('^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$', 50);
const providerKey = text(50, 1);
const id = whole(1);
const inn = pattern('^(\\d{10}|\\d{12})$', 12);
const phone = pattern('^\\d{1,15}$', 15);
const types = { ...list(oneOf(1, 2), 1, 2), uniqueItems: true };
const point = { lat: { type: 'number', minimum: -90, maximum: 90 }, lng: { type: 'number', minimum: -180, maximum: 180 } };
/** An id, which replies may write as a string. */
const anyId = { anyOf: [id, pattern('^[1-9]\\d{0,9}$')] };
const ids = list(anyId, 1, 100_000);

/** A place the calculator is asked about: its postcode is `index`. */
const direction = object({
  ...{ countryCode: country, index: text(20), addressString: text(255, 1), region: text(100), city: text(100, 1), cityGuid: guid },
  ...point,
});
const quoted = {
  ...{ from: direction, to: direction, places: list(object({ weight, ...sizes }, ['weight']), 1) },
  ...{ pickupDate: date, pickupTypes: types, deliveryTypes: types, providerKeys: list(providerKey), tariffIds: list(id) },
  ...{ assessedCost: money, codCost: money, includeFees: { type: 'boolean' }, timeout: whole(1, 60_000) },
  ...{ skipTariffRules: { type: 'boolean' }, promoCode: text(255), customCode: text(255), pointInId: id, pointOutId: id },
  // Here an object of `{"<providerKey>.<name>": value}`; orders have an array.
  extraParams: {
    ...{ type: 'object', propertyNames: { pattern: '^[a-z0-9_-]+\\.\\w+$' } },
    additionalProperties: text(1_000),
  },
};

const loginBody = object({ login: text(100, 1), password: text(100, 1) }, ['login', 'password']);
const quoteBody = object(quoted, ['from', 'to', 'places']);
const intervalsBody = object(
  {
    ...{ from: direction, to: direction, codCost: money, pickupDate: date, deliveryDate: date, pickupTypes: types },
    ...{ providerKeys: list(providerKey), tariffIds: list(id), extraParams: quoted.extraParams },
  },
  ['from', 'to'],
);

/** An address of an order: its postcode is `postIndex`. */
const address = {
  ...{ postIndex: text(20), countryCode: country, region: text(100), area: text(50), city: text(100), cityGuid: guid },
  ...{ community: text(100), communityGuid: guid, street: text(55), house: text(50), block: text(50), office: text(50) },
  ...{ ...point, addressString: text(255, 1) },
};
const party = object(
  {
    ...{ ...address, companyName: text(100), companyInn: inn, brandName: text(255), contactName: text(255, 1), phone },
    ...{ email: pattern('^[^\\s@]+@[^\\s@]+$', 50), comment: text(1_000), additionalPhone: phone },
  },
  ['countryCode', 'addressString', 'contactName', 'phone'],
);
const item = object(
  {
    ...{ articul: text(255), markCode: text(255), description: text(255, 1), quantity: whole(1), weight, ...sizes },
    ...{ assessedCost: money, cost: money, costVat: vat, barcode: text(255) },
    ...{ companyName: text(255), companyInn: inn, companyPhone: phone, tnved: text(20), url: text(1_000) },
  },
  ['description', 'quantity'],
);
const place = object({ placeNumber: text(100), barcode: text(100), weight, ...sizes, items: list(item) }, ['weight']);

/** The body that makes, checks or changes an order. */
const orderBody = object(
  {
    order: object(
      {
        ...{ clientNumber: text(100, 1), providerKey, pickupType: oneOf(1, 2), deliveryType: oneOf(1, 2), tariffId: id, weight, ...sizes },
        ...{ pointInId: id, pointOutId: id, providerConnectId: anyId, barcode: text(100), description: text(1_000) },
        ...{
          pickupDate: date,
          pickupTimeStart: time,
          pickupTimeEnd: time,
          deliveryDate: date,
          deliveryTimeStart: time,
          deliveryTimeEnd: time,
        },
      },
      ['clientNumber', 'providerKey', 'pickupType', 'deliveryType', 'tariffId', 'weight'],
    ),
    cost: object(
      {
        ...{ assessedCost: money, codCost: money, deliveryCost: money, deliveryCostVat: vat },
        ...{ isDeliveryPayedByRecipient: { type: 'boolean' }, paymentMethod: oneOf(1, 2, 3, 4) },
        deliveryCostThresholds: list(object({ threshold: money, deliveryCost: money }, ['threshold', 'deliveryCost'])),
      },
      ['assessedCost', 'codCost'],
    ),
    ...{ sender: party, recipient: party, returnAddress: party, places: list(place, 1) },
    extraParams: list(object({ key: pattern('^[A-Za-z0-9_-]+\\.\\w+$'), value: text(1_000) }, ['key', 'value'])),
  },
  ['order', 'cost', 'sender', 'recipient', 'places'],
);
const itemsBody = object({ items: list(item, 1) }, ['items']);
/** A body without contents. */
const emptyBody = { anyOf: [{ type: 'null' }, object({})] };
const statusesBody = object({ orderIds: { ...ids, maxItems: 100 } }, ['orderIds']);
const labelsBody = object({ orderIds: ids, format: oneOf('pdf') }, ['orderIds', 'format']);
const waybillsBody = object({ orderIds: ids, format: oneOf('pdf') }, ['orderIds']);
const courierBody = object(
  {
    ...{ providerKey, providerConnectId: id, date, timeStart: time, timeEnd: time, weight, ...sizes, orderIds: ids },
    ...{ postIndex: text(20), countryCode: country, region: text(100, 1), area: text(50), city: text(100, 1), cityGuid: guid },
    ...{ street: text(55, 1), house: text(50, 1), block: text(50), office: text(50), ...point, addressString: text(255) },
    ...{ companyName: text(100), contactName: text(255, 1), phone, email: pattern('^[^\\s@]+@[^\\s@]+$', 50), comment: text(1_000) },
    extraParams: { anyOf: [list(object({ key: text(100, 1), value: {} }, ['key', 'value'])), { type: 'object' }] },
  },
  [
    ...['providerKey', 'date', 'timeStart', 'timeEnd', 'weight', 'width', 'height', 'length', 'orderIds'],
    ...['region', 'city', 'street', 'house', 'contactName', 'phone'],
  ],
);
const webhookBody = object({ url: pattern('^https?://\\S+$', 1_000), type: oneOf('ORDER_STATUS') }, ['url', 'type']);

const digits = pattern('^\\d{1,6}$');
const pageQuery = object({ limit: digits, offset: digits });
const listQuery = object({ limit: digits, offset: digits, filter: text(10_000), fields: text(2_000) });
const schemasQuery = object({ limit: digits, offset: digits, providerKey });
/** Carriers' services come without pages. */
const servicesQuery = object({ providerKey });
const pointsQuery = object({
  ...{ limit: digits, offset: digits, filter: text(50_000), fields: text(2_000) },
  ...{ stateCheckOff: oneOf('0', '1'), enabledCheckOff: oneOf('0', '1') },
});
const numberQuery = object({ clientNumber: text(100, 1) }, ['clientNumber']);
const intervalQuery = object({ from: text(40, 1), to: text(40, 1), filter: text(10_000), limit: digits, offset: digits }, ['from', 'to']);
/** The query of calls that take none. */
export const noQuery = object({});

/** The calls of ApiShip's API that we use, and the storage of its files. */
export const WIRE = [
  { call: 'login', method: 'POST', path: '/v1/users/login', body: loginBody },
  { call: 'login', method: 'POST', path: '/v1/login', body: loginBody },
  { call: 'createOrder', method: 'POST', path: '/v1/orders', body: orderBody },
  { call: 'createOrderSync', method: 'POST', path: '/v1/orders/sync', body: orderBody },
  { call: 'validateOrder', method: 'POST', path: '/v1/orders/validate', body: orderBody },
  { call: 'findOrder', method: 'GET', path: '/v1/orders/status', query: numberQuery },
  { call: 'statuses', method: 'POST', path: '/v1/orders/statuses', body: statusesBody },
  { call: 'statusesSince', method: 'GET', path: '/v1/orders/statuses/date/:id' },
  { call: 'historySince', method: 'GET', path: '/v1/orders/statuses/history/date/:id', query: pageQuery },
  { call: 'interval', method: 'GET', path: '/v1/orders/statuses/interval', query: intervalQuery },
  { call: 'getOrder', method: 'GET', path: '/v1/orders/:id' },
  { call: 'changeOrder', method: 'PUT', path: '/v1/orders/:id', body: orderBody },
  { call: 'resendOrder', method: 'POST', path: '/v1/orders/:id/resend', body: emptyBody },
  { call: 'cancelOrder', method: 'GET', path: '/v1/orders/:id/cancel' },
  { call: 'deleteOrder', method: 'DELETE', path: '/v1/orders/:id' },
  { call: 'changeItems', method: 'POST', path: '/v1/orders/:id/items', body: itemsBody },
  { call: 'orderStatus', method: 'GET', path: '/v1/orders/:id/status' },
  { call: 'orderHistory', method: 'GET', path: '/v1/orders/:id/statusHistory', query: pageQuery },
  { call: 'calculate', method: 'POST', path: '/v1/calculator', body: quoteBody },
  { call: 'intervals', method: 'POST', path: '/v1/calculator/intervals', body: intervalsBody },
  { call: 'balance', method: 'GET', path: '/v1/billing/balance' },
  { call: 'labels', method: 'POST', path: '/v1/orders/labels', body: labelsBody },
  { call: 'waybills', method: 'POST', path: '/v1/orders/waybills', body: waybillsBody },
  { call: 'callCourier', method: 'POST', path: '/v1/courierCall', body: courierBody },
  { call: 'cancelCourier', method: 'POST', path: '/v1/courierCall/:id/cancel', body: emptyBody },
  { call: 'connections', method: 'GET', path: '/v1/connections', query: listQuery },
  { call: 'connectionSchemas', method: 'GET', path: '/v1/connections/schemas', query: schemasQuery },
  { call: 'points', method: 'GET', path: '/v1/lists/points', query: pointsQuery },
  { call: 'list', method: 'GET', path: '/v1/lists/services', query: servicesQuery },
  { call: 'list', method: 'GET', path: '/v1/lists/pickupTypes' },
  { call: 'list', method: 'GET', path: '/v1/lists/deliveryTypes' },
  { call: 'list', method: 'GET', path: '/v1/lists/paymentMethods' },
  { call: 'list', method: 'GET', path: '/v1/lists/operationTypes' },
  { call: 'list', method: 'GET', path: '/v1/lists/pointTypes' },
  { call: 'list', method: 'GET', path: '/v1/lists/providers', query: listQuery },
  { call: 'list', method: 'GET', path: '/v1/lists/tariffs', query: listQuery },
  { call: 'list', method: 'GET', path: '/v1/lists/statuses', query: listQuery },
  { call: 'createWebhook', method: 'POST', path: '/v1/webhooks', body: webhookBody },
  { call: 'deleteWebhook', method: 'DELETE', path: '/v1/webhooks/:id' },
  { call: 'listWebhooks', method: 'GET', path: '/v1/webhooks', query: pageQuery },
  { call: 'file', method: 'GET', path: '/storage/:id.pdf' },
] as const satisfies readonly WireCall[];
export type ApiShipCall = (typeof WIRE)[number]['call'];

/** The facts of a call; `within` names one of the lists. */
export const findFact = (call: ApiShipCall, within?: string): WireCall<ApiShipCall> => findCall<ApiShipCall>(WIRE, call, within);
