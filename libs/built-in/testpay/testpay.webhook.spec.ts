import { describe, expect, it } from '@jest/globals';
import { ProviderError, type ProviderContext, type WebhookRequest } from '#provider-kit';
import { webhookRequest } from '#testing';
import { createTestpaySettings, type TestpaySettings } from './testpay.settings.js';
import { SIGNATURE_HEADER, signBody, buildWebhook } from './testpay.webhook.js';

const NOW = new Date('2026-03-01T10:00:00Z');
const webhook = buildWebhook((connectionId, settings) => settings.webhookSecret ?? `key of ${connectionId}`);
const context = { connectionId: 'c1', settings: createTestpaySettings(), now: NOW } as ProviderContext<TestpaySettings>;
const body = JSON.stringify({ id: 'e1', type: 'payment.held', payment: { id: 'aaaaaaaa-0000-7000-8000-000000000001' } });

function request(text: string, header: string | undefined): WebhookRequest {
  return webhookRequest(text, { [SIGNATURE_HEADER]: header });
}

describe('testpayWebhook', () => {
  it('takes what was signed with the key of the connection, unchanged and fresh', () => {
    const header = signBody(body, 'key of c1', NOW);
    expect(webhook.verify(request(body, header), context)).toBe(true);
    expect(webhook.verify(request(`${body} `, header), context)).toBe(false);
    expect(webhook.verify(request(body, header), { ...context, connectionId: 'c2' })).toBe(false);
    expect(webhook.verify(request(body, header), { ...context, now: new Date(NOW.getTime() + 301_000) })).toBe(false);
    expect(webhook.verify(request(body, header), { ...context, now: new Date(NOW.getTime() - 301_000) })).toBe(false);
    expect(
      webhook.verify(request(body, header), { ...context, settings: { ...context.settings, webhookSecret: 'another key, of sixteen' } }),
    ).toBe(false);
    for (const broken of [undefined, '', 't=1', header.replace('v1=', 'v2='), `${header}0`])
      expect(webhook.verify(request(body, broken), context)).toBe(false);
  });

  it('names the payment to be read', () => {
    expect(webhook.parse(request(body, ''), context)).toEqual([{ id: 'e1', reference: 'aaaaaaaa-0000-7000-8000-000000000001' }]);
    for (const broken of ['', '[]', '{"id":"e1"}', '{"id":"e1","type":"x","payment":{"id":"1"}}'])
      expect(() => webhook.parse(request(broken, ''), context)).toThrow(ProviderError);
  });
});
