import type { PaymentStatus } from '#payment/port';
import type { TestpayState } from './testpay.entity.js';

/** The invoice's status for each state of the gateway. */
export const STATUSES: Readonly<Record<TestpayState, PaymentStatus>> = {
  open: 'pending',
  confirming: 'pending',
  processing: 'pending',
  held: 'waitingForCapture',
  captured: 'succeeded',
  canceled: 'canceled',
};
