import type { Address } from '#delivery/port';
import type { CacheOptions } from '#provider-kit';
import type { Apiship } from './apiship.api.js';
import type { ApishipContext } from './apiship.settings.js';
import { readList } from './lists.js';

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

/** Reads the connected carriers from ApiShip. Throws ProviderError. */
export async function loadConnections(api: Apiship, context: ApishipContext): Promise<Connected[]> {
  const rows = await readList(api.connections, { limit: PAGE }, context);
  return rows.map(({ id, providerKey, name }) => ({ id, carrier: providerKey, ...(name && { name }) }));
}

/** The connections, at most ten minutes old. */
export function listConnections(api: Apiship, context: ApishipContext): Promise<Connected[]> {
  return context.cache.fetch(`connections:${api.identifyAccount(context)}`, CONNECTED, () => loadConnections(api, context));
}

/** Keys of the carriers on offer: the settings', else all that are connected. Throws ProviderError. */
export async function listOffered(api: Apiship, context: ApishipContext): Promise<string[]> {
  const { carriers } = context.settings;
  if (carriers.length > 0) return carriers.map(({ code }) => code);
  return [...new Set((await listConnections(api, context)).map(({ carrier }) => carrier))];
}

/** Names of all of ApiShip's carriers by key. Throws ProviderError. */
export async function readCarrierNames(api: Apiship, context: ApishipContext): Promise<ReadonlyMap<string, string>> {
  const key = `${api.identifyContour(context)} carriers`;
  const pairs = await context.cache.fetch<[string, string][]>(key, NAMED, async () => {
    const rows = await readList(api.carriers, { limit: PAGE }, context);
    return rows.map((row) => [row.key, row.name ?? row.key]);
  });
  return new Map(pairs);
}

/** Chooses how a carrier receives the parcels: at the order's point, else by the settings. */
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
