import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { getParser } from '#platform';
import type { CacheOptions, ConnectReport } from '#provider-kit';
import { accountSettings, providerContext } from '../../testing/builders.js';
import { MemoryCache } from '../../testing/memory-cache.js';
import { checkSettings } from './check.js';
import { deriveSecret, UPDATES } from './hooks.js';
import { TelegramProvider } from './telegram.provider.js';
import { type TelegramContext, TelegramSettings } from './telegram.settings.js';

const TOKENS = { shop: '10001:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw', other: '10002:BBHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw' };
const URL_HERE = 'https://m.example/telegram/webhooks/connection-1';
const NOW = new Date('2026-11-27T12:00:00Z');

interface Hook {
  url: string;
  secret_token?: string;
  allowed_updates?: readonly string[];
  pending_update_count?: number;
  last_error_date?: number;
  last_error_message?: string;
}

/** A cache whose clock the test sets, in days after NOW. */
class DatedCache extends MemoryCache {
  day = 0;

  override update<Value>(key: string, options: CacheOptions, change: (value: Value | undefined, now: number) => Value): Promise<Value> {
    return super.update<Value>(key, options, (value) => change(value, NOW.getTime() + this.day * 86_400_000));
  }
}

/**
 * The webhooks at Telegram, by token. A token without an entry is rejected. `away`: Telegram does not reply.
 */
let hooks: Map<string, Hook | 'away'>;
let calls: string[];
let cache: DatedCache;
let provider: TelegramProvider;

