import { type DisputeStatus, type PaymentStatus, readDisputeStatus, readRefundStatus, readStatus, type RefundStatus } from '#payment/port';

const PAYMENTS: Readonly<Record<string, PaymentStatus>> = {
  open: 'pending',
  held: 'waitingForCapture',
  taken: 'succeeded',
  void: 'canceled',
};
const REFUNDS: Readonly<Record<string, RefundStatus>> = { done: 'succeeded', refused: 'canceled' };
const DISPUTES: Readonly<Record<string, DisputeStatus>> = { open: 'open', won: 'won', lost: 'lost' };

/** Our status for the gateway's; an unknown one is pending, so that it is asked again. */
export const toStatus = (state: string): PaymentStatus => readStatus(PAYMENTS, state);
export const toRefundStatus = (state: string): RefundStatus => readRefundStatus(REFUNDS, state);
export const toDisputeStatus = (state: string): DisputeStatus => readDisputeStatus(DISPUTES, state);
