import { setTimeout as sleep } from 'node:timers/promises';
import { checkOrder } from './apiship-checks.js';
import { cutPage, filterRows } from './apiship-filters.js';
import { type ApiShipItem, type ApiShipOrder, type ApiShipOrderBody, ApiShipRefusal, writeMoment } from './apiship-objects.js';
import { writeInfo, writeOrder, writeStatus } from './apiship-replies.js';
import { type ApiShipRequest, type ApiShipRoute, findOrder, findOrders } from './apiship-requests.js';
import { findFact as fact } from './apiship-wire.js';

/** Orders and their statuses. A cancellation is a GET. */
export const ORDER_ROUTES: readonly ApiShipRoute[] = [
  {
    ...fact('createOrder'),
    needsPlatform: true,
    act: (request) => {
      const order = create(request);
      request.double.uploadSoon(request.account, order);
      return { orderId: order.orderId, created: order.created };
    },
  },
  {
    ...fact('createOrderSync'),
    needsPlatform: true,
    act: async (request) => {
      const order = create(request);
      const { book } = request.account;
      book.beginUpload(order);
      await sleep(request.double.modes.uploadAfterMs ?? 0);
      book.endUpload(order);
      const status = book.statusOf(order);
      if (status?.key === 'uploadingError') throw new ApiShipRefusal(400, '040088', status.description);
      const { orderId, providerNumber, created } = order;
      return { orderId, providerNumber, additionalProviderNumber: null, created };
    },
  },
  {
    ...fact('validateOrder'),
    needsPlatform: true,
    act: (request) => {
      check(request, request.body as ApiShipOrderBody);
      return { valid: true };
    },
  },
  {
    ...fact('findOrder'),
    act: ({ account: { book }, query, double }) => writeStatus(book, book.byNumber(query['clientNumber'] ?? ''), double.modes),
  },
  {
    ...fact('statuses'),
    act: (request) => {
      const { found, failed } = findOrders(request, (request.body as { orderIds: number[] }).orderIds);
      const known = found.filter(({ statuses }) => statuses.length > 0);
      const silent = found.filter(({ statuses }) => statuses.length === 0);
      return {
        succeedOrders: known.map((order) => writeStatus(request.account.book, order, request.double.modes)),
        failedOrders: [...failed, ...silent.map(({ orderId }) => ({ orderId, message: 'У заказа ещё нет статусов' }))],
      };
    },
  },
  {
    ...fact('statusesSince'),
    act: (request) => {
      const since = readSince(request, request.id);
      const { book } = request.account;
      const changed = book.orders.filter(({ statuses, removed }) => !removed && statuses.some((one) => isIn(one.created, since)));
      return changed.map((order) => writeStatus(book, order, request.double.modes));
    },
  },
  {
    ...fact('historySince'),
    act: (request) => {
      const rows = listHistories(request, readSince(request, request.id));
      return cutPage(rows, request.query, { most: 1_000, totals: request.double.modes.totals });
    },
  },
  {
    ...fact('interval'),
    act: (request) => {
      const { query, double } = request;
      const [from, to] = [readSince(request, query['from'] ?? ''), readMoment(query['to'] ?? '')];
      if (Number(query['offset'] ?? 0) > 5_000) throw new ApiShipRefusal(400, '040002', 'Ошибка валидации', { offset: 'Не больше 5000' });
      const rows = listHistories(request, from, to);
      const chosen = filterRows(
        rows.map((row) => ({ ...row, providerKey: row.orderInfo.providerKey })),
        query['filter'],
        ['providerKey'],
      );
      return cutPage(
        chosen.map(({ orderInfo, statuses }) => ({ orderInfo, statuses })),
        query,
        { byDefault: double.modes.intervalMost, most: double.modes.intervalMost, totals: double.modes.totals },
      );
    },
  },
  {
    ...fact('getOrder'),
    act: (request) => writeOrder(findOrder(request, request.id)),
  },
  {
    ...fact('changeOrder'),
    needsPlatform: true,
    act: (request) => {
      const order = findOrder(request, request.id);
      const body = request.body as ApiShipOrderBody;
      check(request, body, order);
      if (request.account.book.change(order, body)) request.double.uploadSoon(request.account, order);
      return { message: 'ok' };
    },
  },
  {
    ...fact('resendOrder'),
    act: (request) => {
      const order = findOrder(request, request.id);
      request.account.book.refuseResend(order);
      request.double.uploadSoon(request.account, order);
      return { orderId: order.orderId, created: writeMoment(Date.now()) };
    },
  },
  {
    ...fact('cancelOrder'),
    act: (request) => {
      const order = findOrder(request, request.id);
      request.account.book.cancel(order);
      return { orderId: order.orderId, canceled: writeMoment(Date.now()) };
    },
  },
  {
    ...fact('deleteOrder'),
    act: (request) => {
      const order = findOrder(request, request.id);
      request.account.book.remove(order);
      return { orderId: order.orderId, deleted: writeMoment(Date.now()) };
    },
  },
  {
    ...fact('changeItems'),
    needsPlatform: true,
    act: (request) => {
      const order = findOrder(request, request.id);
      const { items } = request.body as { items: ApiShipItem[] };
      request.account.book.changeItems(order, items, (body) => checkOrder(body, request.account.connections, request.double.modes));
      return { message: 'ok' };
    },
  },
  {
    ...fact('orderStatus'),
    act: (request) => writeStatus(request.account.book, findOrder(request, request.id), request.double.modes),
  },
  {
    ...fact('orderHistory'),
    act: (request) => {
      const { query, double } = request;
      const order = findOrder(request, request.id);
      return { orderInfo: writeInfo(order, double.modes.ids), ...cutPage(order.statuses.toReversed(), query, double.modes) };
    },
  },
];

function create(request: ApiShipRequest): ApiShipOrder {
  const body = request.body as ApiShipOrderBody;
  check(request, body);
  return request.account.book.create(body);
}

function check({ account, double }: ApiShipRequest, body: ApiShipOrderBody, except?: ApiShipOrder): void {
  checkOrder(body, account.connections, double.modes);
  account.book.refuseTaken(body, except);
}

function listHistories({ account, double }: ApiShipRequest, from: number, to = Infinity) {
  return account.book.orders
    .filter(({ removed }) => !removed)
    .map((order) => ({
      orderInfo: writeInfo(order, double.modes.ids) as { providerKey: string },
      statuses: order.statuses.filter(({ created }) => isIn(created, from, to)),
    }))
    .filter(({ statuses }) => statuses.length > 0);
}

/** Statuses are told to the second. */
function isIn(created: string, from: number, to = Infinity): boolean {
  const at = Date.parse(created);
  return at >= Math.floor(from / 1_000) * 1_000 && at <= to;
}

/** A moment that may be asked back for. Throws ApiShipRefusal when it is no moment or too long ago. */
function readSince({ double, url }: ApiShipRequest, text: string): number {
  // In a path a plain plus is a plus to some servers and a blank to others.
  const path = url.split('?')[0] ?? '';
  const at = readMoment(path.includes('+') ? '' : text);
  const { sinceDays } = double.modes;
  if (at < Date.now() - sinceDays * 86_400_000)
    throw new ApiShipRefusal(400, '040002', 'Ошибка валидации', { date: `Не раньше ${sinceDays} дней назад` });
  return at;
}

function readMoment(text: string): number {
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw new ApiShipRefusal(400, '040017', 'Дата не по ISO 8601 со смещением');
  return at;
}
