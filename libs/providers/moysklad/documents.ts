import { fillIn } from '#platform';
import { cutText, say } from '#provider-kit';
import { type Pack, toMillionths, toUnits } from '#inventory/port';
import type { Moysklad, WireOrder, WirePosition } from './moysklad.api.js';
import { findMainStore, type MoyskladContext } from './moysklad.settings.js';
import { texts } from './moysklad.texts.js';
import { nameUuid, readId } from './moysklad.units.js';

/** A position of an order, in millionths. */
export interface Position {
  id: string;
  good: string;
  quantity: number;
  reserve: number;
  shipped: number;
  /** Free quantity at this moment, of the store or of all. Undefined if it was not returned. */
  free?: number;
}

/** An order of MoySklad that reserves for one order of the CRM in one store. */
export interface OrderDocument {
  id: string;
  name: string;
  /** It reserves: it is posted and of its store. */
  isActive: boolean;
  positions: Position[];
}

/** A wanted position, in millionths. A known one has its `id`. */
export interface WantedPosition {
  id?: string;
  good: string;
  type: string;
  quantity: number;
  reserve: number;
}

const LONGEST_NAME = 255;
const LONGEST_NOTE = 4_000;
/**
 * Requests the positions in replies about an order. If there are more than a page, they are read separately.
 */
const WITH_POSITIONS = { expand: 'positions' };
/** Replies to calls that make an order have no stock. */
const WITH_STOCK = { ...WITH_POSITIONS, fields: 'stock' };
/** Above it lists ignore `expand` without a word. */
const PAGE = { limit: 100 };

/** The id that an order of the CRM has in a store, however often it is made. */
export function nameDocument(order: string, store: string, { connectionId }: MoyskladContext): string {
  return nameUuid(`${connectionId}/${order}/${store}`);
}

/** Finds the documents of an order by store, except for documents in the bin. Throws ProviderError. */
export async function findDocuments(
  api: Moysklad,
  order: string,
  stores: readonly string[],
  context: MoyskladContext,
): Promise<Map<string, OrderDocument>> {
  const names = new Map(stores.map((store) => [nameDocument(order, store, context), store]));
  const filter = [...names.keys()].map((name) => `syncId=${name}`).join(';');
  const { rows } = await api.orders(context, { query: { filter, ...WITH_STOCK, ...PAGE } });
  const found = new Map<string, OrderDocument>();
  for (const row of rows) {
    const store = names.get(row.syncId ?? '');
    if (store !== undefined) found.set(store, await toDocument(api, row, store, context));
  }
  return found;
}

/**
 * Makes the document of an order in a store, once: a repeat returns the first one unchanged. Throws
 * ProviderError.
 */
export async function makeDocument(
  api: Moysklad,
  order: string,
  store: { code: string; warehouse: string },
  positions: readonly WantedPosition[],
  packs: readonly Pack[],
  context: MoyskladContext,
): Promise<OrderDocument> {
  const { organization = '', agent = '', orderPrefix = '' } = context.settings;
  const suffix = store.code === findMainStore(context.settings) ? '' : `-${store.code}`;
  const name = orderPrefix === '' ? {} : { name: cutText(`${orderPrefix}${order}${suffix}`, LONGEST_NAME) };
  const json = {
    organization: api.refer('organization', organization, context),
    agent: api.refer('counterparty', agent, context),
    syncId: nameDocument(order, store.warehouse, context),
    description: describe(order, packs, context),
    ...toBody(api, store.warehouse, positions, packs, context),
  };
  const make = (more: object): Promise<WireOrder> =>
    api.createOrder(context, { query: WITH_POSITIONS, json: { ...json, ...more }, headers: keepSilent(context) });
  // The account may require unique names.
  const made = await api.unless('taken', make(name), () => make({}));
  return toDocument(api, made, store.warehouse, context);
}

/** Reads a document with the stock of its positions. Throws ProviderError. */
export async function readDocument(api: Moysklad, id: string, store: string, context: MoyskladContext): Promise<OrderDocument> {
  return toDocument(api, await api.order(context, { id, query: WITH_STOCK }), store, context);
}

/** Sets all positions of a document, posts it, and puts it into its store. Throws ProviderError. */
export async function setPositions(
  api: Moysklad,
  id: string,
  store: string,
  positions: readonly WantedPosition[],
  packs: readonly Pack[],
  context: MoyskladContext,
): Promise<OrderDocument> {
  const json = toBody(api, store, positions, packs, context);
  const order = await api.updateOrder(context, { id, query: WITH_STOCK, json, headers: keepSilent(context) });
  return toDocument(api, order, store, context);
}

