import { type LocalText, readTexts, textFor } from '#platform';
import { cleanText, cutText, type ProviderContext, ProviderError, type ProviderErrorDetails, type ProviderErrorKind } from '#provider-kit';
import type en from './texts/en.json';

/** The module's texts for people of a shop. */
export const texts = readTexts<typeof en>(new URL('./texts/', import.meta.url));

type Context = Pick<ProviderContext<object>, 'account' | 'signal'>;

/** Names that a text shows, and their length. */
const MOST_SHOWN = 5;
const LONGEST_SHOWN = 60;

/** Lists the first names, shortened, and the number of all if there are more. */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, MOST_SHOWN).map((name) => cutText(cleanText(name), LONGEST_SHOWN));
  return [...shown, ...(names.length > shown.length ? [`… (${names.length})`] : [])].join(', ');
}

/** The text in the account's language. */
export function say(words: LocalText, { account }: Context): string {
  return textFor(words, account.language);
}

/** A ProviderError in the account's language; `fields` by the callback's paths. */
export function makeError(
  kind: ProviderErrorKind,
  words: LocalText,
  context: Context,
  fields: Readonly<Record<string, LocalText>> = {},
  details: Omit<ProviderErrorDetails, 'fields'> = {},
): ProviderError {
  const told = Object.fromEntries(Object.entries(fields).map(([field, why]) => [field, say(why, context)]));
  return new ProviderError(kind, say(words, context), { ...details, ...(Object.keys(told).length > 0 && { fields: told }) });
}

/** Throws ProviderError `unavailable` after the call's time, even if the cache could still answer. */
export function refuseLate(context: Context): void {
  if (context.signal.aborted) throw makeError('unavailable', texts.timeOver, context);
}
