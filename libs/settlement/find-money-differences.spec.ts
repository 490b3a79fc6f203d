import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { countCurrencyDigits, readDecimalMoney, toMoney, writeDecimalMoney } from '#provider-kit';
import { type BookedRow, compareMoney, toDifferenceSubject } from './find-money-differences.js';
import type { MoneyFacts } from './money-source.js';
import { facts, LONG_AGO, plantThousand, row, RULES, sell } from './test-support/planted-money.js';

const listKinds = (of: MoneyFacts, rows: readonly BookedRow[]): string[] =>
  compareMoney(of, rows, RULES).differences.map(({ kind }) => kind);

describe('a thousand deliveries and payments', () => {
  it('show every planted difference and no other, exact in currencies of 0 to 3 digits', () => {
    const thousand = plantThousand();
    const expected = thousand.flatMap(({ id, planted: { kinds } }) => kinds.map((kind) => `${kind} ${id}`));
    const found = thousand.flatMap(({ planted }) => {
      const { differences } = compareMoney(planted.facts, planted.rows, RULES);
      return differences.map(({ kind, subject }) => `${kind} ${subject}`);
    });
    expect(found.toSorted()).toEqual(expected.toSorted());
    const names = thousand.map(({ name }) => name);
    for (const name of new Set(names)) expect(names.filter((one) => one === name).length).toBeGreaterThan(20);
  });

  it('have sums that add up in the minor unit', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('JPY', 'RUB', 'KWD'),
        fc.array(fc.integer({ min: 1, max: 10 ** 9 }), { minLength: 1, maxLength: 20 }),
        (currency, amounts) => {
          // As a file has them: decimal texts with all digits of the currency.
          const rows = amounts.map((minor) => {
            const { minor: gross } = readDecimalMoney(writeDecimalMoney(toMoney(minor, currency)), currency);
            return row({ currency, gross, net: gross });
          });
          const owed = toMoney(
            amounts.reduce((sum, minor) => sum + minor, 0),
            currency,
          );
          const { sums, differences } = compareMoney(facts({ owed }), rows, RULES);
          expect(differences).toEqual([]);
          expect(sums).toMatchObject([{ currency, owed: owed.minor, paid: owed.minor, missing: 0 }]);
          const short = compareMoney(facts({ owed: toMoney(owed.minor + 1, currency) }), rows, RULES);
          expect(short).toMatchObject({ sums: [{ missing: 1 }], differences: [{ kind: 'money.paid-less' }] });
          expect(countCurrencyDigits(currency)).toBeLessThanOrEqual(3);
        },
      ),
    );
  });
});

describe('two currencies', () => {
  it('are shown side by side, and never compared', () => {
    const { sums, differences } = compareMoney(
      facts({ owed: toMoney(100_00, 'KZT'), quoted: toMoney(500, 'RUB') }),
      [row({ gross: 1_700, net: 1_500, fees: [{ code: 'delivery', minor: 200 }] })],
      RULES,
    );
    expect(differences).toMatchObject([
      {
        kind: 'money.currency',
        text: 'cdek, order 1C: not comparable: KZT and RUB.',
        facts: { owed: { minor: 100_00, currency: 'KZT' }, 'paid RUB': { minor: 1_500, currency: 'RUB' } },
      },
    ]);
    expect(sums).toMatchObject([
      { currency: 'KZT', owed: 100_00, paid: 0, missing: 0 },
      { currency: 'RUB', paid: 1_500, fees: 200, quoted: 500, billed: 200 },
    ]);
  });
});

describe('money that is due', () => {
  const { facts: owing } = sell(1, 'RUB', []);
  it('is missing only since the first register of payouts', () => {
    expect(listKinds(owing, [])).toEqual(['money.not-paid']);
    for (const since of [undefined, new Date(LONG_AGO.getTime() + 1)])
      expect(compareMoney(owing, [], { ...RULES, since }).differences).toEqual([]);
  });
});

describe('fees', () => {
  const owed = toMoney(300, 'RUB');
  const fee = [{ code: 'commission', minor: 5 }];
  it('of equal parts that were captured or refunded are not double', () => {
    const parts = [1, 2, 3].map(() => row({ gross: 100, fees: fee }));
    const back = [1, 2].map(() => row({ kind: 'refund', gross: -10, fees: [{ code: 'refund', minor: 1 }] }));
    expect(listKinds(facts({ owed, refunded: toMoney(20, 'RUB') }), [...parts, ...back])).toEqual([]);
  });

  it('of storage on several days are not double, but on one day they are', () => {
    const store = (day: string): BookedRow => row({ kind: 'fee', fees: [{ code: 'storage', minor: 9 }], at: new Date(day) });
    const paid = row({ gross: 300, fees: fee });
    expect(listKinds(facts({ owed }), [paid, store('2026-11-02'), store('2026-11-03')])).toEqual([]);
    expect(listKinds(facts({ owed }), [paid, store('2026-11-02'), store('2026-11-02')])).toEqual(['money.double-fee']);
  });

  it('that are in a sale twice are double, in one row or two', () => {
    const twice = [...fee, ...fee];
    const double = { kind: 'money.double-fee', facts: { commission: { minor: 5 }, double: { minor: 5 } } };
    for (const rows of [[row({ gross: 300, fees: twice })], [row({ gross: 300, fees: fee }), row({ fees: fee })]])
      expect(compareMoney(facts({ owed }), rows, RULES).differences).toMatchObject([double]);
    // Each of three equal captures may have its fee once.
    const parts = [1, 2, 3].map(() => row({ gross: 100, fees: twice }));
    expect(compareMoney(facts({ owed }), parts, RULES).differences).toMatchObject([{ ...double, facts: { double: { minor: 15 } } }]);
  });

  it('of the same amount are not double if their kinds or operations differ', () => {
    const other = [...fee, { code: 'tax', minor: 5 }];
    expect(listKinds(facts({ owed }), [row({ gross: 300, fees: other })])).toEqual([]);
    const operate = (externalId: string): BookedRow => row({ kind: 'fee', fees: fee, externalId });
    const paid = row({ gross: 300, externalId: 'op-1' });
    expect(listKinds(facts({ owed }), [paid, operate('op-2'), operate('op-3')])).toEqual([]);
    expect(listKinds(facts({ owed }), [paid, operate('op-2'), operate('op-2')])).toEqual(['money.double-fee']);
  });
});

it('a difference has the id of its delivery, as the other differences about it', () => {
  expect(toDifferenceSubject('delivery:0190')).toBe('0190');
});
