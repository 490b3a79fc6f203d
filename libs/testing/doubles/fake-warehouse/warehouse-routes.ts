import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { playFault, type ServiceAnswer, type ServiceErrors } from '../../double/faults.js';
import type { ReservationLine, WarehouseGood } from './warehouse-book.js';
import type { WarehouseControl } from './warehouse-control.js';
import { type WarehouseCall, type WarehouseOwnFault, WarehouseRefusal } from './warehouse-faults.js';
import { signCall, WAREHOUSE_SIGNATURE, WAREHOUSE_TIMESTAMP } from './warehouse-signature.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The body as it came. */
    rawText?: string;
  }
}

/** Most goods of one question, and most lines of one reservation. */
export const MOST_GOODS = 50;
/** Most goods of a page, and most entries of the log in one answer. */
export const MOST_ROWS = 100;
/** How far the signed time may be from ours, in seconds. */
const TOLERANCE_S = 300;
/** Seconds after which figures that are recalculated should be asked for. */
const AGAIN_S = 2;

const badSignature = (): WarehouseRefusal => new WarehouseRefusal(401, 'bad_signature', 'The signature does not match');

const ERRORS: ServiceErrors<WarehouseOwnFault> = {
  failed: { error: { code: 'internal', message: 'Something went wrong' } },
  tooMany: { error: { code: 'rate_limited', message: 'Too many requests' } },
  toRefusal: badSignature,
};

const line = {
  type: 'object',
  additionalProperties: false,
  required: ['good', 'warehouse', 'quantity'],
  properties: {
    good: { type: 'string', pattern: '^g-\\d+$' },
    warehouse: { type: 'string', minLength: 1, maxLength: 100 },
    // A number would be another figure after a few additions.
    quantity: { type: 'string', pattern: '^(?!0+(\\.0+)?$)\\d{1,10}(\\.\\d{1,6})?$' },
  },
};
const reservationBody = {
  type: 'object',
  additionalProperties: false,
  required: ['version', 'lines'],
  properties: { version: { type: 'integer', minimum: 0 }, lines: { type: 'array', maxItems: MOST_GOODS, items: line } },
};

/** The warehouse's API (README.md), with the faults set for it. */
export function registerWarehouseRoutes(app: FastifyInstance, warehouse: WarehouseControl): void {
  const { book } = warehouse;
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    request.rawText = String(body);
    try {
      done(null, JSON.parse(request.rawText));
    } catch {
      done(new WarehouseRefusal(400, 'invalid', 'The body is no JSON'));
    }
  });

  const route = (
    call: WarehouseCall,
    method: 'GET' | 'PUT',
    url: string,
    body: object | undefined,
    act: (request: FastifyRequest, query: ReadonlyMap<string, string>) => ServiceAnswer,
    parameters: readonly string[] = [],
  ): void => {
    app.route({
      method,
      url,
      attachValidation: true,
      ...(body && { schema: { body } }),
      handler: async (request, reply) => {
        warehouse.calls.push(call);
        if (warehouse.modes.latencyMs > 0) await sleep(warehouse.modes.latencyMs);
        return playFault({
          ...{ fault: warehouse.faults.take(call), reply, errors: ERRORS, later: warehouse.later },
          act: () => {
            checkSignature(warehouse.secret, request);
            if (request.validationError) throw new WarehouseRefusal(400, 'invalid', request.validationError.message);
            return act(request, readQuery(request, parameters));
          },
        });
      },
    });
  };

  route('account', 'GET', '/v1/account', undefined, () => ({ json: { name: 'Warehouse of Anna' } }));

  route('goods', 'GET', '/v1/goods', undefined, (_request, query) => ({ json: listGoods(warehouse, query) }), [
    'ids',
    'skus',
    'page',
    'limit',
  ]);

  route(
    'stocks',
    'GET',
    '/v1/stocks',
    undefined,
    (_request, query) => {
      const ids = readList(query.get('goods'), 'goods');
      const unknown = ids.find((id) => !book.goods.has(id));
      if (unknown !== undefined) throw new WarehouseRefusal(404, 'unknown_good', `There is no good ${unknown}`);
      return { json: { stocks: ids.flatMap((id) => book.listStocks(book.goods.get(id) as WarehouseGood)) } };
    },
    ['goods'],
  );

  route(
    'changes',
    'GET',
    '/v1/changes',
    undefined,
    (_request, query) => {
      const { goods, next, more, recalculating } = book.readChanges(query.get('since'), readWhole(query.get('limit'), 'limit', MOST_ROWS));
      return { json: { goods: goods.map(toGood), next, more, ...(recalculating && { againSeconds: AGAIN_S }) } };
    },
    ['since', 'limit'],
  );

  route('reserve', 'PUT', '/v1/reservations/:reference', reservationBody, (request) => {
    const { version, lines } = request.body as { version: number; lines: ReservationLine[] };
    const { made, reservation } = book.reserve(readReference(request), version, lines);
    return { status: made ? 201 : 200, json: reservation };
  });

  route('getReservation', 'GET', '/v1/reservations/:reference', undefined, (request) => {
    const found = book.reservations.get(readReference(request));
    if (!found) throw new WarehouseRefusal(404, 'unknown_reservation', 'There is no such reservation');
    return { json: found };
  });

  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    if (error instanceof WarehouseRefusal)
      return reply.code(error.status).send({ error: { code: error.code, message: error.message, fields: error.fields } });
    const status = error.statusCode ?? 500;
    return reply.code(status).send({ error: { code: status < 500 ? 'invalid' : 'internal', message: error.message } });
  });
}

