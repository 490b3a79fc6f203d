import { describe, expect, it } from '@jest/globals';
import { InvoicePacker } from './invoice.packer.js';
import type { PaymentStore } from './payment-store.js';

describe('InvoicePacker.take', () => {
  const packer = new InvoicePacker({} as PaymentStore);
  const take = (...refunds: (string | undefined)[]): number =>
    packer.take(
      refunds.map((refundId, index) => ({
        id: String(index),
        subject: 'p',
        payload: { status: 'succeeded', ...(refundId && { refundId }) },
      })),
    );

  it('puts the waiting rows of an invoice into one call, except for a second refund', () => {
    expect(take(undefined)).toBe(1);
    expect(take(undefined, undefined, 'a', undefined, 'a')).toBe(5);
    expect(take('a', undefined, 'b', 'a')).toBe(2);
    expect(take('a', 'b')).toBe(1);
  });
});
