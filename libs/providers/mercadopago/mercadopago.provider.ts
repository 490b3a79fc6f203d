import type {
  Checkout,
  CreateRequest,
  ExistingPayment,
  KeyedRequest,
  PaymentManifest,
  PaymentProvider,
  PaymentState,
  RefundRequest,
} from '#payment/port';
import type { CheckReport, LookupItem } from '#provider-kit';
import { cancel } from './cancel.js';
import { checkTokens } from './check.js';
import { createPayment, openCheckout } from './checkout.js';
import { findPayment, getPayment } from './payment.js';
import { lookUpMethods } from './payment-methods.js';
import { declareMercadoPago, type MercadoPago } from './mercadopago.api.js';
import { mercadoPagoManifest } from './mercadopago.manifest.js';
import type { MercadoPagoContext, MercadoPagoSettings } from './mercadopago.settings.js';
import { refund } from './refund.js';
import { MercadoPagoWebhook } from './webhook.js';

/**
 * Mercado Pago's payment provider: one function for each port method. An invoice is an order of Checkout Pro,
 * whose id is the payment's external id; idempotency keys follow our reference, so they survive a restart.
 */
export class MercadoPagoProvider implements PaymentProvider<MercadoPagoSettings> {
  readonly manifest: PaymentManifest<MercadoPagoSettings> = mercadoPagoManifest;
  readonly webhook = new MercadoPagoWebhook();
  private readonly api: MercadoPago;

  /** `baseUrl` replaces the address of Mercado Pago's API: a double's. */
  constructor(baseUrl?: string) {
    this.api = declareMercadoPago(baseUrl);
  }

  check(settings: MercadoPagoSettings, context: MercadoPagoContext): Promise<CheckReport> {
    return checkTokens(this.api, settings, context);
  }

  lookUp(name: string, term: string, context: MercadoPagoContext): Promise<LookupItem[]> {
    return lookUpMethods(this.api, name, term, context);
  }

  create(request: CreateRequest, context: MercadoPagoContext): Promise<PaymentState> {
    return createPayment(this.api, request, context);
  }

  get(payment: ExistingPayment, context: MercadoPagoContext): Promise<PaymentState> {
    return getPayment(this.api, payment, context);
  }

  find(reference: string, context: MercadoPagoContext): Promise<PaymentState | undefined> {
    return findPayment(this.api, reference, context);
  }

  openCheckout(payment: ExistingPayment, request: KeyedRequest, context: MercadoPagoContext): Promise<Checkout> {
    return openCheckout(this.api, payment, request, context);
  }

  cancel(payment: ExistingPayment, request: KeyedRequest, context: MercadoPagoContext): Promise<PaymentState> {
    return cancel(this.api, payment, request, context);
  }

  refund(payment: ExistingPayment, request: RefundRequest, context: MercadoPagoContext): Promise<PaymentState> {
    return refund(this.api, payment, request, context);
  }
}
