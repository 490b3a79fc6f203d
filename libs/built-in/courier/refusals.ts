import { type Language, type LocalText, repeatText, textFor } from '#platform';
import { ProviderError, type ProviderErrorKind } from '#provider-kit';
import { texts } from './courier.texts.js';

/** Problems of a call, by the callback's path. */
export type Complaints = Record<string, LocalText>;

/** Builds the error for a call with invalid fields. */
export function buildInvalid(complaints: Complaints, language: Language): ProviderError {
  const fields = Object.fromEntries(Object.entries(complaints).map(([path, text]) => [path, textFor(text, language)]));
  const reasons = [...new Set(Object.values(fields))].slice(0, 3).join(' ');
  return new ProviderError('invalid', `${textFor(texts.notSaved, language)}. ${reasons}`, { fields });
}

/** Builds the error for a call that is rejected. */
export function buildRefusal(kind: ProviderErrorKind, text: LocalText, language: Language): ProviderError {
  return new ProviderError(kind, textFor(text, language));
}

/** Returns the code of an unknown status as its name. */
export function describeUnknownStatus(code: string): LocalText {
  return repeatText(code);
}
