import { type LocalText, textFor } from '#platform';
import type { CallOutcome } from '#telephony/port';
import { isInside, type Notice } from './notice.js';
import { readOutcome } from './zadarma.outcomes.js';
import type { ZadarmaContext } from './zadarma.settings.js';
import { texts } from './zadarma.texts.js';

const KEY = 'trouble';
const KEPT = { ttlSeconds: 86_400 };
/** Maximum time for which the trouble is shown, if no other call is made. */
const SAID_MS = 86_400_000;
/** Outcomes of calls that Zadarma put through. */
const THROUGH: ReadonlySet<CallOutcome> = new Set(['answered', 'busy', 'no-answer'] as const);

/** Why a call was not put through, in Zadarma's words, and when, in milliseconds since 1970. */
interface Trouble {
  disposition: string;
  at: number;
}

/**
 * Remembers that Zadarma did not put a call through for a reason of the account's (no money, a limit), until
 * it puts one through to the outside.
 */
export async function noteTrouble(notice: Notice, context: ZadarmaContext): Promise<void> {
  const { event, disposition = '', destination } = notice;
  const outcome = readOutcome(disposition);
  if (outcome === 'not-allowed') await context.cache.update<Trouble>(KEY, KEPT, (_known, at) => ({ disposition, at }));
  if (event === 'NOTIFY_OUT_END' && THROUGH.has(outcome) && !isInside(destination, context)) await context.cache.forget(KEY);
}

/** Explains why recent calls were not put through. Undefined when they were. */
export async function describeTrouble({ cache, account }: ZadarmaContext): Promise<string | undefined> {
  const none: Trouble = { disposition: '', at: 0 };
  // Read this way, it is the last value that any process has written.
  const { disposition } = await cache.update<Trouble>(KEY, KEPT, (known = none, now) => (now - known.at < SAID_MS ? known : none));
  if (disposition === '') return undefined;
  const text: LocalText = /money/i.test(disposition) ? texts.noMoney : texts.limitReached;
  return `${textFor(text, account.language)} (${disposition})`;
}
