import { describe, expect, it } from '@jest/globals';
import { chooseTrialAmount } from './trial-request.js';

describe('the amount of a test payment', () => {
  it.each([
    [['EUR', 'MXN', 'USD'], 'MXN', { minor: 10_000, currency: 'MXN' }],
    [['AED', 'EUR', 'USD'], 'RUB', { minor: 10_000, currency: 'USD' }],
    [['AED', 'EUR'], undefined, { minor: 10_000, currency: 'EUR' }],
    [['ARS', 'BRL'], 'UYU', { minor: 10_000_000, currency: 'ARS' }],
    [['JPY'], 'JPY', { minor: 100, currency: 'JPY' }],
    [['CLP'], 'CLP', { minor: 100_000, currency: 'CLP' }],
    [['KWD'], undefined, { minor: 100_000, currency: 'KWD' }],
    [[], 'EUR', undefined],
  ])('of %j for an account in %s', (currencies, ofAccount, amount) => {
    expect(chooseTrialAmount(currencies, ofAccount)).toEqual(amount);
  });
});
