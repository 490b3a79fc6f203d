import { expect, it } from '@jest/globals';
import type { StoreProvider } from '#inventory/port';
import { testWebhook, type WebhookSample } from '../provider/webhook.js';
import type { StoreSuite } from './suite.js';

async function makeSample<S extends object>({ subject }: StoreSuite<S>, xmlId: string): Promise<WebhookSample> {
  if (!subject.makeWebhook) throw new Error('the subject needs makeWebhook()');
  return subject.makeWebhook(xmlId);
}

function getWebhook<S extends object>({ provider }: StoreSuite<S>): NonNullable<StoreProvider<S>['webhook']> {
  if (!provider.webhook) throw new Error('the provider has no webhook');
  return provider.webhook;
}

/** Tests webhooks about stocks. */
export function testStoreWebhook<S extends object>(suite: StoreSuite<S>): void {
  testWebhook(
    () => suite.subject,
    () => getWebhook(suite),
    async () => makeSample(suite, await suite.newOffer(2)),
    suite.unproven,
  );

  it('a signed event contains the keys of its offers, an unsigned one contains none', async () => {
    const xmlId = await suite.newOffer(2);
    const sample = await suite.subject.makeWebhook?.(xmlId);
    if (!sample) throw new Error('the subject needs makeWebhook()');
    const { request, signed } = sample;
    for (const { offers } of getWebhook(suite).parse(request, suite.context)) {
      if (!signed) expect(offers).toBeUndefined();
      else if (offers) expect(offers.map(({ key }) => key)).toContain((await suite.readOne(xmlId))?.offer.key);
      // Otherwise it only reports that something changed.
      else expect(suite.options.methods).toContain('listChanges');
    }
  });
}
