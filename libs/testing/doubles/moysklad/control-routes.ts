import type { FastifyInstance } from 'fastify';
import { buildObjectSchema, registerControl, TEXT, WHETHER, WHOLE } from '../control-routes.js';
import { MOYSKLAD_RIGHTS, type MoySkladAccount, type MoySkladRight } from './moysklad-account.js';
import type { MoySkladGoodInput, MoySkladOrderInput } from './moysklad-book.js';
import type { MoySkladControl, MoySkladModes } from './moysklad-control.js';
import { BARCODES, GOODS_TYPES, type MoySkladGood, type MoySkladHook, type MoySkladOrder } from './moysklad-objects.js';
import { toNumber } from './moysklad-units.js';

const oneOf = (...values: readonly (string | number)[]) => ({ enum: values });
const list = (items: object) => ({ type: 'array', items });
const UNITS = { type: 'number' };
const strict = (properties: object, required: readonly string[] = []) => ({
  ...buildObjectSchema(properties, required),
  additionalProperties: false,
});

const MODES = {
  ...{ recalculationMs: WHOLE, recalculation: oneOf('null', 'old'), reserveChanges: oneOf('unlisted', 'listed') },
  ...{ binnedSyncId: oneOf('anew', 'answered'), unpostedReserves: WHETHER, positionStock: oneOf('store', 'all'), uniqueNames: WHETHER },
  ...{ basketUnits: WHOLE, userWeight: oneOf(2, 3, 4), callsAtOnce: WHOLE, callsAtOnceOfAccount: WHOLE, latencyMs: WHOLE, gzip: WHETHER },
  ...{
    currentRowsMost: { type: ['integer', 'null'], minimum: 1 },
    stockWebhookMs: WHOLE,
    webhookCopies: WHOLE,
    prefixSilencesStock: WHETHER,
  },
};
const GOOD = strict({
  ...{ type: oneOf(...GOODS_TYPES), name: TEXT, code: TEXT, externalCode: TEXT, article: TEXT, archived: WHETHER, buyPrice: UNITS },
  ...{ currency: TEXT, product: TEXT, components: list(strict({ good: TEXT, quantity: UNITS }, ['good', 'quantity'])) },
  barcodes: list(strict(Object.fromEntries(BARCODES.map((name) => [name, TEXT])))),
});
const POSITION = strict({ good: TEXT, quantity: UNITS, reserve: UNITS, price: WHOLE }, ['good', 'quantity']);
const ORDER = strict({ name: TEXT, store: TEXT, applicable: WHETHER, positions: list(POSITION) }, ['positions']);

