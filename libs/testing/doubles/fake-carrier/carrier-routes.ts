import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { playFault, type ServiceAnswer, type ServiceErrors } from '../../double/faults.js';
import { drawActs, drawLabels } from './carrier-documents.js';
import {
  type CarrierBook,
  CarrierRefusal,
  type CarrierOrder,
  type CarrierOrderRequest,
  type CarrierShipmentRequest,
} from './carrier-book.js';
import type { CarrierControl } from './carrier-control.js';
import type { CarrierCall, CarrierOwnFault } from './carrier-faults.js';
import { findCurrency, DOCKS, isServed, pointsIn, computeCarrierPrice, SERVICES, type CarrierPoint } from './carrier-network.js';

const badKey = (): CarrierRefusal => new CarrierRefusal(401, 'unauthorized', 'The API key is not valid');

const ERRORS: ServiceErrors<CarrierOwnFault> = {
  failed: { error: { code: 'internal', message: 'Something went wrong' } },
  tooMany: { error: { code: 'rate_limited', message: 'Too many requests' } },
  toRefusal: badKey,
};

interface Quote {
  service: string;
  name: string;
  kind: 'door' | 'point';
  price: number;
  currency: string;
  days: { min: number; max: number };
  points?: CarrierPoint[];
}

interface QuoteRequest {
  from?: { country?: string; city?: string };
  to: { country?: string; city?: string; postcode?: string };
  parcels: { grams: number }[];
  currency?: string;
  fragile?: boolean;
}

interface DocumentRequest {
  form: 'label' | 'act';
  ids: string[];
}

/** Most ids in one question for events. */
export const MOST_IDS = 50;

const text = { type: 'string', maxLength: 500 };
const address = {
  type: 'object',
  properties: { country: text, region: text, city: text, postcode: text, street: text, point: text, notes: text },
};
const parcels = {
  type: 'array',
  minItems: 1,
  items: {
    type: 'object',
    required: ['grams'],
    properties: { grams: { type: 'integer', minimum: 1 }, size: { type: 'array', items: { type: 'integer' } }, contents: text },
  },
};
const amount = { type: 'integer', minimum: 0 };
const currency = { type: 'string', pattern: '^[A-Z]{3}$' };
const quoteBody = {
  type: 'object',
  required: ['to', 'parcels'],
  properties: { from: address, to: address, parcels, currency, fragile: { type: 'boolean' } },
};
const orderBody = {
  type: 'object',
  required: ['reference', 'service', 'currency', 'recipient', 'to', 'parcels'],
  properties: {
    reference: text,
    service: text,
    currency,
    recipient: { type: 'object', properties: { name: text, phone: text, email: text } },
    sender: { type: 'object', properties: { name: text, phone: text } },
    to: address,
    from: address,
    parcels,
    collect: amount,
    insured: amount,
    fragile: { type: 'boolean' },
    comment: text,
    notifyUrl: text,
  },
};
const shipmentBody = {
  type: 'object',
  required: ['reference', 'orders'],
  properties: {
    reference: text,
    date: text,
    window: { type: 'object', properties: { from: text, to: text } },
    address,
    contact: { type: 'object', properties: { name: text, phone: text } },
    comment: text,
    loaders: { type: 'integer', minimum: 0 },
    dock: { type: 'string', enum: DOCKS.map(({ code }) => code) },
    orders: { type: 'array', minItems: 1, items: text },
  },
};
const documentBody = {
  type: 'object',
  required: ['form', 'ids'],
  properties: { form: { type: 'string', enum: ['label', 'act'] }, ids: { type: 'array', minItems: 1, maxItems: 100, items: text } },
};

