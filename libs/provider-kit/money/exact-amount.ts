import { BadInputError } from '#platform/plain';
import { countCurrencyDigits, type Money, MoneyError, readExactMoney } from './money.js';

/** Reads an amount in a currency. Throws BadInputError at `path` if it has more digits than the currency. */
export function readExactAmount(value: number, currency: string, path: string): Money {
  try {
    return readExactMoney(value, currency);
  } catch (error) {
    if (!(error instanceof MoneyError)) throw error;
    const digits = countCurrencyDigits(currency);
    throw new BadInputError({
      [path]: Number.isSafeInteger(Math.trunc(value * 10 ** digits))
        ? `must have ${digits === 0 ? 'no digits' : `at most ${digits} digits`} after the point: ${currency} has no smaller unit`
        : 'is too large',
    });
  }
}
