import type { CacheOptions, ProviderCache } from './provider-cache.js';

/** The members of a context that notes need. */
interface NoteContext {
  readonly cache: ProviderCache;
}

/**
 * A small fact that all processes read and change, by key. It is read where it is written, because a copy in
 * the process may be older. The cache may be emptied, so it is a help and not a record.
 */
export class SharedNote<Value> {
  /** `name`: part of the cache's keys. */
  constructor(
    private readonly name: string,
    private readonly options: CacheOptions,
  ) {}

  /** Null if there is none. */
  read(key: string, context: NoteContext): Promise<Value | null> {
    return this.change(key, (value) => value, context);
  }

  async write(key: string, value: Value, context: NoteContext): Promise<void> {
    await this.change(key, () => value, context);
  }

  /** Replaces the value by the result of `change`, which must be pure. Returns the new value. */
  change(key: string, change: (value: Value | null, now: number) => Value | null, { cache }: NoteContext): Promise<Value | null> {
    return cache.update<Value | null>(this.name + key, this.options, (value = null, now) => change(value, now));
  }

  forget(key: string, { cache }: NoteContext): Promise<void> {
    return cache.forget(this.name + key, this.options.scope);
  }
}
