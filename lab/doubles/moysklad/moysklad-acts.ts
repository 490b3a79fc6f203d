import type { IncomingHttpHeaders } from 'node:http';
import { type MoySkladFields, chooseRows, readExpand, readPage } from './moysklad-filters.js';
import { MoySkladHooks } from './moysklad-hooks.js';
import type { MoySkladAccount, MoySkladUser } from './moysklad-account.js';
import type { MoySkladEntry, MoySkladEntryType, MoySkladGood, MoySkladHook, MoySkladMovement, MoySkladOrder } from './moysklad-objects.js';
import { MoySkladMovements } from './moysklad-movements.js';
import { MoySkladOrders, readList } from './moysklad-orders.js';
import { MoySkladRefusal, wrong } from './moysklad-refusal.js';
import { reportAll, reportByStore, reportCurrent, reportReserves } from './moysklad-reports.js';
import { type MoySkladView, MoySkladViews } from './moysklad-views.js';
import { type MoySkladCall, PAGE } from './moysklad-wire.js';

/** Rows of a list beyond which `expand` and `fields` are ignored, and the most of an expanded list. */
const MOST_EXPANDED = 100;

/** A call that a user makes. */
export interface MoySkladAsk {
  account: MoySkladAccount;
  user: MoySkladUser;
  views: MoySkladViews;
  /** The third part of its path, such as `store`. */
  type: string;
  params: Readonly<Record<string, string>>;
  query: ReadonlyMap<string, string>;
  headers: IncomingHttpHeaders;
  body: unknown;
  /** Rows of a current-stock report beyond which it is refused. */
  rowsMost: number;
}
type Act = (ask: MoySkladAsk) => object | void;

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
const ENTRY_FIELDS: MoySkladFields<MoySkladEntry> = {
  id: { kind: 'id', read: ({ id }) => id },
  name: { kind: 'text', read: ({ name }) => name },
  code: { kind: 'text', read: ({ code }) => code },
  externalCode: { kind: 'text', read: ({ externalCode }) => externalCode },
  archived: { kind: 'flag', read: ({ archived }) => archived, byDefault: false },
  updated: { kind: 'date', read: ({ updated }) => updated },
};

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

const MOVEMENT_FIELDS: MoySkladFields<MoySkladMovement> = {
  id: { kind: 'id', read: ({ id }) => id },
  syncId: { kind: 'id', read: ({ syncId }) => syncId },
  name: { kind: 'text', read: ({ name }) => name },
  isDeleted: { kind: 'flag', read: ({ deleted }) => deleted !== undefined, byDefault: false },
};

const findOrders = ({ account, user, views }: MoySkladAsk): MoySkladOrders => {
  user.need('see');
  return new MoySkladOrders(account, user, views);
};
const tell = (ask: MoySkladAsk, order: MoySkladOrder, isList = false): object => ask.views.order(order, readView(ask, isList));
const findHooks = ({ account, user, type }: MoySkladAsk): MoySkladHooks => new MoySkladHooks(account, user, type as MoySkladHook['family']);
const idOf = ({ params }: MoySkladAsk): string => params['id'] ?? '';
const positionOf = ({ params }: MoySkladAsk): string => params['position'] ?? '';

/** Acts on each element of a list. A refusal is the answer to its element only. */
function answerEach(body: unknown, act: (one: unknown) => object): object[] {
  return readList(body).map((one) => {
    try {
      return act(one);
    } catch (error) {
      if (error instanceof MoySkladRefusal) return error.json;
      throw error;
    }
  });
}

const getEntry: Act = (ask) => {
  const found = listSeen(ask).find(({ id }) => id === idOf(ask));
  if (!found) throw new MoySkladRefusal(1021);
  return ask.views.entry(ask.type as MoySkladEntryType, found);
};
const listEntries: Act = (ask) => {
  const type = ask.type as MoySkladEntryType;
  const search = ask.query.get('search')?.toLowerCase();
  const found = listSeen(ask).filter(({ name }) => search === undefined || name.toLowerCase().includes(search));
  const { rows, size } = chooseRows(found, ask.query, ENTRY_FIELDS, (_, id) => id);
  return toList(ask, type, `entity/${type}`, { rows: rows.map((one) => ask.views.entry(type, one)), size });
};
const hookActs: Readonly<Record<'create' | 'list' | 'get' | 'update' | 'remove', Act>> = {
  create: (ask) => ask.views.hook(findHooks(ask).create(ask.body)),
  list: (ask) => {
    const rows = findHooks(ask)
      .list()
      .map((one) => ask.views.hook(one));
    return toList(ask, ask.type, `entity/${ask.type}`, cutPage(ask.query, rows));
  },
  get: (ask) => ask.views.hook(findHooks(ask).find(idOf(ask))),
  update: (ask) => ask.views.hook(findHooks(ask).update(idOf(ask), ask.body)),
  remove: (ask) => findHooks(ask).remove(idOf(ask)),
};

