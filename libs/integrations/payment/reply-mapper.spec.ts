import { describe, expect, it } from '@jest/globals';
import type { PaymentEntity } from './payment.entity.js';
import type { StoredPayment } from './payment-rows.js';
import { toInvoiceUpdate, toStatusReply } from './reply-mapper.js';

const view = { payUrl: 'https://pay.example/t', timeZone: 'UTC', able: { cancel: true, refund: true } };

function stored(row: Partial<PaymentEntity>): StoredPayment {
  const none = { externalId: null, paidAt: null, expiresAt: null, cancellation: null, details: {}, heldMinor: null, capturedMinor: null };
  const sums = { currency: 'EUR', amountMinor: '10000', discountMinor: '1050' };
  return { row: { ...none, ...sums, capture: 'manual', memory: {}, disputes: [], receipts: [], ...row } as PaymentEntity, refunds: [] };
}

describe('the discount of an invoice', () => {
  const read = (row: Partial<PaymentEntity>): unknown[] => {
    const { status, amount, discountAmount } = toInvoiceUpdate(stored(row), view);
    return [status, amount, discountAmount];
  };

  it('is sent with the two statuses that take one, and the amount is less by it', () => {
    expect(read({ status: 'waitingForCapture' })).toEqual(['waitingForCapture', 89.5, 10.5]);
    expect(read({ status: 'succeeded', capturedMinor: '8950' })).toEqual(['succeeded', 89.5, 10.5]);
    expect(read({ status: 'succeeded', capturedMinor: '4000' })).toEqual(['succeeded', 40, 10.5]);
    expect(read({ status: 'refundSucceeded', capturedMinor: '8950' })).toEqual(['refundSucceeded', 89.5, undefined]);
    expect(read({ status: 'canceled' })).toEqual(['canceled', 89.5, undefined]);
  });

  it('is unknown to the CRM while the hold of a one-stage payment is', () => {
    expect(read({ status: 'waitingForCapture', capture: 'automatic' })).toEqual(['pending', 100, undefined]);
    expect(read({ status: 'succeeded', capture: 'automatic', capturedMinor: '8950' })).toEqual(['succeeded', 89.5, 10.5]);
  });

  it('is left out when there is none, and of the answer to status', () => {
    expect(read({ status: 'succeeded', capturedMinor: '10000', discountMinor: null })).toEqual(['succeeded', 100, undefined]);
    expect(toStatusReply(stored({ status: 'succeeded', capturedMinor: '8950' }), view)).not.toHaveProperty('discountAmount');
  });
});