/** The carrier's API (README.md), with the faults set for it. */
export function registerCarrierRoutes(app: FastifyInstance, carrier: CarrierControl): void {
  const route = (
    call: CarrierCall,
    method: 'GET' | 'POST' | 'PUT',
    url: string,
    body: object | undefined,
    act: (request: FastifyRequest, book: CarrierBook) => ServiceAnswer | Promise<ServiceAnswer>,
  ): void => {
    app.route({
      method,
      url,
      ...(body === undefined ? {} : { schema: { body } }),
      handler: async (request, reply) => {
        carrier.calls.push(call);
        if (carrier.modes.latencyMs > 0) await sleep(carrier.modes.latencyMs);
        return playFault({
          ...{ fault: carrier.faults.take(call), reply, errors: ERRORS, later: carrier.later },
          act: async () => {
            const book = carrier.findBook(String(request.headers['x-api-key']));
            if (!book) throw badKey();
            return act(request, book);
          },
        });
      },
    });
  };
  const readId = (request: FastifyRequest): string => (request.params as { id: string }).id;
  const readQuery = (request: FastifyRequest): { [name: string]: string | undefined } =>
    request.query as { [name: string]: string | undefined };

  route('quotes', 'POST', '/v1/quotes', quoteBody, (request) => ({ json: { quotes: quotesFor(request.body as QuoteRequest) } }));
  route('services', 'GET', '/v1/services', undefined, () => ({ json: { services: SERVICES } }));
  route('points', 'GET', '/v1/points', undefined, (request) => {
    const { country, city } = readQuery(request);
    return { json: { points: pointsIn(country, city) } };
  });

  route('docks', 'GET', '/v1/docks', undefined, (request) => {
    const term = (readQuery(request).term ?? '').toLowerCase();
    return { json: { docks: DOCKS.filter(({ name }) => name.toLowerCase().includes(term)) } };
  });

  route('createOrder', 'POST', '/v1/orders', orderBody, (request, book) => {
    const { asynchronous, uniqueReferences } = carrier.modes;
    const order = book.create(request.body as CarrierOrderRequest, { unique: uniqueReferences, validating: asynchronous !== undefined });
    if (asynchronous?.validateAfterMs !== undefined) {
      carrier.later(asynchronous.validateAfterMs, () => {
        if (order.state === 'validating') carrier.validate(order.id, asynchronous.refuseWith);
      });
    }
    return { status: asynchronous === undefined ? 201 : 202, json: orderOut(order) };
  });
  route('findOrders', 'GET', '/v1/orders', undefined, (request, book) => {
    const { reference } = readQuery(request);
    if (reference === undefined) throw new CarrierRefusal(400, 'invalid', 'reference is missing');
    return { json: { orders: book.withReference(reference).map(orderOut) } };
  });
  route('getOrder', 'GET', '/v1/orders/:id', undefined, (request, book) => ({ json: orderOut(book.order(readId(request))) }));
  route('changeOrder', 'PUT', '/v1/orders/:id', orderBody, (request, book) => ({
    json: orderOut(book.change(readId(request), request.body as CarrierOrderRequest)),
  }));
  route('cancelOrder', 'POST', '/v1/orders/:id/cancel', undefined, (request, book) => ({ json: orderOut(book.cancel(readId(request))) }));

  route('documents', 'POST', '/v1/documents', documentBody, async (request, book) => {
    const { form, ids } = request.body as DocumentRequest;
    if (form === 'act') return { pdf: await drawActs(ids.map((id) => book.shipment(id))) };
    const orders = ids.map((id) => book.order(id));
    const unready = orders.find(({ trackNumber }) => trackNumber === undefined);
    if (unready !== undefined)
      throw new CarrierRefusal(409, 'not_ready', `The order ${unready.id} is ${unready.state}: there is no label yet`);
    return { pdf: await drawLabels(orders) };
  });

  route('createShipment', 'POST', '/v1/shipments', shipmentBody, (request, book) => ({
    status: 201,
    json: book.createShipment(request.body as CarrierShipmentRequest, { unique: carrier.modes.uniqueReferences }),
  }));
  route('findShipments', 'GET', '/v1/shipments', undefined, (request, book) => ({
    json: { shipments: book.shipments.filter(({ reference }) => reference === (readQuery(request).reference ?? reference)) },
  }));
  route('changeShipment', 'PUT', '/v1/shipments/:id', shipmentBody, (request, book) => ({
    json: book.changeShipment(readId(request), request.body as CarrierShipmentRequest),
  }));
  route('cancelShipment', 'POST', '/v1/shipments/:id/cancel', undefined, (request, book) => ({
    json: book.cancelShipment(readId(request)),
  }));

  route('events', 'GET', '/v1/events', undefined, (request, book) => {
    const ids = (readQuery(request).orders ?? '').split(',');
    if (ids.length > MOST_IDS) throw new CarrierRefusal(400, 'too_many', `At most ${MOST_IDS} orders in one question`);
    return { json: { events: book.events.filter(({ order }) => ids.includes(order)) } };
  });

  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const { status, body } = refusalOut(error);
    return reply.code(status).send(body);
  });
}

function quotesFor(request: QuoteRequest): Quote[] {
  const { to } = request;
  const currency = request.currency ?? findCurrency(to.country);
  if (!isServed(to.country) || currency === undefined || (to.city === undefined && to.postcode === undefined)) return [];
  const grams = request.parcels.reduce((sum, parcel) => sum + parcel.grams, 0);
  return SERVICES.flatMap((service) => {
    const price = computeCarrierPrice(service.code, grams, request.fragile === true, currency);
    const points = service.kind === 'point' ? pointsIn(to.country, to.city) : undefined;
    if (price === undefined || points?.length === 0) return [];
    return [
      {
        service: service.code,
        name: service.name,
        kind: service.kind,
        price,
        currency,
        days: service.days,
        ...(points === undefined ? {} : { points }),
      },
    ];
  });
}

function orderOut({ request, ...order }: CarrierOrder): object {
  return { ...order, service: request.service };
}

function refusalOut(error: Error & { statusCode?: number }): { status: number; body: object } {
  if (error instanceof CarrierRefusal) {
    return { status: error.status, body: { error: { code: error.code, message: error.message, fields: error.fields } } };
  }
  const status = error.statusCode ?? 500;
  return { status, body: { error: { code: status < 500 ? 'invalid' : 'internal', message: error.message } } };
}
