import { isUuid, sha256Hex } from '#platform';
import { type Page, readPages } from '#provider-kit';
import type { OfferRef, OfferStock } from '#inventory/port';
import type { Moysklad, WireGood } from './moysklad.api.js';
import type { MoyskladContext, SearchKey } from './moysklad.settings.js';
import { escapeFilter, readId, toKeptMillionths } from './moysklad.units.js';

/** A good for the adapter. It survives JSON. */
export interface Good {
  id: string;
  /** `product`, `variant`, `bundle`, `service` or `consignment`. */
  type: string;
  isArchived: boolean;
  /** Values of the field that offers are found by. The first is sent to the CRM. */
  names: string[];
  buyPrice?: { value: number; currency?: string };
  /** For a bundle whose parts are known: millionths of each, without services. */
  parts?: { good: string; millionths: number }[];
}

/** The good found for an offer. `several`: more than one good has its name. */
export type Found = Good | 'several' | undefined;

/** The old assortment calculates stock automatically and slowly, and ends in 2027. */
const NEW_ASSORTMENT = { 'x-lognex-remap-beta-feature': 'assortmentWithoutStock' };
/** With both, archived goods are listed, too. */
const WITH_ARCHIVED = 'archived=false;archived=true';
/** 8 KB is the most of a request line and headers together. */
const LONGEST_FILTER = 5_500;
const MOST_NAMES = 80;
/** Maximum number of rows per page. With `expand` it is 100, or `expand` is silently ignored. */
const PAGE = 1_000;
const WITH_PARTS = { expand: 'components', limit: 100 };
/** More batches than this are slower than reading all goods, if those have fewer pages. */
const MANY_LOTS = 4;
/** Few names are remembered for a moment: a reservation and the stocks after it are about the same. */
const REMEMBERED = { most: 20, ttlSeconds: 60 };
const LONGEST_NAME = 255;
/** Seconds for which a list of bundles is used, and its most pages. */
const BUNDLES_S = 600;
const MOST_BUNDLE_PAGES = 50;

/** Converts a good to an offer. `asked` is its xmlId if it is one of the good's names. */
export function toOffer({ id, names }: Good, asked?: string): OfferStock['offer'] {
  const xmlId = asked !== undefined && names.includes(asked) ? asked : names[0];
  return { key: id, ...(xmlId !== undefined && { xmlId }) };
}

/**
 * Finds the goods of offers by key, else by xmlId, in the requested order. `mayBeOld`: few goods may be as
 * they were a minute ago. Throws ProviderError.
 */
export async function findGoods(
  api: Moysklad,
  offers: readonly OfferRef[],
  context: MoyskladContext,
  { mayBeOld = true } = {},
): Promise<Found[]> {
  const { searchBy } = context.settings;
  const keys = offers.flatMap(({ key }) => key?.toLowerCase() ?? []);
  const xmlIds = offers.flatMap(({ key, xmlId }) => (key === undefined ? (xmlId ?? []) : []));
  const [byId, byName] = await Promise.all([
    findBy(api, 'id', keys, context, mayBeOld),
    findBy(api, searchBy, searchBy === 'id' ? xmlIds.map((one) => one.toLowerCase()) : xmlIds, context, mayBeOld),
  ]);
  return offers.map(({ key, xmlId }) => {
    if (key !== undefined) return byId.get(key.toLowerCase());
    return xmlId === undefined ? undefined : byName.get(searchBy === 'id' ? xmlId.toLowerCase() : xmlId);
  });
}

/** One page of all goods that are not archived, and where the next starts. Throws ProviderError. */
export async function listGoods(
  api: Moysklad,
  offset: number,
  context: MoyskladContext,
): Promise<{ ids: string[]; next: number | undefined }> {
  const { rows, next } = await readPage(api, { offset }, context);
  return { ids: rows.map(({ id }) => id), next };
}

/** Lists values of the offer field that several of the first thousand goods have. Throws ProviderError. */
export async function listSharedNames(api: Moysklad, context: MoyskladContext): Promise<string[]> {
  const { searchBy } = context.settings;
  const { rows } = await readPage(api, {}, context);
  const names = rows.flatMap((good) => [...new Set(listNames(good, searchBy))]);
  const seen = new Set<string>();
  return [...new Set(names.filter((name) => seen.size === seen.add(name).size))];
}

/** Bundles by the goods that they consist of, at most some minutes old. Throws ProviderError. */
export async function listBundles(api: Moysklad, context: MoyskladContext): Promise<Readonly<Record<string, string[]>>> {
  const load = async (): Promise<Record<string, string[]>> => {
    const bundles = new Map<string, string[]>();
    for (const row of await readAll(api, { filter: 'type=bundle', ...WITH_PARTS }, context, MOST_BUNDLE_PAGES))
      for (const { good } of toParts(row) ?? []) bundles.set(good, [...(bundles.get(good) ?? []), row.id]);
    return Object.fromEntries(bundles);
  };
  return context.cache.fetch(`bundles:${api.identify(context)}`, { ttlSeconds: BUNDLES_S }, load);
}

async function findBy(
  api: Moysklad,
  key: SearchKey,
  values: readonly string[],
  context: MoyskladContext,
  mayBeOld: boolean,
): Promise<ReadonlyMap<string, Found>> {
  const wanted = [...new Set(values)].filter((value) => isSearchable(key, value)).toSorted();
  if (wanted.length === 0) return new Map();
  const load = async (): Promise<Good[]> => addParts(api, await search(api, key, wanted, context), context);
  const name = `goods:${api.identify(context)}:${key}:${sha256Hex(JSON.stringify([wanted, context.settings.searchBy]))}`;
  const found =
    mayBeOld && wanted.length <= REMEMBERED.most
      ? await context.cache.fetch(name, { ttlSeconds: REMEMBERED.ttlSeconds }, load)
      : await load();
  return new Map(wanted.map((value) => [value, choose(found.filter((good) => hasName(good, key, value)))]));
}

