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
import type { CheckReport, LookupItem } from '#provider-kit';
import { cancel } from './cancel.js';
import { capture } from './capture.js';
import { checkShops } from './check.js';
import { createPayment, openCheckout } from './checkout.js';
import { lookUp } from './lookups.js';
import { findPayment, getPayment } from './payment.js';
import { refund } from './refund.js';
import { sendDueReceipts } from './separate-receipt.js';
import { YookassaWebhook } from './webhook.js';
import { declareYookassa, type Yookassa } from './yookassa.api.js';
import { yookassaManifest } from './yookassa.manifest.js';
import type { YookassaContext, YookassaSettings } from './yookassa.settings.js';

/**
 * YooKassa's payment provider: one function for each port method. The external id is that of the last payment
 * made for the invoice; the memory counts them. Idempotence keys follow our ids, so they survive a restart.
 */
export class YookassaProvider implements PaymentProvider<YookassaSettings> {
  readonly manifest: PaymentManifest<YookassaSettings> = yookassaManifest;
  readonly webhook = new YookassaWebhook();
  private readonly api: Yookassa;

  /** `baseUrl` replaces the address of YooKassa's API: a double's. */
  constructor(baseUrl?: string) {
    this.api = declareYookassa(baseUrl);
  }

  check(settings: YookassaSettings, context: YookassaContext): Promise<CheckReport> {
    return checkShops(this.api, settings, context);
  }

  lookUp(name: string, term: string, context: YookassaContext): Promise<LookupItem[]> {
    return lookUp(this.api, name, term, context);
  }

  create(request: CreateRequest, context: YookassaContext): Promise<PaymentState> {
    return createPayment(this.api, request, context);
  }

  get(payment: ExistingPayment, context: YookassaContext): Promise<PaymentState> {
    return getPayment(this.api, payment, context);
  }

  find(reference: string, context: YookassaContext): Promise<PaymentState | undefined> {
    return findPayment(this.api, reference, context);
  }

  openCheckout(payment: ExistingPayment, _request: KeyedRequest, context: YookassaContext): Promise<Checkout> {
    return openCheckout(this.api, payment, context);
  }

  approve(payment: ExistingPayment, request: ApproveRequest, context: YookassaContext): Promise<PaymentState> {
    return capture(this.api, payment, request, context);
  }

  cancel(payment: ExistingPayment, request: KeyedRequest, context: YookassaContext): Promise<PaymentState> {
    return cancel(this.api, payment, request, context);
  }

  refund(payment: ExistingPayment, request: RefundRequest, context: YookassaContext): Promise<PaymentState> {
    return refund(this.api, payment, request, context);
  }

  followUp(payment: ExistingPayment, _request: KeyedRequest, context: YookassaContext): Promise<PaymentState> {
    return sendDueReceipts(this.api, payment, context);
  }
}
