import type { PaymentProvider } from '#payment/port';
import { bindApi, type OAuthApplication } from '#provider-kit';
import { checkShops } from './check.js';
import { createPayment, openCheckout } from './checkout.js';
import { connect, disconnect, identifyGrant } from './consent.js';
import { cancel, capture } from './hold.js';
import { lookUp } from './lookups.js';
import { findPayment, getPayment } from './payment.js';
import { refund } from './refund.js';
import { sendDueReceipts } from './separate-receipt.js';
import { YookassaWebhook } from './webhook.js';
import { declareYookassa } from './yookassa.api.js';
import { yookassaManifest } from './yookassa.manifest.js';
import type { YookassaSettings } from './yookassa.settings.js';

const methods = bindApi(declareYookassa, {
  check: checkShops,
  lookUp,
  create: createPayment,
  get: getPayment,
  find: findPayment,
  openCheckout,
  approve: capture,
  cancel,
  refund,
  followUp: sendDueReceipts,
  connect,
  disconnect,
  identifyGrant,
});

/**
 * YooKassa's payment provider. The external id is the id of the last payment made for the invoice, and the
 * memory counts them. Idempotence keys follow our ids, so they survive a restart.
 */
export class YookassaProvider extends methods implements PaymentProvider<YookassaSettings> {
  readonly manifest = yookassaManifest;
  readonly webhook = new YookassaWebhook();

  /**
   * @param url replaces YooKassa's address
   * @param oauth the partner's application. Without it all webhooks are entered by hand
   */
  constructor(
    url?: string,
    readonly oauth?: OAuthApplication<YookassaSettings>,
  ) {
    super(url);
    if (!oauth) Object.assign(this, { connect: undefined, disconnect: undefined });
  }
}
