/** Returns what a thrown value says, for a log line or an operator. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Returns what a thrown value says and where it was thrown, for an error of our own in the log. */
export function errorTrace(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
