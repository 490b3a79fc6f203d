import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { getParser } from '#platform';
import { providerContext, webhookRequest } from '../../testing/builders.js';
import { PostedWebhooks } from '../../testing/posted-webhooks.js';
import { WhatsAppDouble } from '../../../lab/doubles/whatsapp/index.js';
import { deriveVerifyToken } from './hooks.js';
import { WhatsAppProvider } from './whatsapp.provider.js';
import { type WhatsAppContext, WhatsAppSettings } from './whatsapp.settings.js';

let whatsapp: WhatsAppDouble;
let posted: PostedWebhooks;
let provider: WhatsAppProvider;
let context: WhatsAppContext;

const makeContext = (changes: object = {}): WhatsAppContext =>
  providerContext(getParser(WhatsAppSettings).parse({ ...whatsapp.settings, ...changes }), {
    ...{ now: new Date(), signal: AbortSignal.timeout(30_000), webhookUrl: `${posted.url}whatsapp/webhooks/connection-1` },
    account: { timeZone: 'Europe/Madrid', language: 'en', workTimes: [], nonWorkingDays: [] },
  });

beforeAll(async () => {
  [whatsapp, posted] = await Promise.all([WhatsAppDouble.start(), PostedWebhooks.start()]);
  provider = new WhatsAppProvider({ WHATSAPP_URL: whatsapp.url });
});
afterAll(async () => {
  await whatsapp.close();
  await posted.close();
});
beforeEach(async () => {
  whatsapp.reset();
  whatsapp.webhooks.mode = 'hold';
  context = makeContext();
  posted.answer = (response, { method, url, headers }) => {
    const request = { ...webhookRequest('', headers as Record<string, string>, { query: url.searchParams }), method };
    response.end(method === 'GET' ? (provider.webhook.handshake?.(request, context) ?? 'no') : '');
  };
  await provider.connect({ replace: true }, context);
});
describe('the address for events', () => {
  it('is accepted only with the verify token of this connection', async () => {
    expect(whatsapp.business.apps).toEqual([{ id: whatsapp.settings.appId, name: 'App', override: context.webhookUrl }]);
    expect(await whatsapp.tryAddress(context.webhookUrl, deriveVerifyToken(whatsapp.settings.token, 'connection-1'))).toBe(true);
    expect(await whatsapp.tryAddress(context.webhookUrl, deriveVerifyToken(whatsapp.settings.token, 'connection-2'))).toBe(false);
    expect(await whatsapp.tryAddress(context.webhookUrl, '')).toBe(false);
  });

  it('leaves the app subscribed on disconnect only if it was before', async () => {
    whatsapp.business.apps = [];
    const { memory = {} } = await provider.connect({ replace: false }, context);
    await provider.disconnect({ ...context, memory });
    expect(whatsapp.business.apps).toEqual([]);
    whatsapp.business.apps = [{ id: whatsapp.settings.appId, name: 'App', override: undefined }];
    const later = await provider.connect({ replace: false }, context);
    await provider.disconnect({ ...context, memory: later.memory ?? {} });
    expect(whatsapp.business.apps).toEqual([{ id: whatsapp.settings.appId, name: 'App', override: undefined }]);
  });

  it('accepts the secret of the operator’s app, and never mixes it with a shop’s app', () => {
    const { appId: WHATSAPP_APP_ID, appSecret: WHATSAPP_APP_SECRET } = whatsapp.settings;
    const shared = new WhatsAppProvider({ WHATSAPP_URL: whatsapp.url, WHATSAPP_APP_ID, WHATSAPP_APP_SECRET });
    const body = '{"entry":[]}';
    const request = webhookRequest(body, {
      'x-hub-signature-256': `sha256=${createHmac('sha256', WHATSAPP_APP_SECRET).update(body).digest('hex')}`,
    });
    expect(shared.webhook.verify(request, makeContext({ appId: undefined, appSecret: undefined }))).toBe(true);
    expect(shared.webhook.verify(request, makeContext({ appId: '12345', appSecret: undefined }))).toBe(false);
    expect(shared.manifest.describeMissing?.(makeContext({ appId: undefined, appSecret: undefined }).settings)).toBeUndefined();
    expect(provider.manifest.describeMissing?.(makeContext({ appSecret: undefined }).settings)).toBeDefined();
  });

  it('leaves out events of another business account', async () => {
    whatsapp.write(whatsapp.addPerson(), 'Hola');
    const body = JSON.stringify(whatsapp.webhooks.events.at(-1)?.body);
    expect(provider.webhook.parse(webhookRequest(body), context)).toHaveLength(1);
    expect(provider.webhook.parse(webhookRequest(body.replace(whatsapp.business.id, '999999')), context)).toEqual([]);
  });
});

