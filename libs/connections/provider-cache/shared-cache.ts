import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Database, defineJob, HandleJob, RETENTION_EVERY_MS, SecretBox } from '#platform';
import type { CacheOptions, ProviderCache } from '#provider-kit';

const cleanCache = defineJob<Record<string, never>>('housekeeping', 'provider-cache.clean');

/** Seconds after which another process takes over a load. */
const LOADING_S = 15;
const POLL_MS = 100;
const NOW = `extract(epoch FROM clock_timestamp())::float8 * 1000`;
const LEFT = `extract(epoch FROM expires_at - now())::float8 * 1000`;

const CLEANED_ROWS = 1_000;
const CLEAN = `DELETE FROM provider_cache WHERE (scope, key) IN (
    SELECT scope, key FROM provider_cache WHERE expires_at < now() - interval '1 day' AND loading_until < now()
    ORDER BY expires_at LIMIT ${CLEANED_ROWS} FOR UPDATE SKIP LOCKED
  ) RETURNING 1`;

interface Row {
  value: string | null;
  fresh: boolean;
  /** Milliseconds until it expires. */
  left: number;
}

/** Values kept in PostgreSQL for all processes, with a copy in each. */
@Injectable()
export class SharedCache {
  private readonly memory = new LRUCache<string, { value: unknown }>({ max: 2000, ttl: 1 });
  private readonly loading = new Map<string, Promise<unknown>>();

  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
  ) {}

  /** Returns the cache for one provider and one connection. */
  forProvider(provider: string, connectionId: string): ProviderCache {
    const formatScope = (scope: CacheOptions['scope']): string => (scope === 'provider' ? provider : `${provider}/${connectionId}`);
    return {
      fetch: (key, options, load) => this.fetch(formatScope(options.scope), key, options, load),
      update: (key, options, change) => this.update(formatScope(options.scope), key, options, change),
      forget: (key, scope) => this.forget(formatScope(scope), key),
    };
  }

  /** Deletes expired values, some at a time. */
  @HandleJob(cleanCache, { everyMs: RETENTION_EVERY_MS })
  async clean(_data: object, stopping: AbortSignal): Promise<void> {
    let deleted = CLEANED_ROWS;
    while (deleted === CLEANED_ROWS && !stopping.aborted) ({ length: deleted } = await this.database.query(CLEAN));
  }

  private async fetch<Value>(scope: string, key: string, options: CacheOptions, load: () => Promise<Value>): Promise<Value> {
    const name = `${scope}\n${key}`;
    const kept = this.memory.get(name);
    if (kept) return kept.value as Value;
    let running = this.loading.get(name) as Promise<Value> | undefined;
    if (!running) {
      running = this.fetchShared(scope, key, options, load).finally(() => this.loading.delete(name));
      this.loading.set(name, running);
    }
    return running;
  }

  private async fetchShared<Value>(scope: string, key: string, options: CacheOptions, load: () => Promise<Value>): Promise<Value> {
    for (const until = Date.now() + LOADING_S * 1000; ;) {
      const [row] = await this.database.query<Row>(
        `SELECT value, expires_at > now() AS fresh, ${LEFT} AS left FROM provider_cache WHERE scope = $1 AND key = $2`,
        [scope, key],
      );
      if (row?.fresh && row.value !== null) return this.remember<Value>(scope, key, this.open(scope, key, row.value, options), row.left);
      const taken = await this.database.query(
        `INSERT INTO provider_cache AS c (scope, key, expires_at, loading_until) VALUES ($1, $2, '-infinity', now() + make_interval(secs => $3))
         ON CONFLICT (scope, key) DO UPDATE SET loading_until = now() + make_interval(secs => $3) WHERE c.loading_until <= now() RETURNING key`,
        [scope, key, LOADING_S],
      );
      if (taken.length > 0 || Date.now() > until) break;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    try {
      const value = await load();
      const text = JSON.stringify(value);
      await this.database.query(
        `INSERT INTO provider_cache (scope, key, value, expires_at) VALUES ($1, $2, $3, now() + make_interval(secs => $4))
         ON CONFLICT (scope, key) DO UPDATE SET value = $3, expires_at = now() + make_interval(secs => $4), loading_until = '-infinity'`,
        [scope, key, options.secret ? this.box.seal(text, `${scope}/${key}`) : text, options.ttlSeconds],
      );
      return this.remember<Value>(scope, key, value, options.ttlSeconds * 1000);
    } catch (error) {
      await this.database.query(`UPDATE provider_cache SET loading_until = '-infinity' WHERE scope = $1 AND key = $2`, [scope, key]);
      throw error;
    }
  }

  /** Reads, changes and writes a value, and repeats that until no other process has written in between. */
  private async update<Value>(
    scope: string,
    key: string,
    options: CacheOptions,
    change: (value: Value | undefined, now: number) => Value,
  ): Promise<Value> {
    for (;;) {
      const [row] = await this.database.query<{ now: number; value: string | null; fresh: boolean | null }>(
        `SELECT ${NOW} AS now, value, expires_at > now() AS fresh
         FROM (SELECT) one LEFT JOIN provider_cache ON scope = $1 AND key = $2`,
        [scope, key],
      );
      const { now, value: before, fresh } = row as { now: number; value: string | null; fresh: boolean | null };
      const value = change(fresh && before !== null ? (this.open(scope, key, before, options) as Value) : undefined, now);
      const text = JSON.stringify(value);
      const written = await this.database.query(
        `INSERT INTO provider_cache AS c (scope, key, value, expires_at) VALUES ($1, $2, $3, now() + make_interval(secs => $4))
         ON CONFLICT (scope, key) DO UPDATE SET value = $3, expires_at = now() + make_interval(secs => $4)
         WHERE c.value IS NOT DISTINCT FROM $5 RETURNING key`,
        [scope, key, options.secret ? this.box.seal(text, `${scope}/${key}`) : text, options.ttlSeconds, before],
      );
      if (written.length === 0) continue;
      this.memory.delete(`${scope}\n${key}`);
      return value;
    }
  }

  private async forget(scope: string, key: string): Promise<void> {
    this.memory.delete(`${scope}\n${key}`);
    await this.database.query(`UPDATE provider_cache SET expires_at = '-infinity' WHERE scope = $1 AND key = $2`, [scope, key]);
  }

  private open(scope: string, key: string, text: string, options: CacheOptions): unknown {
    return JSON.parse(options.secret ? this.box.open(text, `${scope}/${key}`) : text);
  }

  private remember<Value>(scope: string, key: string, value: unknown, left: number): Value {
    // Another process may remove it (such as a rejected token), so a copy lives at most a minute.
    if (left > 0) this.memory.set(`${scope}\n${key}`, { value }, { ttl: Math.min(left, 60_000) });
    return value as Value;
  }
}
