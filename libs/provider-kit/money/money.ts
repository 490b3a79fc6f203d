/**
 * An exact amount: an integer number of the currency's smallest unit (kopecks, cents, or yen, which has no
 * smaller one). Numbers with a decimal point exist only on the wire.
 */
export interface Money {
  /** Integer, may be negative. */
  readonly minor: number;
  /** ISO 4217 code in upper case. */
  readonly currency: string;
}

/** An invalid currency code or amount. The message contains the value and the reason. */
export class MoneyError extends Error {}

/** ISO 4217's exceptions from two digits. The runtime's data differ (0 for COP and HUF). */
const DIGITS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
    3: 'BHD IQD JOD KWD LYD OMR TND',
    4: 'CLF UYW',
  }).flatMap(([digits, codes]) => codes.split(' ').map((code) => [code, Number(digits)] as const)),
);

/**
 * Decimal digits of a currency (`RUB` 2, `CLP` 0, `KWD` 3), in any case. Throws MoneyError for a bad code.
 */
export function countCurrencyDigits(currency: string): number {
  if (!/^[A-Za-z]{3}$/.test(currency)) throw new MoneyError(`"${currency}" is not a currency code`);
  return DIGITS.get(currency.toUpperCase()) ?? 2;
}

/** Makes an amount of integer minor units. */
export function toMoney(minor: number, currency: string): Money {
  if (!Number.isSafeInteger(minor)) throw new MoneyError(`${minor} is not a whole number of minor units`);
  return { minor, currency: currency.toUpperCase() };
}

/** Converts a wire amount (1234.5) to minor units. Excess digits are rounded half away from zero. */
export function readMoney(amount: number, currency: string): Money {
  if (!Number.isFinite(amount)) throw new MoneyError(`${amount} is not an amount`);
  const scaled = shift(Math.abs(amount), countCurrencyDigits(currency));
  const minor = Math.round(scaled);
  return toMoney(amount < 0 ? -minor : minor, currency);
}

/**
 * As readMoney, for amounts that must be exact: an amount with more digits than the currency has throws
 * MoneyError. The last places of a sum of floating-point numbers (0.30000000000000004) do not count as
 * digits.
 */
export function readExactMoney(amount: number, currency: string): Money {
  const result = readMoney(amount, currency);
  if (Math.abs(toWireAmount(result) - amount) > Math.abs(amount) * Number.EPSILON * 16)
    throw new MoneyError(
      `${amount} has more than the ${countCurrencyDigits(currency)} digits after the point that ${currency.toUpperCase()} has`,
    );
  return result;
}

/** The wire's number for an amount: 123450 RUB is 1234.5. */
export function toWireAmount(amount: Money): number {
  return shift(amount.minor, -countCurrencyDigits(amount.currency));
}

/** The amount times a rational share given in hundredths of a percent (150 is 1.5 %), half away from zero. */
export function takeShare(amount: Money, basisPoints: number): Money {
  const product = (BigInt(Math.abs(amount.minor)) * BigInt(basisPoints) * 2n + 10_000n) / 20_000n;
  return toMoney(amount.minor < 0 ? -Number(product) : Number(product), amount.currency);
}

/** Multiplies exactly by a decimal as written (2.5, 0.333), then rounds half away from zero. */
export function multiplyMoney(amount: Money, factor: number): Money {
  // Plus zero: minus zero is not an amount.
  const whole = Number.isInteger(factor) ? amount.minor * factor + 0 : NaN;
  // Most items are counted in pieces, on the hot path of a save.
  if (Number.isSafeInteger(whole)) return toMoney(whole, amount.currency);
  const [mantissa = '', exponent = '0'] = String(factor).split('e');
  const [digits = '', fraction = ''] = mantissa.split('.');
  const scale = fraction.length - Number(exponent);
  const product = BigInt(amount.minor) * BigInt(digits + fraction) * 10n ** BigInt(Math.max(0, -scale));
  const unit = 10n ** BigInt(Math.max(0, scale));
  const rounded = ((product < 0n ? -product : product) * 2n + unit) / (unit * 2n);
  return toMoney(Number(product < 0n ? -rounded : rounded), amount.currency);
}

/**
 * Splits minor units by weights (none negative). Parts add up to `minor`, with the rest on the largest
 * weight. Without a positive weight the first part takes all. Without weights there are no parts.
 */
export function splitByWeight(minor: number, weights: readonly number[]): number[] {
  const largest = weights.reduce((at, weight, index) => (weight > (weights[at] ?? 0) ? index : at), 0);
  const all = weights.reduce((sum, weight) => sum + BigInt(weight), 0n);
  const parts = weights.map((weight) => (all === 0n ? 0 : Number((BigInt(minor) * BigInt(weight)) / all)));
  const rest = minor - parts.reduce((sum, part) => sum + part, 0);
  if (parts.length > 0) parts[largest] = (parts[largest] ?? 0) + rest;
  return parts;
}

/** The sum of amounts of one currency. Throws MoneyError when currencies differ. */
export function addMoney(first: Money, ...rest: Money[]): Money {
  return rest.reduce((total, next) => {
    if (next.currency !== total.currency) throw new MoneyError(`cannot add ${next.currency} to ${total.currency}`);
    return toMoney(total.minor + next.minor, total.currency);
  }, first);
}

/**
 * Moves the decimal point exactly, by way of the decimal text, so that 1.005 becomes 100.5 and not 100.49999.
 */
function shift(value: number, digits: number): number {
  const factor = 10 ** Math.abs(digits);
  if (digits < 0) return value / factor;
  // A product that divides back to the same number is exact. Others are computed from their text.
  const product = Math.round(value * factor);
  if (product / factor === value) return product;
  const [mantissa, exponent = '0'] = String(value).split('e');
  return Number(`${mantissa}e${Number(exponent) + digits}`);
}
