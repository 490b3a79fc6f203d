import { CallbackError } from '#platform';
import { texts } from '../api.texts.js';

/** Seconds after which a refused caller may come again. */
export const OVERLOAD_RETRY_S = 2;

/** The answer to a caller who has to come again. */
export function makeOverload(): CallbackError {
  return new CallbackError(503, texts.overload, undefined, OVERLOAD_RETRY_S);
}
