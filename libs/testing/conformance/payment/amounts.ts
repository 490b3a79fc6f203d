import { expect, it } from '@jest/globals';
import { toMoney } from '#provider-kit';
import type { PaymentSuite } from './suite.js';

/** Tests the amounts at the service. */
export function testAmounts<S extends object>(suite: PaymentSuite<S>): void {
  it('the service has the amounts of the invoice, the capture and the refund', async () => {
    const { expected } = suite.subject;
    if (expected === undefined) return suite.unproven.add('amounts at the service', 'expected');
    const payment = await suite.open(await suite.create());
    expect(await expected.cost(payment)).toEqual(payment.request.amount);
    const paid = await suite.take();
    if (expected.captured) expect(await expected.captured(paid)).toEqual(paid.request.amount);
    if (!suite.has('refund') || !expected.refunded) return;
    await suite.refund(paid, 30_25);
    expect(await expected.refunded(paid)).toEqual(toMoney(30_25, paid.request.amount.currency));
  });

  if (suite.has('approve'))
    it('the service has the amount of a partial capture', async () => {
      const { captured } = suite.subject.expected ?? {};
      if (!captured) return;
      const held = await suite.pay(await suite.create('manual'));
      const amount = toMoney(60_25, held.request.amount.currency);
      expect(await captured(await suite.approve(held, amount))).toEqual(amount);
    });
}
