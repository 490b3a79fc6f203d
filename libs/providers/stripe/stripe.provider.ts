import type { PaymentProvider } from '#payment/port';
import { bindApi } from '#provider-kit';
import { checkKeys } from './check.js';
import { createPayment, openCheckout } from './checkout.js';
import { connectEndpoints, disconnectEndpoints } from './endpoints.js';
import { cancel, capture } from './hold.js';
import { findPayment, getPayment } from './payment.js';
import { listPayouts } from './payouts.js';
import { refund } from './refund.js';
import { declareStripe } from './stripe.api.js';
import { stripeManifest } from './stripe.manifest.js';
import type { StripeSettings } from './stripe.settings.js';
import { StripeWebhook } from './webhook.js';

const methods = bindApi(declareStripe, {
  check: checkKeys,
  connect: connectEndpoints,
  disconnect: disconnectEndpoints,
  create: createPayment,
  get: getPayment,
  find: findPayment,
  openCheckout,
  approve: capture,
  cancel,
  refund,
  listPayouts,
});

/**
 * Stripe's payment provider. The session's id is the payment's memory, the PaymentIntent's its external id.
 * Idempotency keys follow our reference, so they survive a restart.
 */
export class StripeProvider extends methods implements PaymentProvider<StripeSettings> {
  readonly manifest = stripeManifest;
  readonly webhook = new StripeWebhook();
}
