/* Requests of ApiShip's API, with their lengths and units. Rules beyond schemas: apiship-checks.ts. */
import {
  anything,
  either,
  flag,
  like,
  list,
  mapOf,
  nothing,
  number,
  object,
  oneOf,
  type Schema,
  text,
  whole,
  type WireCall,
} from '../../../libs/testing/double/wire.js';

const words = (maxLength: number, minLength = 0) => text(minLength, maxLength);
const pattern = (source: RegExp, maxLength = 255) => like(source, maxLength);
const count = (minimum: number, maximum = 100_000_000) => whole(minimum, maximum);
const many = <T>(items: Schema<T>, minItems = 0, maxItems = 1_000) => list(items, minItems, maxItems);

/** Grams, and centimeters. */
const weight = count(1);
const sizes = { 'width?': count(1, 10_000), 'height?': count(1, 10_000), 'length?': count(1, 10_000) };
/** Roubles. */
const money = number(0, 100_000_000);
const vat = oneOf(-1, 0, 5, 7, 10, 20, 22);
const date = pattern(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/);
const time = pattern(/^([01]\d|2[0-3]):[0-5]\d$/);
const country = pattern(/^[A-Z]{2}$/);
const guid = pattern(/^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/, 50);
const providerKey = words(50, 1);
const id = count(1);
const inn = pattern(/^(\d{10}|\d{12})$/, 12);
const phone = pattern(/^\d{1,15}$/, 15);
const email = pattern(/^[^\s@]+@[^\s@]+$/, 50);
const types = { ...many(oneOf(1, 2), 1, 2), uniqueItems: true };
const point = { 'lat?': number(-90, 90), 'lng?': number(-180, 180) };
/** An id, which replies may write as a string. */
const anyId = either(id, pattern(/^[1-9]\d{0,9}$/));
const ids = many(anyId, 1, 100_000);
/** An object `{"<providerKey>.<name>": value}`. Orders have an array. */
const extraParams = { ...mapOf(words(1_000)), propertyNames: { pattern: '^[a-z0-9_-]+\\.\\w+$' } };

/** A place of the calculator. Its postcode is `index`. */
const direction = object({
  ...{ 'countryCode?': country, 'index?': words(20), 'addressString?': words(255, 1), 'region?': words(100), 'city?': words(100, 1) },
  ...{ 'cityGuid?': guid, ...point },
});
const quoteBody = object({
  ...{ from: direction, to: direction, places: many(object({ weight, ...sizes }), 1) },
  ...{ 'pickupDate?': date, 'pickupTypes?': types, 'deliveryTypes?': types, 'providerKeys?': many(providerKey), 'tariffIds?': many(id) },
  ...{ 'assessedCost?': money, 'codCost?': money, 'includeFees?': flag, 'timeout?': count(1, 60_000), 'skipTariffRules?': flag },
  ...{ 'promoCode?': words(255), 'customCode?': words(255), 'pointInId?': id, 'pointOutId?': id, 'extraParams?': extraParams },
});
const loginBody = object({ login: words(100, 1), password: words(100, 1) });

/** An address of an order. Its postcode is `postIndex`. */
const addressFields = {
  ...{ 'postIndex?': words(20), 'region?': words(100), 'area?': words(50), 'city?': words(100), 'cityGuid?': guid },
  ...{ 'community?': words(100), 'communityGuid?': guid, 'street?': words(55), 'house?': words(50), 'block?': words(50) },
  ...{ 'office?': words(50), ...point },
};
const party = object({
  ...{ ...addressFields, countryCode: country, addressString: words(255, 1), contactName: words(255, 1), phone },
  ...{ 'companyName?': words(100), 'companyInn?': inn, 'brandName?': words(255), 'email?': email, 'comment?': words(1_000) },
  'additionalPhone?': phone,
});
const item = object({
  ...{ 'articul?': words(255), 'markCode?': words(255), description: words(255, 1), quantity: count(1), 'weight?': weight, ...sizes },
  ...{ 'assessedCost?': money, 'cost?': money, 'costVat?': vat, 'barcode?': words(255), 'companyName?': words(255) },
  ...{ 'companyInn?': inn, 'companyPhone?': phone, 'tnved?': words(20), 'url?': words(1_000) },
});
const place = object({ 'placeNumber?': words(100), 'barcode?': words(100), weight, ...sizes, 'items?': many(item) });

