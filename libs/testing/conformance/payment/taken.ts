import { expect, it } from '@jest/globals';
import { refused } from './refused.js';
import type { PaymentSuite } from './suite.js';

/** Tests a payment whose money was taken. */
export function testTaken<S extends object>(suite: PaymentSuite<S>): void {
  it('has the whole amount, and stays', async () => {
    const payment = await suite.take();
    const state = await suite.get(payment);
    expect([state.status, state.captured ?? payment.request.amount]).toEqual(['succeeded', payment.request.amount]);
    expect(await suite.get(payment)).toEqual(state);
    await suite.checkTimes(payment);
  });

  it('has the amount of the invoice even if the buyer pays more', async () => {
    if (!suite.subject.payDearly) return;
    const payment = await suite.open(await suite.create());
    await suite.subject.payDearly(payment);
    const { status, captured = payment.request.amount } = await suite.get(payment);
    expect([status, captured]).toEqual(['succeeded', payment.request.amount]);
  });

  if (suite.has('cancel'))
    it('cannot be canceled', async () => {
      await refused(suite.cancel(await suite.take()));
    });
}
