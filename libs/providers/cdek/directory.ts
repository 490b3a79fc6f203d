import type { CacheOptions } from '#provider-kit';
import type { CdekClient, CdekQuery } from './cdek.client.js';
import type { CdekContext } from './cdek.settings.js';

/** A list of CDEK's that is the same for every account: its cities, its points. */
export interface Directory<Row> {
  /** Part of the cache's keys. */
  readonly name: string;
  /** Asks CDEK for the rows of a query. Throws ProviderError. */
  load(client: CdekClient, query: CdekQuery, context: CdekContext): Promise<Row[]>;
}

const DAY = 86_400;
const KEPT: CacheOptions = { ttlSeconds: 3 * DAY, scope: 'provider' };
const FRESH: CacheOptions = { ttlSeconds: DAY, scope: 'provider' };
const INDEX: CacheOptions = { ttlSeconds: 90 * DAY, scope: 'provider' };
/** How many entries are reloaded every day; an older one expires and is loaded when it is next asked for. */
const MOST_REFRESHED = 500;

/** A query's rows from the cache or CDEK; kept for three days, reloaded daily by `refreshDirectories`. */
export async function readDirectory<Row>(
  directory: Directory<Row>,
  client: CdekClient,
  query: CdekQuery,
  context: CdekContext,
): Promise<Row[]> {
  const cut = Object.fromEntries(Object.entries(query).map(([name, value]) => [name, value.trim().slice(0, 100)]));
  const name = `${directory.name}?${new URLSearchParams(cut).toString()}`;
  return context.cache.fetch(toDirectoryKey(client, name, context), KEPT, async () => {
    const rows = await directory.load(client, cut, context);
    if (rows.length > 0) await enlist(client, name, context);
    return rows;
  });
}

/** Reloads used entries that are a day old; keeps an entry that cannot be loaded. Throws ProviderError. */
export async function refreshDirectories(
  directories: readonly Directory<unknown>[],
  client: CdekClient,
  context: CdekContext,
): Promise<void> {
  const names = await context.cache.fetch<string[]>(toDirectoryKey(client, 'index', context), INDEX, () => Promise.resolve([]));
  for (const name of names) {
    if (context.signal.aborted) return;
    const [kind, query] = name.split('?');
    const directory = directories.find((one) => one.name === kind);
    if (directory === undefined) continue;
    await context.cache.fetch(toDirectoryKey(client, `fresh ${name}`, context), FRESH, async () => {
      const rows = await directory.load(client, Object.fromEntries(new URLSearchParams(query)), context);
      await replace(client, name, rows, KEPT, context);
      return true;
    });
  }
}

/** The cache's key of an entry; CDEK's contours never share one. */
export function toDirectoryKey(client: CdekClient, name: string, context: CdekContext): string {
  return `${client.identifyContour(context)} ${name}`;
}

/** Marks an entry as used. Two processes at once may leave one entry out of the refresh. */
async function enlist(client: CdekClient, name: string, context: CdekContext): Promise<void> {
  const names = await context.cache.fetch<string[]>(toDirectoryKey(client, 'index', context), INDEX, () => Promise.resolve([]));
  await context.cache.fetch(toDirectoryKey(client, `fresh ${name}`, context), FRESH, () => Promise.resolve(true));
  if (!names.includes(name)) await replace(client, 'index', [...names, name].slice(-MOST_REFRESHED), INDEX, context);
}

async function replace<Value>(client: CdekClient, name: string, value: Value, options: CacheOptions, context: CdekContext): Promise<void> {
  const key = toDirectoryKey(client, name, context);
  await context.cache.forget(key, options.scope);
  await context.cache.fetch(key, options, () => Promise.resolve(value));
}
