import { errorText } from '#platform/plain';
import { ProviderError } from './provider-error.js';

/** Milliseconds after which a failure that does not recur has ended. */
const FORGOTTEN_MS = 3_600_000;
/** The target of the lines, such as Nest's Logger. */
export interface OutageLines {
  warn(line: string): void;
  log(line: string): void;
}

const AWAY: readonly string[] = ['rate_limited', 'unavailable', 'unknown_outcome'];

/** Whether an error means that the provider is unavailable to everyone. */
export function isAway(error: unknown): boolean {
  return error instanceof ProviderError && AWAY.includes(error.kind);
}

/**
 * Logs one warning when a polled provider or connection fails and one line when all work again, however many
 * rounds fail. If the provider is unavailable, the failure is the provider's. Any other error is the
 * connection's.
 */
export class OutageLog {
  /** When each connection failed last, by the failing part. */
  private readonly failing = new Map<string, Map<string, number>>();

  /** `doing` ends the sentence "X cannot be ...", such as `polled`. */
  constructor(
    private readonly logger: OutageLines,
    private readonly doing: string,
    private readonly now: () => number = Date.now,
  ) {}

  /** A call of a connection to its provider (by code) failed. */
  recordFailure(provider: string, connectionId: string, error: unknown): void {
    if (isAway(error)) return this.note(provider, connectionId, `${provider} cannot be ${this.doing} (connection ${connectionId})`, error);
    if (error instanceof ProviderError) this.end(provider, connectionId);
    this.note(connectionId, connectionId, `connection ${connectionId} cannot be ${this.doing}`, error);
  }

  /** A call of a connection to its provider succeeded. */
  recordSuccess(provider: string, connectionId: string): void {
    this.end(provider, connectionId);
    this.end(connectionId, connectionId);
  }

  private note(what: string, who: string, sentence: string, error: unknown): void {
    const since = this.listFailing(what);
    if (since.size === 0) this.logger.warn(`${sentence}: ${errorText(error)}`);
    this.failing.set(what, since.set(who, this.now()));
  }

  private end(what: string, who: string): void {
    if (!this.failing.has(what)) return;
    const since = this.listFailing(what);
    since.delete(who);
    if (since.size > 0) return;
    this.failing.delete(what);
    this.logger.log(`${what === who ? `connection ${what}` : what} can be ${this.doing} again`);
  }

  /** Omits connections whose failure is too old to count, such as ones switched off since. */
  private listFailing(what: string): Map<string, number> {
    const since = this.failing.get(what) ?? new Map<string, number>();
    for (const [who, at] of since) if (at < this.now() - FORGOTTEN_MS) since.delete(who);
    return since;
  }
}
