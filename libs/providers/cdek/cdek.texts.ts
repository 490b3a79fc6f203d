import { type LocalText, readTexts, textFor } from '#platform';
import { type ProviderContext, ProviderError, type ProviderErrorDetails, type ProviderErrorKind } from '#provider-kit';
import type en from './texts/en.json';

/** The module's texts for people of a shop. */
export const texts = readTexts<typeof en>(new URL('./texts/', import.meta.url));

type Context = Pick<ProviderContext<object>, 'account' | 'signal'>;

/** The text in the account's language. */
export function say(words: LocalText, { account }: Context): string {
  return textFor(words, account.language);
}

/**
 * A ProviderError in the account's language; `fields` says what is wrong with which of the callback's fields.
 */
export function makeError(
  kind: ProviderErrorKind,
  words: LocalText,
  context: Context,
  fields: Readonly<Record<string, LocalText>> = {},
  cause?: unknown,
): ProviderError {
  const told = Object.fromEntries(Object.entries(fields).map(([field, why]) => [field, say(why, context)]));
  const details: ProviderErrorDetails = { ...(Object.keys(told).length > 0 && { fields: told }), ...(cause !== undefined && { cause }) };
  return new ProviderError(kind, say(words, context), details);
}

/** A ProviderError `invalid` about one of the callback's fields. */
export function makeFieldError(field: string, words: LocalText, why: LocalText, context: Context): ProviderError {
  return makeError('invalid', words, context, { [field]: why });
}

/** Throws ProviderError `unavailable` after the call's time, even if the cache could still answer. */
export function refuseLate(context: Context): void {
  if (context.signal.aborted) throw makeError('unavailable', texts.timeOver, context);
}
