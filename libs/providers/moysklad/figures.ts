import { makeError, splitIntoParts } from '#provider-kit';
import type { Moysklad, WireStock } from './moysklad.api.js';
import { findMainStore, type MoyskladContext } from './moysklad.settings.js';
import { texts } from './moysklad.texts.js';
import { readFigure } from './moysklad.units.js';

export type FigureKind = 'stock' | 'freeStock' | 'reserve';

/** Quantities of a good in the stores, in millionths. Undefined if unknown at the moment. */
export interface Figures {
  /** In the store with this id. In the main store, minus the reserves of orders without a store. */
  at(store: string): number | undefined;
  /** All returned figures of the good, in one text. */
  readonly digest: string;
  /** One of its figures is being recalculated. */
  readonly isUnsettled: boolean;
}

/** Parameters of a report. */
type About = Readonly<Record<string, string>>;

const ZEROS = { include: 'zeroLines' } as const;
const MOST_IDS = 120;
/** More goods than this are read with all others, in one call. */
const MANY_GOODS = 2_000;

/** Reads figures of known goods: a good without a row has no stock. Throws ProviderError. */
export async function readFigures(
  api: Moysklad,
  kind: FigureKind,
  goods: readonly string[],
  context: MoyskladContext,
): Promise<(good: string) => Figures> {
  const ids = [...new Set(goods)];
  const found = groupByGood(ids.length === 0 ? [] : await readRows(api, kind, ids, context));
  return (good) => toFigures(found.get(good) ?? [], kind, context);
}

/**
 * Reads the figures of goods whose stock changed since a moment, by good, at most 24 hours back. Undefined:
 * they are too many for one report. Throws ProviderError.
 */
export async function readChanged(
  api: Moysklad,
  kind: FigureKind,
  since: string,
  context: MoyskladContext,
): Promise<Map<string, Figures> | undefined> {
  return toFiguresByGood(await askUnlessTooLarge(api, kind, { changedSince: since, ...ZEROS }, context), kind, context);
}

/**
 * Reads the reserves of each good, if any: in all stores or, if that is too large, in the stores of the
 * settings. Undefined if even that is too large. Throws ProviderError.
 */
export async function readReserves(api: Moysklad, context: MoyskladContext): Promise<Map<string, Figures> | undefined> {
  const stores = context.settings.stores.map(({ warehouse }) => warehouse).join(',');
  const rows = await askUnlessTooLarge(api, 'reserve', {}, context);
  return toFiguresByGood(rows ?? (await askUnlessTooLarge(api, 'reserve', { filter: `storeId=${stores}` }, context)), 'reserve', context);
}

function toFiguresByGood(
  rows: readonly WireStock[] | undefined,
  kind: FigureKind,
  context: MoyskladContext,
): Map<string, Figures> | undefined {
  return rows && new Map([...groupByGood(rows)].map(([good, own]) => [good, toFigures(own, kind, context)]));
}

function groupByGood(rows: readonly WireStock[]): Map<string, WireStock[]> {
  const found = new Map<string, WireStock[]>();
  for (const row of rows) found.set(row.assortmentId, [...(found.get(row.assortmentId) ?? []), row]);
  return found;
}

async function readRows(api: Moysklad, kind: FigureKind, ids: readonly string[], context: MoyskladContext): Promise<WireStock[]> {
  const all = ids.length > MANY_GOODS ? await askUnlessTooLarge(api, kind, ZEROS, context) : undefined;
  if (all) return all;
  return (await Promise.all(splitIntoParts(ids, MOST_IDS).map((lot) => askFor(api, kind, lot, context)))).flat();
}

/** Requests a batch, in halves if even that is too large. */
async function askFor(api: Moysklad, kind: FigureKind, ids: readonly string[], context: MoyskladContext): Promise<WireStock[]> {
  const about = { filter: `assortmentId=${ids.join(',')}`, ...ZEROS };
  if (ids.length < 2) return ask(api, kind, about, context);
  const rows = await askUnlessTooLarge(api, kind, about, context);
  if (rows) return rows;
  const half = Math.ceil(ids.length / 2);
  return [...(await askFor(api, kind, ids.slice(0, half), context)), ...(await askFor(api, kind, ids.slice(half), context))];
}

/** Undefined: the report would be too large. */
function askUnlessTooLarge(api: Moysklad, kind: FigureKind, about: About, context: MoyskladContext): Promise<WireStock[] | undefined> {
  return api.unless('too-large', ask(api, kind, about, context), () => undefined);
}

function ask(api: Moysklad, kind: FigureKind, about: About, context: MoyskladContext): Promise<WireStock[]> {
  // Without a filter by store: orders without one have their own rows, and only few stores are returned.
  return api.stock(context, { query: { stockType: kind, withRecalculate: 'true', ...about } });
}

function toFigures(rows: readonly WireStock[], kind: FigureKind, context: MoyskladContext): Figures {
  const { settings } = context;
  const code = findMainStore(settings);
  const main = settings.stores.find((one) => one.code === code)?.warehouse;
  const figures = new Map<string, number | undefined>();
  for (const row of rows) {
    const figure = row[kind];
    // A row without the requested figure is not a valid reply. A null is valid.
    if (figure === undefined) throw makeError('unavailable', texts.unreadable);
    figures.set(row.storeId ?? '', figure === null ? undefined : readFigure(figure));
  }
  const pick = (store: string): number | undefined => (figures.has(store) ? figures.get(store) : 0);
  return {
    at: (store) => {
      const [own, others] = [pick(store), store === main ? pick('') : 0];
      return own === undefined || others === undefined ? undefined : own + Math.min(0, others);
    },
    digest: [...figures]
      .map(([store, figure]) => `${store}=${figure ?? '?'}`)
      .toSorted()
      .join(' '),
    isUnsettled: [...figures.values()].includes(undefined),
  };
}