describe('the numbers', () => {
  it('are the accounts, and their troubles are warnings', async () => {
    const second = whatsapp.addNumber();
    expect(await provider.listAccounts(context)).toMatchObject([
      { id: whatsapp.number.id, name: 'Double Shop +1 555-078-3880', standing: { tier: 1_000, quality: 'high', status: 'connected' } },
      { id: second.id },
    ]);
    second.status = 'FLAGGED';
    whatsapp.number.quality_rating = 'RED';
    const { account, warnings, errors } = await provider.check(context.settings, context);
    expect(account).toMatch(/^Double Shop 1, \+1 555/);
    expect(warnings?.['business']).toMatch(/may soon limit \+1 555-078-3881.*|its quality is low/);
    expect(errors).toBeUndefined();
    whatsapp.business.numbers.pop();
    whatsapp.number.quality_rating = 'GREEN';
    expect((await provider.check(context.settings, context)).warnings).toBeUndefined();
  });

  it.each([
    ['TIER_10K', undefined, 10_000],
    ['TIER_10K', 'level', 2],
    ['TIER_UNLIMITED', undefined, undefined],
  ] as const)('have the limit of %s in the unit %s: %s', async (limit, WHATSAPP_TIER, tier) => {
    const operator = { WHATSAPP_URL: whatsapp.url, ...(WHATSAPP_TIER && { WHATSAPP_TIER }) };
    whatsapp.number.messaging_limit_tier = limit;
    expect((await new WhatsAppProvider(operator).listAccounts(context))[0]?.standing?.tier).toBe(tier);
    whatsapp.number.messaging_limit_tier = 'TIER_1K';
  });

  it('are read again after an event about the account or its templates', async () => {
    const { memory = {} } = await provider.connect({ replace: false }, context);
    const toEvents = (field: string) => {
      const change = { field, value: { event: 'APPROVED', message_template_id: 1 } };
      const body = JSON.stringify({
        object: 'whatsapp_business_account',
        entry: [{ id: whatsapp.business.id, time: 1, changes: [change] }],
      });
      return provider.webhook.parse(webhookRequest(body), { ...context, memory });
    };
    for (const field of [
      'message_template_status_update',
      'template_category_update',
      'phone_number_quality_update',
      'account_update',
      'account_alerts',
    ])
      expect(toEvents(field)).toMatchObject([{ type: 'account', account: whatsapp.number.id }]);
    expect(toEvents('calls')).toEqual([]);
  });

  it('of another account are an error of the account’s id', async () => {
    const given = makeContext({ business: '77777777' });
    expect(await provider.check(given.settings, given)).toMatchObject({
      errors: { business: expect.stringMatching(/no business account/) },
    });
  });

  it('do not exist before the settings are complete', async () => {
    const given = makeContext({ token: undefined });
    expect(await provider.listAccounts(given)).toEqual([]);
    expect(await provider.check(given.settings, given)).toMatchObject({ warnings: { token: expect.any(String) } });
    expect(await provider.connect({ replace: false }, given)).toEqual({});
  });
});
