import {
  type ApiMethod,
  bearer,
  decimal,
  id,
  isRefusal,
  list,
  makeError,
  maybe,
  nothing,
  type Problem,
  Service,
  shape,
  type Shape,
  type Shaped,
  text,
  truth,
  whole,
} from '#provider-kit';
import type { StoreProvider } from '#inventory/port';
import { MoyskladPace } from './moysklad.pace.js';
import type { MoyskladContext, MoyskladSettings } from './moysklad.settings.js';
import { texts } from './moysklad.texts.js';

const rowsOf = <T>(row: Shape<T>) => shape({ rows: list(row) });
/** A list. A reply may have only a part of its rows. */
const part = <T>(row: Shape<T>) => shape({ meta: shape({ size: whole }), rows: maybe(list(row)) });

const meta = shape({ href: text, type: text });
const reference = shape({ meta });
const caller = shape({
  accountId: id(),
  name: maybe(text),
  fullName: maybe(text),
  /** The login. */
  uid: maybe(text),
});
const entry = shape({
  id: text,
  name: maybe(text),
  code: maybe(text),
  /** The groups that a store is in. */
  pathName: maybe(text),
  archived: maybe(truth),
});
const currency = shape({ id: text, isoCode: maybe(text) });
const barcode = shape({ ean13: maybe(text), ean8: maybe(text), code128: maybe(text), gtin: maybe(text), upc: maybe(text) });
/** A product, a variant, a bundle or a service. */
const good = shape({
  id: text,
  meta,
  externalCode: maybe(text),
  code: maybe(text),
  barcodes: maybe(list(barcode)),
  archived: maybe(truth),
  /** Hundredths of the currency, maybe with a fraction. */
  buyPrice: maybe(shape({ value: decimal, currency: maybe(reference) })),
  components: maybe(part(shape({ quantity: decimal, assortment: reference }))),
});
/** Null while it is recalculated. */
const figure: Shape<number | null | undefined> = (value) => (value === null || value === undefined ? value : decimal(value));
/** A good in a store. The figure has the name of the requested kind. */
const stock = shape({
  assortmentId: text,
  /** Missing: the reserves of orders without a store. */
  storeId: maybe(text),
  ...{ stock: figure, freeStock: figure, reserve: figure },
});
const position = shape({
  id: text,
  quantity: decimal,
  reserve: maybe(decimal),
  shipped: maybe(decimal),
  assortment: reference,
  /** Stock of the good at this moment, in the order's store or in all. */
  stock: maybe(shape({ quantity: maybe(decimal), reserve: maybe(decimal) })),
});
const order = shape({
  id: text,
  name: text,
  syncId: maybe(text),
  applicable: truth,
  store: maybe(reference),
  positions: part(position),
});
/** A demand or a return. */
const movement = shape({
  ...{ id: text, name: text, syncId: maybe(text), organization: reference, agent: reference },
  /** `uuidHref`: its page for people. */
  meta: shape({ uuidHref: maybe(text) }),
  positions: part(shape({ quantity: decimal, assortment: reference })),
});
const hook = shape({
  ...{ id: text, url: text, enabled: maybe(truth) },
  ...{ action: maybe(text), entityType: maybe(text), stockType: maybe(text), reportType: maybe(text) },
});

export type WireGood = Shaped<typeof good>;
export type WireStock = Shaped<typeof stock>;
export type WirePosition = Shaped<typeof position>;
export type WireOrder = Shaped<typeof order>;
export type WireMovement = Shaped<typeof movement>;
export type WireHook = Shaped<typeof hook>;

const problem = shape({ error: maybe(text), parameter: maybe(text), code: maybe(whole) });
const refusal = shape({ errors: list(problem) });

/** Meanings of refusals that callers look for. */
type Meaning = 'token' | 'forbidden' | 'parallel' | 'taken' | 'too-large' | 'other-caller' | 'full';

/**
 * Declares MoySklad's JSON API 1.2. Every call waits for its turn among the calls of all processes.
 * @param baseUrl replaces MoySklad's address (a double's); without a path, that of the API is added
 */
