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
    /**
     * The error for a reply without a usable content: an unknown outcome when an effect may have happened.
     */
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
   * Reads the JSON body with `read` and returns the result.
   * @throws ProviderError if unreadable: `unknown_outcome` (2xx, effect), `unavailable`, `rejected` (4xx)
   * @throws UntypedPropertyError for a mistake in the reply's class, never for the service's
   */
  json<T>(read: (value: unknown) => T): T {
    let value: unknown;
    try {
      value = JSON.parse(this.text());
    } catch {
      // The parser's message quotes the reply, which may contain private data.
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
