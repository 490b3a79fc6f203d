/** Returns the message of a thrown value, for a log line or an operator. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Returns the message and the stack of a thrown value, for our own errors in the log. */
export function errorTrace(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
