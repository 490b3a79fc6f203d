/** A refusal in the service's own words. Nothing was done. */
export class Refusal extends Error {
  /** `details`: other facts that the service writes, such as the wrong fields. `headers`: of the reply. */
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details?: unknown,
    readonly headers?: Readonly<Record<string, string>>,
  ) {
    super(message);
  }
}
