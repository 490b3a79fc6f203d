import { expect, it } from '@jest/globals';
import type { PaymentState } from '#payment/port';
import { existingPayment, uuidOfNow } from './existing-payment.js';
import type { PaymentSuite } from './suite.js';

/** Tests actions that become due after a payment. */
export function testFollowUp<S extends object>(suite: PaymentSuite<S>): void {
  if (suite.has('followUp'))
    it('an action that get returns as due is done once', async () => {
      const { makeDue } = suite.subject;
      if (!makeDue) return suite.unproven.add('a due action is done once', 'makeDue');
      const payment = await suite.take();
      expect(await suite.get(payment)).not.toMatchObject({ followUp: true });
      await makeDue.call(suite.subject, payment);
      expect(await suite.get(payment)).toMatchObject({ followUp: true });
      const before = await suite.subject.faults?.made();
      const done = await suite.within(async (given) => (await suite.provider.followUp?.(payment, { key: uuidOfNow() }, given)) ?? given);
      expect(done).toMatchObject({ status: 'succeeded' });
      expect(done).not.toMatchObject({ followUp: true });
      const after = existingPayment(payment, done as PaymentState);
      expect(await suite.get(after)).not.toMatchObject({ followUp: true });
      // A call whose result was not stored, too.
      for (const again of [after, payment])
        await suite.within(async (given) => suite.provider.followUp?.(again, { key: uuidOfNow() }, given));
      if (before !== undefined) expect(await suite.subject.faults?.made()).toBe(before + 1);
    });
}