const server = createServer((request, response) => void answer(request, response));
beforeAll(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  hooks = new Map(Object.values(TOKENS).map((token) => [token, { url: '' }]));
  calls = [];
  cache = new DatedCache();
  provider = new TelegramProvider(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

/** Replies like Telegram. */
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [, token = '', method = ''] = /^\/bot([^/]+)\/(\w+)$/.exec(request.url ?? '') ?? [];
  const hook = hooks.get(token);
  if (hook === 'away') return void request.socket.destroy();
  const parameters = await json(request);
  const reply = (status: number, body: object): void => void response.writeHead(status).end(JSON.stringify(body));
  if (!hook) return reply(401, { ok: false, error_code: 401, description: 'Unauthorized' });
  calls.push(method);
  if (method === 'setWebhook') hooks.set(token, parameters as Hook);
  if (method === 'deleteWebhook') hooks.set(token, { url: '' });
  const id = Number(token.split(':')[0]);
  const result =
    method === 'getMe' ? { id, is_bot: true, first_name: 'Bot', username: `bot_${id}` } : method === 'getWebhookInfo' ? hook : true;
  reply(200, { ok: true, result });
}

function contextOf(bots: (keyof typeof TOKENS)[], changes: Partial<TelegramContext> = {}): TelegramContext {
  const settings = getParser(TelegramSettings).parse({ bots: bots.map((code) => ({ code, token: TOKENS[code] })) });
  return providerContext(settings, { cache, now: NOW, webhookUrl: URL_HERE, account: accountSettings({ language: 'en' }), ...changes });
}
const connect = (context: TelegramContext, replace = false): Promise<ConnectReport> => provider.connect({ replace }, context);
const urlOf = (bot: keyof typeof TOKENS): string => (hooks.get(TOKENS[bot]) as Hook).url;

describe('connect', () => {
  it('makes the webhook of each bot, and nothing the next time', async () => {
    const { memory = {} } = await connect(contextOf(['shop', 'other']));
    expect(hooks.get(TOKENS.shop)).toEqual({
      ...{ url: `${URL_HERE}/10001`, secret_token: deriveSecret(TOKENS.shop, 'connection-1', '10001') },
      ...{ allowed_updates: UPDATES, max_connections: 20 },
    });
    expect(urlOf('other')).toBe(`${URL_HERE}/10002`);
    expect(JSON.stringify(memory)).not.toContain(deriveSecret(TOKENS.shop, 'connection-1', '10001'));
    calls = [];
    expect(await connect(contextOf(['shop', 'other'], { memory }))).toEqual({ memory });
    expect(calls).not.toContain('setWebhook');
  });

  it('makes it again if it differs: other updates, another token of the bot, our previous origin', async () => {
    const { memory = {} } = await connect(contextOf(['shop']));
    const made = hooks.get(TOKENS.shop) as Hook;
    hooks.set(TOKENS.shop, { ...made, allowed_updates: ['message'] });
    await connect(contextOf(['shop'], { memory }));
    expect((hooks.get(TOKENS.shop) as Hook).allowed_updates).toEqual(UPDATES);
    const token = `${TOKENS.shop}2`;
    hooks.set(token, { ...made, url: `https://before.example/telegram/webhooks/connection-1/10001` });
    const settings = getParser(TelegramSettings).parse({ bots: [{ code: 'shop', token }] });
    const again = await connect(contextOf([], { memory, settings }));
    expect(hooks.get(token)).toMatchObject({ url: made.url, secret_token: deriveSecret(token, 'connection-1', '10001') });
    expect(again.memory).toMatchObject({ 'token:10001': token, 'name:10001': '@bot_10001' });
  });

  it('reports another program without its address, and replaces it if the user agrees', async () => {
    hooks.set(TOKENS.shop, { url: `https://other.example/telegram/${TOKENS.shop}?key=1` });
    const report = await connect(contextOf(['shop', 'other']));
    expect(report.conflict).toEqual([{ about: '@bot_10001', address: 'https://other.example/telegram/***' }]);
    expect([urlOf('shop'), urlOf('other')]).toEqual([`https://other.example/telegram/${TOKENS.shop}?key=1`, `${URL_HERE}/10002`]);
    expect((await connect(contextOf(['shop', 'other']), true)).conflict).toBeUndefined();
    expect(urlOf('shop')).toBe(`${URL_HERE}/10001`);
  });

  it('leaves a bot of another connection to it, also when asked to replace', async () => {
    await connect(contextOf(['shop']));
    const others = contextOf(['shop', 'other'], {
      connectionId: 'connection-2',
      webhookUrl: 'https://m.example/telegram/webhooks/connection-2',
    });
    expect((await connect(others, true)).warnings).toEqual({ 'bots[0].token': expect.stringContaining('connected already') as unknown });
    expect(urlOf('shop')).toBe(`${URL_HERE}/10001`);
    expect(urlOf('other')).toBe('https://m.example/telegram/webhooks/connection-2/10002');
    expect((await provider.check(others.settings, others)).errors).toEqual({
      'bots[0].token': expect.stringContaining('connected already') as unknown,
    });
    // Once it is given up, any connection may have it. An address that is set needs a confirmation.
    await provider.disconnect(contextOf(['shop']));
    expect((await connect(others)).warnings).toBeUndefined();
    expect(urlOf('shop')).toBe('https://m.example/telegram/webhooks/connection-2/10001');
  });

  it('keeps its bot while updates arrive, and for a week after that', async () => {
    const others = contextOf(['shop'], {
      connectionId: 'connection-2',
      webhookUrl: 'https://m.example/telegram/webhooks/connection-2',
    });
    for (const day of [0, 2, 4]) {
      cache.day = day;
      await connect(contextOf(['shop']));
    }
    for (const day of [5, 10]) {
      cache.day = day;
      expect((await connect(others)).warnings).toBeDefined();
    }
    cache.day = 12;
    // Its address still belongs to a program, which needs a confirmation.
    expect((await connect(others)).conflict).toEqual([{ about: '@bot_10001', address: `${URL_HERE}/10001` }]);
    expect((await connect(others, true)).conflict).toBeUndefined();
    expect((await connect(contextOf(['shop']))).warnings).toBeDefined();
  });

  it('takes the webhook of a bot down that left the settings, later if need be, and no other’s', async () => {
    const { memory = {} } = await connect(contextOf(['shop', 'other']));
    const made = hooks.get(TOKENS.other) ?? { url: '' };
    hooks.set(TOKENS.other, 'away');
    const away = await connect(contextOf(['shop'], { memory }));
    expect(away.memory).toMatchObject({ 'token:10002': TOKENS.other });
    hooks.set(TOKENS.other, made);
    const gone = await connect(contextOf(['shop'], { memory: away.memory ?? {} }));
    expect(gone.memory).not.toHaveProperty('token:10002');
    expect([urlOf('shop'), urlOf('other')]).toEqual([`${URL_HERE}/10001`, '']);
    hooks.set(TOKENS.shop, { url: 'https://other.example/hook' });
    await connect(contextOf([], { memory: gone.memory ?? {} }));
    expect(urlOf('shop')).toBe('https://other.example/hook');
  });

  it('sets the other bots up when one fails, and fails when all do', async () => {
    hooks.delete(TOKENS.shop);
    const report = await connect(contextOf(['shop', 'other']));
    expect(report.warnings).toEqual({ 'bots[0].token': expect.stringContaining('does not accept the token') as unknown });
    expect(urlOf('other')).toBe(`${URL_HERE}/10002`);
    await expect(connect(contextOf(['shop']))).rejects.toMatchObject({ kind: 'auth' });
    hooks.set(TOKENS.other, 'away');
    await expect(connect(contextOf(['other']))).rejects.toMatchObject({ kind: 'unavailable' });
  });
});

describe('disconnect', () => {
  it('removes our own webhook, also if others fail', async () => {
    const { memory = {} } = await connect(contextOf(['shop', 'other']));
    hooks.set(TOKENS.other, { url: 'https://other.example/hook' });
    await provider.disconnect(contextOf(['other'], { memory }));
    expect([urlOf('shop'), urlOf('other')]).toEqual(['', 'https://other.example/hook']);
    hooks.delete(TOKENS.other);
    await provider.disconnect(contextOf(['other'], { memory }));
    hooks.set(TOKENS.other, 'away');
    await expect(provider.disconnect(contextOf(['other'], { memory }))).rejects.toMatchObject({ kind: 'unavailable' });
  });
});

describe('check', () => {
  const check = (context: TelegramContext) => provider.check(context.settings, context);

  it('lists the bots', async () => {
    expect(await check(contextOf(['shop', 'other']))).toEqual({ account: '@bot_10001, @bot_10002', errors: {}, warnings: {} });
    expect(await check(contextOf([]))).toEqual({ warnings: { bots: 'has no bot yet: customers cannot write' } });
  });

  it('reports the rejected token, and is unavailable if Telegram is', async () => {
    hooks.delete(TOKENS.other);
    const { account, errors } = await check(contextOf(['shop', 'other']));
    expect([account, errors]).toEqual(['@bot_10001', { 'bots[1].token': expect.stringContaining('does not accept') as unknown }]);
    hooks.set(TOKENS.shop, 'away');
    await expect(check(contextOf(['shop']))).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('warns of another program, and of recent delivery failures', async () => {
    const seconds = NOW.getTime() / 1_000;
    hooks.set(TOKENS.shop, { url: `https://other.example/${TOKENS.shop}` });
    expect((await check(contextOf(['shop']))).warnings).toEqual({
      'bots[0].token': 'Another program receives this bot’s messages: https://other.example/***',
    });
    const failing = {
      url: `${URL_HERE}/10001`,
      pending_update_count: 3,
      last_error_date: seconds - 60,
      last_error_message: 'Connection refused',
    };
    hooks.set(TOKENS.shop, failing);
    expect((await check(contextOf(['shop']))).warnings?.['bots[0].token']).toContain('Connection refused');
    for (const well of [{ pending_update_count: 0 }, { last_error_date: seconds - 86_400 }]) {
      hooks.set(TOKENS.shop, { ...failing, ...well });
      expect((await check(contextOf(['shop']))).warnings).toEqual({});
    }
  });

  it('refuses a bot or a name twice', () => {
    const bots = ['shop', 'other'].map((code) => ({ code, token: TOKENS.shop }));
    expect(Object.keys(checkSettings(Object.assign(new TelegramSettings(), { bots }), 'en'))).toEqual(['bots[1].token']);
    expect(
      Object.keys(
        checkSettings(
          Object.assign(new TelegramSettings(), {
            bots: [
              { code: 'a', token: TOKENS.shop },
              { code: 'a', token: TOKENS.other },
            ],
          }),
          'es',
        ),
      ),
    ).toEqual(['bots[1].code']);
  });
});

describe('listAccounts', () => {
  it('lists the bots, also a bot whose token was rejected since', async () => {
    const { memory = {} } = await connect(contextOf(['shop', 'other']));
    hooks.delete(TOKENS.shop);
    expect(await provider.listAccounts(contextOf(['shop', 'other'], { memory }))).toEqual([
      { id: '10001', name: '@bot_10001' },
      { id: '10002', name: '@bot_10002' },
    ]);
    expect(await provider.listAccounts(contextOf(['shop', 'other']))).toEqual([{ id: '10002', name: '@bot_10002' }]);
    await expect(provider.listAccounts(contextOf(['shop'], { memory }))).rejects.toMatchObject({ kind: 'auth' });
    expect(await provider.listAccounts(contextOf([]))).toEqual([]);
  });
});

describe('the settings', () => {
  it('take tokens as @BotFather gives them', () => {
    const parse = (token: string): unknown => getParser(TelegramSettings).parse({ bots: [{ code: 'shop', token }] });
    expect(parse(TOKENS.shop)).toBeDefined();
    for (const wrong of ['', '10001', 'bot10001:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw', `${TOKENS.shop}/x`, `${TOKENS.shop} `, '10001:short'])
      expect(() => parse(wrong)).toThrow();
  });
});
