/** A refusal in the service's own words. Nothing was done. */
export class Refusal extends Error {
  /** `details`: what else the service writes about it, such as the fields that are wrong. */
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details?: unknown,
  ) {
    super(message);
  }
}
