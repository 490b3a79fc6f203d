import type { PaymentStatus } from '#payment/port';
import type { TestpayState } from './testpay.entity.js';

/** What each state of the gateway is for an invoice. */
export const STATUSES: Readonly<Record<TestpayState, PaymentStatus>> = {
  open: 'pending',
  confirming: 'pending',
  processing: 'pending',
  held: 'waitingForCapture',
  captured: 'succeeded',
  canceled: 'canceled',
};
