import { type LocalText, readTexts, textFor } from '#platform';
import { cleanText, cutText, makeError } from '#provider-kit';
import type { MoyskladContext } from './moysklad.settings.js';
import type en from './texts/en.json';

/** The module's texts for people of a shop. */
export const texts = readTexts<typeof en>(new URL('./texts/', import.meta.url));

/** Names that a text shows, and their length. */
const MOST_SHOWN = 5;
const LONGEST_SHOWN = 60;

/** Lists the first names, shortened, and the number of all if there are more. */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, MOST_SHOWN).map((name) => cutText(cleanText(name), LONGEST_SHOWN));
  return [...shown, ...(names.length > shown.length ? [`… (${names.length})`] : [])].join(', ');
}

/** The text in the account's language. */
export function say(words: LocalText, { account }: MoyskladContext): string {
  return textFor(words, account.language);
}

/** Throws ProviderError `unavailable` after the call's time, even if the cache could still answer. */
export function refuseLate({ signal }: MoyskladContext): void {
  if (signal.aborted) throw makeError('unavailable', texts.timeOver);
}
