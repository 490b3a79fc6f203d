import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  countCurrencyDigits,
  readExactMoney,
  toMoney,
  MoneyError,
  readMoney,
  toWireAmount,
  splitByWeight,
  addMoney,
  multiplyMoney,
  takeShare,
} from './money.js';

const currency = fc.constantFrom('RUB', 'JPY', 'KWD');
const minor = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 });

describe('amounts on the wire', () => {
  it('come back as they went, in every currency', () => {
    fc.assert(
      fc.property(currency, minor, (code, value) => {
        const amount = toMoney(value, code);
        expect(readMoney(toWireAmount(amount), code)).toEqual(amount);
        expect(readExactMoney(toWireAmount(amount), code)).toEqual(amount);
      }),
    );
  });

  it('have the digits of ISO 4217', () => {
    expect(['RUB', 'COP', 'HUF', 'JPY', 'CLP', 'kwd'].map(countCurrencyDigits)).toEqual([2, 2, 2, 0, 0, 3]);
  });

  it('are rounded half away from zero where digits are too many, and refused where they must be exact', () => {
    expect(readMoney(1.005, 'EUR').minor).toBe(101);
    expect(readMoney(-1.005, 'EUR').minor).toBe(-101);
    expect(() => readExactMoney(1.005, 'EUR')).toThrow(new MoneyError('1.005 has more than the 2 digits after the point that EUR has'));
    expect(() => readExactMoney(1.5, 'JPY')).toThrow(MoneyError);
    expect(readExactMoney(1.005, 'kwd')).toEqual(toMoney(1005, 'KWD'));
  });

  it('may be a sum of floating-point numbers', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 8 }), (cents) => {
        const sum = cents.reduce((total, one) => total + one / 100, 0);
        expect(readExactMoney(sum, 'EUR').minor).toBe(cents.reduce((total, one) => total + one, 0));
      }),
    );
  });

  it('are not amounts if they are infinite, or beyond the exact range', () => {
    for (const amount of [NaN, Infinity, 1e15]) expect(() => readExactMoney(amount, 'EUR')).toThrow(MoneyError);
    expect(() => countCurrencyDigits('EURO')).toThrow(MoneyError);
  });
});

describe('multiplyMoney', () => {
  it('multiplies by the decimal that is written', () => {
    expect(multiplyMoney(toMoney(10_000, 'RUB'), 0.333).minor).toBe(3330);
    expect(multiplyMoney(toMoney(115, 'RUB'), 1.1).minor).toBe(127);
    expect(multiplyMoney(toMoney(-5, 'RUB'), 0.5).minor).toBe(-3);
    expect(multiplyMoney(toMoney(3, 'RUB'), 1e3).minor).toBe(3000);
    expect(multiplyMoney(toMoney(2_000_000_000, 'RUB'), 1e-7).minor).toBe(200);
    expect(() => multiplyMoney(toMoney(1_000_000, 'RUB'), 1e15)).toThrow(MoneyError);
  });

  it('is repeated addition for whole numbers', () => {
    fc.assert(
      fc.property(minor, fc.integer({ min: 1, max: 20 }), (value, count) => {
        const amount = toMoney(value, 'EUR');
        const [first = amount, ...rest] = Array.from({ length: count }, () => amount);
        expect(multiplyMoney(amount, count)).toEqual(addMoney(first, ...rest));
      }),
    );
  });
});

describe('a share of an amount', () => {
  it('is rounded half away from zero', () => {
    const minors = [99, 100, -100, 300].map((amount) => takeShare(toMoney(amount, 'RUB'), 150).minor);
    expect(minors).toEqual([1, 2, -2, 5]);
  });
});

describe('a sum of amounts', () => {
  it('has one currency', () => {
    expect(addMoney(toMoney(100, 'RUB'), toMoney(50, 'RUB'))).toEqual(toMoney(150, 'RUB'));
    expect(() => addMoney(toMoney(100, 'RUB'), toMoney(50, 'USD'))).toThrow(MoneyError);
  });
});

describe('an amount split by weights', () => {
  it('has what does not divide in the largest part', () => {
    expect(splitByWeight(100, [1, 1, 1])).toEqual([34, 33, 33]);
    expect(splitByWeight(101, [1, 3, 0])).toEqual([25, 76, 0]);
    expect(splitByWeight(5, [0, 0])).toEqual([5, 0]);
    expect(splitByWeight(5, [])).toEqual([]);
  });

  it('adds up, and no part is below nothing', () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(fc.nat(), { minLength: 1, maxLength: 9 }), (value, weights) => {
        const parts = splitByWeight(value, weights);
        expect(parts.reduce((sum, part) => sum + part, 0)).toBe(value);
        expect(parts.every((part) => part >= 0)).toBe(true);
      }),
    );
  });
});
