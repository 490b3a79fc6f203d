import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsNumber, IsOptional, IsString, ValidateNested } from 'class-validator';
import { fillIn } from '#platform';
import { cutText } from '#provider-kit';
import { type Pack, toMillionths, toUnits } from '#store/port';
import { WireReference, WireSize } from './goods.js';
import type { MoyskladClient } from './moysklad.client.js';
import { CODE, isRefusedAs } from './moysklad.errors.js';
import { findMainStore, type MoyskladContext } from './moysklad.settings.js';
import { say, texts } from './moysklad.texts.js';
import { nameUuid, readId } from './moysklad.units.js';

/** Stock of a position's good at this very moment; of the order's store, or of all. */
class WireStock {
  @IsOptional() @IsNumber() quantity?: number;
  @IsOptional() @IsNumber() reserve?: number;
}

class WirePosition {
  @IsString() id!: string;
  @IsNumber() quantity!: number;
  @IsOptional() @IsNumber() reserve?: number;
  @IsOptional() @IsNumber() shipped?: number;
  @ValidateNested() @Type(() => WireReference) assortment!: WireReference;
  @IsOptional() @ValidateNested() @Type(() => WireStock) stock?: WireStock;
}

class WirePositions {
  @ValidateNested() @Type(() => WireSize) meta!: WireSize;
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => WirePosition) rows?: WirePosition[];
}

class WirePositionRows {
  @IsArray() @ValidateNested({ each: true }) @Type(() => WirePosition) rows!: WirePosition[];
}

class WireOrder {
  @IsString() id!: string;
  @IsString() name!: string;
  @IsOptional() @IsString() syncId?: string;
  @IsBoolean() applicable!: boolean;
  @IsOptional() @ValidateNested() @Type(() => WireReference) store?: WireReference;
  @ValidateNested() @Type(() => WirePositions) positions!: WirePositions;
}

class WireOrders {
  @IsArray() @ValidateNested({ each: true }) @Type(() => WireOrder) rows!: WireOrder[];
}

/** A position of an order; millionths. */
export interface Position {
  id: string;
  good: string;
  quantity: number;
  reserve: number;
  shipped: number;
  /** What is free of it at this moment, of the store or of all; undefined where it was not told. */
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

/** A position as it is to be: a known one has its `id`. Millionths. */
export interface WantedPosition {
  id?: string;
  good: string;
  type: string;
  quantity: number;
  reserve: number;
}

const LONGEST_NAME = 255;
const LONGEST_NOTE = 4_000;
/** What a reply about an order has with it; more positions than a page are read by themselves. */
const WITH_POSITIONS = { expand: 'positions' };
/** A reply to what makes an order has no stock. */
const WITH_STOCK = { ...WITH_POSITIONS, fields: 'stock' };
/** Above it lists ignore `expand` without a word. */
const PAGE = { limit: '100' };

/** The id by which an order of the CRM is found in a store, however often it is made. */
export function nameDocument(order: string, store: string, { connectionId }: MoyskladContext): string {
  return nameUuid(`${connectionId}/${order}/${store}`);
}

/** Finds the documents of an order by store; those in the bin are none. Throws ProviderError. */
export async function findDocuments(
  client: MoyskladClient,
  order: string,
  stores: readonly string[],
  context: MoyskladContext,
): Promise<Map<string, OrderDocument>> {
  const names = new Map(stores.map((store) => [nameDocument(order, store, context), store]));
  const filter = [...names.keys()].map((name) => `syncId=${name}`).join(';');
  const call = { method: 'GET', path: '/entity/customerorder', query: { filter, ...WITH_STOCK, ...PAGE } } as const;
  const { rows } = await client.read(WireOrders, call, context);
  const found = new Map<string, OrderDocument>();
  for (const row of rows) {
    const store = names.get(row.syncId ?? '');
    if (store !== undefined) found.set(store, await toDocument(client, row, store, context));
  }
  return found;
}

/**
 * Makes the document of an order in a store, once: a repeat answers the one made first as it is. Throws
 * ProviderError.
 */
export async function makeDocument(
  client: MoyskladClient,
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
    organization: client.refer('organization', organization),
    agent: client.refer('counterparty', agent),
    syncId: nameDocument(order, store.warehouse, context),
    description: describe(order, packs, context),
    ...toBody(client, store.warehouse, positions, packs),
  };
  const make = async (more: object): Promise<WireOrder> =>
    client.read(
      WireOrder,
      { method: 'POST', path: '/entity/customerorder', query: WITH_POSITIONS, json: { ...json, ...more }, headers: keepSilent(context) },
      context,
    );
  let made: WireOrder;
  try {
    made = await make(name);
  } catch (error) {
    // The account may want names that nobody else has given.
    if (!isRefusedAs(error, CODE.isNotUnique)) throw error;
    made = await make({});
  }
  return toDocument(client, made, store.warehouse, context);
}

