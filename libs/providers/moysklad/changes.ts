import { createHash } from 'node:crypto';
import { sha256Hex } from '#platform';
import type { StockNews } from '#store/port';
import { listOrderedGoods } from './documents.js';
import { type Figures, readChanged, readFigures } from './figures.js';
import { listBundles, listGoods } from './goods.js';
import type { MoyskladClient } from './moysklad.client.js';
import { isForbidden } from './moysklad.errors.js';
import type { MoyskladContext } from './moysklad.settings.js';
import { writeMoment } from './moysklad.units.js';

/** Each reading begins so long before the last one ended. */
const OVERLAP_MS = 120_000;
/** MoySklad tells changes of the last 24 hours. */
const OLDEST_MS = 23 * 3_600_000;
/** Seconds until figures under recalculation are looked at again, and how long they are waited for. */
const AGAIN_S = 10;
const LONGEST_WAIT_MS = 15 * 60_000;
/** What was told within the overlap: a short hash of each good's figures, as many as a cursor holds. */
const HASH = 8;
const MOST_TOLD = 450;

/** Where readings go on: all goods from an offset, or what changed since `at`, but for what was `told`. */
interface Cursor {
  at: number;
  told: ReadonlySet<string>;
  /** While all goods are listed. */
  offset?: number;
}

/**
 * Lists goods whose stock changed since a cursor. At first, after other settings and after a day without a
 * reading that is all goods. A good that is being recalculated is listed once its figures are known. Throws
 * ProviderError.
 */
export async function listChanges(client: MoyskladClient, cursor: string | undefined, context: MoyskladContext): Promise<StockNews> {
  const now = context.now.getTime();
  const place = readCursor(cursor, context);
  if (!place || place.at < now - OLDEST_MS) return listAll(client, { at: now, told: new Set(), offset: 0 }, context);
  if (place.offset !== undefined) return listAll(client, place, context);
  const changed = await readChanges(client, place.at, context);
  if (!changed) return listAll(client, { at: now, told: new Set(), offset: 0 }, context);
  const news = [...changed.settled].filter(([, hash]) => !place.told.has(hash)).map(([good]) => good);
  const at = changed.isUnsettled ? Math.min(now, Math.max(place.at, now - LONGEST_WAIT_MS)) : now;
  const bundles = news.length > 0 ? await listBundles(client, context) : {};
  return {
    offers: [...new Set([...news, ...news.flatMap((good) => bundles[good] ?? [])])].map((key) => ({ key })),
    cursor: writeCursor({ at, told: new Set(changed.settled.values()) }, context),
    ...(changed.isUnsettled && { againSeconds: AGAIN_S }),
  };
}

/** One page of all goods; the last goes on with what changes from its begin on. */
async function listAll(client: MoyskladClient, { at, offset = 0 }: Cursor, context: MoyskladContext): Promise<StockNews> {
  const { ids, next } = await listGoods(client, offset, context);
  const offers = ids.map((key) => ({ key }));
  if (next !== undefined) return { offers, cursor: writeCursor({ at, told: new Set(), offset: next }, context), more: true };
  // What changed just before is among all: their figures are read when they are sent.
  const changed = await readChanges(client, at, context);
  return { offers, cursor: writeCursor({ at, told: new Set(changed?.settled.values()) }, context) };
}

/** A short hash of the figures of each good that may have changed; undefined: too many orders did. */
async function readChanges(
  client: MoyskladClient,
  at: number,
  context: MoyskladContext,
): Promise<{ settled: Map<string, string>; isUnsettled: boolean } | undefined> {
  const { figure } = context.settings;
  const since = writeMoment(at - OVERLAP_MS);
  const [changed, ordered] = await Promise.all([
    readChanged(client, figure, since, context),
    figure === 'freeStock' ? readOrdered(client, since, context) : [],
  ]);
  if (!ordered) return undefined;
  // Whether reports tell of goods of which only the reserve changed is not said.
  const others = ordered.filter((good) => !changed.has(good));
  const figuresOf = await readFigures(client, figure, others, context);
  const all: (readonly [string, Figures])[] = [...changed, ...others.map((good) => [good, figuresOf(good)] as const)];
  return {
    settled: new Map(all.flatMap(([good, { digest, isUnsettled }]) => (isUnsettled ? [] : [[good, hash(`${good} ${digest}`)] as const]))),
    isUnsettled: all.some(([, { isUnsettled }]) => isUnsettled),
  };
}

/** A user who may not see orders still gets what reports tell. */
async function readOrdered(client: MoyskladClient, since: string, context: MoyskladContext): Promise<string[] | undefined> {
  try {
    return await listOrderedGoods(client, since, context);
  } catch (error) {
    if (isForbidden(error)) return [];
    throw error;
  }
}

/** Undefined: there is none, or it is of other settings. */
function readCursor(cursor: string | undefined, context: MoyskladContext): Cursor | undefined {
  const [, settings, at, offset, told = ''] = /^1 ([0-9a-f]{8}) (\d{1,16}) (\d{1,9}|-) ([\w-]*)$/.exec(cursor ?? '') ?? [];
  if (settings !== identifySettings(context)) return undefined;
  const hashes = told.match(new RegExp(`.{${HASH}}`, 'g')) ?? [];
  return { at: Number(at), told: new Set(hashes), ...(offset !== '-' && { offset: Number(offset) }) };
}

function writeCursor({ at, told, offset }: Cursor, context: MoyskladContext): string {
  return `1 ${identifySettings(context)} ${at} ${offset ?? '-'} ${[...told].slice(-MOST_TOLD).join('')}`;
}

/** What changes the figures of all goods. */
function identifySettings({ settings }: MoyskladContext): string {
  const { stores, mainStore, figure, searchBy, token } = settings;
  return sha256Hex(JSON.stringify([stores.map(({ code, warehouse }) => [code, warehouse]), mainStore, figure, searchBy, token])).slice(
    0,
    8,
  );
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, HASH);
}
