/**
 * An answer to the caller that is not a success, with a status of the contract (docs/contract): 400, 401,
 * 403, 404, 409, 413, 429, 502, 503 or 504. `message` is shown to a person; `errors` names fields;
 * `retryAfterSeconds`: when the same may be asked again.
 */
export class CallbackError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly errors?: Record<string, string>,
    readonly retryAfterSeconds?: number,
  ) {
    super(message);
    this.name = 'CallbackError';
  }
}

/** 404: no such thing in this connection. Says the same for a foreign id as for an unknown one. */
export function notFound(what: string, id: string): CallbackError {
  return new CallbackError(404, `There is no ${what} ${JSON.stringify(id.slice(0, 100))} in this account.`);
}
