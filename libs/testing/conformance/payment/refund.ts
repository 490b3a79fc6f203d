import { expect, it } from '@jest/globals';
import type { PaymentState } from '#payment/port';
import { toMoney, ProviderError } from '#provider-kit';
import { uuidOfNow } from './existing-payment.js';
import { refused, MANY } from './refused.js';
import type { PaymentSuite } from './suite.js';

/** Tests that refunds are made once, and all of them are returned. */
export function testRefunds<S extends object>(suite: PaymentSuite<S>): void {
  it('is refunded in parts, each part once, and never beyond the paid amount', async () => {
    let payment = await suite.take();
    const [first, second] = [uuidOfNow(), uuidOfNow()];
    const answer = await suite.refund(payment, 30_00, first);
    expect(answer.refunds).toContainEqual(
      expect.objectContaining({ reference: first, amount: toMoney(30_00, payment.request.amount.currency) }),
    );
    const repeated = await suite.refund(payment, 30_00, first);
    expect(repeated.refunds?.filter((one) => one.reference === first)).toHaveLength(1);
    payment = await suite.refresh(payment);
    expect(payment.refunds).toHaveLength(1);
    await suite.refund(payment, 20_50, second);
    payment = await suite.refresh(payment);
    expect(payment.refunds.map((one) => one.id).toSorted()).toEqual([first, second].toSorted());
    await refused(suite.refund(payment, 50_01), ['rejected', 'invalid']);
    await suite.refund(payment, 50_00);
    await refused(suite.refund(await suite.refresh(payment), 1));
  });

  it('get returns all refunds, including refunds on the pages of the service', async () => {
    const { refundThere } = suite.subject;
    if (!refundThere) return suite.leaveOpen('all refunds are returned', 'refundThere');
    const payment = await suite.take();
    for (let n = 0; n < MANY; n++) await refundThere.call(suite.subject, payment, 50);
    const { refunds = [] } = await suite.get(payment);
    expect(refunds.map(({ reference, amount: { minor } }) => [reference, minor])).toEqual(
      Array.from({ length: MANY }, () => [undefined, 50]),
    );
  });

  it('a repeated refund with the same key makes no second refund, even with another amount', async () => {
    const payment = await suite.take();
    const key = uuidOfNow();
    await suite.refund(payment, 30_00, key);
    const other = await suite.refund(payment, 20_00, key).catch((error: unknown) => {
      expect(error).toBeInstanceOf(ProviderError);
    });
    for (const { refunds = [] } of [await suite.get(payment), ...(other ? [other] : [])])
      expect(refunds.map(({ reference, amount }) => [reference, amount.minor])).toEqual([[key, 30_00]]);
  });
}

/** Tests refunds that wait or are rejected. */
export function testRefusedRefunds<S extends object>(suite: PaymentSuite<S>): void {
  it('a refund that waits or is rejected later is not returned as done', async () => {
    const refusals = suite.getRefusals();
    if (!refusals) return;
    const payment = await suite.take();
    const key = uuidOfNow();
    const list = ({ refunds = [] }: PaymentState): unknown[] => refunds.map(({ reference, status }) => [reference, status]);
    expect(list(await refusals.whileRefundsWait(() => suite.refund(payment, 30_00, key)))).toEqual([[key, 'pending']]);
    expect(list(await suite.get(payment))).toEqual([[key, 'pending']]);
    await refusals.refuseRefund(payment);
    expect(list(await suite.get(payment))).toEqual([[key, 'canceled']]);
    await suite.refund(payment, 100_50);
  });

  it('cannot be refunded before it is paid', async () => {
    await refused(suite.refund(await suite.create(), 1_00));
  });
}
