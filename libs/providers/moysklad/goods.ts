import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsInt, IsNumber, IsOptional, IsString, ValidateNested } from 'class-validator';
import { isUuid, sha256Hex } from '#platform';
import type { OfferRef, OfferStock } from '#store/port';
import type { MoyskladClient } from './moysklad.client.js';
import { listBarcodes, WireBarcode } from './barcodes.js';
import type { MoyskladContext, SearchKey } from './moysklad.settings.js';
import { toKeptMillionths, readId } from './moysklad.units.js';

/** A reference to another object. */
export class WireMeta {
  @IsString() href!: string;
  @IsString() type!: string;
}
export class WireReference {
  @ValidateNested() @Type(() => WireMeta) meta!: WireMeta;
}

/** How many there are of what a list shows a part of. */
export class WireSize {
  @IsInt() size!: number;
}

class WireBuyPrice {
  /** Hundredths of the currency, maybe with a fraction. */
  @IsNumber() value!: number;
  @IsOptional() @ValidateNested() @Type(() => WireReference) currency?: WireReference;
}

class WireComponent {
  @IsNumber() quantity!: number;
  @ValidateNested() @Type(() => WireReference) assortment!: WireReference;
}

class WireComponents {
  @ValidateNested() @Type(() => WireSize) meta!: WireSize;
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => WireComponent) rows?: WireComponent[];
}

/** A product, a variant, a bundle or a service. */
export class WireGood {
  @ValidateNested() @Type(() => WireMeta) meta!: WireMeta;
  @IsString() id!: string;
  @IsOptional() @IsString() externalCode?: string;
  @IsOptional() @IsString() code?: string;
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => WireBarcode) barcodes?: WireBarcode[];
  @IsOptional() @IsBoolean() archived?: boolean;
  @IsOptional() @ValidateNested() @Type(() => WireBuyPrice) buyPrice?: WireBuyPrice;
  @IsOptional() @ValidateNested() @Type(() => WireComponents) components?: WireComponents;
}

class WireAssortment {
  @ValidateNested() @Type(() => WireSize) meta!: WireSize;
  @IsArray() @ValidateNested({ each: true }) @Type(() => WireGood) rows!: WireGood[];
}

/** A good as the adapter uses it; it survives JSON. */
export interface Good {
  id: string;
  /** `product`, `variant`, `bundle`, `service` or `consignment`. */
  type: string;
  isArchived: boolean;
  /** Values of the field by which offers are found; the first is told to the CRM. */
  names: string[];
  buyPrice?: { value: number; currency?: string };
  /** Of a bundle whose parts are known: millionths of each, services left out. */
  parts?: { good: string; millionths: number }[];
}

/** What was found of an offer. `several`: more than one good has its name. */
export type Found = Good | 'several' | undefined;

/** The old assortment counts stock by itself, slowly, and ends in 2027. */
const NEW_ASSORTMENT = { 'x-lognex-remap-beta-feature': 'assortmentWithoutStock' };
/** With `archived=false;archived=true` archived goods are there too. */
const WITH_ARCHIVED = 'archived=false;archived=true';
/** 8 KB is the most of a request line and headers together. */
const LONGEST_FILTER = 5_500;
const MOST_NAMES = 80;
/** Rows of a page; with `expand` at most 100, or it is ignored without a word. */
const PAGE = { plain: 1_000, expanded: 100 };
/** More lots than this are slower than reading all goods, where there are fewer pages of them. */
const MANY_LOTS = 4;
/** Few names are remembered for a moment: a reservation and the stocks after it are about the same. */
const REMEMBERED = { most: 20, ttlSeconds: 60 };
const LONGEST_NAME = 255;
/** How long a list of bundles is used, and the most of it. */
const BUNDLES_S = 600;
const MOST_BUNDLES = 5_000;

/** How a good is named outside; `asked` if it is one of its names. */
export function toOffer({ id, names }: Good, asked?: string): OfferStock['offer'] {
  const xmlId = asked !== undefined && names.includes(asked) ? asked : names[0];
  return { key: id, ...(xmlId !== undefined && { xmlId }) };
}

/** Finds the goods of offers by key, else by xmlId, in the order asked. Throws ProviderError. */
export async function findGoods(client: MoyskladClient, offers: readonly OfferRef[], context: MoyskladContext): Promise<Found[]> {
  const { searchBy } = context.settings;
  const keys = offers.flatMap(({ key }) => key?.toLowerCase() ?? []);
  const xmlIds = offers.flatMap(({ key, xmlId }) => (key === undefined ? (xmlId ?? []) : []));
  const [byId, byName] = await Promise.all([
    findBy(client, 'id', keys, context),
    findBy(client, searchBy, searchBy === 'id' ? xmlIds.map((one) => one.toLowerCase()) : xmlIds, context),
  ]);
  return offers.map(({ key, xmlId }) => {
    if (key !== undefined) return byId.get(key.toLowerCase());
    return xmlId === undefined ? undefined : byName.get(searchBy === 'id' ? xmlId.toLowerCase() : xmlId);
  });
}

/** Reads goods by their ids; those that are not there are missing. Throws ProviderError. */
export async function readGoods(client: MoyskladClient, ids: readonly string[], context: MoyskladContext): Promise<Map<string, Good>> {
  const found = await findBy(client, 'id', ids, context);
  return new Map([...found].flatMap(([id, good]) => (good === undefined || good === 'several' ? [] : [[id, good] as const])));
}

/** One page of all goods that are not archived, and where the next begins. Throws ProviderError. */
export async function listGoods(
  client: MoyskladClient,
  offset: number,
  context: MoyskladContext,
): Promise<{ ids: string[]; next: number | undefined }> {
  const { meta, rows } = await readPage(client, undefined, PAGE.plain, offset, context);
  const next = offset + rows.length;
  return { ids: rows.map(({ id }) => id), next: rows.length === 0 || next >= meta.size ? undefined : next };
}

