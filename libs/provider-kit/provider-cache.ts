/** How ProviderCache stores a value. */
export interface CacheOptions {
  /** Seconds the value may be used. */
  ttlSeconds: number;
  /**
   * Whose it is: the connection's (default), or the provider's for all connections: public directories, and
   * what connections agree on, without secrets.
   */
  scope?: 'connection' | 'provider';
  /** Kept encrypted (access tokens). */
  secret?: boolean;
}

/** A provider's cache for tokens and directories, shared by all processes; may be emptied at any time. */
export interface ProviderCache {
  /**
   * The value of `key`, loaded when there is none or it is too old; one load at a time in the whole
   * deployment. `Value` must survive JSON. Throws what `load` throws.
   */
  fetch<Value>(key: string, options: CacheOptions, load: () => Promise<Value>): Promise<Value>;
  /**
   * Replaces a value by what `change` makes of it; changes of all processes follow one another. It gets the
   * value, undefined when there is none or it is too old, and the time by the clock that all share, in
   * milliseconds since 1970. It is called again when another process was faster: it must be pure.
   */
  update<Value>(key: string, options: CacheOptions, change: (value: Value | undefined, now: number) => Value): Promise<Value>;
  /** Forgets a value (a token that was refused). */
  forget(key: string, scope?: 'connection' | 'provider'): Promise<void>;
}
