import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { multiplyMoney, toMoney } from '#provider-kit';
import { chooseCaptured, chooseRefunded, countPieces, listKeptGoods, type PaymentWithGoods, toPartItems } from './goods.js';
import type { ExistingRefund, GoodsLine, InvoiceItem } from './requests.js';

const rub = (minor: number) => toMoney(minor, 'RUB');

function item(price: number, quantity: number, total?: number): InvoiceItem {
  return { name: 'A', price: rub(price), quantity, total: total === undefined ? multiplyMoney(rub(price), quantity) : rub(total) };
}

function payment(items: InvoiceItem[], refunds: ExistingRefund[] = [], captured?: number): PaymentWithGoods {
  const amount = rub(items.reduce((sum, { total }) => sum + total.minor, 0));
  return { request: { items, amount }, refunds, captured: captured === undefined ? amount : rub(captured) };
}

const refund = (minor: number, more: Partial<ExistingRefund> = {}): ExistingRefund => ({
  ...{ id: `${minor}`, amount: rub(minor), status: 'succeeded' as const },
  ...more,
});
const sum = (lines: readonly GoodsLine[]): number => lines.reduce((all, { minor }) => all + minor, 0);

describe('goods of a refund', () => {
  const goods = [item(75_00, 5), item(120_00, 1), item(300_00, 1)];

  it.each([
    ['one piece', 75_00, [[0, 1]]],
    ['several pieces', 225_00, [[0, 3]]],
    ['a whole line rather than pieces of another', 300_00, [[2, 1]]],
    [
      'whole lines',
      420_00,
      [
        [1, 1],
        [2, 1],
      ],
    ],
    [
      'pieces and a line',
      195_00,
      [
        [0, 1],
        [1, 1],
      ],
    ],
    [
      'all',
      795_00,
      [
        [0, 5],
        [1, 1],
        [2, 1],
      ],
    ],
  ])('are %s', (_name, minor, expected) => {
    expect(chooseRefunded(payment(goods), rub(minor)).map((line) => [line.item, line.pieces])).toEqual(expected);
  });

  it('are whole pieces whenever some make the amount, in a partial capture too', () => {
    const line = fc.record({ price: fc.integer({ min: 1, max: 9_999 }), quantity: fc.integer({ min: 1, max: 5 }), share: fc.nat(5) });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), (lines) => {
        const items = lines.map(({ price, quantity }) => item(price, quantity));
        const minor = lines.reduce((all, { price, quantity, share }) => all + price * Math.min(share, quantity), 0);
        fc.pre(minor > 0);
        for (const chosen of [chooseRefunded(payment(items), rub(minor)), chooseCaptured(payment(items), rub(minor))]) {
          expect(sum(chosen)).toBe(minor);
          for (const part of chosen) expect([part.pieces > 0, part.minor]).toEqual([true, part.pieces * (lines[part.item]?.price ?? 0)]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('are shares of all lines if no pieces make the amount', () => {
    const chosen = chooseRefunded(payment(goods), rub(100_00));
    expect(chosen.map(({ pieces }) => pieces)).toEqual([0, 0, 0]);
    expect(sum(chosen)).toBe(100_00);
  });

  it('are the goods that a refund of the same amount left', () => {
    const two = [item(100_00, 1), item(100_00, 1)];
    const first = chooseRefunded(payment(two), rub(100_00));
    const second = chooseRefunded(payment(two, [refund(100_00, { goods: first })]), rub(100_00));
    expect([first[0]?.item, second[0]?.item]).toEqual([0, 1]);
    // A canceled refund releases its goods, and the goods of the other one stay taken.
    const refunds = [refund(100_00, { id: 'a', goods: first, status: 'canceled' }), refund(100_00, { id: 'b', goods: second })];
    expect(chooseRefunded(payment(two, refunds), rub(100_00))[0]?.item).toBe(0);
  });

  it('are only goods that a partial capture took', () => {
    const kept = payment(goods, [], 375_00);
    expect(listKeptGoods(kept).map((line) => [line.item, line.pieces])).toEqual([[0, 5]]);
    expect(chooseRefunded(kept, rub(300_00)).map((line) => [line.item, line.pieces])).toEqual([[0, 4]]);
  });

  it('of a line with a weight are all of it', () => {
    const weighed = [item(1000_00, 1.5), item(10_00, 1)];
    const chosen = chooseRefunded(payment(weighed), rub(1500_00));
    expect(toPartItems(weighed, chosen)).toEqual([weighed[0]]);
  });

  it('make the amount, never more pieces or money than were sold, and are never refunded twice', () => {
    const line = fc.record({ price: fc.integer({ min: 1, max: 500 }), quantity: fc.integer({ min: 1, max: 6 }), off: fc.nat(30) });
    const shares = fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), shares, fc.boolean(), fc.boolean(), (lines, parts, stored, isPartial) => {
        const items = lines.map(({ price, quantity, off }) => item(price, quantity, Math.max(1, price * quantity - off)));
        const whole = payment(items);
        const captured = isPartial ? Math.max(1, Math.floor(whole.request.amount.minor * 0.7)) : whole.request.amount.minor;
        const taken = listKeptGoods({ ...whole, captured: rub(captured) });
        expect(sum(taken)).toBe(captured);
        if (isPartial) expect(taken).toEqual(chooseCaptured(whole, rub(captured)));
        const refunds: ExistingRefund[] = [];
        const returned: GoodsLine[] = [];
        let left = captured;
        for (const [index, share] of parts.entries()) {
          const minor = Math.floor(left * share);
          if (minor === 0) continue;
          const chosen = chooseRefunded(payment(items, refunds, captured), rub(minor));
          expect(sum(chosen)).toBe(minor);
          expect(toPartItems(items, chosen).reduce((all, { total }) => all + total.minor, 0)).toBe(minor);
          refunds.push(refund(minor, { id: String(index), ...(stored && { goods: chosen }) }));
          returned.push(...chosen);
          left -= minor;
        }
        for (const [index, one] of items.entries()) {
          const sold = taken.filter((part) => part.item === index);
          const back = returned.filter((part) => part.item === index);
          expect(sum(back)).toBeLessThanOrEqual(sum(sold));
          expect(back.reduce((all, { pieces }) => all + pieces, 0)).toBeLessThanOrEqual(countPieces(one));
        }
        expect(sum(listKeptGoods(payment(items, refunds, captured)))).toBe(left);
      }),
      { numRuns: 150 },
    );
  });

  it('of many alike lines are found, or spread, in bounded work', () => {
    const many = Array.from({ length: 100 }, (_, index) => item(1_000_00 + index * 2, 90_000));
    const amount = rub(50_000_01);
    expect(sum(chooseRefunded(payment(many), amount))).toBe(amount.minor);
  });
});
