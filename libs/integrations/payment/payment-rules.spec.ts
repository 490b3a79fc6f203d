import { describe, expect, it } from '@jest/globals';
import { toMoney, ProviderError } from '#provider-kit';
import type { PaymentEntity, PaymentRefundEntity } from './payment.entity.js';
import type { StoredPayment } from './payment-rows.js';
import { isApproved, isCanceled, readRefundAmount, findSameRefund } from './payment-rules.js';

const NOW = new Date('2026-03-01T10:00:00Z');

function stored(row: Partial<PaymentEntity>, refunds: Partial<PaymentRefundEntity>[] = []): StoredPayment {
  const base = {
    status: 'pending',
    currency: 'EUR',
    amountMinor: '10000',
    discountMinor: null,
    heldMinor: null,
    capturedMinor: null,
    externalId: null,
    cancellation: null,
    memory: {},
    disputes: [],
    receipts: [],
  };
  return {
    row: { ...base, ...row } as PaymentEntity,
    refunds: refunds.map(
      (refund, index) =>
        ({
          id: `r${index}`,
          externalId: null,
          comment: null,
          asked: true,
          status: 'succeeded',
          createdAt: NOW,
          ...refund,
        }) as PaymentRefundEntity,
    ),
  };
}

function refusal(act: () => unknown): ProviderError {
  try {
    act();
  } catch (error) {
    if (error instanceof ProviderError) return error;
  }
  throw new Error('was not refused');
}

const eur = (minor: number): ReturnType<typeof toMoney> => toMoney(minor, 'EUR');

describe('isApproved', () => {
  it('is done for the amount that was taken, and refused for every other', () => {
    const paid = stored({ status: 'succeeded', capturedMinor: '4000' });
    expect(isApproved(paid, eur(4000))).toBe(true);
    expect(refusal(() => isApproved(paid, eur(4001))).kind).toBe('rejected');
    expect(isApproved(stored({ status: 'waitingForCapture', heldMinor: '10000' }), eur(10000))).toBe(false);
    expect(refusal(() => isApproved(stored({ status: 'waitingForCapture', heldMinor: '10000' }), eur(10001))).fields).toEqual({
      amount: 'must be at most 100.00',
    });
    for (const status of ['pending', 'canceled'] as const)
      expect(refusal(() => isApproved(stored({ status }), eur(1))).kind).toBe('rejected');
  });
});

describe('isCanceled', () => {
  it('is refused once money was taken', () => {
    expect(isCanceled(stored({ status: 'canceled' }))).toBe(true);
    expect(isCanceled(stored({ status: 'waitingForCapture' }))).toBe(false);
    for (const status of ['succeeded', 'refundSucceeded'] as const)
      expect(refusal(() => isCanceled(stored({ status }))).kind).toBe('rejected');
  });
});

describe('refundAmountOf', () => {
  const paid = (refunds: Partial<PaymentRefundEntity>[]): StoredPayment => stored({ status: 'succeeded', capturedMinor: '10000' }, refunds);

  it('is what is asked for, or all that is left', () => {
    expect(readRefundAmount(paid([]), undefined)).toEqual(eur(10000));
    expect(readRefundAmount(paid([{ amountMinor: '3000' }, { amountMinor: '2000', status: 'canceled' }]), undefined)).toEqual(eur(7000));
    expect(readRefundAmount(paid([{ amountMinor: '3000', status: 'pending' }]), eur(7000))).toEqual(eur(7000));
  });

  it('is refused for more, and when nothing is left or was taken', () => {
    expect(refusal(() => readRefundAmount(paid([{ amountMinor: '3000', status: 'pending' }]), eur(7001))).fields).toEqual({
      amount: 'must be at most 70.00',
    });
    expect(refusal(() => readRefundAmount(paid([{ amountMinor: '10000' }]), undefined)).kind).toBe('rejected');
    for (const status of ['pending', 'waitingForCapture', 'canceled'] as const)
      expect(refusal(() => readRefundAmount(stored({ status }), eur(1))).kind).toBe('rejected');
  });
});

describe('sameRefundOf', () => {
  const paid = (refunds: Partial<PaymentRefundEntity>[]): StoredPayment => stored({ status: 'succeeded', capturedMinor: '10000' }, refunds);
  const longAgo = new Date(NOW.getTime() - 61_000);

  it('is one of the same amount, made here within a minute, that did not fail', () => {
    expect(findSameRefund(paid([{ amountMinor: '500' }]), eur(500), NOW)).toBe('r0');
    expect(findSameRefund(paid([{ amountMinor: '500' }]), eur(501), NOW)).toBeUndefined();
    expect(findSameRefund(paid([{ amountMinor: '500', createdAt: longAgo }]), eur(500), NOW)).toBeUndefined();
    expect(findSameRefund(paid([{ amountMinor: '500', asked: false }]), eur(500), NOW)).toBeUndefined();
    expect(findSameRefund(paid([{ amountMinor: '500', status: 'canceled' }]), eur(500), NOW)).toBeUndefined();
  });

  it('is the last one for all that is left, when nothing is', () => {
    expect(findSameRefund(paid([{ amountMinor: '4000' }, { amountMinor: '6000' }]), undefined, NOW)).toBe('r1');
    expect(findSameRefund(paid([{ amountMinor: '4000' }]), undefined, NOW)).toBeUndefined();
  });
});