/** An archived good is chosen only if no other good has the name. */
function choose(goods: readonly Good[]): Found {
  const [first, ...others] = [...goods.filter(({ isArchived }) => !isArchived), ...goods.filter(({ isArchived }) => isArchived)];
  return others.some(({ isArchived }) => isArchived === first?.isArchived) ? 'several' : first;
}

function hasName({ id, names }: Good, key: SearchKey, value: string): boolean {
  return key === 'id' ? id === value : names.includes(value);
}

/** `field=` would find goods without a value. */
function isSearchable(key: SearchKey, value: string): boolean {
  if (key === 'id') return isUuid(value);
  return value.trim() !== '' && [...value].length <= LONGEST_NAME;
}

/** Goods with these values in a field: in lots, or by reading all if that takes fewer calls. */
async function search(api: Moysklad, key: SearchKey, values: readonly string[], context: MoyskladContext): Promise<Good[]> {
  const toGoods = (rows: readonly WireGood[]): Good[] => rows.map((row) => toGood(row, context.settings.searchBy));
  const lots = splitIntoLots(values.map((value) => `${key}=${escapeFilter(value)}`));
  if (lots.length > MANY_LOTS) {
    const { rows, size } = await readPage(api, { filter: WITH_ARCHIVED }, context);
    const pages = Math.ceil(size / PAGE);
    if (pages < lots.length) {
      const offsets = Array.from({ length: Math.max(0, pages - 1) }, (_, page) => (page + 1) * PAGE);
      const others = await Promise.all(offsets.map((offset) => readPage(api, { filter: WITH_ARCHIVED, offset }, context)));
      return toGoods([...rows, ...others.flatMap((page) => page.rows)]);
    }
  }
  const found = await Promise.all(lots.map((lot) => readAll(api, { filter: lot }, context)));
  return toGoods(found.flat());
}

interface GoodsQuery {
  filter?: string;
  expand?: string;
  limit?: number;
  offset?: number;
}

/** All rows of a filter: a name may have more goods than fit a page. */
function readAll(api: Moysklad, query: GoodsQuery, context: MoyskladContext, mostPages = Infinity): Promise<WireGood[]> {
  return readPages<WireGood, number>((offset) => readPage(api, { ...query, offset }, context), mostPages);
}

async function readPage(
  api: Moysklad,
  { limit = PAGE, offset = 0, ...query }: GoodsQuery,
  context: MoyskladContext,
): Promise<Page<WireGood, number> & { size: number }> {
  const { meta, rows } = await api.assortment(context, { query: { ...query, limit, offset }, headers: NEW_ASSORTMENT });
  const next = offset + rows.length;
  return { rows, size: meta.size, next: rows.length === 0 || next >= meta.size ? undefined : next };
}

/** Adds the parts of bundles. A bundle with unknown parts stays without. */
async function addParts(api: Moysklad, goods: readonly Good[], context: MoyskladContext): Promise<Good[]> {
  const lots = splitIntoLots(goods.flatMap(({ id, type }) => (type === 'bundle' ? [`id=${id}`] : [])));
  const found = await Promise.all(lots.map((filter) => readPage(api, { filter, ...WITH_PARTS }, context)));
  const parts = new Map(found.flatMap(({ rows }) => rows.map((row) => [row.id, toParts(row)] as const)));
  return goods.map((good) => {
    const known = parts.get(good.id);
    return known ? { ...good, parts: known } : good;
  });
}

function toParts({ components }: WireGood): Good['parts'] {
  const { meta, rows = [] } = components ?? {};
  if (!meta || meta.size === 0 || rows.length < meta.size) return undefined;
  const sums = new Map<string, number>();
  for (const { quantity, assortment } of rows) {
    if (assortment.meta.type === 'service') continue;
    const [id, millionths] = [readId(assortment.meta.href), toKeptMillionths(quantity)];
    if (id === undefined || millionths === undefined || millionths <= 0) return undefined;
    sums.set(id, (sums.get(id) ?? 0) + millionths);
  }
  return [...sums].map(([good, millionths]) => ({ good, millionths }));
}

function toGood(row: WireGood, searchBy: SearchKey): Good {
  const { id, meta, archived, buyPrice } = row;
  const currency = buyPrice?.currency && readId(buyPrice.currency.meta.href);
  return {
    ...{ id, type: meta.type, isArchived: archived === true, names: listNames(row, searchBy) },
    ...(buyPrice && { buyPrice: { value: buyPrice.value, ...(currency !== undefined && { currency }) } }),
  };
}

function listNames({ id, externalCode, code, barcodes = [] }: WireGood, searchBy: SearchKey): string[] {
  if (searchBy === 'barcode') return barcodes.flatMap((barcode) => Object.values(barcode));
  const name = { id, externalCode, code }[searchBy];
  return name === undefined ? [] : [name];
}

/** Filters by any of these values, also for archived goods. Each filter fits a request line. */
function splitIntoLots(filters: readonly string[]): string[] {
  const lots: string[][] = [];
  let length = Infinity;
  for (const filter of filters) {
    const size = encodeURIComponent(filter).length + 3;
    if (length + size > LONGEST_FILTER || (lots.at(-1)?.length ?? 0) >= MOST_NAMES) {
      lots.push([]);
      length = 0;
    }
    lots.at(-1)?.push(filter);
    length += size;
  }
  return lots.map((lot) => [...lot, WITH_ARCHIVED].join(';'));
}
