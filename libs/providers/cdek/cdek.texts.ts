import { type LocalText, readTexts, textFor } from '#platform';
import { makeError, type ProviderContext, type ProviderError } from '#provider-kit';
import type en from './texts/en.json';

/** The module's texts for people of a shop. */
export const texts = readTexts<typeof en>(new URL('./texts/', import.meta.url));

type Context = Pick<ProviderContext<object>, 'account' | 'signal'>;

/** The text in the account's language. */
export function say(words: LocalText, { account }: Context): string {
  return textFor(words, account.language);
}

/** A ProviderError `invalid` about one of the callback's fields. */
export function makeFieldError(field: string, words: LocalText, why: LocalText): ProviderError {
  return makeError('invalid', words, { fields: { [field]: why } });
}

/** Throws ProviderError `unavailable` after the call's time, even if the cache could still answer. */
export function refuseLate(context: Context): void {
  if (context.signal.aborted) throw makeError('unavailable', texts.timeOver);
}
