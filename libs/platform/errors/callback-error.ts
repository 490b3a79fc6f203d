import { fillIn, type LocalText } from '../i18n/index.js';
import { texts } from '../platform.texts.js';

/**
 * An error reply with a contract status (docs/contract). `text` is shown to a person, a LocalText in the
 * account's language. `errors` is by field, `retryAfterSeconds` is the time until the next try.
 */
export class CallbackError extends Error {
  readonly localText: LocalText | undefined;

  constructor(
    readonly status: number,
    text: string | LocalText,
    readonly errors?: Record<string, string>,
    readonly retryAfterSeconds?: number,
  ) {
    super(typeof text === 'string' ? text : text.en);
    this.name = 'CallbackError';
    this.localText = typeof text === 'string' ? undefined : text;
  }
}

/** 404: the connection does not have it. The reply is the same for a foreign id and an unknown one. */
export function notFound(what: string, id: string): CallbackError {
  const shown = JSON.stringify(id.slice(0, 100));
  // Names of things exist in English only.
  return new CallbackError(404, { ...fillIn(texts.nothingHere, { id: shown }), en: `There is no ${what} ${shown} here.` });
}
