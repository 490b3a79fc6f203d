import { CallbackError } from '#platform';

/** Seconds after which a refused caller may come again. */
export const OVERLOAD_RETRY_S = 2;
export const OVERLOAD_MESSAGE = 'The service has too much to do just now; try again in a moment.';

/** The answer to a caller who has to come again. */
export function makeOverload(): CallbackError {
  return new CallbackError(503, OVERLOAD_MESSAGE, undefined, OVERLOAD_RETRY_S);
}
