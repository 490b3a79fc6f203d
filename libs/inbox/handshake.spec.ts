import { describe, expect, it } from '@jest/globals';
import { CallbackError } from '#platform';
import type { ProviderWebhook } from '#provider-kit';
import { providerContext, webhookRequest } from '#testing';
import { shakeHands } from './handshake.js';

const webhook: ProviderWebhook<object, never> = {
  verify: () => false,
  parse: () => [],
  handshake: ({ query }) => query.get('zd_echo') ?? undefined,
};
const tryAddress = (echo: string, hook = webhook): unknown =>
  shakeHands(hook, webhookRequest('', {}, { method: 'GET', query: new URLSearchParams({ zd_echo: echo }) }), providerContext({}));

describe('a check of the address', () => {
  it.each(['a', 'x'.repeat(128), 'Az_0.9-'])('returns %s', (echo) => {
    expect(tryAddress(echo)).toEqual({ status: 200, body: echo });
  });

  it.each(['', 'x'.repeat(129), '<b>', 'a b', 'é', 'abc\n', 'a\nb', '%41'])('is rejected for %j', (echo) => {
    expect(() => tryAddress(echo)).toThrow(CallbackError);
  });

  it('is ignored without a text or at a provider without such checks', () => {
    expect(shakeHands(webhook, webhookRequest('', {}, { method: 'GET' }), providerContext({}))).toBeUndefined();
    expect(tryAddress('abc', { verify: () => false, parse: () => [] })).toBeUndefined();
  });
});
