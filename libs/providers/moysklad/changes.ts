import { createHash } from 'node:crypto';
import { sha256Hex } from '#platform';
import type { StockUpdate } from '#inventory/port';
import { type Figures, readChanged, readFigures, readReserves } from './figures.js';
import { listBundles, listGoods } from './goods.js';
import type { Moysklad, MoyskladMethod } from './moysklad.api.js';
import type { MoyskladContext } from './moysklad.settings.js';
import { writeMoment } from './moysklad.units.js';

/** Each reading begins so long before the last one ended. */
const OVERLAP_MS = 120_000;
/** MoySklad returns changes of the last 24 hours. One hour of margin. */
const OLDEST_MS = 23 * 3_600_000;
/** Seconds until figures under recalculation are looked at again, and how long they are waited for. */
const AGAIN_S = 10;
const LONGEST_WAIT_MS = 15 * 60_000;
/**
 * The reported changes within the overlap: a short hash of each good's figures, as many as a cursor holds.
 */
const HASH = 8;
const MOST_TOLD = 450;
/** As long as a cursor may be gone on from. */
const RESERVES = { ttlSeconds: 86_400 };

/** A short hash of the quantity that orders reserve, by good. */
type Reserves = Readonly<Record<string, string>>;

/** Where readings continue: all goods from an offset, or the changes since `at`, except for `told` ones. */
interface Cursor {
  at: number;
  told: ReadonlySet<string>;
  /** Key of the cached reserves to compare with. Undefined if they were not read. */
  reserves: string | undefined;
  /** Offset of the next page, only set during a full listing. */
  offset?: number;
}

/**
 * Lists goods whose stock changed since a cursor. The first time, after other settings and after a day
 * without a reading, it lists all goods. A good that is being recalculated is listed once its figures are
 * known. Throws ProviderError.
 */
export const listChanges: MoyskladMethod<'listChanges'> = async (api, cursor, context) => {
  const now = context.now.getTime();
  const place = readCursor(cursor, context);
  if (place?.offset !== undefined) return listAll(api, place, context);
  const changed = place && place.at >= now - OLDEST_MS ? await readChanges(api, place, context) : undefined;
  if (!place || !changed) {
    // Reserves that people make while all goods are listed are changes.
    const { place: reserves } = await readReserveChanges(api, undefined, context);
    return listAll(api, { at: now, told: new Set(), reserves, offset: 0 }, context);
  }
  const { settled, reserves, isUnsettled } = changed;
  const goods = [...settled].filter(([, hash]) => !place.told.has(hash)).map(([good]) => good);
  const at = isUnsettled ? Math.min(now, Math.max(place.at, now - LONGEST_WAIT_MS)) : now;
  return {
    offers: await nameOffers(api, goods, context),
    cursor: writeCursor({ at, told: new Set(settled.values()), reserves }, context),
    ...(isUnsettled && { againSeconds: AGAIN_S }),
  };
};

/** One page of all goods. The last one continues with the changes from its start on. */
async function listAll(api: Moysklad, place: Cursor, context: MoyskladContext): Promise<StockUpdate> {
  const { ids, next } = await listGoods(api, place.offset ?? 0, context);
  if (next !== undefined)
    return { offers: ids.map((key) => ({ key })), cursor: writeCursor({ ...place, offset: next }, context), more: true };
  // Meanwhile changed goods may have been sent with an earlier page.
  const { settled = new Map<string, string>(), reserves = place.reserves } = (await readChanges(api, place, context)) ?? {};
  return {
    offers: await nameOffers(api, [...ids, ...settled.keys()], context),
    cursor: writeCursor({ at: place.at, told: new Set(settled.values()), reserves }, context),
  };
}

/** Goods as offers, with the bundles that they are parts of. */
async function nameOffers(api: Moysklad, goods: readonly string[], context: MoyskladContext): Promise<StockUpdate['offers']> {
  const bundles = goods.length > 0 ? await listBundles(api, context) : {};
  return [...new Set([...goods, ...goods.flatMap((good) => bundles[good] ?? [])])].map((key) => ({ key }));
}

