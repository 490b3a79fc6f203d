/**
 * A request that the sandbox cannot serve. The message explains what to do instead. An HTTP 4xx of the
 * control API.
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
