import { IsString } from 'class-validator';
import { countCurrencyDigits, type Money, ProviderError, toMoney } from '#provider-kit';

/** Currencies a shop may have at YooKassa; in practice RUB. */
export const CURRENCIES = ['RUB', 'EUR', 'USD', 'KZT', 'BYN', 'UAH', 'UZS', 'TRY', 'INR', 'MDL', 'AZN', 'AMD'] as const;
export type YookassaCurrency = (typeof CURRENCIES)[number];

/** An amount on the wire: a decimal text with all digits of its currency, `1000.00`. */
export class WireAmount {
  @IsString() value!: string;
  @IsString() currency!: string;
}

const DECIMAL = /^(\d{1,13})(?:\.(\d{1,4}))?$/;

/** Writes an amount, which is not below zero, as YooKassa reads it. */
export function toWireAmount({ minor, currency }: Money): WireAmount {
  const digits = countCurrencyDigits(currency);
  const text = String(minor).padStart(digits + 1, '0');
  return { value: digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`, currency };
}

/**
 * Reads an amount exactly; `currency` is the invoice's. Throws ProviderError `unavailable` for another
 * currency, or for a text that is no amount of it.
 */
export function readAmount({ value, currency: told }: WireAmount, currency: string): Money {
  const digits = countCurrencyDigits(currency);
  const [, whole = '', fraction = ''] = DECIMAL.exec(value) ?? [];
  const isExact = whole !== '' && /^0*$/.test(fraction.slice(digits));
  if (told.toUpperCase() !== currency || !isExact)
    throw new ProviderError('unavailable', `YooKassa tells an amount that is none of the invoice in ${currency}`);
  return toMoney(Number(whole + fraction.slice(0, digits).padEnd(digits, '0')), currency);
}