function listGoods({ book }: WarehouseControl, query: ReadonlyMap<string, string>): object {
  const ways = ['ids', 'skus', 'page'].filter((name) => query.has(name));
  if (ways.length !== 1) throw new WarehouseRefusal(400, 'invalid', 'Exactly one of ids, skus and page is needed');
  if (ways[0] !== 'page') {
    if (query.has('limit')) throw new WarehouseRefusal(400, 'invalid', 'limit goes with page');
    const wanted = readList(query.get(ways[0] ?? ''), ways[0] ?? '');
    const found = wanted.map((one) => (ways[0] === 'ids' ? book.goods.get(one) : book.findBySku(one)));
    return { goods: found.flatMap((good) => (good ? [toGood(good)] : [])) };
  }
  const page = readWhole(query.get('page'), 'page', Number.MAX_SAFE_INTEGER);
  const limit = readWhole(query.get('limit'), 'limit', MOST_ROWS);
  const pages = Math.max(1, Math.ceil(book.goods.size / limit));
  if (page > pages) throw new WarehouseRefusal(404, 'no_page', `There are ${pages} pages`);
  return { goods: [...book.goods.values()].slice((page - 1) * limit, page * limit).map(toGood), pages };
}

function toGood({ id, sku, name }: WarehouseGood): object {
  return { id, sku, name };
}

function checkSignature(secret: string, request: FastifyRequest): void {
  const timestamp = String(request.headers[WAREHOUSE_TIMESTAMP] ?? '');
  const isFresh = /^\d{1,12}$/.test(timestamp) && Math.abs(Date.now() / 1_000 - Number(timestamp)) <= TOLERANCE_S;
  const expected = signCall(secret, request.method, request.url, timestamp, request.rawText ?? '');
  if (!isFresh || request.headers[WAREHOUSE_SIGNATURE] !== expected) throw badSignature();
}

/** Unknown and repeated parameters are refused. */
function readQuery(request: FastifyRequest, parameters: readonly string[]): ReadonlyMap<string, string> {
  const given = new URL(request.url, 'http://warehouse').searchParams;
  for (const name of given.keys()) {
    if (!parameters.includes(name)) throw new WarehouseRefusal(400, 'invalid', `${name} is no parameter of this call`);
    if (given.getAll(name).length > 1) throw new WarehouseRefusal(400, 'invalid', `${name} is named twice`);
  }
  return new Map(given);
}

function readList(text: string | undefined, name: string): string[] {
  const values = text?.split(',') ?? [];
  if (values.length === 0 || values.some((one) => one === '')) throw new WarehouseRefusal(400, 'invalid', `${name} is required`);
  if (values.length > MOST_GOODS) throw new WarehouseRefusal(400, 'too_many', `At most ${MOST_GOODS} goods in one question`);
  if (new Set(values).size < values.length) throw new WarehouseRefusal(400, 'invalid', `${name} names a good twice`);
  return values;
}

function readWhole(text: string | undefined, name: string, most: number): number {
  if (text === undefined || !/^[1-9]\d{0,8}$/.test(text) || Number(text) > most)
    throw new WarehouseRefusal(400, 'invalid', `${name} is required, from 1 to ${most}`);
  return Number(text);
}

function readReference(request: FastifyRequest): string {
  return (request.params as { reference: string }).reference;
}
