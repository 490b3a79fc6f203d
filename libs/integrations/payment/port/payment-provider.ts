import type { ProviderContext, ProviderWebhook } from '#provider-kit';
import type { PaymentManifest } from './manifest.js';
import type { Checkout, FormView, PaymentState } from './replies.js';
import type { ApproveRequest, CreateRequest, ExistingPayment, KeyedRequest, RefundRequest } from './requests.js';

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
}

/** The card form of a provider that has no page of its own; shown on the module's page. */
export interface PaymentForm<S> {
  /** What the buyer sees now. */
  show(payment: ExistingPayment, context: ProviderContext<S>): Promise<FormView>;
  /**
   * Takes what the buyer entered; sent twice or by two tabs at once, it pays once. Texts come as they are,
   * unknown names included.
   */
  submit(payment: ExistingPayment, values: Readonly<Record<string, string>>, context: ProviderContext<S>): Promise<FormView>;
}

/**
 * A gateway, behind the payment integration. A missing method is a missing capability: the registration sent
 * to the CRM is derived from the methods present. Every method throws ProviderError and nothing else; all of
 * them keep to `context.signal`. Exactly one of `openCheckout` and `form` is needed.
 *
 * Calls about one payment that have an effect never run at once: the integration sees to it, and has checked
 * status and amounts against what it knows. The provider's own word counts: it throws `rejected` when its
 * state does not allow the call. Calls of one that is `local` (recovery) are made within
 * `context.transaction`, where it keeps its own tables.
 */
export interface PaymentProvider<S extends object = object> {
  readonly manifest: PaymentManifest<S>;

  /**
   * Registers an invoice, which is then pending. Need not make anything at the provider when `openCheckout`
   * does that later.
   */
  create(request: CreateRequest, context: ProviderContext<S>): Promise<PaymentState>;

  /** The payment's present state. May be called at any time, by many at once, and changes nothing. */
  get(payment: ExistingPayment, context: ProviderContext<S>): Promise<PaymentState>;

  /**
   * The payment made under our reference, undefined when there is none. Needed for recovery `find`, asked
   * first with any other.
   */
  find?(reference: string, context: ProviderContext<S>): Promise<PaymentState | undefined>;

  /**
   * Opens the provider's hosted page for a pending payment, or finds the one that is open: never two that can
   * both be paid. Repeating it with the same key is safe.
   */
  openCheckout?(payment: ExistingPayment, request: KeyedRequest, context: ProviderContext<S>): Promise<Checkout>;

  readonly form?: PaymentForm<S>;

  /** Takes a hold, wholly or in part. Missing: the provider has no holds. */
  approve?(payment: ExistingPayment, request: ApproveRequest, context: ProviderContext<S>): Promise<PaymentState>;

  /**
   * Releases a hold, or makes an unpaid invoice impossible to pay. One already canceled is a success; one
   * that was paid is `rejected`.
   */
  cancel?(payment: ExistingPayment, request: KeyedRequest, context: ProviderContext<S>): Promise<PaymentState>;

  /** Gives back a part or all of what was taken. The answer holds the new refund, by its `reference`. */
  refund?(payment: ExistingPayment, request: RefundRequest, context: ProviderContext<S>): Promise<PaymentState>;

  readonly webhook?: ProviderWebhook<S, PaymentEvent>;
}
