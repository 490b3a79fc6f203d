import { describe, expect, it } from '@jest/globals';
import { toMoney } from '#provider-kit';
import { readAmount, toWireAmount } from './yookassa.money.js';

describe('amounts as YooKassa counts them', () => {
  it.each([
    ['1000.00', 100_000],
    ['0.05', 5],
    ['7', 700],
  ])('%s RUB is %d kopecks', (value, minor) => {
    expect(readAmount({ value, currency: 'rub' }, 'RUB')).toEqual(toMoney(minor, 'RUB'));
  });

  it('are written with all their digits', () => {
    expect(toWireAmount(toMoney(5, 'RUB'))).toEqual({ value: '0.05', currency: 'RUB' });
  });

  it.each([
    ['1000.00', 'USD'],
    ['10.001', 'RUB'],
    ['-1.00', 'RUB'],
    ['', 'RUB'],
  ])('%s %s is not an amount of an invoice in RUB', (value, currency) => {
    expect(() => readAmount({ value, currency }, 'RUB')).toThrow("does not match the invoice's currency (RUB)");
  });
});
