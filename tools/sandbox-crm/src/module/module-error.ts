/**
 * Something that the sandbox was asked for and cannot do, in words that say what to do instead; an HTTP 4xx
 * of the control API.
 */
export class SandboxError extends Error {
  /** Takes the message and the HTTP status. */
  constructor(
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}
