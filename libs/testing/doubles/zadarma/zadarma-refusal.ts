/** An answer of the API that refuses: nothing was done. */
export class ZadarmaRefusal extends Error {
  /** `status`: of HTTP; the mode's when left out. `page`: answered in place of JSON. */
  constructor(
    message: string,
    readonly status?: number,
    readonly page?: string,
  ) {
    super(message);
  }
}
