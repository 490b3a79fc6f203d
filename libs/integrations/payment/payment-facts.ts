import { type Money, toMoney } from '#provider-kit';
import type { DisputeStatus, PaymentState, PaymentStatus, ProviderMemory, ReceiptState, Reported, RefundStatus } from './port/index.js';

/**
 * An invoice's status in the CRM: the payment's, or `refundSucceeded` once everything captured was refunded.
 */
export type InvoiceStatus = PaymentStatus | 'refundSucceeded';

/** A stored refund. */
export interface RefundFacts {
  readonly id: string;
  readonly externalId?: string;
  readonly amount: Money;
  readonly status: RefundStatus;
  readonly comment?: string;
  /** True: requested by the CRM. False: found at the provider. */
  readonly requested: boolean;
  readonly createdAt: Date;
}

/** A stored dispute. */
export interface DisputeFacts {
  readonly externalId: string;
  readonly status: DisputeStatus;
  readonly amount?: Money;
  readonly reason?: string;
  /** When we received it. */
  readonly since: Date;
}

/** A stored receipt. */
export type ReceiptFacts = Pick<ReceiptState, 'externalId' | 'status'>;

/** All stored facts of a payment that can change. */
export interface PaymentFacts extends Readonly<Reported> {
  readonly status: InvoiceStatus;
  readonly externalId?: string;
  /** The invoice's amount. */
  readonly amount: Money;
  readonly memory: ProviderMemory;
  /** The `externalId` of the last attempt whose capture was declined. */
  readonly declinedId?: string | undefined;
  /** Oldest first. */
  readonly refunds: readonly RefundFacts[];
  /** In the order in which we received them. */
  readonly disputes: readonly DisputeFacts[];
  readonly receipts: readonly ReceiptFacts[];
}

/** One event in the payment's history. */
export interface Happening {
  code:
    | InvoiceStatus
    | `refund.${RefundStatus}`
    | `dispute.${DisputeStatus}`
    | `receipt.${'failed' | 'registered'}`
    | 'declined'
    | 'missed';
  amount?: Money;
  refundId?: string;
  comment?: string;
  /** False: the event contradicts a final status and was only noted. */
  moved: boolean;
}

/** An update from a provider. */
export interface PaymentUpdate {
  state: PaymentState;
  /** Whether this is the reply of a call with an effect, so that its `memory` counts. */
  effect: boolean;
  /**
   * For a reading: the payment when it started. If the id has changed since, because a visit opened another
   * session, the reading does not restore the earlier id. It does not undo a capture requested since, either.
   */
  asked?: Pick<PaymentFacts, 'externalId' | 'capturing'> | undefined;
  now: Date;
  /** Returns an id for a refund that was made elsewhere. */
  newId(): string;
}

/** Maximum length of a reason or comment (reference: `cancellationDetails`). */
export const LONGEST_TEXT = 255;

/** Whether money was taken. */
export function isPaid(status: InvoiceStatus): boolean {
  return status === 'succeeded' || status === 'refundSucceeded';
}

/**
 * Returns the amount that can still be refunded: captured, less refunds made or pending and amounts withheld
 * by disputes.
 */
export function computeRefundable(facts: Pick<PaymentFacts, 'amount' | 'captured' | 'refunds' | 'disputes'>): Money {
  const left = computeKept(facts);
  const withheld = facts.disputes.reduce((sum, { status, amount }) => (status === 'open' ? sum + (amount?.minor ?? left.minor) : sum), 0);
  return toMoney(Math.max(0, left.minor - withheld), left.currency);
}

export function computeKept({ amount, captured, refunds }: Pick<PaymentFacts, 'amount' | 'captured' | 'refunds'>): Money {
  const given = refunds.reduce((sum, refund) => (refund.status === 'canceled' ? sum : sum + refund.amount.minor), 0);
  return toMoney(Math.max(0, (captured?.minor ?? 0) - given), amount.currency);
}

/**
 * Whether a cancelled invoice can still be paid, because the service cannot stop a payment that a buyer has
 * started.
 */
export function mayStillBePaid({ status, expiresAt }: Pick<PaymentFacts, 'status' | 'expiresAt'>, now: Date): boolean {
  return status === 'canceled' && expiresAt !== undefined && expiresAt > now;
}

/** Returns the invoice's amount: the captured amount, or before the capture the payable amount. */
export function getAmount(facts: Pick<PaymentFacts, 'status' | 'amount' | 'discount' | 'captured'>): Money {
  const payable = computePayable(facts);
  return isPaid(facts.status) ? (facts.captured ?? payable) : payable;
}

export function computePayable({ amount, discount }: Pick<PaymentFacts, 'amount' | 'discount'>): Money {
  return discount ? toMoney(Math.max(0, amount.minor - discount.minor), amount.currency) : amount;
}

/** Returns which of refunds, disputes and receipts the provider has yet to decide. */
export function findAwaited({ refunds, disputes, receipts }: Pick<PaymentFacts, 'refunds' | 'disputes' | 'receipts'>): {
  refundPending: boolean;
  disputed: boolean;
  receiptPending: boolean;
} {
  return {
    refundPending: refunds.some(({ status }) => status === 'pending'),
    disputed: disputes.some(({ status }) => status === 'inquiry' || status === 'open'),
    receiptPending: receipts.some(({ status }) => status === 'pending'),
  };
}
