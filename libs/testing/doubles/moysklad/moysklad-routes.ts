import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { playFault, type ServiceAnswer, type ServiceErrors } from '../../double/faults.js';
import type { MoySkladAccount, MoySkladUser } from './moysklad-account.js';
import type { MoySkladControl, MoySkladReceived } from './moysklad-control.js';
import { FAULTS_AFTER, type MoySkladCall, type MoySkladFault, type MoySkladOwnFault } from './moysklad-faults.js';
import { chooseRows, type MoySkladFields, readExpand, readPage } from './moysklad-filters.js';
import { MoySkladHooks } from './moysklad-hooks.js';
import type { MoySkladEntry, MoySkladEntryType, MoySkladGood, MoySkladHook, MoySkladOrder } from './moysklad-objects.js';
import { MoySkladOrders, readList } from './moysklad-orders.js';
import { MoySkladRefusal, wrong } from './moysklad-refusal.js';
import { reportAll, reportByStore, reportCurrent, reportReserves } from './moysklad-reports.js';
import { type MoySkladView, MoySkladViews } from './moysklad-views.js';

/** Bytes of a request's line and headers. */
const MOST_HEAD = 8_192;
/** Rows of a list beyond which `expand` and `fields` are ignored, and the most of an expanded list. */
const MOST_EXPANDED = 100;
/** Bytes that the bomb unpacks to. */
const BOMB = 128 * 1_048_576;

interface Call {
  double: MoySkladControl;
  account: MoySkladAccount;
  user: MoySkladUser;
  views: MoySkladViews;
  params: Readonly<Record<string, string>>;
  query: ReadonlyMap<string, string>;
  headers: FastifyRequest['headers'];
  body: unknown;
}

/** A call: what it takes, and what it does; returns the object or list answered, undefined: an empty body. */
interface Route {
  call: MoySkladCall;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  /** Names the query may have. */
  query?: readonly string[];
  /** A heavy report. */
  isHeavy?: boolean;
  act(call: Call): object | undefined;
}

const PAGE = ['limit', 'offset'];
const LIST = [...PAGE, 'filter', 'order', 'search', 'expand'];
const DETAIL = ['expand', 'fields'];
const CURRENT = ['stockType', 'include', 'filter', 'changedSince', 'withRecalculate'];

export const ROUTES: readonly Route[] = [
  { call: 'getEmployee', method: 'GET', path: '/context/employee', act: getEmployee },
  { call: 'getApplication', method: 'GET', path: '/context/application', act: getApplication },
  {
    ...{ call: 'createToken', method: 'POST', path: '/security/token' },
    act: ({ user, headers }) => {
      if (!headers.authorization?.startsWith('Basic ')) throw new MoySkladRefusal(1056);
      return { access_token: user.renewToken() };
    },
  },
  { call: 'listAssortment', method: 'GET', path: '/entity/assortment', query: LIST, act: listAssortment },
  ...(['product', 'variant', 'bundle', 'service', 'consignment'] as const).flatMap((type): Route[] => [
    { call: 'listGoods', method: 'GET', path: `/entity/${type}`, query: LIST, act: (call) => listGoods(call, type) },
    {
      ...{ call: 'getGood', method: 'GET', path: `/entity/${type}/:id`, query: DETAIL },
      act: (call) => call.views.good(findGood(call, type), readView(call)),
    },
  ]),
  {
    ...{ call: 'listComponents', method: 'GET', path: '/entity/bundle/:id/components', query: [...PAGE, 'expand'] },
    act: (call) => {
      const bundle = findGood(call, 'bundle');
      const isExpanded = readView(call, true).expand.has('assortment');
      const rows = (bundle.components ?? []).map((one) => call.views.component(bundle, one, isExpanded));
      return toList(call, 'bundlecomponent', `entity/bundle/${bundle.id}/components`, cutPage(call.query, rows));
    },
  },
  ...entryRoutes('store', 'store', ['listStores', 'getStore']),
  ...entryRoutes('organization', 'organization', ['listOrganizations', 'getOrganization']),
  ...entryRoutes('counterparty', 'counterparty', ['listAgents', 'getAgent']),
  ...entryRoutes('currency', 'currency', ['listCurrencies', 'getCurrency']),
  {
    ...{ call: 'currentStock', method: 'GET', path: '/report/stock/bystore/current', query: CURRENT },
    act: (call) => reportCurrent(call, false, call.double.modes.currentRowsMost ?? Infinity),
  },
  {
    ...{ call: 'currentStockOfAll', method: 'GET', path: '/report/stock/all/current' },
    query: CURRENT.filter((name) => name !== 'withRecalculate'),
    act: (call) => reportCurrent(call, true, call.double.modes.currentRowsMost ?? Infinity),
  },
  {
    ...{ call: 'stockByStore', method: 'GET', path: '/report/stock/bystore', query: [...PAGE, 'filter'], isHeavy: true },
    act: (call) => toList(call, 'stockbystore', 'report/stock/bystore', reportByStore(call)),
  },
  {
    ...{ call: 'stockOfAll', method: 'GET', path: '/report/stock/all', query: [...PAGE, 'filter'], isHeavy: true },
    act: (call) => toList(call, 'stock', 'report/stock/all', reportAll(call)),
  },
  {
    ...{ call: 'listReserves', method: 'GET', path: '/report/byoperations/reserve', query: [...PAGE, 'filter'] },
    act: (call) => toList(call, 'byoperations', 'report/byoperations/reserve', reportReserves(call)),
  },
  ...orderRoutes(),
  ...hookRoutes('webhook', ['createWebhook', 'listWebhooks', 'getWebhook', 'updateWebhook', 'deleteWebhook']),
  ...hookRoutes('webhookstock', [
    ...(['createStockWebhook', 'listStockWebhooks', 'getStockWebhook', 'updateStockWebhook', 'deleteStockWebhook'] as const),
  ]),
];

