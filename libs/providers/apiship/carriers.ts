import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsInt, IsOptional, IsString, ValidateNested } from 'class-validator';
import type { Address } from '#delivery/port';
import type { CacheOptions } from '#provider-kit';
import type { ApishipClient } from './apiship.client.js';
import type { ApishipContext } from './apiship.settings.js';
import { ListMeta, type ListPage, readList } from './lists.js';

/** A contract of the shop with a carrier, or ApiShip's own that the shop uses. */
class ApishipConnection {
  @IsString() id!: string;
  @IsString() providerKey!: string;
  @IsOptional() @IsString() name?: string;
}

/** `GET /connections` */
class ConnectionPage implements ListPage<ApishipConnection> {
  @IsArray() @ArrayMaxSize(1_000) @ValidateNested({ each: true }) @Type(() => ApishipConnection) rows!: ApishipConnection[];
  @IsOptional() @ValidateNested() @Type(() => ListMeta) meta?: ListMeta;
  @IsOptional() @IsInt() total?: number;
}

/** A carrier that ApiShip works with. */
class ApishipProviderRow {
  @IsString() key!: string;
  @IsOptional() @IsString() name?: string;
}

/** `GET /lists/providers` */
class ProviderPage implements ListPage<ApishipProviderRow> {
  @IsArray() @ArrayMaxSize(10_000) @ValidateNested({ each: true }) @Type(() => ApishipProviderRow) rows!: ApishipProviderRow[];
  @IsOptional() @ValidateNested() @Type(() => ListMeta) meta?: ListMeta;
  @IsOptional() @IsInt() total?: number;
}

/** A carrier connected at ApiShip. */
export interface Connected {
  /** ApiShip's number of the contract. */
  id: string;
  carrier: string;
  name?: string;
}

/** How parcels get to a carrier: ApiShip's number of the way, and of the point they are brought to. */
export interface Handover {
  type: 1 | 2;
  pointInId?: number;
}

const CONNECTED: CacheOptions = { ttlSeconds: 600 };
const NAMED: CacheOptions = { ttlSeconds: 86_400, scope: 'provider' };
/** ApiShip's greatest page of connections. */
const PAGE = 100;
const POINT_ID = /^\d{1,10}$/;

/** Asks ApiShip which carriers are connected. Throws ProviderError. */
export async function loadConnections(client: ApishipClient, context: ApishipContext): Promise<Connected[]> {
  const rows = await readList(client, ConnectionPage, { path: '/connections', limit: PAGE }, context);
  return rows.map(({ id, providerKey, name }) => ({ id, carrier: providerKey, ...(name && { name }) }));
}

/** The same as it was at most ten minutes ago. */
export function listConnections(client: ApishipClient, context: ApishipContext): Promise<Connected[]> {
  return context.cache.fetch(`connections:${client.identifyAccount(context)}`, CONNECTED, () => loadConnections(client, context));
}

/** Keys of the carriers on offer: the settings', else all that are connected. Throws ProviderError. */
export async function listOffered(client: ApishipClient, context: ApishipContext): Promise<string[]> {
  const { carriers } = context.settings;
  if (carriers.length > 0) return carriers.map(({ code }) => code);
  return [...new Set((await listConnections(client, context)).map(({ carrier }) => carrier))];
}

/** Names of all of ApiShip's carriers by key. Throws ProviderError. */
export async function readCarrierNames(client: ApishipClient, context: ApishipContext): Promise<ReadonlyMap<string, string>> {
  const key = `${client.identifyContour(context)} carriers`;
  const pairs = await context.cache.fetch<[string, string][]>(key, NAMED, async () => {
    const rows = await readList(client, ProviderPage, { path: '/lists/providers', limit: PAGE }, context);
    return rows.map((row) => [row.key, row.name ?? row.key]);
  });
  return new Map(pairs);
}

/** How a carrier gets the parcels: at the point that the order names, else as the settings say. */
export function chooseHandover(carrier: string, from: Address | undefined, { settings }: ApishipContext): Handover {
  if (from?.terminal !== undefined && POINT_ID.test(from.terminal)) return { type: 2, pointInId: Number(from.terminal) };
  const own = settings.carriers.find(({ code }) => code === carrier);
  if ((own?.pickup ?? settings.pickup) === 'courier') return { type: 1 };
  return { type: 2, ...(own?.point !== undefined && { pointInId: own.point }) };
}

/** ApiShip's number of the contract that the settings name for a carrier. */
export function findContract(carrier: string, { settings }: ApishipContext): string | undefined {
  return settings.carriers.find(({ code }) => code === carrier)?.connection || undefined;
}
