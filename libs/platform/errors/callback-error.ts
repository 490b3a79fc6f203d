/**
 * An error answer with a contract status (docs/contract). `message` is shown to a person, `errors` is by
 * field, `retryAfterSeconds` says when to try again.
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
