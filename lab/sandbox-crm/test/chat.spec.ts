import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MessageGateway } from '#testing';
import { createProgram } from '../src/cli/program.js';
import { readEnvironment } from '../src/environment.js';
import { type JsonObject, asObject } from '../src/json.js';
import { freePort, SandboxBench } from './sandbox-bench.js';
import { StandInModule } from './stand-in-module.js';

const TRANSPORT = { isActive: true, actions: { online: '/callbacks/online', visits: 'callbacks/visits' } };

const VISITS = {
  lastVisit: {
    source: 'mail',
    createdAt: '2026-11-24T10:00:00+03:00',
    endedAt: '2026-11-24T10:01:30+03:00',
    duration: 90,
    pages: [
      { dateTime: '2026-11-24T10:00:00+03:00', url: 'https://shop.example/', title: 'Shop' },
      { dateTime: '2026-11-24T10:01:00+03:00', url: 'https://shop.example/cart' },
    ],
  },
  countVisits: 2,
  device: { lang: 'ru_RU', browser: 'Chrome 131', os: 'Windows' },
  utm: { source: 'mail', medium: 'letter' },
  country: 'Россия',
};

describe("the CRM's side of chats", () => {
  const bench = new SandboxBench();
  const module = new StandInModule();

  const control = async (path: string, body?: JsonObject): Promise<JsonObject> =>
    (await bench.control(body === undefined ? 'GET' : 'POST', `/accounts/default/${path}`, body)).body;
  const connect = (mgTransport: JsonObject): Promise<JsonObject> => {
    module.registrationPatch = { integrations: { mgTransport } };
    return control('modules/stand-in/connect', { moduleUrl: module.url });
  };
  const ask = (name: 'online' | 'visits', body: JsonObject): Promise<JsonObject> => control(`modules/stand-in/callbacks/${name}`, body);
  const answer = (name: 'online' | 'visits', body: unknown, status = 200): unknown => module.wrong.set(name, { status, body });
  const violations = async (body: unknown): Promise<unknown> => {
    answer('visits', body);
    return (await ask('visits', { chat: 'c' }))['violations'];
  };

  beforeAll(async () => {
    await bench.start();
    await module.listen();
  });

  beforeEach(async () => {
    expect(await connect(TRANSPORT)).toMatchObject({ ok: true, capabilities: expect.arrayContaining(['mgTransport: online, visits']) });
  });

  afterEach(() => module.wrong.clear());

  afterAll(async () => {
    await bench.stop();
    await module.close();
  });

  it.each([
    ['an unknown action', { ...TRANSPORT, actions: { typing: '/x' } }, 'actions.typing'],
    ['a whole URL as an action', { ...TRANSPORT, actions: { online: 'https://elsewhere.example/x' } }, 'actions.online'],
  ])('refuses a registration with %s', async (_what, transport, field) => {
    await connect(transport as JsonObject);
    expect(Object.keys(asObject(module.registered['errors'] as JsonObject))).toEqual([
      `integrationModule.integrations.mgTransport.${field}`,
    ]);
  });

  it('accepts an invalid address, with a hint', async () => {
    expect(await connect({ ...TRANSPORT, endpointUrl: 'nowhere' })).toMatchObject({ ok: true });
    expect(await bench.hints()).toEqual(['integrationModule.integrations.mgTransport.endpointUrl is not an http or https URL: "nowhere"']);
  });

  it('answers a transport the address of a gateway and a token', async () => {
    const { info } = module.registered as { info: JsonObject };
    expect(info).toEqual({ mgTransport: { endpointUrl: bench.url, token: expect.stringMatching(/^[0-9a-f]{40}$/) } });
  });

  it('names the client in a header, and the customer and the chat by their ids there', async () => {
    answer('online', { lastOnline: '2026-11-24T10:00:00+03:00' });
    expect(await ask('online', { user: 'user-1' })).toMatchObject({ ok: true, violations: [] });
    answer('visits', VISITS);
    expect(await ask('visits', { chat: 'chat-1' })).toMatchObject({ ok: true, violations: [], body: VISITS });
    expect(module.received.slice(-2)).toEqual([
      { name: 'online', fields: { externalUserId: 'user-1' }, clientHeader: module.clientId },
      { name: 'visits', fields: { externalChatId: 'chat-1' }, clientHeader: module.clientId },
    ]);
    // A customer without any data.
    answer('online', {});
    expect(await ask('online', { user: 'user-1' })).toMatchObject({ ok: true });
    expect(await violations({ countVisits: 0 })).toEqual([]);
    answer('visits', { success: false, errorMsg: 'Frozen' }, 403);
    expect(await ask('visits', { chat: 'c' })).toMatchObject({ ok: false, refusal: '403 Frozen', violations: [] });
  });

  it.each([
    ['no number of visits', { countVisits: undefined }, ['countVisits: is required']],
    ['a visit that is not counted', { countVisits: 0 }, ['countVisits: is 0 although there is a last visit']],
    ['a number as text', { countVisits: '2' }, ['countVisits: must be a whole number from 0']],
    ['nothing where a name belongs', { country: null }, ['country: must be a text that is not empty']],
    ['an unknown field', { device: { lang: 'ru', screen: 'wide' } }, ['device.screen: is not a field of the contract']],
    ['a language spelt otherwise', { device: { lang: 'ru-RU' } }, ['device.lang: must be written as en_US, not "ru-RU"']],
  ])('finds a reply with %s', async (_what, changes, expected) => {
    expect(await violations({ ...VISITS, ...changes })).toEqual(expected);
  });

  it.each([
    ['a date without its offset', { createdAt: '2026-11-24 10:00:00' }, /createdAt: must be a date/],
    ['another duration', { duration: 5 }, /duration: must be the seconds/],
    ['an end before the begin', { endedAt: '2026-11-24T09:00:00+03:00' }, /endedAt: is before/],
    ['no pages', { pages: [] }, /pages: a visit has one page/],
    ['a page outside of it', { pages: [{ ...VISITS.lastVisit.pages[0], dateTime: '2026-11-24T11:00:00+03:00' }] }, /pages\[0\].dateTime/],
    ['pages in the wrong order', { pages: VISITS.lastVisit.pages.toReversed() }, /pages\[1\].dateTime/],
    ['a page without an address', { pages: [{ dateTime: '2026-11-24T10:00:00+03:00', url: 'cart' }] }, /pages\[0\].url/],
    ['a field missing', { source: undefined }, /lastVisit.source: is required/],
  ])('finds a visit with %s', async (_what, changes, expected) => {
    expect(await violations({ ...VISITS, lastVisit: { ...VISITS.lastVisit, ...changes } })).toEqual(
      expect.arrayContaining([expect.stringMatching(expected)]),
    );
  });

  it('reports the problems of a request', async () => {
    expect(await ask('online', {})).toMatchObject({ errorMsg: 'user is required: its id in the chat' });
    expect(await ask('visits', { user: 'x' })).toMatchObject({ errorMsg: 'chat is required: its id in the chat' });
    answer('visits', { success: false, errorMsg: 'Wrong input' }, 400);
    expect(await ask('visits', { body: { externalChatId: '' } })).toMatchObject({ refusal: '400 Wrong input' });
    await connect({ isActive: true, actions: { online: '/callbacks/online' } });
    expect((await ask('visits', { chat: 'c' }))['errorMsg']).toContain('registered no "visits" action');
    module.registrationPatch = {};
    await control('modules/stand-in/connect', { moduleUrl: module.url });
    expect((await ask('visits', { chat: 'c' }))['errorMsg']).toContain('registered no chat transport');
  });

  it('goes by hand: chat online, visits', async () => {
    const run = async (...words: string[]): Promise<string> => {
      const lines: string[] = [];
      const program = createProgram(readEnvironment({}), { print: (text) => lines.push(text), exit: () => undefined });
      await program.parseAsync(['node', 'sandbox', '--sandbox', bench.url, ...words]);
      return lines.join('\n');
    };
    answer('online', { lastOnline: '2026-11-24T10:00:00+03:00' });
    expect(await run('chat', 'online', 'user-1')).toContain('last online: 2026-11-24T10:00:00+03:00');
    answer('online', {});
    expect(await run('chat', 'online', 'user-1')).toContain('last online: not known');
    answer('visits', VISITS);
    const shown = await run('chat', 'visits', 'chat-1');
    for (const part of ['visits: 2', 'from mail', '(90 s)', '/cart', '"Shop"', 'browser Chrome 131', 'medium letter', 'place: Россия'])
      expect(shown).toContain(part);
  });
});

