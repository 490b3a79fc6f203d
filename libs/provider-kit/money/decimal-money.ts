import { countCurrencyDigits, type Money, MoneyError, toMoney } from './money.js';

const DECIMAL = /^(\d{1,13})(?:\.(\d{1,6}))?$/;

/** Writes an amount that is not negative as a decimal text with all digits of its currency: `1000.00`. */
export function writeDecimalMoney({ minor, currency }: Money): string {
  const digits = countCurrencyDigits(currency);
  const text = String(minor).padStart(digits + 1, '0');
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** Reads a decimal text exactly, of any length. Throws MoneyError if it is not an amount of the currency. */
export function readDecimalMoney(text: string, currency: string): Money {
  const digits = countCurrencyDigits(currency);
  const [, whole, fraction = ''] = DECIMAL.exec(text) ?? [];
  if (whole === undefined || !/^0*$/.test(fraction.slice(digits))) throw new MoneyError(`"${text}" is not an amount in ${currency}`);
  return toMoney(Number(whole + fraction.slice(0, digits).padEnd(digits, '0')), currency);
}