const createMovement: Act = (ask) => {
  ask.user.need('see');
  const made = new MoySkladMovements(ask.account, ask.user, ask.views).createMovement(ask.type as MoySkladMovement['type'], ask.body);
  return ask.views.movement(made, readView(ask));
};
const listMovements: Act = (ask) => {
  ask.user.need('see');
  const found = [...ask.account.book.movements.values()].filter(({ type }) => type === ask.type);
  const { rows, size } = chooseRows(found, ask.query, MOVEMENT_FIELDS, (_, id) => id);
  const view = readView(ask, true);
  return toList(ask, ask.type, `entity/${ask.type}`, { rows: rows.map((one) => ask.views.movement(one, view)), size });
};

/** The acts of the calls. An act without a result has an empty reply. */
export const ACTS: Readonly<Record<MoySkladCall, Act>> = {
  getEmployee,
  getApplication,
  createToken: ({ user, headers }) => {
    if (!headers.authorization?.startsWith('Basic ')) throw new MoySkladRefusal(1056);
    return { access_token: user.renewToken() };
  },
  listAssortment,
  listGoods,
  getGood: (ask) => ask.views.good(findGood(ask), readView(ask)),
  listComponents: (ask) => {
    const bundle = findGood(ask);
    const isExpanded = readView(ask, true).expand.has('assortment');
    const rows = (bundle.components ?? []).map((one) => ask.views.component(bundle, one, isExpanded));
    return toList(ask, 'bundlecomponent', `entity/bundle/${bundle.id}/components`, cutPage(ask.query, rows));
  },
  ...{ listStores: listEntries, listOrganizations: listEntries, listAgents: listEntries, listCurrencies: listEntries },
  ...{ getStore: getEntry, getOrganization: getEntry, getAgent: getEntry, getCurrency: getEntry },
  currentStock: (ask) => reportCurrent(ask, false, ask.rowsMost),
  currentStockOfAll: (ask) => reportCurrent(ask, true, ask.rowsMost),
  stockByStore: (ask) => toList(ask, 'stockbystore', 'report/stock/bystore', reportByStore(ask)),
  stockOfAll: (ask) => toList(ask, 'stock', 'report/stock/all', reportAll(ask)),
  listReserves: (ask) => toList(ask, 'byoperations', 'report/byoperations/reserve', reportReserves(ask)),
  createOrder: (ask) => {
    const orders = findOrders(ask);
    if (!Array.isArray(ask.body)) return tell(ask, orders.create(ask.body));
    return answerEach(ask.body, (one) => {
      const isKnown = (one as { meta?: unknown } | null)?.meta !== undefined;
      return tell(ask, isKnown ? orders.update(orders.readReference(one, ['customerorder'], 'meta'), one) : orders.create(one));
    });
  },
  listOrders: (ask) => {
    ask.user.need('see');
    const search = ask.query.get('search')?.toLowerCase();
    const found = [...ask.account.book.orders.values()].filter(
      ({ name, description }) => search === undefined || `${name} ${description}`.toLowerCase().includes(search),
    );
    const types: Readonly<Record<string, string>> = { store: 'store', organization: 'organization', agent: 'counterparty' };
    const { rows, size } = chooseRows(found, ask.query, ORDER_FIELDS, (name, one) => ask.views.meta(types[name] ?? '', one).meta.href);
    return toList(ask, 'customerorder', 'entity/customerorder', { rows: rows.map((one) => tell(ask, one, true)), size });
  },
  deleteOrders: (ask) =>
    answerEach(ask.body, (one) => {
      findOrders(ask).remove(findOrders(ask).readReference(one, ['customerorder'], 'meta'));
      return { info: 'The object was deleted' };
    }),
  deleteOrder: (ask) => {
    const { syncId } = ask.params;
    const known = [...ask.account.book.orders.values()].find((one) => one.syncId === syncId && one.deleted === undefined);
    findOrders(ask).remove(syncId === undefined ? idOf(ask) : (known?.id ?? ''));
  },
  getOrder: (ask) => tell(ask, findOrders(ask).find(idOf(ask))),
  updateOrder: (ask) => tell(ask, findOrders(ask).update(idOf(ask), ask.body)),
  listPositions: (ask) => {
    const order = findOrders(ask).find(idOf(ask));
    const { expand, withStock = false } = readView(ask, true);
    const rows = order.positions.map((one) => ask.views.position(order, one, { isExpanded: expand.has('assortment'), withStock }));
    return toList(ask, 'customerorderposition', `entity/customerorder/${order.id}/positions`, cutPage(ask.query, rows));
  },
  addPositions: (ask) =>
    findOrders(ask)
      .addPositions(idOf(ask), ask.body)
      .map((one) => ask.views.position(ask.account.book.order(idOf(ask)), one)),
  deletePositions: (ask) => {
    const hrefs = readList(ask.body).map((one) => (one as { meta?: { href?: string } } | null)?.meta?.href ?? '');
    findOrders(ask).removePositions(
      idOf(ask),
      hrefs.map((href) => href.slice(href.lastIndexOf('/') + 1)),
    );
  },
  getPosition: (ask) => ask.views.position(findOrders(ask).find(idOf(ask)), findOrders(ask).findPosition(idOf(ask), positionOf(ask))),
  updatePosition: (ask) => {
    const position = findOrders(ask).updatePosition(idOf(ask), positionOf(ask), ask.body);
    return ask.views.position(ask.account.book.order(idOf(ask)), position);
  },
  deletePosition: (ask) => findOrders(ask).removePositions(idOf(ask), [positionOf(ask)]),
  ...{ createDemand: createMovement, listDemands: listMovements, createReturn: createMovement, listReturns: listMovements },
  ...{ createWebhook: hookActs.create, listWebhooks: hookActs.list, getWebhook: hookActs.get },
  ...{ updateWebhook: hookActs.update, deleteWebhook: hookActs.remove },
  ...{ createStockWebhook: hookActs.create, listStockWebhooks: hookActs.list, getStockWebhook: hookActs.get },
  ...{ updateStockWebhook: hookActs.update, deleteStockWebhook: hookActs.remove },
};

