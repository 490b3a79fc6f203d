import { flag, type Infer, like, list, number, object, oneOf, text, whole, type WireCall } from '../../../libs/testing/double/index.js';
import { DOCKS } from './carrier-network.js';

/** Most ids in one question for events. */
export const MOST_IDS = 50;

const line = text(0, 500);
/** Minor units. */
const amount = whole(0);
const currency = like(/^[A-Z]{3}$/);
/** `point`: the code of a pickup point. */
const address = object({
  'country?': line,
  'region?': line,
  'city?': line,
  'postcode?': line,
  'street?': line,
  'point?': line,
  'notes?': line,
});
/** `size`: length, width and height in millimetres. */
const parcel = object({ grams: whole(1), 'size?': list(whole()), 'contents?': line });
export type CarrierParcel = Infer<typeof parcel>;
const parcels = list(parcel, 1);
const person = { 'name?': line, 'phone?': line };

const newQuote = object({ 'from?': address, to: address, parcels, 'currency?': currency, 'fragile?': flag });
export type CarrierQuoteRequest = Infer<typeof newQuote>;
const newOrder = object({
  ...{
    reference: line,
    service: line,
    currency,
    recipient: object({ ...person, 'email?': line, 'document?': text(1, 50) }),
    'sender?': object(person),
  },
  // `collect` is collected from the recipient.
  ...{ to: address, 'from?': address, parcels, 'collect?': amount, 'insured?': amount, 'fragile?': flag, 'comment?': line },
  'notifyUrl?': line,
});
export type CarrierOrderRequest = Infer<typeof newOrder>;
const newShipment = object({
  ...{ reference: line, 'date?': line, 'window?': object({ 'from?': line, 'to?': line }), 'address?': address },
  ...{ 'contact?': object(person), 'comment?': line, 'loaders?': whole(0), 'dock?': oneOf(...DOCKS.map(({ code }) => code)) },
  orders: list(line, 1),
});
export type CarrierShipmentRequest = Infer<typeof newShipment>;
const decision = object({
  ...{
    kind: oneOf('deliver', 'keep', 'return', 'client_return'),
    'date?': like(/^\d{4}-\d\d-\d\d$/),
    'from?': line,
    'to?': line,
    'place?': address,
  },
});
export type CarrierDecision = Infer<typeof decision>;
const newDocument = object({ form: oneOf('label', 'label-zpl', 'act'), ids: list(line, 1, 100) });

/** `city`: the carrier's spelling, if the sent one differs. */
const verdict = object({ deliverable: flag, 'city?': text(1), 'reason?': text(1) });
const days = object({ min: whole(1), max: whole(1) });
const kind = oneOf('door', 'point');
const place = { code: text(1), name: text(1), country: text(2, 2), city: text(1), address: text(1), hours: text(1), phone: text(1) };
const point = object({ ...place, lat: number(), lon: number() });
const quote = object({ service: text(1), name: text(1), kind, price: amount, currency, days, 'points?': list(point, 1) });
export type CarrierQuote = Infer<typeof quote>;
const moment = like(/Z$/);
/** Positions from 0 in the request. */
const handedOver = list(object({ parcel: whole(0), item: whole(0), quantity: number(0) }));
/** A parcel that comes back to the sender. */
const comingBack = object({
  ...{ id: text(1), kind: oneOf('undelivered', 'by_buyer', 'exchange'), state: oneOf('going', 'at_sender', 'lost') },
  ...{ trackNumber: text(1), at: moment },
});
export type CarrierReturn = Infer<typeof comingBack>;
const collected = object({ amount, currency, by: oneOf('cash', 'card'), at: moment });
const order = object({
  // `trackNumber` and `trackUrl` come once the order is valid, `reason` with `refused`.
  ...{ id: text(1), reference: text(1), service: text(1), state: text(1), price: amount, currency },
  ...{
    'trackNumber?': text(1),
    'trackUrl?': text(1),
    'expectedOn?': like(/^\d{4}-\d\d-\d\d$/),
    'reason?': text(),
    'warnings?': list(text(1)),
  },
  // `labels`: for each parcel. `handedOver`: if not all was.
  ...{ 'labels?': list(object({ trackNumber: text(1), barcode: text(1) })), 'collected?': collected, 'handedOver?': handedOver },
  'returns?': list(comingBack),
});
export type CarrierReply = Infer<typeof order>;
/** Money for the client's orders. `paid` of a row is `collected` without the fees. */
const payout = object({
  ...{ id: text(1), day: like(/^\d{4}-\d\d-\d\d$/), currency, total: whole(Number.MIN_SAFE_INTEGER), paymentOrder: text(1) },
  rows: list(
    object({
      ...{ order: text(1), reference: text(1), trackNumber: text(1), collected: amount, commission: amount, delivery: amount },
      paid: whole(Number.MIN_SAFE_INTEGER),
    }),
  ),
});
export type CarrierPayout = Infer<typeof payout>;
const freeDay = object({ date: like(/^\d{4}-\d\d-\d\d$/), hours: list(object({ from: text(1), to: text(1) })) });
const shipment = object({ id: text(1), reference: text(1), state: oneOf('planned', 'cancelled'), request: newShipment });
const event = object({
  ...{ id: text(1), order: text(1), reference: text(1), 'state?': text(1), at: like(/Z$/), 'comment?': text(), 'trackNumber?': text(1) },
  // Without a state: the price changed.
  ...{ 'price?': amount, 'currency?': currency },
});
/** A change of state. */
export type CarrierEvent = Infer<typeof event>;

