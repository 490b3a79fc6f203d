/** Midnight in Moscow, when Russia and Kazakhstan raised their VAT. */
const RAISED_AT = Date.parse('2026-01-01T00:00:00+03:00');

/** Rates in percent that were replaced on that day, by country. */
const RAISED: Readonly<Record<string, readonly [before: number, since: number]>> = { RU: [20, 22], KZ: [12, 16] };

/** Whether the rates of 2026 apply at a moment. A shop can keep the old ones: `raises` is false. */
export function isVatRaised(at: Date, raises: boolean): boolean {
  return raises && at.getTime() >= RAISED_AT;
}

/** Returns the rate that replaced `rate` in one of the countries (ISO 3166-1 alpha-2), else `rate`. */
export function raiseVat(rate: number, countries: readonly string[]): number {
  const country = countries.find((one) => RAISED[one]?.[0] === rate);
  return (country !== undefined && RAISED[country]?.[1]) || rate;
}