function toBody(
  api: Moysklad,
  store: string,
  positions: readonly WantedPosition[],
  packs: readonly Pack[],
  context: MoyskladContext,
): object {
  const [day] = packs.flatMap(({ shipmentDate }) => shipmentDate ?? []).toSorted();
  return {
    store: api.refer('store', store, context),
    applicable: true,
    ...(day !== undefined && { deliveryPlannedMoment: `${day} 00:00:00` }),
    positions: {
      rows: positions.map(({ id, good, type, quantity, reserve }) => ({
        ...(id === undefined ? { assortment: api.refer(type, good, context) } : { id }),
        ...{ quantity: toUnits(quantity), reserve: toUnits(reserve) },
      })),
    },
  };
}

/** The description that people read in the order: its owner, and the shop's documents. */
function describe(order: string, packs: readonly Pack[], context: MoyskladContext): string {
  const numbers = packs.flatMap(({ invoiceNumber, deliveryNoteNumber }) => [invoiceNumber ?? [], deliveryNoteNumber ?? []].flat());
  return cutText([say(fillIn(texts.orderNote, { order }), context), ...new Set(numbers)].join('\n'), LONGEST_NOTE);
}

/** Our own changes need not reach our webhooks. */
function keepSilent({ webhookUrl }: MoyskladContext): Record<string, string> {
  return { 'x-lognex-webhook-disablebyprefix': webhookUrl };
}

async function toDocument(api: Moysklad, order: WireOrder, store: string, context: MoyskladContext): Promise<OrderDocument> {
  const { id, name, applicable } = order;
  const isOfStore = order.store !== undefined && readId(order.store.meta.href) === store;
  return { id, name, isActive: applicable && isOfStore, positions: await listPositions(api, order, context) };
}

/** Reads all positions of an order, starting from a known page. */
async function listPositions(api: Moysklad, { id, positions }: WireOrder, context: MoyskladContext): Promise<Position[]> {
  const { meta, rows = [] } = positions;
  const all = rows.length >= meta.size ? rows : (await api.positions(context, { id, query: { limit: 1_000 } })).rows;
  return all.map(toPosition);
}

function toPosition({ id, quantity, reserve = 0, shipped = 0, assortment, stock = {} }: WirePosition): Position {
  return {
    ...{ id, good: readId(assortment.meta.href) ?? '', quantity: toMillionths(quantity) },
    ...{ reserve: toMillionths(reserve), shipped: toMillionths(shipped) },
    ...(stock.quantity !== undefined && { free: toMillionths(stock.quantity) - toMillionths(stock.reserve ?? 0) }),
  };
}

/** For each good, by its id: its kind and the millionths that an order should hold. */
export type Wanted = ReadonlyMap<string, { type: string; millionths: number }>;

/**
 * Makes all positions of an order that should hold the wanted goods, from its present ones. Shipped goods
 * stay. Whether `reserve` still counts shipped goods is not documented, so it is moved by the difference.
 */
export function buildPositions(present: readonly Position[], wanted: Wanted): WantedPosition[] {
  const goods = new Set([...present.map(({ good }) => good), ...wanted.keys()]);
  return [...goods].flatMap((good) => buildFor(good, present, wanted.get(good)));
}

function buildFor(good: string, present: readonly Position[], wanted = { type: '', millionths: 0 }): WantedPosition[] {
  const { type } = wanted;
  const [first, ...others] = present.filter((one) => one.good === good);
  const shipped = others.filter((one) => one.shipped > 0).map((one) => ({ id: one.id, good, type, quantity: one.shipped, reserve: 0 }));
  const rest = Math.max(0, wanted.millionths - shipped.reduce((sum, { quantity }) => sum + quantity, 0));
  const quantity = Math.max(rest, first?.shipped ?? 0);
  if (quantity === 0) return shipped;
  const moved = first && first.shipped > 0 ? first.reserve + rest - first.quantity : rest;
  const reserve = Math.min(quantity, Math.max(0, moved));
  return [{ ...(first && { id: first.id }), good, type, quantity, reserve }, ...shipped];
}

/** Whether an order has exactly these positions. */
export function isAsWanted(present: readonly Position[], wanted: readonly WantedPosition[]): boolean {
  if (present.length !== wanted.length) return false;
  return wanted.every(({ id, quantity, reserve }) =>
    present.some((one) => one.id === id && one.quantity === quantity && one.reserve === reserve),
  );
}

/** Millionths that positions reserve, by good. */
export function sumReserves(positions: readonly { good: string; reserve: number }[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { good, reserve } of positions) sums.set(good, (sums.get(good) ?? 0) + reserve);
  return sums;
}
