/**
 * Quantities are exact internally: whole millionths of a unit (like Money in whole minor units), 0.25 kg is
 * 250,000. Decimal numbers exist only in the CRM's format and in the port's requests and replies.
 */
export const MILLIONTHS = 1_000_000;

/** Converts units to millionths. Smaller fractions are rounding noise of floating-point sums. */
export function toMillionths(units: number): number {
  return Math.round(units * MILLIONTHS);
}

/** Converts exact quantities to millionths. Returns undefined for more than 6 decimals. */
export function toExactMillionths(units: number): number | undefined {
  const millionths = toMillionths(units);
  // The last digits of a sum of floating-point numbers (1.0899999999999999) are rounding noise.
  return Math.abs(toUnits(millionths) - units) > Math.abs(units) * Number.EPSILON * 16 ? undefined : millionths;
}

/** Converts millionths to units, also from PostgreSQL's text of a bigint. */
export function toUnits(millionths: number | string): number {
  return Number(millionths) / MILLIONTHS;
}