/** Reads a document with the stock of its positions. Throws ProviderError. */
export async function readDocument(client: MoyskladClient, id: string, store: string, context: MoyskladContext): Promise<OrderDocument> {
  const call = { method: 'GET', path: toPath(id), query: WITH_STOCK } as const;
  return toDocument(client, await client.read(WireOrder, call, context), store, context);
}

/** Sets all positions of a document, posts it, and puts it into its store. Throws ProviderError. */
export async function setPositions(
  client: MoyskladClient,
  id: string,
  store: string,
  positions: readonly WantedPosition[],
  packs: readonly Pack[],
  context: MoyskladContext,
): Promise<OrderDocument> {
  const json = toBody(client, store, positions, packs);
  const call = { method: 'PUT', path: toPath(id), query: WITH_STOCK, json, headers: keepSilent(context) } as const;
  return toDocument(client, await client.read(WireOrder, call, context), store, context);
}

function toPath(id: string): string {
  return `/entity/customerorder/${encodeURIComponent(id)}`;
}

function toBody(client: MoyskladClient, store: string, positions: readonly WantedPosition[], packs: readonly Pack[]): object {
  const [day] = packs.flatMap(({ shipmentDate }) => shipmentDate ?? []).toSorted();
  return {
    store: client.refer('store', store),
    applicable: true,
    ...(day !== undefined && { deliveryPlannedMoment: `${day} 00:00:00` }),
    positions: {
      rows: positions.map(({ id, good, type, quantity, reserve }) => ({
        ...(id === undefined ? { assortment: client.refer(type, good) } : { id }),
        ...{ quantity: toUnits(quantity), reserve: toUnits(reserve) },
      })),
    },
  };
}

/** What people who look at the order read: whose it is, and the shop's documents. */
function describe(order: string, packs: readonly Pack[], context: MoyskladContext): string {
  const numbers = packs.flatMap(({ invoiceNumber, deliveryNoteNumber }) => [invoiceNumber ?? [], deliveryNoteNumber ?? []].flat());
  return cutText([say(fillIn(texts.orderNote, { order }), context), ...new Set(numbers)].join('\n'), LONGEST_NOTE);
}

/** Our own webhooks need not tell us of what we do. */
function keepSilent({ webhookUrl }: MoyskladContext): Record<string, string> {
  return { 'x-lognex-webhook-disablebyprefix': webhookUrl };
}

async function toDocument(client: MoyskladClient, order: WireOrder, store: string, context: MoyskladContext): Promise<OrderDocument> {
  const { id, name, applicable } = order;
  const isOfStore = order.store !== undefined && readId(order.store.meta.href) === store;
  return { id, name, isActive: applicable && isOfStore, positions: await listPositions(client, id, order.positions, context) };
}

/** All positions of an order, of which a page is known. */
async function listPositions(
  client: MoyskladClient,
  order: string,
  { meta, rows = [] }: WirePositions,
  context: MoyskladContext,
): Promise<Position[]> {
  if (rows.length >= meta.size) return rows.map(toPosition);
  const call = { method: 'GET', path: `${toPath(order)}/positions`, query: { limit: '1000' } } as const;
  const all = await client.read(WirePositionRows, call, context);
  return all.rows.map(toPosition);
}

function toPosition({ id, quantity, reserve = 0, shipped = 0, assortment, stock = {} }: WirePosition): Position {
  return {
    ...{ id, good: readId(assortment.meta.href) ?? '', quantity: toMillionths(quantity) },
    ...{ reserve: toMillionths(reserve), shipped: toMillionths(shipped) },
    ...(stock.quantity !== undefined && { free: toMillionths(stock.quantity) - toMillionths(stock.reserve ?? 0) }),
  };
}