function listSeen({ account, user, type }: MoySkladAsk): MoySkladEntry[] {
  user.need('see');
  return [...account.book.entries[type as MoySkladEntryType].values()].filter(({ id }) => !user.hidden.has(id));
}

function getEmployee({ account, user, views }: MoySkladAsk): object {
  if (user.app !== undefined) throw new MoySkladRefusal(55005);
  const [first = ''] = user.login.split('@');
  return {
    ...views.meta('employee', user.id),
    ...{ id: user.id, accountId: account.id, name: first, fullName: first, shortFio: first, uid: user.login, archived: false },
    externalCode: user.id,
  };
}

function getApplication({ account, user, views }: MoySkladAsk): object {
  if (user.app === undefined) throw new MoySkladRefusal(55006);
  const [name = ''] = user.login.split('@');
  return { ...views.meta('application', user.id), id: user.id, accountId: account.id, name, appUid: user.login };
}

function listAssortment(ask: MoySkladAsk): object {
  const isNew = String(ask.headers['x-lognex-remap-beta-feature'] ?? '')
    .split(',')
    .some((one) => one.trim() === 'assortmentWithoutStock');
  if (isNew && ask.query.has('search')) throw wrong('There is no search', 'search');
  const fields = isNew ? ASSORTMENT_FIELDS : { ...ASSORTMENT_FIELDS, ...WITH_ARTICLE };
  const { book } = ask.account;
  const reserves = book.countReserves();
  // The old answer, which is deprecated, computes the stock of each good.
  const tell = (good: MoySkladGood, view: MoySkladView): object => {
    const sums = book.listFigures(good, reserves);
    const sum = (pick: (row: (typeof sums)[number]) => number): number => sums.reduce((all, row) => all + pick(row), 0) / 10_000;
    const stock = { stock: sum((row) => row.stock), reserve: sum((row) => row.reserve), inTransit: sum((row) => row.inTransit) };
    return { ...ask.views.good(good, view), ...(!isNew && { ...stock, quantity: stock.stock - stock.reserve + stock.inTransit }) };
  };
  return listOf(ask, { type: 'assortment', goods: seenGoods(ask), fields, tell });
}

function listGoods(ask: MoySkladAsk): object {
  const { type } = ask;
  const fields = type === 'variant' ? VARIANT_FIELDS : WITH_ARTICLE;
  const goods = seenGoods(ask).filter((good) => good.type === type);
  return listOf(ask, { type, goods, fields, tell: (good, view) => ask.views.good(good, view) });
}

function seenGoods({ account, user }: MoySkladAsk): MoySkladGood[] {
  user.need('see');
  return [...account.book.goods.values()].filter(({ id }) => !user.hidden.has(id));
}

function listOf(
  ask: MoySkladAsk,
  given: {
    type: string;
    goods: readonly MoySkladGood[];
    fields: MoySkladFields<MoySkladGood>;
    tell(good: MoySkladGood, view: MoySkladView): object;
  },
): object {
  const search = ask.query.get('search')?.toLowerCase();
  // Fuzzy: any text of a good that looks alike.
  const found = given.goods.filter(
    ({ name, code, externalCode, article }) =>
      search === undefined || [name, code, externalCode, article].some((text) => text?.toLowerCase().includes(search)),
  );
  const { rows, size } = chooseRows(found, ask.query, given.fields, (_, id) => id);
  const view = readView(ask, true);
  return toList(ask, given.type, `entity/${given.type}`, { rows: rows.map((good) => given.tell(good, view)), size });
}

function findGood({ account, user, params, type }: MoySkladAsk): MoySkladGood {
  user.need('see');
  const good = account.book.goods.get(params['id'] ?? '');
  if (!good || good.type !== type || user.hidden.has(good.id)) throw new MoySkladRefusal(1021);
  return good;
}

/** Returns the paths to expand and whether to add stock. A list has neither with a limit above 100. */
function readView({ query }: MoySkladAsk, isList = false): MoySkladView {
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

function toList({ views, user, query }: MoySkladAsk, type: string, path: string, { rows, size }: { rows: object[]; size: number }): object {
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
