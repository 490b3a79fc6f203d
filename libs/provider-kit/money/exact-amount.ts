import { BadInputError } from '#platform/plain';
import { countCurrencyDigits, type Money, MoneyError, readExactMoney } from './money.js';

/** Reads an amount in a currency. Throws BadInputError at `path` if it has more digits than the currency. */
export function readExactAmount(value: number, currency: string, path: string): Money {
  try {
    return readExactMoney(value, currency);
  } catch (error) {
    if (!(error instanceof MoneyError)) throw error;
    const digits = countCurrencyDigits(currency);
    if (!Number.isSafeInteger(Math.trunc(value * 10 ** digits))) throw new BadInputError({ [path]: 'is too large' });
    throw new BadInputError({
      [path]:
        digits === 0
          ? `must have no digits after the point: ${currency} has no smaller unit`
          : `must have at most ${digits} digits after the point: ${currency} has no smaller unit`,
    });
  }
}
