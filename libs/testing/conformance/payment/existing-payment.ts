import { randomUUID } from 'node:crypto';
import type { CreateRequest, ExistingPayment, PaymentState } from '#payment/port';

/**
 * A payment as stored after these replies to calls with an effect: new, or an update of the stored `from`.
 */
export function existingPayment(from: CreateRequest | ExistingPayment, ...states: PaymentState[]): ExistingPayment {
  const payment: ExistingPayment =
    'request' in from
      ? { ...from }
      : { id: from.reference, status: 'pending', refunds: [], memory: {}, createdAt: new Date(), request: from };
  for (const state of states) {
    payment.status = state.status;
    if (state.externalId !== undefined) payment.externalId = state.externalId;
    if (state.memory) payment.memory = state.memory;
    if (state.status === 'succeeded') payment.captured = state.captured ?? payment.request.amount;
    if (state.refunds)
      payment.refunds = state.refunds.map(({ reference, externalId, amount, status }) => ({
        id: reference ?? randomUUID(),
        externalId,
        amount,
        status,
      }));
  }
  return payment;
}

/** A version 7 UUID: the kind that references are, beginning with the time. */
export function uuidOfNow(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}
