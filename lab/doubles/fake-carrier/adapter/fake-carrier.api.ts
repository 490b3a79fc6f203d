import {
  bytes,
  decimal,
  instant,
  keyInHeader,
  list,
  maybe,
  oneOf,
  record,
  Service,
  shape,
  type Shaped,
  text,
  truth,
  whole,
} from '#provider-kit';
import type { FakeCarrierContext } from './fake-carrier.settings.js';

const refusal = shape({ error: shape({ code: text, message: text, fields: maybe(record(text)) }) });

const service = new Service<FakeCarrierContext>({
  name: 'Fake Carrier',
  url: ({ settings }) => settings.baseUrl,
  path: '/v1',
  isAccountAddress: true,
  auth: keyInHeader('x-api-key', ({ settings }) => settings.apiKey),
  refusal(body) {
    const { code, message, fields = {} } = refusal(body).error;
    return { problems: [{ code, message }, ...Object.entries(fields).map(([field, why]) => ({ message: why, field }))] };
  },
  errors: [
    ['duplicate_reference', 'done'],
    [404, 'missing'],
  ],
  fields: [
    [/^service$/, 'delivery.tariff'],
    [/^to\.country$/, 'delivery.deliveryAddress.countryIso'],
    [/^to\.city$/, 'delivery.deliveryAddress.city'],
    [/^to\.point$/, 'delivery.deliveryAddress.terminal'],
    [/^recipient\.phone$/, 'customer.phones'],
    [/^parcels\[(\d+)\]\.grams$/, 'packages[$1].weight'],
  ],
});

/** Prices are in minor units. */
const kind = oneOf(['door', 'point']);
const place = shape({ code: text, name: text, address: text, hours: maybe(text), phone: maybe(text), lat: decimal, lon: decimal });
const quote = shape({
  ...{ service: text, name: text, kind, price: whole, currency: text },
  ...{ days: shape({ min: whole, max: whole }), points: maybe(list(place)) },
});
/** `expectedOn`: `YYYY-MM-DD`. */
const order = shape({
  ...{ id: text, state: text, trackNumber: maybe(text), trackUrl: maybe(text), expectedOn: maybe(text), price: whole, currency: text },
  warnings: maybe(list(text)),
  labels: maybe(list(shape({ trackNumber: text, barcode: text }))),
  collected: maybe(shape({ amount: whole, currency: text, by: oneOf(['cash', 'card']), at: instant })),
  handedOver: maybe(list(shape({ parcel: whole, item: whole, quantity: decimal }))),
  returns: maybe(
    list(
      shape({
        ...{ id: text, trackNumber: text, at: instant },
        ...{ kind: oneOf(['undelivered', 'by_buyer', 'exchange']), state: oneOf(['going', 'at_sender', 'lost']) },
      }),
    ),
  ),
});
const shipment = shape({ id: text, state: text });
/** Without a state the price changed. */
const event = shape({
  ...{ id: text, order: text, state: maybe(text), at: instant, comment: maybe(text), trackNumber: maybe(text) },
  ...{ price: maybe(whole), currency: maybe(text) },
});
/** The reply to a poll, and the body of a webhook, which has no orders. */
export const events = shape({ events: list(event), orders: maybe(list(order)) });
const payout = shape({
  ...{ id: text, day: text, currency: text, total: whole, paymentOrder: text },
  rows: list(shape({ order: text, reference: text, trackNumber: text, collected: whole, commission: whole, delivery: whole, paid: whole })),
});

export type WirePoint = Shaped<typeof place>;
export type WireOrder = Shaped<typeof order>;
export type WireEvent = Shaped<typeof event>;
export type WirePayout = Shaped<typeof payout>;

export const readQuotes = service.ask('POST /quotes', shape({ quotes: list(quote) }));
export const readServices = service.read('/services', shape({ services: list(shape({ code: text, name: text, kind })) }));
export const readPoints = service.read('/points', shape({ points: list(place) }));
export const readDocks = service.read('/docks', shape({ docks: list(shape({ code: text, name: text })) }));
export const readEvents = service.read('/events', events);
export const readPayouts = service.read('/payouts', shape({ payouts: list(payout) }));
export const readOrder = service.read('/orders/:id', order);
export const findOrders = service.read('/orders', shape({ orders: list(order) }));
const verdict = shape({ deliverable: truth, city: maybe(text), reason: maybe(text) });
export const checkAddress = service.ask('POST /addresses', verdict);
export const createOrder = service.act('POST /orders', order);
export const changeOrder = service.act('PUT /orders/:id', order);
export const cancelOrder = service.act('POST /orders/:id/cancel', order);
export const decideOrder = service.act('POST /orders/:id/decisions', order);
export const ringRecipient = service.act('POST /orders/:id/calls', order);
const freeDay = shape({ date: text, hours: list(shape({ from: text, to: text })) });
export const readFreeDays = service.read('/orders/:id/days', shape({ days: list(freeDay) }));
export const findShipments = service.read('/shipments', shape({ shipments: list(shipment) }));
export const createShipment = service.act('POST /shipments', shipment);
export const changeShipment = service.act('PUT /shipments/:id', shipment);
export const cancelShipment = service.act('POST /shipments/:id/cancel', shipment);
/** Printing twice makes two documents, which does no harm. */
export const printDocument = service.ask('POST /documents', bytes('%PDF-'), { accept: 'application/pdf' });
export const printCommands = service.ask('POST /documents', bytes('^XA'), { accept: 'application/zpl' });

/** Awaits the created object. Calls `find` instead if an earlier call created it and its reply was lost. */
export function adopt<T>(made: Promise<T>, find: () => Promise<T | undefined>): Promise<T> {
  return service.unless('done', made, async (refused) => {
    const found = await find();
    if (found === undefined) throw refused;
    return found;
  });
}