/**
 * A short hash of the figures of each good that may have changed, and where reserves are compared from.
 * Undefined: too much has changed.
 */
async function readChanges(
  api: Moysklad,
  { at, reserves: before }: Cursor,
  context: MoyskladContext,
): Promise<{ settled: Map<string, string>; reserves: string | undefined; isUnsettled: boolean } | undefined> {
  const { figure } = context.settings;
  const [changed, { goods, place: reserves }] = await Promise.all([
    readChanged(api, figure, writeMoment(at - OVERLAP_MS), context),
    readReserveChanges(api, before, context),
  ]);
  if (!changed) return undefined;
  const others = goods.filter((good) => !changed.has(good));
  const figuresOf = await readFigures(api, figure, others, context);
  const all: (readonly [string, Figures])[] = [...changed, ...others.map((good) => [good, figuresOf(good)] as const)];
  return {
    settled: new Map(all.flatMap(([good, { digest, isUnsettled }]) => (isUnsettled ? [] : [[good, hash(`${good} ${digest}`)] as const]))),
    reserves,
    isUnsettled: all.some(([, { isUnsettled }]) => isUnsettled),
  };
}

/**
 * The goods that orders reserve more or less of than at `place`, and the place where the next reading
 * continues. Whether `changedSince` covers them is not documented, and an order does not list removed
 * positions. The stored reserves may be lost: then all reserved goods count as changed.
 */
async function readReserveChanges(
  api: Moysklad,
  place: string | undefined,
  context: MoyskladContext,
): Promise<{ goods: string[]; place: string | undefined }> {
  const reserves = context.settings.figure === 'freeStock' ? await readReserves(api, context) : undefined;
  if (!reserves) return { goods: [], place };
  let before: Reserves = {};
  let after: Reserves = {};
  let next = '';
  await context.cache.update<Record<string, Reserves>>('reserves', RESERVES, (kept = {}) => {
    before = (place !== undefined && kept[place]) || {};
    after = Object.fromEntries(
      [...reserves].flatMap(([good, { digest, isUnsettled }]) => {
        // Until it is settled, its previous value counts.
        const own = isUnsettled ? before[good] : hash(digest);
        return own === undefined ? [] : [[good, own] as const];
      }),
    );
    next = hash(JSON.stringify(Object.entries(after).toSorted()));
    // The previous place stays: it is requested again when the found changes are not stored.
    return { ...(place !== undefined && { [place]: before }), [next]: after };
  });
  const goods = [...new Set([...Object.keys(before), ...reserves.keys()])].filter(
    (good) => reserves.get(good)?.isUnsettled === true || before[good] !== after[good],
  );
  return { goods, place: next };
}

/** Undefined if there is none, or if it belongs to other settings. */
function readCursor(cursor: string | undefined, context: MoyskladContext): Cursor | undefined {
  const [, settings, at, offset, reserves, told = ''] =
    /^2 ([0-9a-f]{8}) (\d{1,16}) (\d{1,9}|-) ([\w-]{1,8}) ([\w-]*)$/.exec(cursor ?? '') ?? [];
  if (settings !== identifySettings(context)) return undefined;
  const hashes = told.match(new RegExp(`.{${HASH}}`, 'g')) ?? [];
  return {
    ...{ at: Number(at), told: new Set(hashes), reserves: reserves === '-' ? undefined : reserves },
    ...(offset !== '-' && { offset: Number(offset) }),
  };
}

function writeCursor({ at, told, reserves, offset }: Cursor, context: MoyskladContext): string {
  return `2 ${identifySettings(context)} ${at} ${offset ?? '-'} ${reserves ?? '-'} ${[...told].slice(-MOST_TOLD).join('')}`;
}

/** The settings that change the figures of all goods. */
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
