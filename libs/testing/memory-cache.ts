import type { CacheOptions, ProviderCache } from '#provider-kit';

/** A ProviderCache in memory, for specs of adapters. Values pass through JSON as in the real one. */
export class MemoryCache implements ProviderCache {
  private readonly kept = new Map<string, { text: string; until: number }>();
  private readonly loading = new Map<string, Promise<unknown>>();

  async fetch<Value>(key: string, options: CacheOptions, load: () => Promise<Value>): Promise<Value> {
    const name = `${options.scope ?? 'connection'} ${key}`;
    const entry = this.kept.get(name);
    if (entry && entry.until > Date.now()) return JSON.parse(entry.text) as Value;
    let running = this.loading.get(name) as Promise<Value> | undefined;
    if (!running) {
      running = load()
        .then((value) => {
          this.kept.set(name, { text: JSON.stringify(value), until: Date.now() + options.ttlSeconds * 1000 });
          return value;
        })
        .finally(() => this.loading.delete(name));
      this.loading.set(name, running);
    }
    return running;
  }

  update<Value>(key: string, options: CacheOptions, change: (value: Value | undefined, now: number) => Value): Promise<Value> {
    const name = `${options.scope ?? 'connection'} ${key}`;
    const entry = this.kept.get(name);
    const now = Date.now();
    const value = change(entry && entry.until > now ? (JSON.parse(entry.text) as Value) : undefined, now);
    this.kept.set(name, { text: JSON.stringify(value), until: now + options.ttlSeconds * 1000 });
    return Promise.resolve(value);
  }

  forget(key: string, scope: CacheOptions['scope'] = 'connection'): Promise<void> {
    this.kept.delete(`${scope} ${key}`);
    return Promise.resolve();
  }
}