/** The test's control as JSON, for a double started by hand (README.md). */
export function registerControlRoutes(app: FastifyInstance, double: MoySkladControl): void {
  const post = registerControl(app, double, {
    describe: () => describe(double),
    modes: MODES,
    // In JSON nothing is null.
    setModes: (modes: Partial<MoySkladModes>) =>
      double.setModes(Object.fromEntries(Object.entries(modes).map(([name, value]) => [name, value ?? undefined]))),
    flush: { reverse: WHETHER, only: oneOf('webhook', 'webhookstock'), accountId: TEXT, reportUrl: TEXT },
  });
  app.get('/control/requests', (request) => {
    const { call } = request.query as { call?: string };
    const items = double.calls.filter((one) => call === undefined || one.call === call);
    return { count: items.length, items };
  });
  post<MoySkladGoodInput>('goods', GOOD, (input) => describeGood(double, double.book.addGood(input)));
  post<{ good: string; store: string; stock: number; inTransit?: number }>(
    'stocks',
    buildObjectSchema({ good: TEXT, store: TEXT, stock: UNITS, inTransit: UNITS }, ['good', 'store', 'stock']),
    ({ good, store, stock, inTransit }) => {
      double.book.setStock(good, store, stock, inTransit);
      return describeGood(double, double.book.good(good));
    },
  );
  post<MoySkladOrderInput>('orders', ORDER, (input) => describeOrder(double, double.book.makeOrder(input)));
  post<{ order: string; good: string; units: number; store?: string }>(
    'ship',
    buildObjectSchema({ order: TEXT, good: TEXT, units: UNITS, store: TEXT }, ['order', 'good', 'units']),
    ({ order, good, units, store }) => {
      double.book.ship(order, good, units, store);
      return describeOrder(double, double.book.order(order));
    },
  );
  post<{ order: string }>('bin', buildObjectSchema({ order: TEXT }, ['order']), ({ order }) => double.book.binOrder(order));
  post<{ good: string; isRecalculated: boolean }>(
    'recalculation',
    buildObjectSchema({ good: TEXT, isRecalculated: WHETHER }, ['good', 'isRecalculated']),
    ({ good, isRecalculated }) => double.book.setRecalculated(good, isRecalculated),
  );
  post<{ name: string; archived: boolean }>('archive', buildObjectSchema({ name: TEXT, archived: WHETHER }, ['name', 'archived']), (body) =>
    double.book.edit(double.book.good(body.name), { archived: body.archived }),
  );
  post<{ name: string; code?: string; parent?: string }>(
    'stores',
    buildObjectSchema({ name: TEXT, code: TEXT, parent: TEXT }, ['name']),
    ({ name, code, parent }) => {
      double.book.addStore(name, {
        ...(code !== undefined && { code }),
        ...(parent !== undefined && { parent: double.book.store(parent).id }),
      });
    },
  );
  post<{ lacks: MoySkladRight[] }>('rights', buildObjectSchema({ lacks: list(oneOf(...MOYSKLAD_RIGHTS)) }, ['lacks']), ({ lacks }) => {
    double.user.lacks.clear();
    for (const right of lacks) double.user.lacks.add(right);
  });
  post<{ tariff: MoySkladAccount['tariff'] }>('tariff', buildObjectSchema({ tariff: oneOf('paid', 'free') }, ['tariff']), ({ tariff }) => {
    double.account.tariff = tariff;
  });
  post<{ seconds: number }>('time', buildObjectSchema({ seconds: WHOLE }, ['seconds']), ({ seconds }) => double.book.advance(seconds));
  post<object>('unban', undefined, () => {
    for (const { limits } of double.accounts.flatMap(({ users }) => users)) limits.clear();
  });
}

function describe(double: MoySkladControl): object {
  const { book, account } = double;
  const tell = (type: 'store' | 'organization' | 'counterparty'): object[] =>
    [...book.entries[type].values()].map(({ id, name, code }) => ({ id, name, ...(code !== undefined && { code }) }));
  return {
    ...{ accountId: account.id, tariff: account.tariff },
    users: account.users.map(({ login, caller, lacks, limits }) => ({
      ...{ login, caller, lacks: [...lacks], ban: limits.ban ?? null, mostRunning: limits.mostRunning },
    })),
    ...{ stores: tell('store'), organizations: tell('organization'), counterparties: tell('counterparty') },
    goods: [...book.goods.values()].map((good) => describeGood(double, good)),
    orders: [...book.orders.values()].map((order) => describeOrder(double, order)),
    subscriptions: [...account.hooks.values()].map(describeHook),
    modes: double.modes,
    webhooks: { mode: double.webhooks.mode, attempts: double.webhooks.attempts },
    ...{ calls: double.calls.length, refusedForLimits: double.countRefusedForLimits() },
  };
}

function describeGood({ book }: MoySkladControl, good: MoySkladGood): object {
  const { id, type, name, code, externalCode, archived } = good;
  return {
    ...{ id, type, name, ...(code !== undefined && { code }), externalCode, archived, isRecalculated: book.isRecalculated(good) },
    stock: book.listFigures(good).map(({ store, stock, reserve, inTransit }) => ({
      ...{ store: store === null ? null : book.store(store).name, stock: toNumber(stock), reserve: toNumber(reserve) },
      inTransit: toNumber(inTransit),
    })),
  };
}

function describeOrder({ book }: MoySkladControl, order: MoySkladOrder): object {
  return {
    ...{ id: order.id, name: order.name, syncId: order.syncId ?? null, isDeleted: order.deleted !== undefined },
    ...{ store: order.store === undefined ? null : book.store(order.store).name, applicable: order.applicable },
    positions: order.positions.map((one) => ({
      ...{ good: book.good(one.good).name, quantity: toNumber(one.quantity), reserve: toNumber(book.countReserve(order, one)) },
      shipped: toNumber(book.countShipped(order, one)),
    })),
  };
}

function describeHook({ id, family, url, enabled, action, entityType, stockType, reportType }: MoySkladHook): object {
  return { id, family, url, enabled, ...(family === 'webhook' ? { action, entityType } : { stockType, reportType }) };
}
