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
import { StripeClient } from './stripe.client.js';
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
  private readonly client: StripeClient;

  /** `baseUrl` replaces the address of Stripe's API: a double's. */
  constructor(baseUrl?: string) {
    this.client = new StripeClient(baseUrl);
  }

  check(settings: StripeSettings, context: StripeContext): Promise<CheckReport> {
    return checkKeys(this.client, settings, context);
  }

  connect(_request: ConnectRequest, context: StripeContext): Promise<ConnectReport> {
    return connectEndpoints(this.client, context);
  }

  disconnect(context: StripeContext): Promise<void> {
    return disconnectEndpoints(this.client, context);
  }

  create(request: CreateRequest, context: StripeContext): Promise<PaymentState> {
    return createPayment(this.client, request, context);
  }

  get(payment: ExistingPayment, context: StripeContext): Promise<PaymentState> {
    return getPayment(this.client, payment, context);
  }

  find(reference: string, context: StripeContext): Promise<PaymentState | undefined> {
    return findPayment(this.client, reference, context);
  }

  openCheckout(payment: ExistingPayment, request: KeyedRequest, context: StripeContext): Promise<Checkout> {
    return openCheckout(this.client, payment, request, context);
  }

  approve(payment: ExistingPayment, request: ApproveRequest, context: StripeContext): Promise<PaymentState> {
    return capture(this.client, payment, request, context);
  }

  cancel(payment: ExistingPayment, request: KeyedRequest, context: StripeContext): Promise<PaymentState> {
    return cancel(this.client, payment, request, context);
  }

  refund(payment: ExistingPayment, request: RefundRequest, context: StripeContext): Promise<PaymentState> {
    return refund(this.client, payment, request, context);
  }
}
