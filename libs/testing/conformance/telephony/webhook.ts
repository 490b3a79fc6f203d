import { expect, it } from '@jest/globals';
import { testWebhook } from '../provider/webhook.js';
import type { TelephonySuite } from './suite.js';

/** Tests webhooks about calls. */
export function testCallWebhook<S extends object>(suite: TelephonySuite<S>): void {
  testWebhook(
    () => suite.subject,
    () => {
      if (!suite.provider.webhook) throw new Error('the provider has no webhook');
      return suite.provider.webhook;
    },
    async () => {
      await suite.subject.takeWebhooks?.();
      await suite.subject.play(suite.newScene('in', true));
      const [request] = (await suite.subject.takeWebhooks?.()) ?? [];
      if (!request) throw new Error('the PBX posted nothing');
      return { request, signed: true, dated: suite.subject.dated ?? false };
    },
    suite.unproven,
  );

  it('the events of a call have different ids', async () => {
    const events = await suite.playEvents(suite.newScene('in', true));
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    for (const { call } of events) expect(call).toMatch(/^\S{1,500}$/);
  });
}
