import type { LocalText } from '#platform/plain';
import type { Provider, ProviderContext, ProviderWebhook } from '#provider-kit';
import type { PaymentManifest } from './manifest.js';
import type { Checkout, FormView, PaymentState } from './replies.js';
import type { ApproveRequest, CancelRequest, CreateRequest, ExistingPayment, KeyedRequest, RefundRequest } from './requests.js';

/**
 * One event of a webhook. It only names the payment: the state is then read with `get`, so that late,
 * repeated and swapped events do no harm. One that names no payment of ours is acknowledged and forgotten.
 */
export interface PaymentEvent {
  /** The provider's id of the event: unique in the connection. */
  id: string;
  /** `CreateRequest.reference`, where the event carries it. */
  reference?: string;
  /** A `PaymentState.externalId`, where it does not. */
  externalId?: string;
  /**
   * What the account's administrators are told in the CRM, besides what the reading says: a claim, a warning
   * of fraud. At most 120 characters, without tags. It need not name a payment of ours.
   */
  warning?: LocalText;
}

/** The card form of a provider that has no page of its own; shown on the module's page. */
export interface PaymentForm<S> {
  /** What the buyer sees now. */
  show(payment: ExistingPayment, context: ProviderContext<S>): Promise<FormView>;
  /** Takes the buyer's raw input, unknown fields included; sent twice or from two tabs, it pays once. */
  submit(payment: ExistingPayment, values: Readonly<Record<string, string>>, context: ProviderContext<S>): Promise<FormView>;
}

/**
 * A payment gateway, with either `openCheckout` or `form`; methods determine the registered capabilities.
 * Calls with an effect run one at a time for a payment, after the integration has checked its amounts.
 * @throws ProviderError only: `rejected` when the provider's own state does not allow the call
 */
export interface PaymentProvider<S extends object = object> extends Provider<S> {
  readonly manifest: PaymentManifest<S>;

  /** Registers a pending invoice. May leave creation at the provider to `openCheckout`. */
  create(request: CreateRequest, context: ProviderContext<S>): Promise<PaymentState>;

  /** The payment's present state. May be called at any time, by many at once, and changes nothing. */
  get(payment: ExistingPayment, context: ProviderContext<S>): Promise<PaymentState>;

  /**
   * Returns the payment with our reference, or undefined. Required for recovery `find`; else still asked
   * first.
   */
  find?(reference: string, context: ProviderContext<S>): Promise<PaymentState | undefined>;

  /**
   * Opens the hosted page of a pending payment or finds the open one; two must never both be payable. Safe to
   * repeat.
   */
  openCheckout?(payment: ExistingPayment, request: KeyedRequest, context: ProviderContext<S>): Promise<Checkout>;

  readonly form?: PaymentForm<S>;

  /** Takes a hold, wholly or in part. Missing: the provider has no holds. */
  approve?(payment: ExistingPayment, request: ApproveRequest, context: ProviderContext<S>): Promise<PaymentState>;

  /**
   * Releases a hold or voids an unpaid invoice. Succeeds if already canceled; `rejected` if it was paid.
   * Where money may come all the same `expiresAt` says until when; a late hold is released here too.
   */
  cancel?(payment: ExistingPayment, request: CancelRequest, context: ProviderContext<S>): Promise<PaymentState>;

  /** Refunds a part or all of the captured amount; returns the new refund with its `reference`. */
  refund?(payment: ExistingPayment, request: RefundRequest, context: ProviderContext<S>): Promise<PaymentState>;

  /**
   * Does what is due after a payment was taken, such as a receipt when the goods were handed over; called
   * when `get` says so. The answer says that nothing is due. Safe to repeat.
   */
  followUp?(payment: ExistingPayment, request: KeyedRequest, context: ProviderContext<S>): Promise<PaymentState>;

  readonly webhook?: ProviderWebhook<S, PaymentEvent>;
}
