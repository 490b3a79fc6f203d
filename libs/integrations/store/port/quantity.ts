/**
 * Quantities are exact inside: whole millionths of a unit (as Money is whole minor units), 0.25 kg is
 * 250,000. Numbers with a decimal point exist only on the wire and in the port's requests and replies.
 */
export const MILLIONTHS = 1_000_000;

/** Reads units into millionths; what is below a millionth is noise of floating-point sums. */
export function toMillionths(units: number): number {
  return Math.round(units * MILLIONTHS);
}

/** The same for exact quantities: undefined for more than 6 decimals. */
export function toExactMillionths(units: number): number | undefined {
  const millionths = toMillionths(units);
  // The last places of a sum of floating-point numbers (1.0899999999999999) are no digits.
  return Math.abs(toUnits(millionths) - units) > Math.abs(units) * Number.EPSILON * 16 ? undefined : millionths;
}

/** The wire's number for millionths, also as PostgreSQL's text of a bigint. */
export function toUnits(millionths: number | string): number {
  return Number(millionths) / MILLIONTHS;
}