export function declareMoysklad(baseUrl = 'https://api.moysklad.ru') {
  const service = new Service<MoyskladContext, Meaning>({
    name: 'MoySklad',
    url: baseUrl,
    path: '/api/remap/1.2',
    auth: bearer(({ settings }) => settings.token),
    headers: ({ settings, account }) => {
      if (settings.token === '') throw makeError('auth', texts.noToken);
      // Any other type is refused.
      return { accept: 'application/json;charset=utf-8', 'accept-language': account.language === 'ru' ? 'ru' : 'en' };
    },
    // The stock of everything takes 64 MB, unpacked. The pace repeats calls.
    http: { headersTimeoutMs: 20_000, totalTimeoutMs: 30_000, maxReplyBytes: 64 * 1024 * 1024, readRetries: 0, gzip: true },
    pace: new MoyskladPace().run,
    refusal(body, { headers }) {
      // A batch returns a list of such bodies.
      const problems = [body].flat().flatMap((one) => refusal(one).errors);
      const pause = headers['x-lognex-retry-after'];
      return {
        problems: problems.map(({ error: message, parameter: field, code }): Problem => ({ code, message, field })),
        // Milliseconds, unlike the standard header's seconds.
        ...(pause !== undefined && /^\d{1,9}$/.test(pause.trim()) && { retryAfterMs: Number(pause) }),
      };
    },
    errors: [
      ['1065', 'parallel', { as: 'unavailable' }],
      [/^(1056|1061|1048)$/, 'token', { as: 'auth' }],
      [401, 'token', { as: 'auth' }],
      // Rights that a user may lack, then actions that the tariff forbids.
      [/^(1016|1017|1018|1045|1075|1092|13003|13004|30004)$/, 'forbidden', { as: 'auth', say: texts.noRight }],
      [/^(1043|1070|47000|30006)$/, 'forbidden', { as: 'rejected' }],
      [/^(1049|1073|61002)$/, 'rate_limited'],
      [/^(1021|1008|1020)$/, 'missing'],
      ['3006', 'taken', { as: 'invalid' }],
      [/^(3007|17016|17022)$/, 'rejected'],
      [/^300[012358]$/, 'invalid'],
      ['13005', 'too-large'],
      [/^5500[56]$/, 'other-caller'],
      ['30007', 'full'],
      [/^(17009|1701[0-4])$/, 'rejected'],
      [/^(1074|1088|1095)$/, 'lost'],
      [403, 'forbidden', { as: 'auth', say: texts.noRight }],
      [404, 'missing'],
    ],
  });
  return {
    unless: service.unless.bind(service) as typeof service.unless,
    unlessMissing: service.unlessMissing.bind(service) as typeof service.unlessMissing,
    /** A short hash of the address and the token. */
    identify: (context: MoyskladContext): string => service.identifyAccount(context),
    /** Makes a reference to an object, as requests and filters need it. */
    refer: (type: string, id: string, context: MoyskladContext) => ({
      meta: { href: `${service.getUrl(context)}/entity/${type}/${id}`, type, mediaType: 'application/json' },
    }),
    employee: service.read('/context/employee', caller),
    application: service.read('/context/application', caller),
    entries: service.read('/entity/:type', rowsOf(entry)),
    entry: service.read('/entity/:type/:id', entry),
    currencies: service.read('/entity/currency', rowsOf(currency)),
    assortment: service.read('/entity/assortment', shape({ meta: shape({ size: whole }), rows: list(good) })),
    stock: service.read('/report/stock/bystore/current', list(stock, 1_000_000)),
    orders: service.read('/entity/customerorder', rowsOf(order)),
    order: service.read('/entity/customerorder/:id', order),
    createOrder: service.act('POST /entity/customerorder', order),
    updateOrder: service.act('PUT /entity/customerorder/:id', order),
    positions: service.read('/entity/customerorder/:id/positions', rowsOf(position)),
    demands: service.read('/entity/demand', rowsOf(movement)),
    createDemand: service.act('POST /entity/demand', movement),
    createReturn: service.act('POST /entity/salesreturn', movement),
    hooks: service.read('/entity/:family', rowsOf(hook)),
    createHook: service.act('POST /entity/:family', nothing),
    updateHook: service.act('PUT /entity/:family/:id', nothing),
    deleteHook: service.act('DELETE /entity/:family/:id', nothing),
    /** A list that nothing is read of, to try a right. */
    any: service.read('/entity/:type', nothing),
  };
}

export type Moysklad = ReturnType<typeof declareMoysklad>;

/** A function that becomes a method of the provider. */
export type MoyskladMethod<Name extends keyof StoreProvider> = ApiMethod<Moysklad, StoreProvider<MoyskladSettings>, Name>;

/** Whether the user lacks a right, or the tariff forbids the call. */
export function isForbidden(error: unknown): boolean {
  return isRefusal<Meaning>(error, 'forbidden') && (error.kind === 'auth' || error.status === 403);
}
