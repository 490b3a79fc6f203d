/**
 * `pending`: not paid yet. `waitingForCapture`: held, to be approved or cancelled. `succeeded`: captured.
 * `canceled`: nothing is or will be captured. The last two are final.
 */
export const PAYMENT_STATUSES = ['pending', 'waitingForCapture', 'succeeded', 'canceled'] as const;
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];

/** `succeeded` and `canceled` are final. */
export type RefundStatus = 'pending' | 'succeeded' | 'canceled';

/**
 * Maps a provider's code by a table. An unknown code is `pending`, so the payment is read again and never
 * counts as a success.
 */
export function readStatus(table: Readonly<Record<string, PaymentStatus>>, code: string | null | undefined): PaymentStatus {
  return (code != null && Object.hasOwn(table, code) && table[code]) || 'pending';
}

/** Like `readStatus`, for refunds. */
export function readRefundStatus(table: Readonly<Record<string, RefundStatus>>, code: string | null | undefined): RefundStatus {
  return (code != null && Object.hasOwn(table, code) && table[code]) || 'pending';
}

/**
 * `inquiry`: the bank inquires, no money is withheld yet. `open`: the money is withheld. `won`: the shop
 * keeps the money. `lost`: the buyer got the money back. The last two are final.
 */
export type DisputeStatus = 'inquiry' | 'open' | 'won' | 'lost';

/**
 * `pending`: the register has not replied. `failed`: it rejected the receipt or did not reply in time.
 * `registered` is final.
 */
export type ReceiptStatus = 'pending' | 'failed' | 'registered';

/** Like `readStatus`, for receipts. */
export function readReceiptStatus(table: Readonly<Record<string, ReceiptStatus>>, code: string | null | undefined): ReceiptStatus {
  return (code != null && Object.hasOwn(table, code) && table[code]) || 'pending';
}

/** Like `readStatus`, for disputes. A code that is not in the table is `open`. */
export function readDisputeStatus(table: Readonly<Record<string, DisputeStatus>>, code: string | null | undefined): DisputeStatus {
  return (code != null && Object.hasOwn(table, code) && table[code]) || 'open';
}