describe('a double of the message gateway behind the CRM', () => {
  const module = new StandInModule();
  let gateway: MessageGateway;
  let bench: SandboxBench;

  beforeAll(async () => {
    gateway = await MessageGateway.start();
    bench = await new SandboxBench({ chatGateway: gateway.url }).start();
    await module.listen();
  });
  afterAll(async () => {
    await Promise.all([bench.stop(), module.close()]);
    await gateway.close();
  });

  const register = async (account: string): Promise<unknown> => {
    module.registrationPatch = { integrations: { mgTransport: { isActive: true, webhookUrl: 'https://module.example/mg/secret' } } };
    const { body } = await bench.control('POST', `/accounts/${account}/modules/stand-in/connect`, { moduleUrl: module.url });
    return asObject(asObject(module.registered['info'] as JsonObject)['mgTransport'])['token'] ?? body['registration'] ?? body;
  };

  it('knows the transport of each account, with the token that the CRM answers', async () => {
    await bench.control('POST', '/accounts', { code: 'second', name: 'Second', port: await freePort() });
    const tokens = [await register('default'), await register('second'), await register('default')];
    expect(new Set(tokens).size).toBe(2);
    expect(asObject(module.registered['info'] as JsonObject)).toMatchObject({ mgTransport: { endpointUrl: gateway.url } });
    const shown = { webhookUrl: 'https://module.example/mg/secret', clientId: module.clientId };
    expect(gateway.book.transports.slice(1)).toEqual([
      { code: 'default/stand-in', tokens: [tokens[0]], ...shown },
      { code: 'second/stand-in', tokens: [tokens[1]], ...shown },
    ]);
    const reply = await fetch(`${gateway.url}/api/transport/v1/channels`, { headers: { 'x-transport-token': String(tokens[1]) } });
    expect([reply.status, await reply.json()]).toEqual([200, []]);
  });

  it('that is unavailable makes the registration fail', async () => {
    const away = await new SandboxBench({ chatGateway: 'http://127.0.0.1:1' }).start();
    await away.control('POST', '/accounts/default/modules/stand-in/connect', { moduleUrl: module.url });
    expect(module.registered).toMatchObject({
      success: false,
      errorMsg: expect.stringContaining('No message gateway answers at http://127.0.0.1:1'),
    });
    await away.stop();
  });
});
