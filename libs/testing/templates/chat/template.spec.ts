import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { OutMessage } from '#chat/port';
import { getParser } from '#platform';
import type { WebhookRequest } from '#provider-kit';
import { providerContext, webhookRequest } from '#testing';
import { checkProviderError, testProvider, testWebhook } from '#testing/conformance';
import { type TemplateContext, TemplateSettings } from '../common/template.settings.js';
import { TemplateDouble } from './template.double.js';
import { TemplateProvider } from './template.provider.js';

describe('Template Service', () => {
  const provider = new TemplateProvider();
  const message: OutMessage = { reference: 'r-1', account: 'shop', chat: 'ann', kind: 'text', text: 'Hello', media: [] };
  let double: TemplateDouble;
  let context: TemplateContext;
  const makeContext = (token: string): TemplateContext =>
    providerContext(getParser(TemplateSettings).parse({ baseUrl: double.url, token }), { now: new Date() });
  beforeEach(async () => {
    double = await new TemplateDouble().listen();
    context = makeContext(double.token);
  });
  afterEach(() => double.close());

  testProvider<TemplateSettings>(
    (method) => method === 'check',
    () => ({
      provider,
      context,
      samples: {
        refused: [{ name: 'a wrong token', settings: makeContext('another-token').settings, fields: ['token'] }],
        whileAway: (work) => {
          double.fail('account', { kind: 'error-before', status: 503 }, 20);
          return work();
        },
      },
    }),
  );

  /** What the service posts when a customer writes. */
  function write(person: string, text: string, answers?: string): WebhookRequest {
    double.write({ person, text, ...(answers !== undefined && { answers }) });
    const { headers, body } = double.webhooks.at(-1) ?? { headers: {}, body: '' };
    return webhookRequest(body, headers);
  }

  describe('webhook', () => {
    testWebhook<TemplateSettings>(
      () => ({ provider, context }),
      () => provider.webhook,
      () => Promise.resolve({ request: write('ann', 'Are you open?'), signed: true, dated: true }),
    );

    it('brings what a customer wrote', () => {
      expect(provider.webhook.parse(write('ann', 'Yes', 'm-7'))).toEqual([
        {
          ...{ id: 'm-1', account: 'shop', chat: 'ann', at: expect.any(Date), type: 'message' },
          message: { id: 'm-1', kind: 'text', text: 'Yes', quote: 'm-7' },
          customer: { id: 'ann', nickname: 'ann' },
        },
      ]);
    });
  });

  it('has the accounts that the service has', async () => {
    expect(await provider.listAccounts(context)).toEqual([{ id: 'shop', name: '@shop' }]);
  });

  it('sends a message once although the reply was lost', async () => {
    write('ann', 'Are you open?');
    double.fail('send', { kind: 'drop-after' });
    await expect(provider.sendMessage(message, context)).rejects.toMatchObject({ kind: 'unknown_outcome' });
    expect(await provider.sendMessage({ ...message, quote: ['m-1'] }, context)).toEqual({ ids: ['m-2'] });
    expect(double.messages.filter(({ by }) => by === 'shop')).toHaveLength(1);
  });

  it.each([
    ['a chat that is not there', 'bob', 'customer_not_exists'],
    ['a customer who has blocked the bot', 'eve', 'access_restricted'],
  ])('says in the gateway’s words that it refuses %s', async (_, chat, code) => {
    write('eve', 'Go away');
    double.blocked.add('eve');
    await expect(provider.sendMessage({ ...message, chat }, context)).rejects.toMatchObject({ kind: 'rejected', code });
  });

  it.each([
    ['auth', 'a wrong token', 'another-token', undefined],
    ['unavailable', 'an outage', 'template-token', 503],
  ])('fails as %s after %s, without secrets', async (kind, _, token, status) => {
    if (status !== undefined) double.fail('bots', { kind: 'error-before', status }, 20);
    const [result] = await Promise.allSettled([provider.listAccounts(makeContext(token))]);
    const error = result?.status === 'rejected' ? checkProviderError(result.reason, provider, context.settings) : undefined;
    expect(error?.kind).toBe(kind);
  });

  it('keeps to a signal that has ended', async () => {
    write('ann', 'Are you open?');
    const gone = { ...context, signal: AbortSignal.abort() };
    await expect(provider.sendMessage(message, gone)).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(provider.listAccounts(gone)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(double.messages).toHaveLength(1);
  });
});
