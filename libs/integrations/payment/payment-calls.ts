import type { Connection } from '#connections';
import type { CallOptions } from '#integration-kit';
import type { OperationEntity } from '#operations';
import type { Transaction } from '#platform';
import type { Money } from '#provider-kit';
import type { StoredPayment } from './payment-rows.js';
import type { Checkout, CreateRequest, ExistingPayment, GoodsLine, PaymentProvider, PaymentState } from './port/index.js';

/** Input of a registration. */
export interface CreateInput {
  request: Omit<CreateRequest, 'payUrl' | 'doneUrl'>;
  token: string;
  /** Whether the CRM may have received this reference before a restore. */
  mayExist?: true;
}

/** Input of any other call: the payment's id. */
export interface PaymentInput {
  paymentId: string;
}

/** Input of a capture. */
export interface ApproveInput extends PaymentInput {
  amount: Money;
}

/** Input of a cancellation. */
export interface CancelInput extends PaymentInput {
  /** The reason to show in the CRM if Crossdock cancels, not a CRM user. */
  reason?: string;
  /** The amount as sent by the CRM. */
  amount?: Money;
}

/** Input of a refund. */
export interface RefundInput extends PaymentInput {
  /** Our id of the refund. */
  refundId: string;
  /** Default: the refundable remainder. */
  amount?: Money;
  /** Chosen and stored before the call. */
  goods?: GoodsLine[];
  /** Whether a callback's reply must return the refund to the CRM. */
  awaitsReply?: true;
}

/** A stored operation with its input. */
export type Of<Input> = OperationEntity & { input: Input };

/** Outcome of a call for a payment. Without `state` there was nothing to do. */
export interface Outcome {
  state?: PaymentState;
  /** For a checkout: the page where the buyer pays, and the fields to post there. */
  url?: string;
  fields?: Checkout['fields'];
  /** For a refund: the earlier refund that the request repeats. */
  refundId?: string;
}

/** Outcome of an operation, from which its reply is built. */
export type Answer = PaymentInput & Omit<Outcome, 'state'>;

/** Context of a call for a payment. */
export interface Call {
  connection: Connection;
  stored: StoredPayment;
  existing: ExistingPayment;
  options: CallOptions;
}

/** Describes how a call for a payment is sent, and how its success is recognized. */
export interface Way<Input> {
  kind: string;
  callback?: string;
  /** The provider's method. */
  call: keyof PaymentProvider;
  send(operation: Of<Input>, call: Call): Promise<Outcome>;
  /** Whether the payment's present state shows that the call was made or can no longer have an effect. */
  settles(state: PaymentState, operation: Of<Input>): boolean;
  /** Stores the remaining facts in the transaction that stored the payment's state. */
  record?(tx: Transaction, operation: Of<Input>, outcome: Outcome): Promise<void>;
  /** Whether the call can be resent whatever the provider's recovery is. */
  harmless?: boolean;
}
