import { type LocalText, textFor } from '#platform/plain';
import { texts } from './provider-kit.texts.js';
import { endSentence } from './sentences.js';

/**
 * Kinds of provider failure, each with one CRM answer and follow-up (docs/architecture.md, "When a provider
 * fails").
 */
export type ProviderErrorKind = 'invalid' | 'rejected' | 'auth' | 'rate_limited' | 'unavailable' | 'unknown_outcome';

/** HTTP status the CRM gets for each kind. */
export const PROVIDER_ERROR_STATUS: Readonly<Record<ProviderErrorKind, number>> = {
  invalid: 400,
  rejected: 400,
  auth: 400,
  rate_limited: 502,
  unavailable: 502,
  unknown_outcome: 504,
};

/** Details of a ProviderError. */
export interface ProviderErrorDetails {
  /**
   * Problems by the callback's path (`packages[0].weight`), each completing "{field} ...", such as `must be
   * positive`. A plain text has the service's own words, in its language.
   */
  fields?: Readonly<Record<string, LocalText | string>> | undefined;
  /** The text that people of the account read instead of `message`, in their language. */
  localText?: LocalText | undefined;
  /** Milliseconds after which the provider may be called again (`rate_limited`). */
  retryAfterMs?: number;
  /** Reported from memory, without a call of the service: an `unknown_outcome` that is not an outage. */
  isRemembered?: boolean;
  /** Only a person can resolve an `unknown_outcome`: `message` contains the place to look, unchanged. */
  needsPerson?: boolean;
  cause?: unknown;
}

/**
 * The only error that a provider throws. `message` is shown to the CRM's user: plain words, no secrets.
 * - `invalid`: the request cannot be served (a field is missing or out of range).
 * - `rejected`: the provider rejected the call. Nothing was done.
 * - `auth`: the connection's credentials were rejected. Nothing was done.
 * - `rate_limited`, `unavailable`: nothing was done. May be retried.
 * - `unknown_outcome`: it may have acted (time-out, 5xx or loss after sending). Never blindly retried.
 */
export class ProviderError extends Error {
  readonly fields: Readonly<Record<string, LocalText | string>> | undefined;
  readonly localText: LocalText | undefined;
  readonly retryAfterMs: number | undefined;
  readonly isRemembered: boolean;
  readonly needsPerson: boolean;

  constructor(
    readonly kind: ProviderErrorKind,
    message: string,
    details: ProviderErrorDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'ProviderError';
    this.fields = details.fields;
    this.localText = details.localText;
    this.retryAfterMs = details.retryAfterMs;
    this.isRemembered = details.isRemembered ?? false;
    this.needsPerson = details.needsPerson ?? false;
  }
}

/** Makes an error with a sentence in all languages. People read it in theirs, logs have the English one. */
export function makeError(kind: ProviderErrorKind, words: LocalText, details: Omit<ProviderErrorDetails, 'localText'> = {}): ProviderError {
  const localText = endSentence(words);
  return new ProviderError(kind, localText.en, { ...details, localText });
}

/** Makes an error `invalid` about a field of the callback. `why` completes "{field} ...". */
export function makeFieldError(field: string, words: LocalText, why: LocalText): ProviderError {
  return makeError('invalid', words, { fields: { [field]: why } });
}

/** Throws ProviderError `unavailable` after the time of a call, even if the cache could still answer. */
export function refuseLate({ signal }: { readonly signal: AbortSignal }): void {
  if (signal.aborted) throw makeError('unavailable', texts.timeOver);
}

/** Whether credentials were rejected, or lack a right. */
export function isAuth(error: unknown): error is ProviderError {
  return error instanceof ProviderError && error.kind === 'auth';
}

/** Returns a text in the language of a context's account. */
export function say(words: LocalText, { account }: { readonly account: { readonly language: string } }): string {
  return textFor(words, account.language);
}

/** Returns the problems by field in the language of an account. */
export function sayFields({ fields }: Pick<ProviderError, 'fields'>, language: string | undefined): Record<string, string> | undefined {
  if (!fields) return undefined;
  return Object.fromEntries(
    Object.entries(fields).map(([path, words]) => [path, typeof words === 'string' ? words : textFor(words, language)]),
  );
}

/** Returns the message of an error in the language of an account, or its own words if there are no others. */
export function sayError({ localText, message }: Pick<ProviderError, 'localText' | 'message'>, language: string | undefined): string {
  return localText && language !== undefined ? textFor(localText, language) : message;
}
