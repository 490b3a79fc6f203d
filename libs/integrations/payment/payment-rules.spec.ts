import { describe, expect, it } from '@jest/globals';
import { toMoney, ProviderError } from '#provider-kit';
import type { PaymentEntity, PaymentRefundEntity } from './payment.entity.js';
import type { StoredPayment } from './payment-rows.js';
import { findUnansweredRefund, isApproved, isCanceled, readRefundAmount, refuseEqualRefund } from './payment-rules.js';

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
    details: {},
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
          requested: true,
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

  it('is the requested amount, or the remaining amount', () => {
    expect(readRefundAmount(paid([]), undefined)).toEqual(eur(10000));
    expect(readRefundAmount(paid([{ amountMinor: '3000' }, { amountMinor: '2000', status: 'canceled' }]), undefined)).toEqual(eur(7000));
    expect(readRefundAmount(paid([{ amountMinor: '3000', status: 'pending' }]), eur(7000))).toEqual(eur(7000));
  });

  it('is rejected above the remaining amount, and if nothing remains or was captured', () => {
    expect(refusal(() => readRefundAmount(paid([{ amountMinor: '3000', status: 'pending' }]), eur(7001))).fields).toEqual({
      amount: 'must be at most 70.00',
    });
    expect(refusal(() => readRefundAmount(paid([{ amountMinor: '10000' }]), undefined)).kind).toBe('rejected');
    for (const status of ['pending', 'waitingForCapture', 'canceled'] as const)
      expect(refusal(() => readRefundAmount(stored({ status }), eur(1))).kind).toBe('rejected');
  });
});

describe('a repeated refund', () => {
  const paid = (refunds: Partial<PaymentRefundEntity>[]): StoredPayment => stored({ status: 'succeeded', capturedMinor: '10000' }, refunds);
  const lost = { repliedAt: null };

  it('is one of the same amount that did not fail and whose reply may be lost', () => {
    expect(findUnansweredRefund(paid([{ amountMinor: '500', ...lost }]), eur(500))).toBe('r0');
    expect(findUnansweredRefund(paid([{ amountMinor: '500', ...lost, createdAt: new Date(0) }]), eur(500))).toBe('r0');
    expect(findUnansweredRefund(paid([{ amountMinor: '500', ...lost }]), eur(501))).toBeUndefined();
    expect(findUnansweredRefund(paid([{ amountMinor: '500', repliedAt: NOW }]), eur(500))).toBeUndefined();
    expect(findUnansweredRefund(paid([{ amountMinor: '500', ...lost, status: 'canceled' }]), eur(500))).toBeUndefined();
  });

  it('is the last refund of the remaining amount, if nothing remains', () => {
    const all = [
      { amountMinor: '4000', repliedAt: NOW },
      { amountMinor: '6000', ...lost },
    ];
    expect(findUnansweredRefund(paid(all), undefined)).toBe('r1');
    expect(findUnansweredRefund(paid([{ amountMinor: '4000', ...lost }]), undefined)).toBeUndefined();
  });

  it('is rejected within a minute of the reply, in the languages of the CRM', () => {
    const answered = (secondsAgo: number) => paid([{ amountMinor: '12000', repliedAt: new Date(NOW.getTime() - secondsAgo * 1000) }]);
    const { kind, localText } = refusal(() => refuseEqualRefund(answered(20), eur(12000), NOW));
    expect([kind, localText]).toEqual([
      'rejected',
      {
        en: '120.00 was refunded 20 s ago. To make another refund, repeat this after a minute.',
        es: '120.00 se devolvió hace 20 s; repítalo pasado un minuto si se trata de otra devolución.',
        ru: '120.00 возвращено 20 с назад; повторите через минуту, если это другой возврат.',
      },
    ]);
    expect(() => refuseEqualRefund(answered(61), eur(12000), NOW)).not.toThrow();
    expect(() => refuseEqualRefund(answered(20), eur(12001), NOW)).not.toThrow();
  });
});
