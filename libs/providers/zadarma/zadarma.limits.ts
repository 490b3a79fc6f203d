import { sha256Hex, textFor } from '#platform';
import { ProviderError } from '#provider-kit';
import type { ZadarmaContext } from './zadarma.settings.js';
import { TEXTS } from './zadarma.texts.js';

/** Calls a minute that Zadarma takes with one key: of its statistics, and of everything else. */
const MOST = { statistics: 3, others: 100 } as const;
export type Limit = keyof typeof MOST;

/** A little more than Zadarma's minute: a call arrives later than it was made. */
const MINUTE_MS = 61_000;
/** The longest that a 429 stops calls. */
const LONGEST_PAUSE_MS = 120_000;

/** The calls of the last minute. Milliseconds since 1970, by the clock that all processes share. */
interface Calls {
  at: number[];
  /** A 429 named it: there are none before. */
  notBefore: number;
}

/**
 * Takes one of the minute's calls, of all processes together.
 * @throws ProviderError `rate_limited` when all are taken, or Zadarma wants none yet
 */
export async function takeCall(limit: Limit, context: ZadarmaContext): Promise<void> {
  let waitMs = 0;
  await changeCalls(limit, context, ({ at, notBefore }, now) => {
    const oldest = at.length < MOST[limit] ? undefined : at[0];
    waitMs = Math.max(notBefore - now, oldest === undefined ? 0 : oldest + MINUTE_MS - now);
    return { at: waitMs > 0 ? at : [...at, now], notBefore };
  });
  if (waitMs > 0) throw makeLimitError(waitMs, context);
}

/** Zadarma refused a call because there were too many: there is none until it says. Returns what to throw. */
export async function pauseCalls(limit: Limit, retryAfterMs = MINUTE_MS, context: ZadarmaContext): Promise<ProviderError> {
  const pauseMs = Math.min(retryAfterMs, LONGEST_PAUSE_MS);
  await changeCalls(limit, context, ({ at, notBefore }, now) => ({ at, notBefore: Math.max(notBefore, now + pauseMs) }));
  return makeLimitError(pauseMs, context);
}

async function changeCalls(
  limit: Limit,
  { cache, settings: { key } }: ZadarmaContext,
  change: (calls: Calls, now: number) => Calls,
): Promise<void> {
  // The key's, not the connection's: another account of the CRM's may use the same one.
  const name = `calls/${sha256Hex(key).slice(0, 32)}/${limit}`;
  const options = { ttlSeconds: (MINUTE_MS + LONGEST_PAUSE_MS) / 1000, scope: 'provider' } as const;
  await cache.update<Calls>(name, options, (known = { at: [], notBefore: 0 }, now) =>
    change({ ...known, at: known.at.filter((at) => now - at < MINUTE_MS) }, now),
  );
}

function makeLimitError(waitMs: number, { account }: ZadarmaContext): ProviderError {
  return new ProviderError('rate_limited', textFor(TEXTS.tooManyCalls, account.language), { retryAfterMs: Math.ceil(waitMs) });
}
