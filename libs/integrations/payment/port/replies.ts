import type { LocalText } from '#platform/plain';
import type { Money } from '#provider-kit';
import type { DisputeStatus, PaymentStatus, ReceiptStatus, RefundStatus } from './statuses.js';

/**
 * Values that the provider receives back with the payment, such as session ids or a counter. Never a secret.
 */
export type ProviderMemory = Record<string, string>;

/** A refund at the provider. */
export interface RefundState {
  externalId: string;
  /** `RefundRequest.key`, as stored at the provider. Missing for a refund made elsewhere. */
  reference?: string;
  amount: Money;
  status: RefundStatus;
  /**
   * Reason for the cancellation, in plain words of the account's language. At most 255 characters are kept.
   */
  comment?: string;
}

/** A chargeback: the buyer disputes the payment at the bank. */
export interface DisputeState {
  externalId: string;
  status: DisputeStatus;
  /** Disputed amount. Missing if it is in another currency than the invoice. */
  amount?: Money;
  /** Reason in plain words of the account's language. At most 255 characters are kept. */
  reason?: string;
}

/** A fiscal receipt of a payment, or of one of its refunds. */
export interface ReceiptState {
  /**
   * The provider's id, which never changes. May be the id of the payment or refund that the receipt belongs
   * to.
   */
  externalId: string;
  status: ReceiptStatus;
  /** Amount on the receipt. Administrators see it if the receipt failed. */
  amount: Money;
}

/** The values that a provider may report about a payment. */
export interface Reported {
  /**
   * Discount granted by the service (a coupon, points): above zero, in the invoice's currency. Counts with
   * `waitingForCapture` and on becoming `succeeded`. The CRM adds it to the order.
   */
  discount?: Money;
  /** Amount held. Required with `waitingForCapture` if it differs from the amount less the discount. */
  held?: Money;
  /**
   * Amount captured. Required with `succeeded` if it differs from the amount less the discount. It never
   * shrinks and counts every payment of the invoice, so an invoice paid twice has the sum.
   */
  captured?: Money;
  /** When the money was captured. Default: the time of the update. */
  paidAt?: Date;
  /** With `succeeded`: the service's fee for the payment, if the service reports it with the payment. */
  fee?: Money;
  /**
   * Time until which a hold can be approved, from the provider (never a constant). It is kept until the hold
   * ends, and a hold that ends after it was missed: the shop gets a notice. With `canceled`: time
   * until which money may still arrive if the service cannot stop a payment that a buyer has started. The
   * payment is read until then (set it in each reply), and late money is returned by `cancel` of the hold or
   * by `refund`.
   */
  expiresAt?: Date;
  /** Reason for `canceled`, in plain words of the account's language. At most 255 characters are kept. */
  cancellation?: string;
  /**
   * With `waitingForCapture`: the amount of a capture that the service has not decided. The payment is then
   * read, and `approve` is not called again.
   */
  capturing?: Money;
  /**
   * With `pending`: the reason why the money could not be held or captured, in plain words of the account's
   * language. The buyer can pay again: the next `openCheckout` makes an attempt with another `externalId`. At
   * most 255 characters are kept.
   */
  declined?: string;
}

/** A payment's state at the provider at the time of the reply. */
export interface PaymentState extends Reported {
  /**
   * The provider's id, once known. It may change (session to payment). Webhooks find the payment by the
   * latest id.
   */
  externalId?: string;
  /**
   * Unknown codes are `pending` (`readStatus`). So is a session that expired unpaid: `openCheckout` opens
   * another.
   */
  status: PaymentStatus;
  /**
   * All refunds of the payment, in any order, wherever they were made. Omit it to keep those already known.
   */
  refunds?: RefundState[];
  /** With `succeeded`: `PaymentProvider.followUp` has something to do now. */
  followUp?: true;
  /**
   * With `pending`: the buyer approved, and `PaymentProvider.authorize` has to hold the money. `expiresAt` is
   * then the end of the approval.
   */
  toAuthorize?: true;
  /** All disputes about the payment. Missing: this reply has no information, the known disputes stay. */
  disputes?: DisputeState[];
  /**
   * Receipts of a captured payment and of its refunds. Administrators get one notice about a failed receipt,
   * and the payment does not change. The payment is read while a receipt is pending. Missing: the known
   * receipts stay.
   */
  receipts?: ReceiptState[];
  /**
   * Sentences for the payment's timeline, in English: how the call differs from the request, such as a VAT
   * rate. Only replies of calls with an effect count.
   */
  notes?: readonly string[];
  /** Replaces the stored memory. Only replies of calls with an effect count, not `get` and `find`. */
  memory?: ProviderMemory;
}

/** Where the buyer pays. */
export interface Checkout {
  /** The provider's hosted page. Missing: there is nothing left to pay, for the reason in `state`. */
  url?: string;
  /** Fields that the buyer's browser posts to `url`. Never a secret. Missing: `url` is opened as a link. */
  fields?: Readonly<Record<string, string>>;
  state: PaymentState;
}

/** A field of a form on our own page. */
export interface FormField {
  name: string;
  label: LocalText;
  /** Keyboard to show on phones. */
  inputMode?: 'numeric' | 'text';
  /** The HTML `autocomplete` token. */
  autocomplete?: string;
  placeholder?: string;
  value?: string;
  /** Whether the field is sent but not shown. */
  hidden?: boolean;
}

/** The buyer's view below the invoice if the provider has no own page. */
export interface FormView {
  /** The invoice's current state for the buyer. */
  status: PaymentStatus;
  /** A line above the form: `bad` for a rejection, `good` for a success. */
  notice?: { tone: 'good' | 'bad' | 'plain'; text: LocalText };
  /** Each form has its own button. Empty: there is nothing to enter at the moment. */
  forms: { fields: FormField[]; submit: LocalText }[];
  /** Whether no money moves. A note appears at the top of the page. */
  isTest?: true;
  /** Test values listed below the form with their effect. A click fills one in. */
  samples?: { value: string; text: LocalText }[];
  /** Seconds after which the page reloads. */
  reloadSeconds?: number;
}
