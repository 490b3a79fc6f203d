import { expect, it } from '@jest/globals';
import { existingPayment } from './existing-payment.js';
import type { PaymentSuite } from './suite.js';

/** Tests the registers of payouts. */
export function testPayouts<S extends object>(suite: PaymentSuite<S>): void {
  it('a payout has its payments, refunds and fees, which add up to its total', async () => {
    const { payOut } = suite.subject;
    if (!payOut) return suite.leaveOpen('payouts have their payments', 'payOut');
    const payment = await suite.take();
    const refunded = suite.has('refund') ? existingPayment(payment, await suite.refund(payment, 30_25)) : payment;
    const day = await payOut.call(suite.subject);
    const list = async (one: string) => (await suite.provider.listPayouts?.(one, suite.context)) ?? [];
    const payouts = await list(day);
    const isOwn = ({ externalId, reference }: { externalId?: string; reference?: string }): boolean =>
      reference === payment.id || (externalId !== undefined && externalId === refunded.externalId);
    const own = payouts.find(({ rows }) => rows.some(isOwn));
    expect(own).toMatchObject({ kind: 'payout', date: day, currency: payment.request.amount.currency });
    const rows = own?.rows.filter(isOwn) ?? [];
    expect(rows.map(({ kind, gross }) => [kind, gross]).toSorted()).toEqual([
      ...(suite.has('refund') ? [['refund', -30_25]] : []),
      ['sale', payment.captured?.minor],
    ]);
    for (const { total, rows: all } of payouts) {
      expect(total).toBe(all.reduce((sum, { net }) => sum + net, 0));
      for (const { gross, fees, net } of all) expect(net).toBe(fees.reduce((rest, { minor }) => rest - minor, gross));
      expect(all.map(({ line }) => line)).toEqual(all.map((_row, index) => index + 1));
      for (const row of all) expect(row.kind === 'other' || (row.externalId ?? row.reference)).toBeTruthy();
    }
    expect(new Set(payouts.map(({ id }) => id)).size).toBe(payouts.length);
    expect(await list(day)).toEqual(payouts);
    expect(await list('2001-02-03')).toEqual([]);
  });
}
