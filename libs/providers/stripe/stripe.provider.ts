import type {
  ApproveRequest,
  Checkout,
  CreateRequest,
  ExistingPayment,
  KeyedRequest,
  PaymentManifest,
  PaymentProvider,
  PaymentState,
  RefundRequest,
} from '#payment/port';
import type { CheckReport, ConnectReport, ConnectRequest } from '#provider-kit';
import { cancel } from './cancel.js';
import { capture } from './capture.js';
import { checkKeys } from './check.js';
import { createPayment, openCheckout } from './checkout.js';
import { connectEndpoints, disconnectEndpoints } from './endpoints.js';
import { findPayment, getPayment } from './payment.js';
import { refund } from './refund.js';
import { declareStripe, type StripeApi } from './stripe.api.js';
import { stripeManifest } from './stripe.manifest.js';
import type { StripeContext, StripeSettings } from './stripe.settings.js';
import { StripeWebhook } from './webhook.js';

/**
 * Stripe's payment provider: one function for each port method. The session's id is the payment's memory, the
 * PaymentIntent's its external id; idempotency keys follow our reference, so they survive a restart.
 */
export class StripeProvider implements PaymentProvider<StripeSettings> {
  readonly manifest: PaymentManifest<StripeSettings> = stripeManifest;
  readonly webhook = new StripeWebhook();
  private readonly api: StripeApi;

  /** `baseUrl` replaces the address of Stripe's API: a double's. */
  constructor(baseUrl?: string) {
    this.api = declareStripe(baseUrl);
  }

  check(settings: StripeSettings, context: StripeContext): Promise<CheckReport> {
    return checkKeys(this.api, settings, context);
  }

  connect(_request: ConnectRequest, context: StripeContext): Promise<ConnectReport> {
    return connectEndpoints(this.api, context);
  }

  disconnect(context: StripeContext): Promise<void> {
    return disconnectEndpoints(this.api, context);
  }

  create(request: CreateRequest, context: StripeContext): Promise<PaymentState> {
    return createPayment(this.api, request, context);
  }

  get(payment: ExistingPayment, context: StripeContext): Promise<PaymentState> {
    return getPayment(this.api, payment, context);
  }

  find(reference: string, context: StripeContext): Promise<PaymentState | undefined> {
    return findPayment(this.api, reference, context);
  }

  openCheckout(payment: ExistingPayment, request: KeyedRequest, context: StripeContext): Promise<Checkout> {
    return openCheckout(this.api, payment, request, context);
  }

  approve(payment: ExistingPayment, request: ApproveRequest, context: StripeContext): Promise<PaymentState> {
    return capture(this.api, payment, request, context);
  }

  cancel(payment: ExistingPayment, request: KeyedRequest, context: StripeContext): Promise<PaymentState> {
    return cancel(this.api, payment, request, context);
  }

  refund(payment: ExistingPayment, request: RefundRequest, context: StripeContext): Promise<PaymentState> {
    return refund(this.api, payment, request, context);
  }
}
