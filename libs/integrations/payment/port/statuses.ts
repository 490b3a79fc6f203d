/**
 * `pending`: not paid yet; `waitingForCapture`: held, to be approved or cancelled; `succeeded`: taken;
 * `canceled`: nothing is or will be taken. The last two are final.
 */
export type PaymentStatus = 'pending' | 'waitingForCapture' | 'succeeded' | 'canceled';

/** `succeeded` and `canceled` are final. */
export type RefundStatus = 'pending' | 'succeeded' | 'canceled';

/**
 * Maps a provider's code by a table; an unknown code is `pending`, so it is asked again and never a success.
 */
export function readStatus(table: Readonly<Record<string, PaymentStatus>>, code: string | null | undefined): PaymentStatus {
  return (code != null && Object.hasOwn(table, code) && table[code]) || 'pending';
}

/** As `readStatus`, for refunds. */
export function readRefundStatus(table: Readonly<Record<string, RefundStatus>>, code: string | null | undefined): RefundStatus {
  return (code != null && Object.hasOwn(table, code) && table[code]) || 'pending';
}

/**
 * `inquiry`: the bank asks and nothing is taken back yet; `open`: the money is withheld; `won`: it stays with
 * the shop; `lost`: it went back to the buyer. The last two are final.
 */
export type DisputeStatus = 'inquiry' | 'open' | 'won' | 'lost';

/**
 * `pending`: the register has not answered; `failed`: it refused, or is silent for too long; `registered` is
 * final.
 */
export type ReceiptStatus = 'pending' | 'failed' | 'registered';

/** As `readStatus`, for receipts. */
export function readReceiptStatus(table: Readonly<Record<string, ReceiptStatus>>, code: string | null | undefined): ReceiptStatus {
  return (code != null && Object.hasOwn(table, code) && table[code]) || 'pending';
}

/** As `readStatus`, for disputes: a code that is not in the table is `open`. */
export function readDisputeStatus(table: Readonly<Record<string, DisputeStatus>>, code: string | null | undefined): DisputeStatus {
  return (code != null && Object.hasOwn(table, code) && table[code]) || 'open';
}
