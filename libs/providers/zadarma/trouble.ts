import { say, SharedNote } from '#provider-kit';
import type { CallOutcome } from '#telephony/port';
import { isInside, type Notice, readOutcome } from './notice.js';
import type { ZadarmaContext } from './zadarma.settings.js';
import { texts } from './zadarma.texts.js';

/** Maximum time for which the trouble is shown, if no other call is made. */
const SAID_MS = 86_400_000;
/** Outcomes of calls that Zadarma put through. */
const THROUGH: ReadonlySet<CallOutcome> = new Set(['answered', 'busy', 'no-answer'] as const);

/** Why a call was not put through, in Zadarma's words, and when, in milliseconds since 1970. */
interface Trouble {
  disposition: string;
  at: number;
}

const troubles = new SharedNote<Trouble>('trouble', { ttlSeconds: 86_400 });

/**
 * Remembers that Zadarma did not put a call through for a reason of the account's (no money, a limit), until
 * it puts one through to the outside.
 */
export async function noteTrouble(notice: Notice, context: ZadarmaContext): Promise<void> {
  const { event, disposition = '', destination } = notice;
  const outcome = readOutcome(disposition);
  if (outcome === 'not-allowed') await troubles.change('', (_known, at) => ({ disposition, at }), context);
  if (event === 'NOTIFY_OUT_END' && THROUGH.has(outcome) && !isInside(destination, context)) await troubles.forget('', context);
}

/** Explains why recent calls were not put through. Undefined when they were. */
export async function describeTrouble(context: ZadarmaContext): Promise<string | undefined> {
  const trouble = await troubles.change('', (known, now) => (known && now - known.at < SAID_MS ? known : null), context);
  return trouble
    ? `${say(/money/i.test(trouble.disposition) ? texts.noMoney : texts.limitReached, context)} (${trouble.disposition})`
    : undefined;
}
