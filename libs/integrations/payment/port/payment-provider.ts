import type { LocalText } from '#platform/plain';
import type { Provider, ProviderContext, ProviderPress, ProviderWebhook, Register } from '#provider-kit';
import type { PaymentManifest } from './manifest.js';
import type { Checkout, FormView, PaymentState } from './replies.js';
import type { ApproveRequest, CancelRequest, CreateRequest, ExistingPayment, KeyedRequest, RefundRequest } from './requests.js';

/**
 * One event of a webhook. It only identifies the payment. The state is then read with `get`, so late,
 * repeated and reordered events do no harm. An event without one of our payments is acknowledged and dropped.
 */
export interface PaymentEvent {
  /** The provider's id of the event, unique in the connection. */
  id: string;
  /** `CreateRequest.reference`, if the event contains it. */
  reference?: string;
  /** `PaymentState.externalId`, if the event has no reference. */
  externalId?: string;
  /**
   * Message for the account's administrators in the CRM, in addition to the reading: a claim, a fraud
   * warning. At most 120 characters, without tags. The event does not have to be about one of our payments.
   */
  warning?: LocalText;
}

/** The card form of a provider without its own page. Appears on the module's page. */
export interface PaymentForm<S> {
  /** Returns the buyer's current view. */
  show(payment: ExistingPayment, context: ProviderContext<S>): Promise<FormView>;
  /** Accepts the buyer's raw input, including unknown fields. Input sent twice or from two tabs pays once. */
  submit(payment: ExistingPayment, values: Readonly<Record<string, string>>, context: ProviderContext<S>): Promise<FormView>;
}

/**
 * A payment gateway, with either `openCheckout` or `form`. The methods determine the registered capabilities.
 * Calls with an effect run one at a time for each payment, after the integration has checked their amounts.
 * @throws ProviderError only: `rejected` if the payment's state at the provider does not allow the call
 */
export interface PaymentProvider<S extends object = object> extends Provider<S> {
  readonly manifest: PaymentManifest<S>;

  /** Registers a pending invoice. May leave creation at the provider to `openCheckout`. */
  create(request: CreateRequest, context: ProviderContext<S>): Promise<PaymentState>;

  /** Returns the payment's present state. May be called at any time and in parallel. Changes nothing. */
  get(payment: ExistingPayment, context: ProviderContext<S>): Promise<PaymentState>;

  /**
   * Returns the payment with our reference, or undefined. Required for recovery `find`, and called first for
   * the others if present.
   */
  find?(reference: string, context: ProviderContext<S>): Promise<PaymentState | undefined>;

  /**
   * Opens the hosted page of a pending payment or finds the open one. Two pages must never be payable at the
   * same time. Safe to repeat.
   */
  openCheckout?(payment: ExistingPayment, request: KeyedRequest, context: ProviderContext<S>): Promise<Checkout>;

  readonly form?: PaymentForm<S>;

  /**
   * Holds the money that the buyer of a payment in two stages approved. Called when `get` or `openCheckout`
   * returns `toAuthorize`. The reply must not contain it, and has `declined` if there is no money to hold.
   */
  authorize?(payment: ExistingPayment, request: KeyedRequest, context: ProviderContext<S>): Promise<PaymentState>;

  /**
   * Captures a hold, fully or in part. The reply has `capturing` if the service has not decided yet, and
   * `declined` if it declined the money. Missing: the provider has no holds.
   */
  approve?(payment: ExistingPayment, request: ApproveRequest, context: ProviderContext<S>): Promise<PaymentState>;

  /**
   * Releases a hold or voids an unpaid invoice. Succeeds if already canceled. `rejected` if it was paid. If
   * money may arrive after the cancellation, `expiresAt` is the end of that time. A late hold is also
   * released here.
   */
  cancel?(payment: ExistingPayment, request: CancelRequest, context: ProviderContext<S>): Promise<PaymentState>;

  /** Refunds a part or all of the captured amount. Returns the new refund with its `reference`. */
  refund?(payment: ExistingPayment, request: RefundRequest, context: ProviderContext<S>): Promise<PaymentState>;

  /**
   * Performs an action due after a capture, such as a receipt once the goods were handed over. Called when
   * `get` returns `followUp`. The reply must not contain it. Safe to repeat.
   */
  followUp?(payment: ExistingPayment, request: KeyedRequest, context: ProviderContext<S>): Promise<PaymentState>;

  /**
   * Performs an action of `manifest.widget.actions`. A repeat with the same key has no second effect.
   * Returns a sentence for the manager, if there is something to say. `rejected` if it is not possible now.
   * The payment is read afterwards. Do not move money here: the integration has not checked amounts.
   */
  press?(press: ProviderPress, payment: ExistingPayment, context: ProviderContext<S>): Promise<LocalText | undefined>;

  /**
   * Lists the payouts of a day (`YYYY-MM-DD`, by the service's calendar), each with its payments, refunds and
   * fees. Missing: the service does not publish them.
   */
  listPayouts?(day: string, context: ProviderContext<S>): Promise<Register[]>;

  readonly webhook?: ProviderWebhook<S, PaymentEvent>;
}
