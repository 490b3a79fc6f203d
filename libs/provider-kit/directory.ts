import type { CacheOptions } from './provider-cache.js';
import type { ProviderContext } from './provider-context.js';
import { refuseLate } from './provider-error.js';

/** Parameters of a question for a list. */
export type DirectoryQuery = Readonly<Record<string, string>>;

/** A list of a service that is the same for every account: cities, points. */
export interface DirectoryOptions<Row, C> {
  /** Part of the cache's keys. Change it with the shape of the rows: other processes may keep older ones. */
  name: string;
  /** A short hash of the service's address, as test and production never share rows. */
  identify(context: C): string;
  /** Reads the rows of a query at the service. Throws ProviderError. */
  load(query: DirectoryQuery, context: C): Promise<Row[]>;
}

const DAY = 86_400;
const KEPT: CacheOptions = { ttlSeconds: 3 * DAY, scope: 'provider' };
const FRESH: CacheOptions = { ttlSeconds: DAY, scope: 'provider' };
const INDEX: CacheOptions = { ttlSeconds: 90 * DAY, scope: 'provider' };
/** Entries that are reloaded every day. An older one expires and is loaded when it is next read. */
const MOST_REFRESHED = 500;
const LONGEST_VALUE = 100;

/** The lists of a service, kept for three days in the cache and reloaded daily while they are in use. */
export class Directory<Row, C extends Pick<ProviderContext<unknown>, 'cache' | 'signal'>> {
  constructor(private readonly options: DirectoryOptions<Row, C>) {}

  /** Reads the rows of a query at the service, past the cache. Throws ProviderError. */
  load(query: DirectoryQuery, context: C): Promise<Row[]> {
    return this.options.load(query, context);
  }

  /** Reads the rows of a query from the cache or the service. Throws ProviderError, also after the signal. */
  async read(query: DirectoryQuery, context: C): Promise<Row[]> {
    refuseLate(context);
    const cut = Object.fromEntries(Object.entries(query).map(([name, value]) => [name, value.trim().slice(0, LONGEST_VALUE)]));
    const entry = new URLSearchParams(cut).toString();
    return context.cache.fetch(this.toKey(`?${entry}`, context), KEPT, async () => {
      const rows = await this.load(cut, context);
      if (rows.length > 0) await this.enlist(entry, context);
      return rows;
    });
  }

  /** Reloads used entries that are a day old. Keeps an entry that cannot be loaded. Throws ProviderError. */
  async refresh(context: C): Promise<void> {
    for (const entry of await this.readIndex(context)) {
      if (context.signal.aborted) return;
      await context.cache.fetch(this.toFreshKey(entry, context), FRESH, async () => {
        const rows = await this.load(Object.fromEntries(new URLSearchParams(entry)), context);
        await context.cache.update(this.toKey(`?${entry}`, context), KEPT, () => rows);
        return true;
      });
    }
  }

  /** The cache's key of an entry, also for single rows that are kept outside the directory. */
  toKey(entry: string, context: C): string {
    return `${this.options.identify(context)} ${this.options.name}${entry}`;
  }

  private toFreshKey(entry: string, context: C): string {
    return `${this.options.identify(context)} fresh ${this.options.name}?${entry}`;
  }

  private readIndex(context: C): Promise<string[]> {
    return context.cache.update<string[]>(`${this.options.identify(context)} index ${this.options.name}`, INDEX, (entries = []) => entries);
  }

  private async enlist(entry: string, context: C): Promise<void> {
    await context.cache.fetch(this.toFreshKey(entry, context), FRESH, () => Promise.resolve(true));
    await context.cache.update<string[]>(`${this.options.identify(context)} index ${this.options.name}`, INDEX, (entries = []) =>
      entries.includes(entry) ? entries : [...entries, entry].slice(-MOST_REFRESHED),
    );
  }
}
