import { Type } from 'class-transformer';
import { IsArray, IsNumber, IsOptional, IsString, ValidateNested } from 'class-validator';
import { KeepsNull } from '#platform';
import type { MoyskladClient } from './moysklad.client.js';
import { CODE, isRefusedAs } from './moysklad.errors.js';
import { findMainStore, type MoyskladContext } from './moysklad.settings.js';
import { makeError, texts } from './moysklad.texts.js';
import { readFigure } from './moysklad.units.js';

/** A good in a store. The figure has the name of what was asked. */
class WireRow {
  @IsString() assortmentId!: string;
  /** Null, so missing here: what orders without a store reserve. */
  @IsOptional() @IsString() storeId?: string;
  /** Null: it is being recalculated. */
  @IsOptional() @KeepsNull() @IsNumber() stock?: number | null;
  @IsOptional() @KeepsNull() @IsNumber() freeStock?: number | null;
}

class WireRows {
  @IsArray() @ValidateNested({ each: true }) @Type(() => WireRow) rows!: WireRow[];
}

export type FigureKind = 'stock' | 'freeStock';

/** What a good has in the stores, in millionths; undefined: not known at the moment. */
export interface Figures {
  /** In the store with this id; in the main one less what orders without a store reserve. */
  at(store: string): number | undefined;
  /** All that was told of it, in one text. */
  readonly digest: string;
  /** One of its figures is being recalculated. */
  readonly isUnsettled: boolean;
}

const MOST_IDS = 120;
/** More goods than this are read with all others, in one call. */
const MANY_GOODS = 2_000;

/** Reads figures of goods that are known: one without a row has none of it. Throws ProviderError. */
export async function readFigures(
  client: MoyskladClient,
  kind: FigureKind,
  goods: readonly string[],
  context: MoyskladContext,
): Promise<(good: string) => Figures> {
  const ids = [...new Set(goods)];
  const found = new Map<string, WireRow[]>();
  for (const row of ids.length === 0 ? [] : await readRows(client, kind, ids, context))
    found.set(row.assortmentId, [...(found.get(row.assortmentId) ?? []), row]);
  return (good) => toFigures(found.get(good) ?? [], kind, context);
}

/**
 * Reads the figures of goods whose stock changed since a moment, by good, at most 24 hours back. Throws
 * ProviderError.
 */
export async function readChanged(
  client: MoyskladClient,
  kind: FigureKind,
  since: string,
  context: MoyskladContext,
): Promise<Map<string, Figures>> {
  const found = new Map<string, WireRow[]>();
  for (const row of await ask(client, kind, { changedSince: since }, context))
    found.set(row.assortmentId, [...(found.get(row.assortmentId) ?? []), row]);
  return new Map([...found].map(([good, rows]) => [good, toFigures(rows, kind, context)]));
}

async function readRows(client: MoyskladClient, kind: FigureKind, ids: readonly string[], context: MoyskladContext): Promise<WireRow[]> {
  if (ids.length > MANY_GOODS) {
    try {
      return await ask(client, kind, {}, context);
    } catch (error) {
      if (!isRefusedAs(error, CODE.isTooLarge)) throw error;
    }
  }
  const lots = Array.from({ length: Math.ceil(ids.length / MOST_IDS) }, (_, lot) => ids.slice(lot * MOST_IDS, (lot + 1) * MOST_IDS));
  return (await Promise.all(lots.map((lot) => askFor(client, kind, lot, context)))).flat();
}

/** Asks for a lot, in halves where even that is too large. */
async function askFor(client: MoyskladClient, kind: FigureKind, ids: readonly string[], context: MoyskladContext): Promise<WireRow[]> {
  try {
    return await ask(client, kind, { filter: `assortmentId=${ids.join(',')}` }, context);
  } catch (error) {
    if (ids.length < 2 || !isRefusedAs(error, CODE.isTooLarge)) throw error;
    const half = Math.ceil(ids.length / 2);
    return [...(await askFor(client, kind, ids.slice(0, half), context)), ...(await askFor(client, kind, ids.slice(half), context))];
  }
}

async function ask(
  client: MoyskladClient,
  kind: FigureKind,
  about: Readonly<Record<string, string>>,
  context: MoyskladContext,
): Promise<WireRow[]> {
  // Without a filter by store: orders without one have rows of their own, and the stores told are few.
  const query = { stockType: kind, include: 'zeroLines', withRecalculate: 'true', ...about };
  const { rows } = await client.readRows(WireRows, { method: 'GET', path: '/report/stock/bystore/current', query }, context);
  return rows;
}

function toFigures(rows: readonly WireRow[], kind: FigureKind, context: MoyskladContext): Figures {
  const { settings } = context;
  const code = findMainStore(settings);
  const main = settings.stores.find((one) => one.code === code)?.warehouse;
  const figures = new Map<string, number | undefined>();
  for (const row of rows) {
    const figure = row[kind];
    // A row without the figure that was asked for is no answer; null is one.
    if (figure === undefined) throw makeError('unavailable', texts.unreadable, context);
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
