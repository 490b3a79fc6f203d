/**
 * An exact amount: an integer number of the currency's smallest unit (kopecks, cents; yen where there is no smaller one).
 * Numbers with a decimal point exist only on the wire.
 */
export interface Money {
  /** Integer, may be negative. */
  readonly minor: number;
  /** ISO 4217 code in upper case. */
  readonly currency: string;
}

/** A currency code or an amount that cannot be used; the message says which and why. */
export class MoneyError extends Error {}

const digitsByCurrency = new Map<string, number>();

/** Decimal digits of a currency (`RUB` 2, `CLP` 0, `KWD` 3), in any letter case. Throws MoneyError when the code is not three letters. */
export function currencyDigits(currency: string): number {
  const known = digitsByCurrency.get(currency);
  if (known !== undefined) return known;
  if (!/^[A-Za-z]{3}$/.test(currency)) throw new MoneyError(`"${currency}" is not a currency code`);
  const digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  digitsByCurrency.set(currency, digits);
  return digits;
}

/** Makes an amount of integer minor units. */
export function money(minor: number, currency: string): Money {
  if (!Number.isSafeInteger(minor)) throw new MoneyError(`${minor} is not a whole number of minor units`);
  return { minor, currency: currency.toUpperCase() };
}

/** Reads a wire amount (1234.5) into minor units, half away from zero where the wire carries more digits than the currency has. */
export function moneyFromWire(amount: number, currency: string): Money {
  if (!Number.isFinite(amount)) throw new MoneyError(`${amount} is not an amount`);
  const scaled = shift(Math.abs(amount), currencyDigits(currency));
  const minor = Math.round(scaled);
  return money(amount < 0 ? -minor : minor, currency);
}

/** The wire's number for an amount: 123450 RUB is 1234.5. */
export function moneyToWire(amount: Money): number {
  return shift(amount.minor, -currencyDigits(amount.currency));
}

/** The amount times a rational share given in hundredths of a percent (150 is 1.5 %), half away from zero. */
export function shareOf(amount: Money, basisPoints: number): Money {
  const product = (BigInt(Math.abs(amount.minor)) * BigInt(basisPoints) * 2n + 10_000n) / 20_000n;
  return money(amount.minor < 0 ? -Number(product) : Number(product), amount.currency);
}

/** The sum of amounts of one currency. Throws MoneyError when currencies differ. */
export function sumOf(first: Money, ...rest: Money[]): Money {
  return rest.reduce((total, next) => {
    if (next.currency !== total.currency) throw new MoneyError(`cannot add ${next.currency} to ${total.currency}`);
    return money(total.minor + next.minor, total.currency);
  }, first);
}

/** Moves the decimal point exactly, by way of the decimal text, so that 1.005 becomes 100.5 and not 100.49999. */
function shift(value: number, digits: number): number {
  const [mantissa, exponent = '0'] = String(value).split('e');
  return Number(`${mantissa}e${Number(exponent) + digits}`);
}
