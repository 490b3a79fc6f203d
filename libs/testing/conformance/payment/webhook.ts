import { expect, it } from '@jest/globals';
import type { PaymentProvider } from '#payment/port';
import type { ProviderContext, WebhookRequest } from '#provider-kit';
import { testWebhook } from '../provider/webhook.js';
import type { PaymentSubject } from './subject.js';
import type { PaymentSuite } from './suite.js';

function getSample<S extends object>({ subject }: PaymentSuite<S>): NonNullable<PaymentSubject<S>['webhook']> {
  if (!subject.webhook) throw new Error('the subject makes no webhooks');
  return subject.webhook;
}

/** Tests webhooks about payments. */
export function testPaymentWebhook<S extends object>(suite: PaymentSuite<S>): void {
  const fresh = (): ProviderContext<S> => ({ ...suite.context, now: new Date() });
  const getWebhook = (): NonNullable<PaymentProvider<S>['webhook']> => {
    if (!suite.provider.webhook) throw new Error('the provider has no webhook');
    return suite.provider.webhook;
  };
  testWebhook(
    () => ({ ...suite.subject, context: fresh() }),
    getWebhook,
    async () => ({ ...getSample(suite), request: await getSample(suite).make(await suite.create()) }),
    suite.unproven,
  );

  it('contain the reference or id of their payment', async () => {
    const payment = await suite.pay(await suite.create());
    const { refundThere } = suite.subject;
    const { make, makeRefunded } = getSample(suite);
    if (suite.has('refund') && !makeRefunded)
      suite.leaveOpen('events of refunds lead to their payments', 'webhook.makeRefunded, and refundThere');
    const refunded = async (): Promise<WebhookRequest | undefined> => {
      await refundThere?.call(suite.subject, payment, 50);
      return makeRefunded?.(payment);
    };
    for (const request of [await make(payment), makeRefunded && (await refunded())]) {
      if (!request) continue;
      const events = getWebhook().parse(request, fresh());
      expect(events.length).toBeGreaterThan(0);
      for (const { reference, externalId } of events)
        expect([reference ?? payment.id, reference === undefined ? externalId : payment.externalId]).toEqual([
          payment.id,
          payment.externalId,
        ]);
    }
  });
}
