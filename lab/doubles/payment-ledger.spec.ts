import { describe, expect, it } from '@jest/globals';
import { PaymentLedger, type RefundRules } from './payment-ledger.js';

const RULES: RefundRules = { nothingLeft: () => new Error('nothing left'), over: (left) => new Error(`at most ${left}`) };

describe('the money of payments', () => {
  it('limits refunds to the captured amount that was not refunded', () => {
    const ledger = new PaymentLedger();
    expect(() => ledger.checkRefund('p', undefined, RULES)).toThrow('nothing left');
    ledger.note('taken', 'p', 100);
    ledger.note('refunded', 'p', 30, 'r-1');
    expect(ledger.checkRefund('p', undefined, RULES)).toBe(70);
    for (const asked of [0, 71]) expect(() => ledger.checkRefund('p', asked, RULES)).toThrow('at most 70');
    expect(() => ledger.checkRefund('p', 70, { ...RULES, whole: () => new Error('only whole') })).toThrow('only whole');
    ledger.undo('r-1');
    expect(ledger.checkRefund('p', 100, { ...RULES, whole: () => new Error('only whole') })).toBe(100);
  });

  it('is kept by the shop but for refunds and disputes', () => {
    const ledger = new PaymentLedger();
    ledger.note('taken', 'p', 100);
    ledger.note('taken', 'q', 5);
    ledger.note('refunded', 'p', 30, 'r-1');
    ledger.note('disputed', 'p', 70, 'd-1');
    expect([ledger.kept('p'), ledger.left('p'), ledger.kept('q')]).toEqual([0, 70, 5]);
    ledger.undo('d-1');
    expect(ledger.kept('p')).toBe(70);
  });
});
