import { type Language, type LocalText, repeatText, textFor } from '#platform';
import { ProviderError, type ProviderErrorKind } from '#provider-kit';
import { texts } from './courier.texts.js';

/** What is wrong with a call, by the callback's path. */
export type Complaints = Record<string, LocalText>;

/** The error for a call that cannot be taken, with its fields. */
export function buildInvalid(complaints: Complaints, language: Language): ProviderError {
  const fields = Object.fromEntries(Object.entries(complaints).map(([path, text]) => [path, textFor(text, language)]));
  const reasons = [...new Set(Object.values(fields))].slice(0, 3).join(' ');
  return new ProviderError('invalid', `${textFor(texts.notSaved, language)}. ${reasons}`, { fields });
}

/** The error for a call that does not fit. */
export function buildRefusal(kind: ProviderErrorKind, text: LocalText, language: Language): ProviderError {
  return new ProviderError(kind, textFor(text, language));
}

/** The name of a status that is not one of ours: its code. */
export function describeUnknownStatus(code: string): LocalText {
  return repeatText(code);
}