/**
 * Values of the field by which offers are found that several of the first thousand goods have. Throws
 * ProviderError.
 */
export async function listSharedNames(client: MoyskladClient, context: MoyskladContext): Promise<string[]> {
  const { searchBy } = context.settings;
  const { rows } = await readPage(client, undefined, PAGE.plain, 0, context);
  const names = rows.flatMap((good) => [...new Set(listNames(good, searchBy))]);
  const seen = new Set<string>();
  return [...new Set(names.filter((name) => seen.size === seen.add(name).size))];
}

/** Bundles by the goods that they are made of, as they were within the last minutes. Throws ProviderError. */
export async function listBundles(client: MoyskladClient, context: MoyskladContext): Promise<Readonly<Record<string, string[]>>> {
  const load = async (): Promise<Record<string, string[]>> => {
    const bundles = new Map<string, string[]>();
    for (let offset = 0; offset < MOST_BUNDLES; offset += PAGE.expanded) {
      const { rows } = await readPage(client, 'type=bundle', PAGE.expanded, offset, context, 'components');
      for (const row of rows) for (const { good } of toParts(row) ?? []) bundles.set(good, [...(bundles.get(good) ?? []), row.id]);
      if (rows.length < PAGE.expanded) break;
    }
    return Object.fromEntries(bundles);
  };
  return context.cache.fetch(`bundles:${client.identifyToken(context)}`, { ttlSeconds: BUNDLES_S }, load);
}

async function findBy(
  client: MoyskladClient,
  key: SearchKey,
  values: readonly string[],
  context: MoyskladContext,
): Promise<ReadonlyMap<string, Found>> {
  const wanted = [...new Set(values)].filter((value) => isSearchable(key, value)).toSorted();
  if (wanted.length === 0) return new Map();
  const load = async (): Promise<Good[]> => addParts(client, await search(client, key, wanted, context), context);
  const name = `goods:${client.identifyToken(context)}:${key}:${sha256Hex(JSON.stringify([wanted, context.settings.searchBy]))}`;
  const found =
    wanted.length > REMEMBERED.most ? await load() : await context.cache.fetch(name, { ttlSeconds: REMEMBERED.ttlSeconds }, load);
  return new Map(wanted.map((value) => [value, choose(found.filter((good) => hasName(good, key, value)))]));
}

/** An archived good is meant only where no other has the name. */
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

/** Goods with these values in a field: in lots, or by reading all where that takes fewer calls. */
async function search(client: MoyskladClient, key: SearchKey, values: readonly string[], context: MoyskladContext): Promise<Good[]> {
  const toGoods = (rows: readonly WireGood[]): Good[] => rows.map((row) => toGood(row, context.settings.searchBy));
  const lots = splitIntoLots(values.map((value) => `${key}=${value.replaceAll(';', '\\;')}`));
  if (lots.length > MANY_LOTS) {
    const first = await readPage(client, WITH_ARCHIVED, PAGE.plain, 0, context);
    const pages = Math.ceil(first.meta.size / PAGE.plain);
    if (pages < lots.length) {
      const offsets = Array.from({ length: Math.max(0, pages - 1) }, (_, page) => (page + 1) * PAGE.plain);
      const others = await Promise.all(offsets.map((offset) => readPage(client, WITH_ARCHIVED, PAGE.plain, offset, context)));
      return toGoods([first, ...others].flatMap(({ rows }) => rows));
    }
  }
  const found = await Promise.all(lots.map((lot) => readAll(client, `${lot.join(';')};${WITH_ARCHIVED}`, context)));
  return toGoods(found.flat());
}

/** All rows of a filter: a name may have more goods than fit a page. */
async function readAll(client: MoyskladClient, filter: string, context: MoyskladContext): Promise<WireGood[]> {
  const rows: WireGood[] = [];
  for (;;) {
    const page = await readPage(client, filter, PAGE.plain, rows.length, context);
    rows.push(...page.rows);
    if (page.rows.length === 0 || rows.length >= page.meta.size) return rows;
  }
}

function readPage(
  client: MoyskladClient,
  filter: string | undefined,
  limit: number,
  offset: number,
  context: MoyskladContext,
  expand?: string,
): Promise<WireAssortment> {
  const query = { ...(filter !== undefined && { filter }), ...(expand && { expand }), limit: String(limit), offset: String(offset) };
  return client.read(WireAssortment, { method: 'GET', path: '/entity/assortment', query, headers: NEW_ASSORTMENT }, context);
}

/** Adds what bundles are made of; those whose parts are not all told stay without. */
async function addParts(client: MoyskladClient, goods: readonly Good[], context: MoyskladContext): Promise<Good[]> {
  const ids = goods.flatMap(({ id, type }) => (type === 'bundle' ? [id] : []));
  const parts = new Map<string, Good['parts']>();
  await Promise.all(
    splitIntoLots(ids.map((id) => `id=${id}`)).map(async (lot) => {
      const filter = `${lot.join(';')};${WITH_ARCHIVED}`;
      for (const row of (await readPage(client, filter, PAGE.expanded, 0, context, 'components')).rows) parts.set(row.id, toParts(row));
    }),
  );
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
  if (searchBy === 'barcode') return barcodes.flatMap(listBarcodes);
  const name = { id, externalCode, code }[searchBy];
  return name === undefined ? [] : [name];
}

/** Lots of filters that fit a request line. */
function splitIntoLots(filters: readonly string[]): string[][] {
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
  return lots;
}