const inCity = object({ 'country?': text(), 'city?': text() });
const service = object({ code: text(1), name: text(1), kind, days });
const docks = list(object({ code: text(1), name: text(1) }));
const referred = object({ reference: text(1) });
export const WIRE = [
  { call: 'quotes', method: 'POST', path: '/v1/quotes', body: newQuote, reply: object({ quotes: list(quote) }) },
  { call: 'services', method: 'GET', path: '/v1/services', reply: object({ services: list(service) }) },
  { call: 'points', method: 'GET', path: '/v1/points', query: inCity, reply: object({ points: list(point) }) },
  { call: 'docks', method: 'GET', path: '/v1/docks', query: object({ 'term?': text() }), reply: object({ docks }) },
  { call: 'checkAddress', method: 'POST', path: '/v1/addresses', body: address, reply: verdict },
  { call: 'createOrder', method: 'POST', path: '/v1/orders', body: newOrder, reply: order, status: 201 },
  { call: 'findOrders', method: 'GET', path: '/v1/orders', query: referred, reply: object({ orders: list(order) }) },
  { call: 'getOrder', method: 'GET', path: '/v1/orders/:id', reply: order },
  { call: 'changeOrder', method: 'PUT', path: '/v1/orders/:id', body: newOrder, reply: order },
  { call: 'cancelOrder', method: 'POST', path: '/v1/orders/:id/cancel', reply: order },
  { call: 'decideOrder', method: 'POST', path: '/v1/orders/:id/decisions', body: decision, reply: order },
  { call: 'ringRecipient', method: 'POST', path: '/v1/orders/:id/calls', body: object({ key: text(1) }), reply: order },
  { call: 'freeDays', method: 'GET', path: '/v1/orders/:id/days', reply: object({ days: list(freeDay) }) },
  { call: 'documents', method: 'POST', path: '/v1/documents', body: newDocument },
  { call: 'createShipment', method: 'POST', path: '/v1/shipments', body: newShipment, reply: shipment, status: 201 },
  { call: 'findShipments', method: 'GET', path: '/v1/shipments', query: referred, reply: object({ shipments: list(shipment) }) },
  { call: 'changeShipment', method: 'PUT', path: '/v1/shipments/:id', body: newShipment, reply: shipment },
  { call: 'cancelShipment', method: 'POST', path: '/v1/shipments/:id/cancel', reply: shipment },
  {
    call: 'events',
    method: 'GET',
    path: '/v1/events',
    query: object({ orders: text(1) }),
    reply: object({ events: list(event), orders: list(order) }),
  },
  { call: 'payouts', method: 'GET', path: '/v1/payouts', query: object({ day: text(1) }), reply: object({ payouts: list(payout) }) },
] as const satisfies readonly WireCall[];
