import type { PaymentProvider } from '#payment/port';
import { bindApi, type OAuthApplication } from '#provider-kit';
import { checkTokens } from './check.js';
import { cancel, createPayment, openCheckout } from './checkout.js';
import { identifyGrant } from './consent.js';
import { declareMercadoPago } from './mercadopago.api.js';
import { mercadoPagoManifest } from './mercadopago.manifest.js';
import type { MercadoPagoSettings } from './mercadopago.settings.js';
import { lookUp } from './payment-methods.js';
import { findPayment, getPayment } from './payment.js';
import { refund } from './refund.js';
import { MercadoPagoWebhook } from './webhook.js';

const methods = bindApi(declareMercadoPago, {
  check: checkTokens,
  lookUp,
  create: createPayment,
  get: getPayment,
  find: findPayment,
  openCheckout,
  cancel,
  refund,
  identifyGrant,
});

/**
 * Mercado Pago's payment provider. An invoice is an order of Checkout Pro, whose id is the payment's external
 * id. Idempotency keys follow our reference, so they survive a restart.
 */
export class MercadoPagoProvider extends methods implements PaymentProvider<MercadoPagoSettings> {
  readonly manifest = mercadoPagoManifest;
  readonly webhook = new MercadoPagoWebhook();

  /** `url` replaces Mercado Pago's address. `oauth`: the partner's application, if the deployment has it. */
  constructor(
    url?: string,
    readonly oauth?: OAuthApplication<MercadoPagoSettings>,
  ) {
    super(url);
  }
}
