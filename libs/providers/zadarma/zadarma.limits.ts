import { sha256Hex, textFor } from '#platform';
import { CallCounter, ProviderError } from '#provider-kit';
import type { ZadarmaContext } from './zadarma.settings.js';
import { texts } from './zadarma.texts.js';

/** Calls a minute that Zadarma takes with one key: of its statistics, and of everything else. */
const MOST = { statistics: 3, others: 100 } as const;
export type Limit = keyof typeof MOST;

/** A little more than Zadarma's minute: a call arrives later than it was made. */
const MINUTE_MS = 61_000;
/** The longest that a 429 stops calls. */
const LONGEST_PAUSE_MS = 120_000;

/**
 * Takes one of the minute's calls, of all processes together.
 * @throws ProviderError `rate_limited` when all are taken, or Zadarma wants none yet
 */
export async function takeCall(limit: Limit, context: ZadarmaContext): Promise<void> {
  const { waitMs, end } = await count(limit, context).take();
  if (!end) throw makeLimitError(waitMs, context);
}

/** Zadarma refused a call because there were too many: there is none until it says. Returns what to throw. */
export async function pauseCalls(limit: Limit, retryAfterMs = MINUTE_MS, context: ZadarmaContext): Promise<ProviderError> {
  const pauseMs = Math.min(retryAfterMs, LONGEST_PAUSE_MS);
  await count(limit, context).close(pauseMs);
  return makeLimitError(pauseMs, context);
}

function count(limit: Limit, { cache, settings: { key } }: ZadarmaContext): CallCounter {
  return new CallCounter(cache, `${sha256Hex(key).slice(0, 32)}:${limit}`, { units: MOST[limit], windowMs: MINUTE_MS });
}

function makeLimitError(waitMs: number, { account }: ZadarmaContext): ProviderError {
  return new ProviderError('rate_limited', textFor(texts.tooManyCalls, account.language), { retryAfterMs: Math.ceil(waitMs) });
}
