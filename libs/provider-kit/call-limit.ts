import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProviderCache } from './provider-cache.js';
import type { LocalText } from '#platform/plain';
import { makeError, ProviderError } from './provider-error.js';

/** A service's limit for the calls of one account. */
export interface CallLimit {
  /** Units in any `windowMs`. A call costs one by default. Choose a longer window than the service's. */
  units: number;
  /** Milliseconds. */
  windowMs: number;
  /** Calls at the same time. Any number by default. */
  atOnce?: number;
  /** Milliseconds without calls after a refusal for too many that specifies no time. Default: a second. */
  pauseMs?: number;
}

/** A place among the calls: `end` gives it back. Or the milliseconds until there may be one. */
export type CallPlace = { waitMs: number; end?: undefined } | { waitMs: 0; end: () => Promise<void> };

/** Calls of an account, in milliseconds of the clock that all processes share. */
interface Calls {
  /** When calls began, or ended where their end is known, and their costs, the oldest first. */
  begun: { at: number; units: number; id?: string }[];
  /** Calls in progress, and until when they count. */
  running: { id: string; until: number }[];
  /** No call before. */
  closedUntil: number;
}

/**
 * Milliseconds that a call counts for. It is renewed while it lasts, so a call of a dead process soon
 * expires.
 */
const LEASE_MS = 4_000;
const RENEW_MS = 1_200;
/** Until a call at the same time may have ended. */
const LOOK_MS = 60;
const DEFAULT_PAUSE_MS = 1_000;
/** The most that a service can close itself for. */
const LONGEST_PAUSE_MS = 3_600_000;

/**
 * Counts the calls of one account at a service for all processes of the deployment, in the provider's cache.
 * The order of waiting calls is undefined.
 */
export class CallCounter {
  private readonly key: string;

  /**
   * `account`: a hash of the credentials, because other connections may use them too. It includes the limit's
   * name if there are several.
   */
  constructor(
    private readonly cache: ProviderCache,
    account: string,
    private readonly limit: CallLimit,
  ) {
    this.key = `calls:${account}`;
  }

  /**
   * Takes a place for a call with this number of units, if there is one. A limit of simultaneous calls needs
   * its `end`.
   */
  async take(units = 1): Promise<CallPlace> {
    const { atOnce } = this.limit;
    const id = randomUUID();
    let waitMs = 0;
    await this.change((calls, now) => {
      waitMs = countWait(calls, now, units, this.limit);
      if (waitMs > 0) return calls;
      if (atOnce === undefined) return { ...calls, begun: [...calls.begun, { at: now, units }] };
      return {
        ...calls,
        begun: [...calls.begun, { at: now, units, id }],
        running: [...calls.running, { id, until: now + LEASE_MS }],
      };
    });
    if (waitMs > 0) return { waitMs };
    if (atOnce === undefined) return { waitMs: 0, end: () => Promise.resolve() };
    const stop = renewWhileRunning(() =>
      this.change((calls, now) => ({
        ...calls,
        running: calls.running.map((one) => (one.id === id ? { id, until: now + LEASE_MS } : one)),
      })),
    );
    const end = (): Promise<void> => {
      stop();
      // The service counts a call when it arrives, which may be as late as its end.
      return this.change(({ begun, running, ...calls }, now) => {
        const own = running.some((one) => one.id === id) ? begun.find((one) => one.id === id) : undefined;
        return {
          ...calls,
          begun: own ? [...begun.filter((one) => one !== own), { ...own, at: now }] : begun,
          running: running.filter((one) => one.id !== id),
        };
      });
    };
    return { waitMs: 0, end };
  }

  /**
   * Makes a call in its turn. After a `rate_limited` no process makes a call until the time in the error, or
   * for `pauseMs`. `busy` is for people.
   * @param signal ends the wait. Without it the call does not wait
   * @throws ProviderError `rate_limited` if there is no place in time, and the errors of `call`
   */
  async run<Reply>({ signal, busy }: { signal?: AbortSignal | undefined; busy: LocalText }, call: () => Promise<Reply>): Promise<Reply> {
    const end = await this.wait(signal, busy);
    try {
      return await call();
    } catch (error) {
      if (error instanceof ProviderError && error.kind === 'rate_limited')
        await this.close(error.retryAfterMs ?? this.limit.pauseMs ?? DEFAULT_PAUSE_MS);
      throw error;
    } finally {
      await end();
    }
  }

  /** Stops all calls for some milliseconds, as the service demanded. Never shortens a stop. */
  async close(ms: number): Promise<void> {
    await this.change((calls, now) => ({
      ...calls,
      closedUntil: Math.max(calls.closedUntil, now + Math.min(Math.max(ms, 0), LONGEST_PAUSE_MS)),
    }));
  }

  private async wait(signal: AbortSignal | undefined, busy: LocalText): Promise<() => Promise<void>> {
    for (;;) {
      const { waitMs, end } = await this.take();
      if (end) return end;
      if (!signal) throw makeError('rate_limited', busy, { retryAfterMs: Math.ceil(waitMs) });
      try {
        await sleep(Math.ceil(waitMs), undefined, { signal });
      } catch (cause) {
        throw makeError('rate_limited', busy, { retryAfterMs: Math.ceil(waitMs), cause });
      }
    }
  }

  private async change(change: (calls: Calls, now: number) => Calls): Promise<void> {
    const { windowMs } = this.limit;
    const options = { ttlSeconds: Math.ceil((windowMs + LONGEST_PAUSE_MS) / 1_000), scope: 'provider' } as const;
    await this.cache.update<Calls>(this.key, options, (calls = { begun: [], running: [], closedUntil: 0 }, now) =>
      change(
        {
          begun: calls.begun.filter(({ at }) => at > now - windowMs),
          running: calls.running.filter(({ until }) => until > now),
          closedUntil: calls.closedUntil,
        },
        now,
      ),
    );
  }
}

/**
 * Renews a lease of a few seconds until it is stopped. The next renewal makes up for a failed one. Returns
 * the function that stops it.
 */
export function renewWhileRunning(renew: () => Promise<unknown>): () => void {
  const timer = setInterval(() => void renew().catch(() => undefined), RENEW_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Milliseconds until a call with this number of units may begin. 0 means now. */
function countWait(
  { begun, running, closedUntil }: Calls,
  now: number,
  units: number,
  { units: most, windowMs, atOnce }: CallLimit,
): number {
  let left = most - begun.reduce((sum, one) => sum + one.units, 0);
  let fullMs = 0;
  for (const one of begun) {
    if (left >= units) break;
    left += one.units;
    fullMs = one.at + windowMs - now;
  }
  return Math.max(0, closedUntil - now, fullMs, atOnce !== undefined && running.length >= atOnce ? LOOK_MS : 0);
}