/** The body that makes or changes an order. */
export const orderBody = object({
  order: object({
    ...{ clientNumber: words(100, 1), providerKey, pickupType: oneOf(1, 2), deliveryType: oneOf(1, 2), tariffId: id, weight, ...sizes },
    ...{ 'pointInId?': id, 'pointOutId?': id, 'providerConnectId?': anyId, 'barcode?': words(100), 'description?': words(1_000) },
    ...{ 'pickupDate?': date, 'pickupTimeStart?': time, 'pickupTimeEnd?': time },
    ...{ 'deliveryDate?': date, 'deliveryTimeStart?': time, 'deliveryTimeEnd?': time },
  }),
  cost: object({
    ...{ assessedCost: money, codCost: money, 'deliveryCost?': money, 'deliveryCostVat?': vat },
    ...{ 'isDeliveryPayedByRecipient?': flag, 'paymentMethod?': oneOf(1, 2, 3, 4) },
    'deliveryCostThresholds?': many(object({ threshold: money, deliveryCost: money })),
  }),
  ...{ sender: party, recipient: party, 'returnAddress?': party, places: many(place, 1) },
  'extraParams?': many(object({ key: pattern(/^[A-Za-z0-9_-]+\.\w+$/), value: words(1_000) })),
});
export const courierBody = object({
  ...{ providerKey, 'providerConnectId?': id, date, timeStart: time, timeEnd: time, weight, orderIds: ids },
  ...{ width: count(1, 10_000), height: count(1, 10_000), length: count(1, 10_000) },
  ...{ 'postIndex?': words(20), 'countryCode?': country, region: words(100, 1), 'area?': words(50), city: words(100, 1) },
  ...{ 'cityGuid?': guid, street: words(55, 1), house: words(50, 1), 'block?': words(50), 'office?': words(50), ...point },
  ...{ 'addressString?': words(255), 'companyName?': words(100), contactName: words(255, 1), phone, 'email?': email },
  ...{ 'comment?': words(1_000), 'extraParams?': either<Schema[]>(many(object({ key: words(100, 1), value: anything })), mapOf(anything)) },
});
/** A body without contents. */
const emptyBody = either(nothing, object({}));
const labelsBody = object({ orderIds: ids, format: oneOf('pdf') });
const waybillsBody = object({ orderIds: ids, 'format?': oneOf('pdf') });
const webhookBody = object({ url: pattern(/^https?:\/\/\S+$/, 1_000), type: oneOf('ORDER_STATUS') });

const digits = pattern(/^\d{1,6}$/);
const pageQuery = object({ 'limit?': digits, 'offset?': digits });
const listQuery = object({ 'limit?': digits, 'offset?': digits, 'filter?': words(10_000), 'fields?': words(2_000) });
const pointsQuery = object({
  ...{ 'limit?': digits, 'offset?': digits, 'filter?': words(50_000), 'fields?': words(2_000) },
  ...{ 'stateCheckOff?': oneOf('0', '1'), 'enabledCheckOff?': oneOf('0', '1') },
});
const noQuery = object({});

