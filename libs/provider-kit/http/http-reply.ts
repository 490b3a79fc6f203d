import { UntypedPropertyError } from '#platform/plain';
import type { ProviderError } from '../provider-error.js';
import type { RawReply } from './exchange.js';

/** A reply the adapter is to judge: 2xx, or a 4xx other than 401, 403 and 429. */
export class HttpReply {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: RawReply['headers'];
  readonly bytes: Buffer;

  constructor(
    raw: RawReply,
    /** The error for a reply that says nothing: of unknown outcome when something may have been done. */
    private readonly unreadable: (why: string) => ProviderError,
  ) {
    this.status = raw.status;
    this.headers = raw.headers;
    this.bytes = raw.bytes;
  }

  /** 2xx. */
  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  text(): string {
    return new TextDecoder().decode(this.bytes);
  }

  /**
   * Returns what `read` makes of the JSON body.
   * @throws ProviderError if unreadable: `unknown_outcome` (2xx, effect), `unavailable`, `rejected` (4xx)
   * @throws UntypedPropertyError for a mistake in the reply's class, never of the service
   */
  json<T>(read: (value: unknown) => T): T {
    let value: unknown;
    try {
      value = JSON.parse(this.text());
    } catch {
      // The parser's message quotes the reply, which may hold what must not be seen.
      throw this.unreadable('not JSON');
    }
    try {
      return read(value);
    } catch (error) {
      if (error instanceof UntypedPropertyError) throw error;
      throw this.unreadable(error instanceof Error ? error.message : 'unexpected shape');
    }
  }
}
