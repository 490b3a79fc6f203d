import {
  type Money,
  MoneyError,
  ProviderError,
  readDecimalMoney,
  sayAway,
  shape,
  type Shaped,
  text,
  writeDecimalMoney,
} from '#provider-kit';

/** Currencies a shop may have at YooKassa, in practice RUB. */
export const CURRENCIES = ['RUB', 'EUR', 'USD', 'KZT', 'BYN', 'UAH', 'UZS', 'TRY', 'INR', 'MDL', 'AZN', 'AMD'] as const;
export type YookassaCurrency = (typeof CURRENCIES)[number];

/** An amount on the wire: a decimal text with all digits of its currency. */
export const amount = shape({ value: text, currency: text });
export type WireAmount = Shaped<typeof amount>;

/** Writes an amount, which is not below zero, as YooKassa reads it: `1000.00`. */
export function toWireAmount(money: Money): WireAmount {
  return { value: writeDecimalMoney(money), currency: money.currency };
}

/**
 * Reads an amount exactly. `currency` is the invoice's. Throws ProviderError `unavailable` for another
 * currency, or for a text that is not an amount in it.
 */
export function readAmount({ value, currency: told }: WireAmount, currency: string): Money {
  try {
    if (told.toUpperCase() === currency) return readDecimalMoney(value, currency);
  } catch (error) {
    if (!(error instanceof MoneyError)) throw error;
  }
  const localText = sayAway('YooKassa');
  throw new ProviderError('unavailable', `YooKassa returned an amount that does not match the invoice's currency (${currency})`, {
    localText,
  });
}
