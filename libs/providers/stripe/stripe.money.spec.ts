import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { countCurrencyDigits, readExactMoney, toMoney, ProviderError } from '#provider-kit';
import { CURRENCIES, fromStripeAmount, countInStripeUnits, countStripeDigits, toStripeAmount } from './stripe.money.js';

describe('amounts as Stripe counts them', () => {
  it.each([
    ['MXN', 1234.5, 123_450],
    ['USD', 0.1 + 0.2, 30],
    ['EUR', 1.005 * 1000, 100_500],
    ['JPY', 1234, 1234],
    ['CLP', 19_990, 19_990],
    ['KRW', 50_000, 50_000],
    ['VND', 120_000, 120_000],
    ['PYG', 75_000, 75_000],
    ['KWD', 1.25, 1250],
    ['BHD', 10.01, 10_010],
    // Whole for some, cents for Stripe.
    ['COP', 45_000, 4_500_000],
    ['HUF', 3990, 399_000],
    ['IDR', 150_000, 15_000_000],
  ])('%s %d is %d', (currency, wire, stripe) => {
    const amount = readExactMoney(wire, currency);
    expect(toStripeAmount(amount)).toBe(stripe);
    expect(fromStripeAmount(stripe, currency.toLowerCase())).toEqual(amount);
  });

  it('accepts thousandths only in tens, and reports it', () => {
    expect(countInStripeUnits(readExactMoney(1.234, 'KWD'))).toBeUndefined();
    const error = caught(() => toStripeAmount(readExactMoney(1.234, 'KWD')));
    expect(error).toMatchObject({ kind: 'invalid', fields: { amount: { en: expect.stringContaining('at most 2 digits') } } });
    expect(error.message).toContain('1.234 KWD');
  });

  it('goes there and back for every currency of the manifest', () => {
    fc.assert(
      fc.property(fc.constantFrom(...CURRENCIES), fc.integer({ min: 1, max: 99_999_999 }), (currency, minor) => {
        const step = countStripeDigits(currency) === 3 ? 10 : 1;
        const amount = toMoney(minor * step, currency);
        const there = toStripeAmount(amount);
        expect(Number.isSafeInteger(there)).toBe(true);
        expect(fromStripeAmount(there, currency)).toEqual(amount);
        // The same decimal number in both.
        expect(BigInt(there) * 10n ** BigInt(countCurrencyDigits(currency))).toBe(
          BigInt(amount.minor) * 10n ** BigInt(countStripeDigits(currency)),
        );
      }),
    );
  });

  it('rounds what was refunded elsewhere in smaller parts than we count', () => {
    for (const currency of CURRENCIES.filter((one) => countCurrencyDigits(one) === 0 && countStripeDigits(one) === 2))
      expect(fromStripeAmount(1050, currency)).toEqual(toMoney(11, currency));
  });

  it('names currencies once, as ISO 4217 does', () => {
    expect(new Set(CURRENCIES).size).toBe(CURRENCIES.length);
    for (const currency of CURRENCIES) expect(currency).toMatch(/^[A-Z]{3}$/);
  });
});

function caught(act: () => unknown): ProviderError {
  try {
    act();
  } catch (error) {
    if (error instanceof ProviderError) return error;
  }
  throw new Error('it did not refuse');
}
