import { CallbackError } from '#platform';
import { texts } from '../api.texts.js';

/** Seconds after which a refused caller may retry. */
export const OVERLOAD_RETRY_S = 2;

/** Creates the reply for a caller that has to retry. */
export function makeOverload(): CallbackError {
  return new CallbackError(503, texts.overload, undefined, OVERLOAD_RETRY_S);
}