const moment = like(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/);
/** False if the carrier refused. */
const canceled = either(moment, flag);
const status = object({
  ...{ key: text(1), name: text(1), description: text(), created: moment, providerCode: text(), providerName: text() },
  ...{ providerDescription: text(), createdProvider: moment, 'errorCode?': oneOf(100, 200, 300) },
});
const maybe = either(text(), nothing);
const info = object({
  ...{ orderId: anyId, providerKey: text(1), providerNumber: text(), clientNumber: text(1), barcode: maybe },
  ...{ returnProviderNumber: maybe, additionalProviderNumber: maybe, trackingUrl: maybe },
});
const state = object({ orderInfo: info, status });
const failedOrders = list(object({ orderId: whole(), message: text(1) }));
const madeOrder = object({ orderId: whole(1), created: moment });

/** The calls of ApiShip's API that we use, and the storage of its files. */
export const WIRE = [
  { call: 'login', method: 'POST', path: '/v1/users/login', body: loginBody, isOpen: true },
  { call: 'createOrder', method: 'POST', path: '/v1/orders', query: noQuery, body: orderBody, reply: madeOrder },
  { call: 'findOrder', method: 'GET', path: '/v1/orders/status', query: object({ clientNumber: words(100, 1) }), reply: state },
  {
    call: 'statuses',
    method: 'POST',
    path: '/v1/orders/statuses',
    query: noQuery,
    body: object({ orderIds: many(anyId, 1, 100) }),
    reply: object({ succeedOrders: list(state), failedOrders }),
  },
  { call: 'getOrder', method: 'GET', path: '/v1/orders/:id', query: noQuery },
  { call: 'changeOrder', method: 'PUT', path: '/v1/orders/:id', query: noQuery, body: orderBody },
  {
    call: 'resendOrder',
    method: 'POST',
    path: '/v1/orders/:id/resend',
    query: noQuery,
    body: emptyBody,
    isBodyOptional: true,
    reply: madeOrder,
  },
  {
    call: 'cancelOrder',
    method: 'GET',
    path: '/v1/orders/:id/cancel',
    query: noQuery,
    reply: object({ orderId: whole(1), canceled }),
  },
  { call: 'orderStatus', method: 'GET', path: '/v1/orders/:id/status', query: noQuery, reply: state },
  { call: 'orderHistory', method: 'GET', path: '/v1/orders/:id/statusHistory', query: pageQuery },
  { call: 'calculate', method: 'POST', path: '/v1/calculator', query: noQuery, body: quoteBody },
  { call: 'balance', method: 'GET', path: '/v1/billing/balance', query: noQuery },
  { call: 'labels', method: 'POST', path: '/v1/orders/labels', query: noQuery, body: labelsBody },
  { call: 'waybills', method: 'POST', path: '/v1/orders/waybills', query: noQuery, body: waybillsBody },
  { call: 'callCourier', method: 'POST', path: '/v1/courierCall', query: noQuery, body: courierBody },
  {
    call: 'cancelCourier',
    method: 'POST',
    path: '/v1/courierCall/:id/cancel',
    query: noQuery,
    body: emptyBody,
    isBodyOptional: true,
    reply: object({ id: whole(1), canceled }),
  },
  { call: 'connections', method: 'GET', path: '/v1/connections', query: listQuery },
  { call: 'points', method: 'GET', path: '/v1/lists/points', query: pointsQuery },
  // Carriers' services come without pages.
  { call: 'list', method: 'GET', path: '/v1/lists/services', query: object({ 'providerKey?': providerKey }) },
  { call: 'list', method: 'GET', path: '/v1/lists/providers', query: listQuery },
  { call: 'list', method: 'GET', path: '/v1/lists/tariffs', query: listQuery },
  { call: 'createWebhook', method: 'POST', path: '/v1/webhooks', query: noQuery, body: webhookBody, reply: object({ uuid: text(36, 36) }) },
  { call: 'deleteWebhook', method: 'DELETE', path: '/v1/webhooks/:id', query: noQuery },
  { call: 'listWebhooks', method: 'GET', path: '/v1/webhooks', query: pageQuery },
  { call: 'file', method: 'GET', path: '/storage/:id.pdf', isOpen: true },
] as const satisfies readonly WireCall[];
