import { expect, it } from '@jest/globals';
import { toMoney } from '#provider-kit';
import { refused } from './refused.js';
import type { PaymentSuite } from './suite.js';

/** Tests disputes of buyers. */
export function testDispute<S extends object>(suite: PaymentSuite<S>): void {
  it('a dispute and its end are returned under one id, and leave the payment unchanged', async () => {
    // A gateway without chargebacks has nothing to report.
    if (!suite.subject.disputes) return expect(suite.provider.manifest.recovery.kind).toBe('local');
    const payment = await suite.take();
    // Known disputes stay if the service does not report them.
    if (suite.subject.disputes === 'untold') return expect((await suite.get(payment)).disputes).toBeUndefined();
    expect((await suite.get(payment)).disputes ?? []).toEqual([]);
    await suite.subject.disputes.open(payment, 40_00);
    const open = await suite.get(payment);
    expect(open.disputes).toMatchObject([{ status: 'open', amount: toMoney(40_00, payment.request.amount.currency) }]);
    expect(open.disputes?.[0]?.reason).toMatch(/\S/);
    expect(await suite.get(payment)).toEqual(open);
    if (suite.has('refund')) await refused(suite.refund(payment, 100_50), ['rejected', 'invalid']);
    await suite.subject.disputes.lose(payment);
    const lost = await suite.get(payment);
    expect(lost.disputes).toMatchObject([{ status: 'lost', externalId: open.disputes?.[0]?.externalId }]);
    expect([lost.status, lost.captured, lost.refunds ?? []]).toEqual([open.status, open.captured, []]);
  });
}
