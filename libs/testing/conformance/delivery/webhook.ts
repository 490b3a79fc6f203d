import { expect, it } from '@jest/globals';
import type { ExistingDelivery } from '#delivery/port';
import type { WebhookRequest } from '#provider-kit';
import { testWebhook } from '../provider/webhook.js';
import { isDate } from './checks.js';
import type { DeliverySuite } from './suite.js';

async function makeGenuine<S extends object>(suite: DeliverySuite<S>): Promise<{ request: WebhookRequest; delivery: ExistingDelivery }> {
  const { webhook } = suite.subject;
  if (webhook === undefined) throw new Error('the subject needs webhook: the provider has one');
  const delivery = await suite.register();
  return { request: await webhook.make(delivery), delivery };
}

/** Tests webhooks about deliveries. */
export function testDeliveryWebhook<S extends object>(suite: DeliverySuite<S>): void {
  testWebhook(
    () => suite.subject,
    () => {
      if (!suite.provider.webhook) throw new Error('the provider has no webhook');
      return suite.provider.webhook;
    },
    async () => ({ signed: true, dated: true, ...suite.subject.webhook, request: (await makeGenuine(suite)).request }),
    suite.unproven,
  );

  it('an event contains the id of its delivery, a status of the manifest and a valid time', async () => {
    const { request, delivery } = await makeGenuine(suite);
    const reports = (suite.provider.webhook?.parse(request, suite.context) ?? []).flatMap((event) => event.reports);
    expect(reports.map(({ externalId }) => externalId)).toContain(delivery.externalId);
    expect(reports.filter(({ code }) => code !== undefined && !suite.listStatusCodes().includes(code))).toEqual([]);
    expect(reports.filter(({ updatedAt }) => !isDate(updatedAt))).toEqual([]);
  });

  it('two events have different ids', async () => {
    const ids = [await makeGenuine(suite), await makeGenuine(suite)].flatMap(({ request }) =>
      suite.provider.webhook?.parse(request, suite.context).map(({ id }) => id),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });
}
