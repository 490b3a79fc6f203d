/** How ProviderCache stores a value. */
export interface CacheOptions {
  /** Seconds the value may be used. */
  ttlSeconds: number;
  /**
   * The owner of the value: the connection (default), or the provider for all connections: public
   * directories, and agreements between connections, without secrets.
   */
  scope?: 'connection' | 'provider';
  /** Kept encrypted (access tokens). */
  secret?: boolean;
}

/** A provider's cache for tokens and directories, shared by all processes. It may be emptied at any time. */
export interface ProviderCache {
  /**
   * The value of `key`, loaded when it is missing or too old. One load at a time in the whole deployment.
   * `Value` must survive JSON. Throws the errors of `load`.
   */
  fetch<Value>(key: string, options: CacheOptions, load: () => Promise<Value>): Promise<Value>;
  /**
   * Replaces a value by the result of `change`. Changes of all processes follow one another. `change`
   * receives the value, undefined when it is missing or too old, and the time by the clock that all share, in
   * milliseconds since 1970. It is called again when another process was faster, so it must be pure.
   */
  update<Value>(key: string, options: CacheOptions, change: (value: Value | undefined, now: number) => Value): Promise<Value>;
  /** Forgets a value (a token that was refused). */
  forget(key: string, scope?: 'connection' | 'provider'): Promise<void>;
}