/** The API under `/api/remap/1.2`, with the faults set for it. */
export function registerMoySkladRoutes(app: FastifyInstance, double: MoySkladControl): void {
  void app.register(
    (api, _options, done) => {
      api.addHook('onRequest', async (request, reply) => {
        const refused = refuseHead(request);
        if (refused === undefined) return;
        double.calls.push({ call: 'unknown', method: request.method, url: request.url, at: Date.now(), status: refused });
        // Such a refusal has no body.
        return reply.code(refused).send();
      });
      api.addHook('onSend', (_request, reply, payload, next) => {
        const text = typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : '';
        if (text.length === 0 || !double.modes.gzip || reply.hasHeader('content-encoding')) return next(null, payload);
        void reply.header('content-encoding', 'gzip').removeHeader('content-length');
        return next(null, gzipSync(text));
      });
      api.setErrorHandler((error, _request, reply) => answerError(reply, error as Error));
      api.setNotFoundHandler((request, reply) => {
        const isOther = ROUTES.some(({ path }) => new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`).test(toPath(request)));
        double.calls.push({ call: 'unknown', method: request.method, url: request.url, at: Date.now(), status: isOther ? 405 : 404 });
        return answerError(
          reply,
          new MoySkladRefusal(undefined, undefined, { status: isOther ? 405 : 404, text: 'There is no such path' }),
        );
      });
      for (const route of ROUTES)
        api.route({ method: route.method, url: route.path, handler: (request, reply) => handle(double, route, request, reply) });
      done();
    },
    { prefix: '/api/remap/1.2' },
  );
}

/** 415 without gzip, or for a body that is no JSON; 414 for a head that is too long. */
function refuseHead({ raw, headers, method }: FastifyRequest): number | undefined {
  const head = raw.rawHeaders.reduce((sum, text) => sum + text.length + 2, `${method} ${raw.url ?? ''} HTTP/1.1`.length);
  if (head > MOST_HEAD) return 414;
  const codings = String(headers['accept-encoding'] ?? '')
    .split(',')
    .map((one) => one.trim().toLowerCase());
  if (!codings.some((one) => /^gzip(;q=(1(\.0*)?|0\.\d*[1-9]\d*))?$/.test(one.replaceAll(' ', '')))) return 415;
  const hasBody = headers['content-length'] !== undefined ? headers['content-length'] !== '0' : headers['transfer-encoding'] !== undefined;
  return hasBody && !/^application\/json\b/.test(headers['content-type'] ?? '') ? 415 : undefined;
}

async function handle(double: MoySkladControl, route: Route, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const received: MoySkladReceived = {
    ...{ call: route.call, method: request.method, url: decodeURIComponent(request.url), at: Date.now(), status: 0 },
    ...(request.body != null && { body: request.body }),
  };
  double.calls.push(received);
  let limits: MoySkladUser['limits'] | undefined;
  let refusal: MoySkladRefusal | undefined;
  try {
    const { account, user } = authorise(double, request);
    received.by = user.login;
    ({ limits } = user);
    limits.mostRunning = Math.max(limits.mostRunning, ++limits.running);
    const { callsAtOnce, callsAtOnceOfAccount, latencyMs } = double.modes;
    void reply.headers(limits.headers);
    if (limits.ban !== undefined) throw new MoySkladRefusal(1061);
    if (limits.running > callsAtOnce || account.running > callsAtOnceOfAccount) throw new MoySkladRefusal(1073);
    const waitMs = limits.spend(route.isHeavy ?? false);
    void reply.headers(limits.headers);
    if (waitMs !== undefined) throw tooMany(reply, waitMs);
    const fault: MoySkladFault | undefined = double.faults.take(route.call);
    if (latencyMs > 0) await sleep(latencyMs);
    if (fault?.kind === 'rate-limit') throw tooMany(reply, (fault.retryAfterSeconds ?? 1) * 1_000);
    const isAfter = fault !== undefined && FAULTS_AFTER.includes(fault.kind);
    const act = (): ServiceAnswer => {
      const call = readCall(double, account, user, request, route);
      const answer = perform(double, route, call);
      received.status = 200;
      return answer;
    };
    if (isAfter) return answerOddly(reply, fault as MoySkladOwnFault, act());
    if (fault?.kind === 'html-before') return answerOddly(reply, fault);
    return await playFault<MoySkladOwnFault>({ fault, reply, errors: ERRORS, later: double.later, act });
  } catch (error) {
    if (error instanceof MoySkladRefusal) {
      refusal = error;
      received.status = error.status;
      if (error.code !== undefined) received.code = error.code;
    }
    throw error;
  } finally {
    limits?.count(request.method, request.url, refusal);
    if (limits) limits.running--;
  }
}

const ERRORS: ServiceErrors<MoySkladOwnFault> = {
  failed: { errors: [{ error: 'Something went wrong' }] },
  tooMany: {},
  toRefusal: (fault) => new MoySkladRefusal(fault.kind === 'refuse' ? Number(fault.code) : 1073),
};

function tooMany(reply: FastifyReply, waitMs: number): MoySkladRefusal {
  void reply.header('x-lognex-retry-after', String(waitMs));
  return new MoySkladRefusal(1049);
}

/** Proxies' pages, and gzip that is not what it should be. */
function answerOddly(reply: FastifyReply, fault: MoySkladOwnFault, answer?: ServiceAnswer): FastifyReply {
  const json = gzipSync(JSON.stringify(answer?.json ?? {}));
  switch (fault.kind) {
    case 'bomb':
      return reply
        .type('application/json')
        .header('content-encoding', 'gzip')
        .send(gzipSync(Buffer.alloc(BOMB, ' ')));
    case 'broken-gzip':
      return reply
        .type('application/json')
        .header('content-encoding', 'gzip')
        .send(json.subarray(0, json.length >> 1));
    default: {
      const status = 'status' in fault ? (fault.status ?? 502) : 502;
      return reply.code(status).type('text/html').send(`<html><body><h1>${status} Bad Gateway</h1><hr>nginx</body></html>`);
    }
  }
}

function readCall(double: MoySkladControl, account: MoySkladAccount, user: MoySkladUser, request: FastifyRequest, route: Route): Call {
  const { accept } = request.headers;
  if (accept !== undefined && accept.replaceAll(' ', '').toLowerCase() !== 'application/json;charset=utf-8')
    throw new MoySkladRefusal(1062);
  const query = new URL(request.url, 'http://moysklad').searchParams;
  for (const name of query.keys()) {
    if (!(route.query ?? []).includes(name)) throw wrong(`There is no parameter ${name}`, name);
    if (query.getAll(name).length > 1) throw wrong(`${name} is named twice`, name);
  }
  const views = new MoySkladViews(double.base, account, user);
  const { params, headers, body } = request;
  return {
    double,
    account,
    user,
    views,
    params: params as Record<string, string>,
    query: new Map(query),
    headers,
    body: body ?? undefined,
  };
}

function perform(double: MoySkladControl, { act }: Route, call: Call): ServiceAnswer & { file?: { type: string; bytes: Uint8Array } } {
  const prefixes = [call.headers['x-lognex-webhook-disablebyprefix'] ?? []].flat().flatMap((text) => text.split(','));
  // Only with the scheme and the whole host.
  double.silentPrefixes = prefixes.map((one) => one.trim()).filter((one) => /^https?:\/\/[^/\s]+\//.test(`${one}/`));
  try {
    const json = act(call);
    // Not kept by reference: what is answered is how things are now.
    if (json !== undefined) return { json: structuredClone(json) };
    return { file: { type: 'application/json', bytes: new Uint8Array() } };
  } finally {
    double.silentPrefixes = [];
  }
}

function authorise({ accounts }: MoySkladControl, { headers }: FastifyRequest): { account: MoySkladAccount; user: MoySkladUser } {
  const [scheme, value = ''] = (headers.authorization ?? '').split(' ');
  const login = scheme === 'Basic' ? Buffer.from(value, 'base64').toString('utf8') : undefined;
  for (const account of accounts)
    for (const user of account.users) {
      const isToken = scheme === 'Bearer' && user.token === value;
      if (isToken || (user.caller === 'user' && login === `${user.login}:${user.password}`)) return { account, user };
    }
  throw new MoySkladRefusal(1056);
}

function answerError(reply: FastifyReply, error: Error & { statusCode?: number }): FastifyReply {
  if (error instanceof MoySkladRefusal) return reply.code(error.status).send(error.json);
  const { statusCode = 500 } = error;
  if (statusCode >= 500) console.error(error);
  return reply.code(statusCode).send(new MoySkladRefusal(undefined, undefined, { status: statusCode, text: error.message }).json);
}

function toPath(request: FastifyRequest): string {
  return request.url.replace(/^\/api\/remap\/1\.2|\?.*$/g, '');
}

function getEmployee({ account, user, views }: Call): object {
  if (user.app !== undefined) throw new MoySkladRefusal(55005);
  const [first = ''] = user.login.split('@');
  return {
    ...views.meta('employee', user.id),
    ...{ id: user.id, accountId: account.id, name: first, fullName: first, shortFio: first, uid: user.login, archived: false },
    externalCode: user.id,
  };
}

function getApplication({ account, user, views }: Call): object {
  if (user.app === undefined) throw new MoySkladRefusal(55006);
  const [name = ''] = user.login.split('@');
  return { ...views.meta('application', user.id), id: user.id, accountId: account.id, name, appUid: user.login };
}

const GOODS_FIELDS: MoySkladFields<MoySkladGood> = {
  id: { kind: 'id', read: ({ id }) => id },
  externalCode: { kind: 'text', read: ({ externalCode }) => externalCode },
  code: { kind: 'text', read: ({ code }) => code },
  name: { kind: 'text', read: ({ name }) => name },
  barcode: { kind: 'many', read: ({ barcodes }) => barcodes.flatMap((one) => Object.values(one)) },
  archived: { kind: 'flag', read: ({ archived }) => archived, byDefault: false },
  updated: { kind: 'date', read: ({ updated }) => updated },
};
const WITH_ARTICLE: MoySkladFields<MoySkladGood> = { ...GOODS_FIELDS, article: { kind: 'text', read: ({ article }) => article } };
const ASSORTMENT_FIELDS: MoySkladFields<MoySkladGood> = { ...GOODS_FIELDS, type: { kind: 'text', read: ({ type }) => type } };
const VARIANT_FIELDS: MoySkladFields<MoySkladGood> = { ...GOODS_FIELDS, productid: { kind: 'id', read: ({ product }) => product } };

function listAssortment(call: Call): object {
  const isNew = String(call.headers['x-lognex-remap-beta-feature'] ?? '')
    .split(',')
    .some((one) => one.trim() === 'assortmentWithoutStock');
  if (isNew && call.query.has('search')) throw wrong('There is no search', 'search');
  const fields = isNew ? ASSORTMENT_FIELDS : { ...ASSORTMENT_FIELDS, ...WITH_ARTICLE };
  const { book } = call.account;
  const reserves = book.countReserves();
  // The old answer, which goes away, computes the stock of each.
  const tell = (good: MoySkladGood, view: MoySkladView): object => {
    const sums = book.listFigures(good, reserves);
    const sum = (pick: (row: (typeof sums)[number]) => number): number => sums.reduce((all, row) => all + pick(row), 0) / 10_000;
    const stock = { stock: sum((row) => row.stock), reserve: sum((row) => row.reserve), inTransit: sum((row) => row.inTransit) };
    return { ...call.views.good(good, view), ...(!isNew && { ...stock, quantity: stock.stock - stock.reserve + stock.inTransit }) };
  };
  return listOf(call, { type: 'assortment', goods: seenGoods(call), fields, tell });
}

function listGoods(call: Call, type: MoySkladGood['type']): object {
  const fields = type === 'variant' ? VARIANT_FIELDS : WITH_ARTICLE;
  const goods = seenGoods(call).filter((good) => good.type === type);
  return listOf(call, { type, goods, fields, tell: (good, view) => call.views.good(good, view) });
}

function seenGoods({ account, user }: Call): MoySkladGood[] {
  user.need('see');
  return [...account.book.goods.values()].filter(({ id }) => !user.hidden.has(id));
}

function listOf(
  call: Call,
  given: {
    type: string;
    goods: readonly MoySkladGood[];
    fields: MoySkladFields<MoySkladGood>;
    tell(good: MoySkladGood, view: MoySkladView): object;
  },
): object {
  const search = call.query.get('search')?.toLowerCase();
  // Fuzzy: any text of a good that looks alike.
  const found = given.goods.filter(
    ({ name, code, externalCode, article }) =>
      search === undefined || [name, code, externalCode, article].some((text) => text?.toLowerCase().includes(search)),
  );
  const { rows, size } = chooseRows(found, call.query, given.fields, (_, id) => id);
  const view = readView(call, true);
  return toList(call, given.type, `entity/${given.type}`, { rows: rows.map((good) => given.tell(good, view)), size });
}

function findGood({ account, user, params }: Call, type: MoySkladGood['type']): MoySkladGood {
  user.need('see');
  const good = account.book.goods.get(params['id'] ?? '');
  if (!good || good.type !== type || user.hidden.has(good.id)) throw new MoySkladRefusal(1021);
  return good;
}

const ENTRY_FIELDS: MoySkladFields<MoySkladEntry> = {
  id: { kind: 'id', read: ({ id }) => id },
  name: { kind: 'text', read: ({ name }) => name },
  code: { kind: 'text', read: ({ code }) => code },
  externalCode: { kind: 'text', read: ({ externalCode }) => externalCode },
  archived: { kind: 'flag', read: ({ archived }) => archived, byDefault: false },
  updated: { kind: 'date', read: ({ updated }) => updated },
};

function entryRoutes(path: string, type: MoySkladEntryType, [list, get]: readonly [MoySkladCall, MoySkladCall]): Route[] {
  const seen = ({ account, user }: Call): MoySkladEntry[] => {
    user.need('see');
    return [...account.book.entries[type].values()].filter(({ id }) => !user.hidden.has(id));
  };
  return [
    {
      ...{ call: list, method: 'GET', path: `/entity/${path}`, query: LIST },
      act: (call) => {
        const search = call.query.get('search')?.toLowerCase();
        const found = seen(call).filter(({ name }) => search === undefined || name.toLowerCase().includes(search));
        const { rows, size } = chooseRows(found, call.query, ENTRY_FIELDS, (_, id) => id);
        return toList(call, type, `entity/${path}`, { rows: rows.map((one) => call.views.entry(type, one)), size });
      },
    },
    {
      ...{ call: get, method: 'GET', path: `/entity/${path}/:id`, query: ['expand'] },
      act: (call) => {
        const found = seen(call).find(({ id }) => id === call.params['id']);
        if (!found) throw new MoySkladRefusal(1021);
        return call.views.entry(type, found);
      },
    },
  ];
}

const ORDER_FIELDS: MoySkladFields<MoySkladOrder> = {
  id: { kind: 'id', read: ({ id }) => id },
  syncId: { kind: 'id', read: ({ syncId }) => syncId },
  name: { kind: 'text', read: ({ name }) => name },
  externalCode: { kind: 'text', read: ({ externalCode }) => externalCode },
  description: { kind: 'text', read: ({ description }) => description },
  applicable: { kind: 'flag', read: ({ applicable }) => applicable },
  moment: { kind: 'date', read: ({ moment }) => moment },
  created: { kind: 'date', read: ({ created }) => created },
  updated: { kind: 'date', read: ({ updated }) => updated },
  deliveryPlannedMoment: { kind: 'date', read: ({ deliveryPlannedMoment }) => deliveryPlannedMoment },
  store: { kind: 'ref', read: ({ store }) => store },
  organization: { kind: 'ref', read: ({ organization }) => organization },
  agent: { kind: 'ref', read: ({ agent }) => agent },
  isDeleted: { kind: 'flag', read: ({ deleted }) => deleted !== undefined, byDefault: false },
};

function orderRoutes(): Route[] {
  const path = '/entity/customerorder';
  const orders = ({ account, user, views }: Call): MoySkladOrders => {
    user.need('see');
    return new MoySkladOrders(account, user, views);
  };
  const id = ({ params }: Call): string => params['id'] ?? '';
  const positionId = ({ params }: Call): string => params['position'] ?? '';
  const tell = (call: Call, order: MoySkladOrder, isList = false): object => call.views.order(order, readView(call, isList));
  return [
    {
      ...{ call: 'createOrder', method: 'POST', path, query: ['expand'] },
      act: (call) => {
        const book = orders(call);
        if (!Array.isArray(call.body)) return tell(call, book.create(call.body));
        // Not atomic: each has its own answer.
        return readList(call.body).map((one) => {
          try {
            const known = (one as { meta?: unknown } | null)?.meta;
            return tell(
              call,
              known === undefined ? book.create(one) : book.update(book.readReference(one, ['customerorder'], 'meta'), one),
            );
          } catch (error) {
            if (error instanceof MoySkladRefusal) return error.json;
            throw error;
          }
        });
      },
    },
    {
      ...{ call: 'listOrders', method: 'GET', path, query: [...LIST, 'fields'] },
      act: (call) => {
        orders(call);
        const all = [...call.account.book.orders.values()];
        const search = call.query.get('search')?.toLowerCase();
        const found = all.filter(
          ({ name, description }) => search === undefined || `${name} ${description}`.toLowerCase().includes(search),
        );
        const types: Readonly<Record<string, string>> = { store: 'store', organization: 'organization', agent: 'counterparty' };
        const { rows, size } = chooseRows(
          found,
          call.query,
          ORDER_FIELDS,
          (name, one) => call.views.meta(types[name] ?? '', one).meta.href,
        );
        return toList(call, 'customerorder', 'entity/customerorder', { rows: rows.map((one) => tell(call, one, true)), size });
      },
    },
    {
      ...{ call: 'deleteOrders', method: 'POST', path: `${path}/delete` },
      act: (call) =>
        readList(call.body).map((one) => {
          try {
            orders(call).remove(orders(call).readReference(one, ['customerorder'], 'meta'));
            return { info: 'The object was deleted' };
          } catch (error) {
            if (error instanceof MoySkladRefusal) return error.json;
            throw error;
          }
        }),
    },
    {
      ...{ call: 'deleteOrder', method: 'DELETE', path: `${path}/syncid/:id` },
      act: (call) => {
        const found = [...call.account.book.orders.values()].find((one) => one.syncId === id(call) && one.deleted === undefined);
        orders(call).remove(found?.id ?? '');
        return undefined;
      },
    },
    { call: 'getOrder', method: 'GET', path: `${path}/:id`, query: DETAIL, act: (call) => tell(call, orders(call).find(id(call))) },
    {
      ...{ call: 'updateOrder', method: 'PUT', path: `${path}/:id`, query: DETAIL },
      act: (call) => tell(call, orders(call).update(id(call), call.body)),
    },
    {
      ...{ call: 'deleteOrder', method: 'DELETE', path: `${path}/:id` },
      act: (call) => {
        orders(call).remove(id(call));
        return undefined;
      },
    },
    {
      ...{ call: 'listPositions', method: 'GET', path: `${path}/:id/positions`, query: [...PAGE, 'expand', 'fields'] },
      act: (call) => {
        const order = orders(call).find(id(call));
        const { expand, withStock = false } = readView(call, true);
        const rows = order.positions.map((one) => call.views.position(order, one, { isExpanded: expand.has('assortment'), withStock }));
        return toList(call, 'customerorderposition', `entity/customerorder/${order.id}/positions`, cutPage(call.query, rows));
      },
    },
    {
      ...{ call: 'addPositions', method: 'POST', path: `${path}/:id/positions` },
      act: (call) => {
        const made = orders(call).addPositions(id(call), call.body);
        return made.map((one) => call.views.position(call.account.book.order(id(call)), one));
      },
    },
    {
      ...{ call: 'deletePositions', method: 'POST', path: `${path}/:id/positions/delete` },
      act: (call) => {
        const hrefs = readList(call.body).map((one) => (one as { meta?: { href?: string } } | null)?.meta?.href ?? '');
        orders(call).removePositions(
          id(call),
          hrefs.map((href) => href.slice(href.lastIndexOf('/') + 1)),
        );
        return undefined;
      },
    },
    {
      ...{ call: 'getPosition', method: 'GET', path: `${path}/:id/positions/:position`, query: ['expand'] },
      act: (call) => call.views.position(orders(call).find(id(call)), orders(call).findPosition(id(call), positionId(call))),
    },
    {
      ...{ call: 'updatePosition', method: 'PUT', path: `${path}/:id/positions/:position` },
      act: (call) => {
        const position = orders(call).updatePosition(id(call), positionId(call), call.body);
        return call.views.position(call.account.book.order(id(call)), position);
      },
    },
    {
      ...{ call: 'deletePosition', method: 'DELETE', path: `${path}/:id/positions/:position` },
      act: (call) => {
        orders(call).removePositions(id(call), [positionId(call)]);
        return undefined;
      },
    },
  ];
}

function hookRoutes(family: MoySkladHook['family'], calls: readonly MoySkladCall[]): Route[] {
  const [create, list, get, update, remove] = calls as [MoySkladCall, MoySkladCall, MoySkladCall, MoySkladCall, MoySkladCall];
  const path = `/entity/${family}`;
  const hooks = ({ account, user }: Call): MoySkladHooks => new MoySkladHooks(account, user, family);
  const id = ({ params }: Call): string => params['id'] ?? '';
  return [
    { call: create, method: 'POST', path, act: (call) => call.views.hook(hooks(call).create(call.body)) },
    {
      ...{ call: list, method: 'GET', path, query: PAGE },
      act: (call) => {
        const rows = hooks(call).list();
        return toList(
          call,
          family,
          `entity/${family}`,
          cutPage(
            call.query,
            rows.map((one) => call.views.hook(one)),
          ),
        );
      },
    },
    { call: get, method: 'GET', path: `${path}/:id`, act: (call) => call.views.hook(hooks(call).find(id(call))) },
    { call: update, method: 'PUT', path: `${path}/:id`, act: (call) => call.views.hook(hooks(call).update(id(call), call.body)) },
    {
      ...{ call: remove, method: 'DELETE', path: `${path}/:id` },
      act: (call) => {
        hooks(call).remove(id(call));
        return undefined;
      },
    },
  ];
}

/** What is expanded, and whether stock is told: of a list only with a limit of at most 100. */
function readView({ query }: Call, isList = false): MoySkladView {
  const limit = isList ? readPage(query).limit : MOST_EXPANDED;
  const fields = query.get('fields');
  if (fields !== undefined && fields !== 'stock') throw wrong('fields is stock', 'fields');
  const isIgnored = limit > MOST_EXPANDED;
  const expand = readExpand(query);
  return { expand: isIgnored ? new Set() : expand, withStock: fields === 'stock' && !isIgnored, limit: Math.min(limit, MOST_EXPANDED) };
}

function cutPage(query: ReadonlyMap<string, string>, rows: readonly object[]): { rows: object[]; size: number } {
  const { limit, offset } = readPage(query);
  return { rows: rows.slice(offset, offset + limit), size: rows.length };
}

function toList({ views, user, query }: Call, type: string, path: string, { rows, size }: { rows: object[]; size: number }): object {
  const { limit, offset } = readPage(query);
  const { meta } = views.meta(type, '', path);
  const at = (from: number): string => {
    const page = new URLSearchParams([...query].filter(([name]) => !PAGE.includes(name)));
    return `${meta.href}?${new URLSearchParams([['limit', String(limit)], ['offset', String(from)], ...page]).toString()}`;
  };
  return {
    context: { employee: views.meta('employee', user.id, 'context/employee') },
    meta: {
      ...meta,
      ...{ size, limit, offset },
      ...(offset + limit < size && { nextHref: at(offset + limit) }),
      ...(offset > 0 && { previousHref: at(Math.max(0, offset - limit)) }),
    },
    rows,
  };
}
