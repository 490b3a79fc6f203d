import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { getParser } from '#platform';
import { MemoryCache, providerContext } from '#testing';
import { MaxDouble } from '../../../lab/doubles/max/index.js';
import { type MaxContext, MaxSettings } from './max.settings.js';
import { MaxEnvironment } from './max.environment.js';
import { MaxProvider } from './max.provider.js';

const NOW = new Date('2026-11-30T09:00:00Z');
let max: MaxDouble;
let provider: MaxProvider;
let cache: MemoryCache;

beforeEach(async () => {
  max = await MaxDouble.start({ webhookUrls: 'any' });
  provider = new MaxProvider(max.url);
  cache = new MemoryCache();
});
afterEach(() => max.close());

function build(changes: Partial<MaxContext> = {}, tokens = [max.bot.token]): MaxContext {
  const settings = getParser(MaxSettings).parse({ bots: tokens.map((token, index) => ({ code: `bot${index}`, token })) });
  const account = { ...providerContext(settings, { now: NOW }).account, language: 'en' as const };
  const webhookUrl = 'https://shop.example/max/webhooks/connection-1';
  return providerContext(settings, { now: NOW, cache, account, signal: AbortSignal.timeout(20_000), webhookUrl, ...changes });
}
const connect = (context: MaxContext, replace = false) => provider.connect({ replace }, context);
const urls = () => max.bots.map(({ subscriptions }) => subscriptions.map(({ url }) => url));

describe('the webhook of a bot', () => {
  it('has the bot at its end, and only the kinds that are read', async () => {
    const other = max.addBot();
    await connect(build({}, [max.bot.token, other.token]));
    expect(urls()).toEqual([
      [`https://shop.example/max/webhooks/connection-1/${max.bot.user.user_id}`],
      [`https://shop.example/max/webhooks/connection-1/${other.user.user_id}`],
    ]);
    expect(max.bot.subscriptions[0]?.types).toContain('message_removed');
    expect(max.bot.subscriptions[0]?.secret).not.toBe(other.subscriptions[0]?.secret);
  });

  it('that MAX removed is set up again, and reported for a day', async () => {
    const { memory = {} } = await connect(build());
    expect((await connect(build({ memory }))).warnings).toBeUndefined();
    max.loseSubscriptions();
    const again = await connect(build({ memory }));
    expect(again.warnings?.['bots']).toMatch(/after eight hours without a reply.* Nov 30, 2026, /);
    expect(urls()).toEqual([[expect.stringContaining('connection-1')]]);
    const known = again.memory ?? {};
    expect((await provider.check(build().settings, build({ memory: known }))).warnings?.['bots']).toContain('eight hours');
    const later = new Date(NOW.getTime() + 86_400_000);
    expect((await connect(build({ memory: known, now: later }))).warnings).toBeUndefined();
  });

  it('is set up again for another token, and removed with its bot', async () => {
    const { memory = {} } = await connect(build());
    const before = max.bot.subscriptions[0]?.secret;
    max.revokeToken();
    const renewed = await connect(build({ memory }));
    expect(max.bot.subscriptions.map(({ secret }) => secret === before)).toEqual([false]);
    const other = max.addBot();
    const last = await connect(build({ memory: renewed.memory ?? {} }, [other.token]));
    expect(urls()).toEqual([[], [expect.stringContaining('connection-1')]]);
    expect(Object.keys(last.memory ?? {}).filter((name) => name.endsWith(String(max.bot.user.user_id)))).toEqual([]);
  });

  it('is left to another connection of the deployment', async () => {
    await connect(build());
    const other = await connect(build({ connectionId: 'connection-2', webhookUrl: 'https://shop.example/max/webhooks/connection-2' }));
    expect(other.warnings?.['bots[0].token']).toContain('another account or module');
    expect(urls()).toEqual([[expect.stringContaining('connection-1')]]);
  });

  it('of another program is a conflict until its user agrees', async () => {
    max.steal('https://other.example/max?secret=x');
    expect(await connect(build())).toMatchObject({ conflict: [{ about: '@shop1_bot', address: 'https://other.example/max' }] });
    expect((await provider.check(build().settings, build())).warnings?.['bots[0].token']).toMatch(
      /another program.*https:\/\/other\.example\/max$/i,
    );
    await connect(build(), true);
    expect(urls()).toEqual([[expect.stringContaining('connection-1')]]);
  });

  it('of one bot fails without the others', async () => {
    const report = await connect(build({}, [max.bot.token, 'wrong-token-1']));
    expect([Object.keys(report.warnings ?? {}), urls()]).toEqual([['bots[1].token'], [[expect.stringContaining('connection-1')]]]);
    await expect(connect(build({}, ['wrong-token-1']))).rejects.toMatchObject({ kind: 'auth' });
  });

  it('leads to fetched updates if MAX rejects the address', async () => {
    max.setModes({ webhookUrls: 'https' });
    const context = build({ webhookUrl: 'http://127.0.0.1:3000/max/webhooks/connection-1' });
    const { warnings, memory = {} } = await connect(context);
    expect(warnings?.['bots']).toMatch(/only to an https address on port 443.*use the port 443/);
    expect((await provider.check(context.settings, build({ memory }))).warnings?.['bots']).toContain('port 443');
    const account = String(max.bot.user.user_id);
    for (const text of ['one', 'two', 'three']) max.write(max.findWhom('joe'), text);
    const polled = build({ memory });
    const fetchTexts = async (marker?: string) => {
      const fetched = await provider.fetchUpdates(account, marker, polled);
      const events = (fetched?.requests ?? []).flatMap((request) => {
        expect(provider.webhook.verify(request, polled)).toBe(true);
        return provider.webhook.parse(request, polled);
      });
      return [events.map((event) => event.type === 'message' && event.message.text), fetched?.marker];
    };
    expect([await fetchTexts(), await fetchTexts('1'), await fetchTexts('3')]).toEqual([
      [['three'], '3'],
      [['two', 'three'], '3'],
      [[], '3'],
    ]);
    expect(await provider.fetchUpdates(account, undefined, build())).toBeUndefined();
    // A new address of the deployment.
    const moved = await connect(build({ memory }));
    expect([moved.warnings, urls()]).toEqual([undefined, [[expect.stringContaining('https://shop.example')]]]);
  });
});

describe('the settings of the operator', () => {
  it('stop the start if the file of certificates cannot be read', () => {
    const { MAX_CA_FILE: problem } = Object.assign(new MaxEnvironment(), { MAX_CA_FILE: '/no/such/file.pem' }).problems();
    expect([problem, new MaxEnvironment().problems()]).toEqual([expect.stringContaining('ENOENT'), {}]);
    expect(() => new MaxProvider(undefined, '/no/such/file.pem')).toThrow('ENOENT');
  });
});

describe('the settings', () => {
  it('must not list a bot twice, also under another token', async () => {
    const context = build({}, [max.bot.token, max.bot.token]);
    expect(provider.manifest.checkSettings?.(context.settings, 'en')).toEqual({ 'bots[1].token': expect.stringContaining('above') });
    expect((await provider.check(context.settings, context)).errors).toEqual({ 'bots[1].token': expect.stringContaining('above') });
  });
});
