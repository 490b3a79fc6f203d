import { type LocalText, textFor } from '#platform';
import type { Notice } from './notice.js';
import { readOutcome } from './zadarma.outcomes.js';
import type { ZadarmaContext } from './zadarma.settings.js';
import { TEXTS } from './zadarma.texts.js';

const KEY = 'trouble';
const KEPT = { ttlSeconds: 86_400 };
/** The account page says it for so long after the last call that it stopped. */
const SAID_MS = 10_800_000;

/** Why a call was not put through, in Zadarma's words; when, in milliseconds since 1970. */
interface Trouble {
  disposition: string;
  at: number;
}

/** Remembers that Zadarma did not put a call through for a reason of the account's: no money, a limit. */
export async function noteTrouble({ disposition = '' }: Notice, { cache }: ZadarmaContext): Promise<void> {
  if (readOutcome(disposition) === 'not-allowed') await cache.update<Trouble>(KEY, KEPT, (_known, at) => ({ disposition, at }));
}

/** Says why calls were not put through of late; undefined when they were. */
export async function describeTrouble({ cache, account }: ZadarmaContext): Promise<string | undefined> {
  const none: Trouble = { disposition: '', at: 0 };
  const { disposition } = await cache.update<Trouble>(KEY, KEPT, (known = none, now) => (now - known.at < SAID_MS ? known : none));
  if (disposition === '') return undefined;
  const text: LocalText = /money/i.test(disposition) ? TEXTS.noMoney : TEXTS.limitReached;
  return `${textFor(text, account.language)} (${disposition})`;
}
