import type { LocalText } from '#platform/plain';
import type { Money } from '#provider-kit';
import type { DisputeStatus, PaymentStatus, ReceiptStatus, RefundStatus } from './statuses.js';

/**
 * What the provider wants to be given again with the payment: ids of its sessions, a counter. Never a secret.
 */
export type ProviderMemory = Record<string, string>;

/** A refund as the provider knows it. */
export interface RefundState {
  externalId: string;
  /** `RefundRequest.key` from the provider; missing for a refund made elsewhere. */
  reference?: string;
  amount: Money;
  status: RefundStatus;
  /** Why it was canceled, in plain words of the account's language; at most 255 characters are kept. */
  comment?: string;
}

/** A chargeback: the buyer disputes the payment at the bank. */
export interface DisputeState {
  externalId: string;
  status: DisputeStatus;
  /** What is disputed; missing when it is in another currency than the invoice. */
  amount?: Money;
  /** Why, in plain words of the account's language; at most 255 characters are kept. */
  reason?: string;
}

/** A fiscal receipt of a payment, or of one of its refunds. */
export interface ReceiptState {
  /** The provider's, the same from beginning to end; may be the id of what it is a receipt of. */
  externalId: string;
  status: ReceiptStatus;
  /** What it is about: administrators read it when the receipt failed. */
  amount: Money;
}

/** A payment as the provider knows it at the moment of the answer. */
export interface PaymentState {
  /**
   * The provider's id, once known. It may change (session to payment); webhooks find the payment by the last
   * one.
   */
  externalId?: string;
  /**
   * Unknown codes are `pending` (`readStatus`), as is a session that expired unpaid: `openCheckout` opens
   * another.
   */
  status: PaymentStatus;
  /**
   * Taken off the invoice's amount by the service (a coupon, points): above zero, in the invoice's currency.
   * Counts with `waitingForCapture` and on becoming `succeeded`; the CRM adds it to the order.
   */
  discount?: Money;
  /** What is held; needed with `waitingForCapture` when it differs from the amount less the discount. */
  held?: Money;
  /**
   * What was taken; needed with `succeeded` when it differs from the amount less the discount. It never
   * shrinks, and counts every payment of the invoice: of one that was paid twice it is the sum.
   */
  captured?: Money;
  /** When the money was taken. Missing: when we learnt of it. */
  paidAt?: Date;
  /**
   * Until when a hold can be approved, as the provider says it (never a constant). With `canceled`: until
   * when money may still come, where the service cannot end what a buyer has begun. It is read on until
   * then (say it anew each time), and what came is given back by `cancel` of the hold, or by `refund`.
   */
  expiresAt?: Date;
  /** Why it is `canceled`, in plain words of the account's language; at most 255 characters are kept. */
  cancellation?: string;
  /**
   * All refunds of the payment, in any order, wherever they were made. Omit it to keep those already known.
   */
  refunds?: RefundState[];
  /** With `succeeded`: `PaymentProvider.followUp` has something to do now. */
  followUp?: true;
  /** All disputes about the payment. Missing: none was asked for in this answer, those known stay. */
  disputes?: DisputeState[];
  /**
   * Receipts of a payment that was taken, and of its refunds. One that failed is told to the administrators,
   * once; the payment stays as it is. It is read on while one is pending. Missing: those known stay.
   */
  receipts?: ReceiptState[];
  /**
   * Sentences for the payment's story, in English: how the call differs from the request, such as a VAT rate.
   * Only answers of calls with an effect count.
   */
  notes?: readonly string[];
  /** Replaces the stored memory. Only answers of calls with an effect count, not `get` and `find`. */
  memory?: ProviderMemory;
}

/** Where the buyer pays. */
export interface Checkout {
  /** The provider's hosted page. Missing: there is nothing to pay any more, `state` says why. */
  url?: string;
  state: PaymentState;
}

/** A field of a form on our own page. */
export interface FormField {
  name: string;
  label: LocalText;
  /** Keyboard on phones. */
  inputMode?: 'numeric' | 'text';
  /** The HTML `autocomplete` token. */
  autocomplete?: string;
  placeholder?: string;
  value?: string;
  /** Sent along, not shown. */
  hidden?: boolean;
}

/** What the buyer sees below the invoice when the provider has no page of its own. */
export interface FormView {
  /** What the invoice's state is for the buyer at this moment. */
  status: PaymentStatus;
  /** A line above the form: `bad` for a refusal, `good` for a success. */
  notice?: { tone: 'good' | 'bad' | 'plain'; text: LocalText };
  /** Each with a button of its own. Empty: nothing can be entered now. */
  forms: { fields: FormField[]; submit: LocalText }[];
  /** No money moves here: the page says so at its top. */
  isTest?: true;
  /** Listed below the form: what can be entered and what it does; a click enters it. */
  samples?: { value: string; text: LocalText }[];
  /** The page asks again on its own after so many seconds. */
  reloadSeconds?: number;
}
