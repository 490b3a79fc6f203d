import { randomBytes } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { builtIn, host } from '#catalogue';
import { chat, ChatChannels, GatewayAddresses } from '#chat';
import { type Connection, ConnectionStore } from '#connections';
import { AccountService } from '#onboarding';
import { ProviderError } from '#provider-kit';
import { MessageGateway } from '#testing';
import { createWorker } from '../../worker/src/create-worker.js';
import { createApi } from '../src/create-api.js';
import { Account } from './support/account.js';
import { listViolations } from './support/contract-check.js';
import { Crm } from './support/crm.js';
import { readReply } from './support/reply.js';
import { freePort } from './support/server-process.js';
import { StubMessenger } from './support/stub-messenger.js';
import { COMMON_SETTINGS, makeStores, type Stores } from './support/test-servers.js';
import { until } from './support/until.js';

const MODULE = 'stub-messenger';
/** The gateway's name for the account's module. */
const TRANSPORT = `default/${MODULE}`;

interface Channels {
  items: { account: string; name: string; state: string; channel?: number; problem?: string }[];
  problem?: string;
  dueAt?: string;
}

const messenger = new StubMessenger();
const catalogue = builtIn.map((hosting) => (hosting.integration === chat ? host(chat, { adapters: [messenger] }) : hosting));
let gateway: MessageGateway;
let crm: Crm;
let stores: Stores;
let variables: Record<string, string>;
let api: NestFastifyApplication;
let worker: INestApplicationContext;
let account: Account;
let connection: string;

async function start(): Promise<void> {
  api = await createApi(catalogue, variables);
  await api.listen(Number(variables.PORT), '127.0.0.1');
  worker = await createWorker(catalogue, { ...variables, WORKER_PORT: '0' });
}

async function stop(): Promise<void> {
  await worker?.close();
  await api?.close();
}

async function operator<Body>(verb: 'GET' | 'POST' | 'PUT', path: string, body?: object): Promise<Body> {
  const reply = await readReply(
    await fetch(`${variables.PUBLIC_URL}/operator/api/connections/${connection}${path}`, {
      method: verb,
      headers: { authorization: `Bearer ${variables.OPERATOR_TOKEN}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    }),
  );
  if (reply.status >= 300) throw new Error(`${verb} ${path} answered ${reply.status}: ${reply.bytes.toString()}`);
  return reply.json;
}

const channels = (): Promise<Channels> => operator('GET', '/channels');
/** The account's channels at the gateway: what each is called, and whether it is active. */
const atGateway = (): [string | undefined, boolean][] => gateway.channels(TRANSPORT).map(({ name, active }) => [name, active]);
const token = (): string => gateway.book.transports.find(({ code }) => code === TRANSPORT)?.tokens.at(-1) ?? '';

/** Compares until the condition holds. The worker itself compares every ten seconds. */
async function compareUntil(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  await until(what, async () => {
    await api.get(ChatChannels, { strict: false }).keepDue({}, new AbortController().signal);
    return holds();
  });
}

/** Until nothing waits to be compared, and the last comparison had no problem. */
const compareAll = (): Promise<void> =>
  compareUntil('all is compared', async () => {
    const { problem, dueAt } = await channels();
    return problem === undefined && (dueAt === undefined || Date.parse(dueAt) > Date.now() + 3_600_000);
  });

/** The notices on the account page. */
async function notices(): Promise<string[]> {
  return (await api.get(AccountService, { strict: false }).listProviderNotices(await load())).map(({ en }) => en);
}

async function load(): Promise<Connection> {
  const found = await api.get(ConnectionStore, { strict: false }).findById(connection);
  if (!found) throw new Error(`there is no connection ${connection}`);
  return found;
}

async function makeDue(): Promise<void> {
  await stores.query('UPDATE chat_channel_sync SET due_at = now() WHERE connection_id = $1', [connection]);
}

/** Saves settings, and waits until the module is registered with them. */
const set = (settings: object): Promise<void> =>
  untilRegistered(async () => {
    const { values } = await operator<{ values: object }>('GET', '/settings');
    await operator('PUT', '/settings', { ...values, ...settings });
  });

const register = (): Promise<void> => untilRegistered(() => operator('POST', '/register'));

/** Waits until the CRM's reply to a new registration is stored: the CRM has it earlier than the module. */
async function untilRegistered(act: () => Promise<void>): Promise<void> {
  const readTime = async (): Promise<string | null> => (await operator<{ registeredAt: string | null }>('GET', '')).registeredAt;
  const [before, registeredAt] = [crm.registrations.length, await readTime()];
  await act();
  await until('the module is registered', async () => crm.registrations.length > before && (await readTime()) !== registeredAt);
}

beforeAll(async () => {
  stores = await makeStores('PostgreSQL');
  gateway = await MessageGateway.start();
  crm = await Crm.start({ chatGateway: gateway.url });
  const port = String(await freePort());
  variables = {
    ...COMMON_SETTINGS,
    ...stores.variables,
    ...{ PORT: port, PUBLIC_URL: `http://127.0.0.1:${port}`, CRM_HOSTS: crm.hosts, LOG_LEVEL: 'silent' },
  };
  await start();
  account = await Account.connect({ url: variables.PUBLIC_URL ?? '', getSecret: (code) => `development-secret-of-${code}` }, crm, MODULE);
  const [row] = await stores.query<{ id: string }>('SELECT id FROM connection');
  connection = row?.id ?? '';
});

afterAll(async () => {
  await stop();
  await crm?.close();
  await gateway?.close();
  await stores?.remove();
});

beforeEach(async () => {
  await set({ accounts: ['sales=@sales', 'help=@help'], maxLength: 4096 });
  await compareAll();
});

afterEach(() => {
  messenger.isAway = false;
  messenger.losesReplies = false;
  messenger.beforeListing = () => Promise.resolve();
  gateway.faults.clear();
  gateway.setModes({ formerTokens: 'refused' });
  expect(gateway.complaints).toEqual([]);
  expect(gateway.duplicateChannels()).toEqual([]);
  expect(crm.complaints).toEqual([]);
});

describe('a messenger', () => {
  it('is registered with its own address for webhooks, and sends the CRM neither token nor endpoint', async () => {
    expect(listViolations(account.registration, 'IntegrationModule')).toEqual([]);
    const webhookUrl = api.get(GatewayAddresses, { strict: false }).build(await load());
    expect(account.registration.integrations).toEqual({
      embedJs: expect.objectContaining({ runner: 'worker' }),
      mgTransport: { isActive: true, webhookUrl },
    });
    const [row] = await stores.query<{ row: string }>('SELECT c::text AS row FROM connection c');
    expect(row?.row).not.toContain(token());
    expect(JSON.stringify(await operator('GET', ''))).not.toContain(token());
  });

  it('has a channel for each account, with its features', async () => {
    expect(gateway.channels(TRANSPORT).filter(({ active }) => active)).toMatchObject([
      { type: 'telegram', name: '@sales', external_id: 'sales', settings: { text: { creating: 'both', max_chars_count: 4096 } } },
      { type: 'telegram', name: '@help', external_id: 'help' },
    ]);
    const [help, sales] = ['help', 'sales'].map((id) => gateway.channels(TRANSPORT).find(({ external_id }) => external_id === id)?.id);
    expect((await channels()).items).toMatchObject([
      { account: 'help', name: '@help', state: 'active', channel: help },
      { account: 'sales', name: '@sales', state: 'active', channel: sales },
    ]);
  });

  it('changes at the gateway what has changed, and nothing else', async () => {
    const before = gateway.countCalls('changeChannel');
    await makeDue();
    await compareAll();
    expect(gateway.countCalls('changeChannel')).toBe(before);
    await set({ accounts: ['sales=@sales', 'help=@helpdesk'] });
    await compareAll();
    expect(gateway.countCalls('changeChannel')).toBe(before + 1);
    await set({ maxLength: 1000 });
    await compareAll();
    expect(gateway.countCalls('changeChannel')).toBe(before + 3);
    expect(gateway.channels(TRANSPORT)).toMatchObject([
      { name: '@sales', settings: { text: { max_chars_count: 1000 } } },
      { name: '@helpdesk', settings: { text: { max_chars_count: 1000 } } },
    ]);
  });

  it('changes at the gateway what was saved while the CRM takes no registrations', async () => {
    const end = crm.fail('*/edit', { kind: 'error-before', status: 500 }, 100);
    const { values } = await operator<{ values: object }>('GET', '/settings');
    await operator('PUT', '/settings', { ...values, maxLength: 2000 });
    await compareAll();
    expect(gateway.channels(TRANSPORT).find(({ active }) => active)).toMatchObject({ settings: { text: { max_chars_count: 2000 } } });
    end();
    await stores.query(`UPDATE outbox_lane SET due_at = now() WHERE kind = 'registration'`);
    await register();
  });

  it('makes a new channel once, though the reply to it was lost', async () => {
    const made = gateway.countCalls('createChannel');
    gateway.fail('createChannel', { kind: 'drop-after' });
    await set({ accounts: ['sales=@sales', 'help=@help', 'news=@news'] });
    await compareUntil('the reply is lost', () => gateway.countCalls('createChannel') > made);
    await makeDue();
    await compareAll();
    expect(gateway.countCalls('createChannel')).toBe(made + 1);
    const id = gateway.channels(TRANSPORT).find(({ external_id }) => external_id === 'news')?.id;
    expect((await channels()).items).toContainEqual(expect.objectContaining({ account: 'news', state: 'active', channel: id }));
  });

  it('finds its channels by their external ids when it has forgotten them', async () => {
    const before = gateway.channels(TRANSPORT).length;
    await stores.query('DELETE FROM chat_channel');
    await makeDue();
    await compareAll();
    expect(gateway.channels(TRANSPORT)).toHaveLength(before);
    expect((await channels()).items).toMatchObject([{ state: 'active' }, { state: 'active' }]);
  });

  it('switches off the channel of an account that is gone, and the same one on again', async () => {
    const id = gateway.channels(TRANSPORT).find(({ external_id }) => external_id === 'help')?.id;
    await set({ accounts: ['sales=@sales'] });
    await compareAll();
    expect(atGateway()).toContainEqual(['@help', false]);
    expect((await channels()).items).toMatchObject([
      { account: 'help', state: 'off', channel: id },
      { account: 'sales', state: 'active' },
    ]);
    await set({ accounts: ['sales=@sales', 'help=@help'] });
    await compareAll();
    expect(gateway.channels(TRANSPORT).filter(({ external_id }) => external_id === 'help')).toMatchObject([{ id, active: true }]);
  });

  it('switches off channels that it did not make, except for channels of other transports', async () => {
    const other = gateway.register({ code: 'other' });
    for (const [index, one] of [token(), other.token].entries()) {
      const reply = await fetch(`${gateway.url}/api/transport/v1/channels`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-transport-token': one },
        body: JSON.stringify({ type: 'telegram', name: '@foreign', external_id: `foreign-${index}`, settings: {} }),
      });
      expect(reply.status).toBe(201);
    }
    await makeDue();
    await compareAll();
    expect(gateway.channels(TRANSPORT).filter(({ name }) => name === '@foreign')).toMatchObject([{ active: false }]);
    expect(gateway.channels('other')).toMatchObject([{ active: true }]);
    expect(atGateway().filter(([, active]) => active)).toHaveLength(2);
  });

  it('makes a channel again if the gateway no longer has it', async () => {
    await stores.query(`UPDATE chat_channel SET mg_id = 999999 WHERE account = 'help'`);
    gateway.book.channels.splice(
      gateway.book.channels.findIndex(({ external_id }) => external_id === 'help'),
      1,
    );
    await makeDue();
    await compareAll();
    expect(gateway.channels(TRANSPORT).filter(({ external_id }) => external_id === 'help')).toMatchObject([{ active: true }]);
  });

  it('reports which channel is rejected, and continues with the others', async () => {
    await set({ accounts: [`long=${'x'.repeat(101)}`, 'help=@help', 'news=@news'] });
    await compareUntil('the refusal is told', async () => (await channels()).problem !== undefined);
    const { items, problem } = await channels();
    expect(problem).toContain('name must NOT have more than 100 characters');
    expect(items).toMatchObject([
      { account: 'help', state: 'active' },
      { account: 'long', state: 'failed', problem: expect.stringContaining('100 characters') },
      { account: 'news', state: 'active' },
      { account: 'sales', state: 'off' },
    ]);
    expect(await notices()).toEqual([expect.stringContaining('100 characters')]);
    await set({ accounts: ['help=@help', 'news=@news'] });
    await compareAll();
    expect(await notices()).toEqual([]);
  });

  it('changes nothing while the messenger or the gateway is unavailable, and continues afterwards', async () => {
    messenger.isAway = true;
    await set({ accounts: ['sales=@sales', 'help=@help', 'late=@late'] });
    await compareUntil('the messenger is missed', async () => (await channels()).problem === 'The messenger is away.');
    expect(await notices()).toEqual([expect.stringMatching(/ We'll retry automatically\.$/)]);
    messenger.isAway = false;
    gateway.fail('*', { kind: 'drop-before' }, 1_000);
    await makeDue();
    await compareUntil('the gateway is missed, and tried again later', async () => {
      const { problem, dueAt } = await channels();
      return (problem?.includes('GET /channels') ?? false) && Date.parse(dueAt ?? '') > Date.now();
    });
    const { items } = await channels();
    expect(items.filter(({ state }) => state !== 'off')).toMatchObject([
      { account: 'help', state: 'active' },
      { account: 'late', state: 'wanted' },
      { account: 'sales', state: 'active' },
    ]);
    expect(atGateway().filter(([, active]) => active)).toHaveLength(2);
    gateway.faults.clear();
    await makeDue();
    await compareAll();
    expect(atGateway()).toContainEqual(['@late', true]);
  });

  it('of an account that is switched off has no channels, and has them again when it is switched on', async () => {
    const ids = gateway
      .channels(TRANSPORT)
      .filter(({ active }) => active)
      .map(({ id }) => id);
    expect((await account.activity(true, true)).status).toBe(200);
    await compareAll();
    expect(atGateway().filter(([, active]) => active)).toHaveLength(2);
    expect((await account.activity(false, false)).status).toBe(200);
    await compareAll();
    expect(atGateway().filter(([, active]) => active)).toEqual([]);
    expect((await channels()).dueAt).toBeUndefined();
    expect((await account.activity(true, false)).status).toBe(200);
    await compareAll();
    expect(
      gateway
        .channels(TRANSPORT)
        .filter(({ active }) => active)
        .map(({ id }) => id),
    ).toEqual(ids);
  });
});

describe('the token', () => {
  it('of a new registration is used from then on', async () => {
    const former = token();
    crm.replaceChatToken(MODULE);
    const before = gateway.countCalls('listChannels');
    await register();
    expect(token()).not.toBe(former);
    await compareUntil('the channels are compared', () => gateway.countCalls('listChannels') > before);
    expect((await channels()).problem).toBeUndefined();
    await set({ maxLength: 500 });
    await compareAll();
    expect(gateway.channels(TRANSPORT).find(({ active }) => active)).toMatchObject({ settings: { text: { max_chars_count: 500 } } });
  });

  it('and the endpoint stay unchanged if the CRM sends no others', async () => {
    const end = crm.fail('*/edit', { kind: 'odd-reply', fields: { info: { notExistUsersIds: [77] } } }, 100);
    await set({ maxLength: 600 });
    await until('the reply is stored', async () => {
      const { registrationReply } = await operator<{ registrationReply: { unknownUsers?: number[] } }>('GET', '');
      return registrationReply.unknownUsers?.[0] === 77;
    });
    end();
    await makeDue();
    await compareAll();
    expect(gateway.channels(TRANSPORT).find(({ active }) => active)).toMatchObject({ settings: { text: { max_chars_count: 600 } } });
  });

  it('that the gateway replaced is requested by a registration, once', async () => {
    const registrations = crm.registrations.length;
    gateway.register({ code: TRANSPORT, token: 'f'.repeat(40) });
    await makeDue();
    await compareUntil('the module is registered', () => crm.registrations.length > registrations);
    await compareAll();
    expect(crm.registrations).toHaveLength(registrations + 1);
  });

  it('is not asked for again and again where the gateway refuses every one', async () => {
    const registrations = crm.registrations.length;
    gateway.fail('*', { kind: 'unauthorized' }, 1_000);
    await makeDue();
    await compareUntil('the module is registered', () => crm.registrations.length > registrations);
    await compareUntil('the token is refused again', async () => {
      const [row] = await stores.query<{ tries: number }>('SELECT tries FROM chat_channel_sync WHERE connection_id = $1', [connection]);
      return (row?.tries ?? 0) > 1;
    });
    await makeDue();
    await compareUntil('it was tried a third time', async () => {
      const [row] = await stores.query<{ tries: number }>('SELECT tries FROM chat_channel_sync WHERE connection_id = $1', [connection]);
      return (row?.tries ?? 0) > 2;
    });
    expect(crm.registrations).toHaveLength(registrations + 1);
    expect(atGateway().filter(([, active]) => active)).toHaveLength(2);
    gateway.faults.clear();
    await makeDue();
    await compareAll();
  });
});

describe('a new ENCRYPTION_KEY', () => {
  it('registers another address for webhooks, opens the stored token, and does not change the channels', async () => {
    const before = account.registration.integrations?.mgTransport?.webhookUrl ?? '';
    const secret = before.split('/').at(-1) ?? '';
    const made = gateway.countCalls('createChannel');
    const registrations = crm.registrations.length;
    await stop();
    variables.ENCRYPTION_KEY = `${randomBytes(32).toString('base64')},${COMMON_SETTINGS.ENCRYPTION_KEY}`;
    await start();
    await until('the module is registered again', () => crm.registrations.length > registrations);
    const after = account.registration.integrations?.mgTransport?.webhookUrl ?? '';
    expect(after).not.toBe(before);
    await compareAll();
    expect(gateway.book.transports.find(({ code }) => code === TRANSPORT)?.webhookUrl).toBe(after);
    expect(gateway.countCalls('createChannel')).toBe(made);
    expect(atGateway().filter(([, active]) => active)).toHaveLength(2);
    // Webhooks that the gateway has sent already name the former secret.
    const addresses = api.get(GatewayAddresses, { strict: false });
    expect([addresses.verify(connection, secret), addresses.verify(connection, after.split('/').at(-1) ?? '')]).toEqual([true, true]);
  });
});

describe('templates', () => {
  const content = { lang: 'es', category: 'utility', body: 'Hola {{1}}, su pedido {{2}} va en camino.' };
  const channelId = (): number => gateway.channels(TRANSPORT).find(({ external_id }) => external_id === 'sales')?.id ?? 0;
  const post = (type: string, data: object): void =>
    gateway.postEvent(type, { channel_id: channelId(), ...content, ...data }, { transport: TRANSPORT });
  const listAtGateway = (): object[] => gateway.listTemplates(TRANSPORT);

  beforeEach(() => {
    messenger.templates.length = 0;
    messenger.sent.length = 0;
  });

  it('are created, approved, changed, sent and deleted, also with characters of addresses in the name', async () => {
    const name = 'order/sent #1 ж';
    const code = `es#${name}`;
    post('template_create', { name });
    await until('the gateway knows the code', () => listAtGateway().length === 1);
    expect(listAtGateway()).toMatchObject([{ code, verification_status: 'pending' }]);
    post('template_create', { name });
    await compareUntil('the messenger has it', () => messenger.templates.length === 1);
    await compareAll();
    Object.assign(messenger.find('sales', { name, language: 'es' }) ?? {}, { state: { status: 'approved', quality: 'high' } });
    await makeDue();
    await compareUntil('it is approved', () => JSON.stringify(listAtGateway()).includes('"approved"'));
    expect(listAtGateway()).toMatchObject([{ code, quality: 'high', body: content.body }]);

    const send = (args: string[], at = code): unknown =>
      gateway.sendMessage({
        ...{ channel: channelId(), customer: { external_id: 'ann' }, content: 'Hola Ana, su pedido 8061 va en camino.' },
        extra: { template: { code: at, category: 'utility', variables: { body: { args } } } },
      });
    send(['Ana']);
    send(['Ana', '8061'], 'es#other');
    send(['Ana', '8061']);
    await until('one is sent', () => messenger.sent.length === 1 && gateway.messages().every(({ status }) => status !== 'sending'));
    expect(messenger.sent).toMatchObject([{ template: { name, language: 'es', body: ['Ana', '8061'], buttons: [] }, media: [] }]);
    expect(gateway.messages().map(({ status }) => status)).toEqual(['failed', 'failed', 'sent']);

    post('template_update', { name, code, body: 'Hola {{1}}.' });
    await compareUntil('it is changed', () => JSON.stringify(listAtGateway()).includes('Hola {{1}}.'));
    expect(messenger.find('sales', { name, language: 'es' })?.body).toBe('Hola {{1}}.');
    post('template_delete', { code });
    await compareUntil('it is deleted', () => listAtGateway().length === 0);
    expect(messenger.templates).toEqual([]);
  });

  it('are created once if the reply is lost, and rejected with a state if the messenger refuses', async () => {
    messenger.losesReplies = true;
    post('template_create', { name: 'lost' });
    post('template_create', { name: 'bad' });
    await until('the gateway knows the codes', () => listAtGateway().length === 2);
    await compareUntil('the messenger has it', () => messenger.templates.length > 0);
    messenger.losesReplies = false;
    await makeDue();
    await compareUntil('one is rejected', async () => {
      await makeDue();
      return JSON.stringify(listAtGateway()).includes('"rejected"');
    });
    expect(messenger.templates.map(({ name }) => name)).toEqual(['lost']);
    messenger.templates.length = 0;
    await makeDue();
    await compareUntil('it is gone', () => listAtGateway().length === 1);
    // A rejected template is not deleted. The same name in another language stays.
    messenger.templates.push({ account: 'sales', name: 'bad', language: 'en', body: 'Hi', state: { status: 'approved', data: '7' } });
    post('template_delete', { code: 'es#bad' });
    await compareUntil('both are gone', () => listAtGateway().every((one) => (one as { code: string }).code === 'en#bad'));
    expect(messenger.templates).toMatchObject([{ name: 'bad', language: 'en' }]);
  });

  it('that cannot be listed stop neither channels nor the templates of other accounts', async () => {
    await set({ accounts: ['help=@help', 'news=@news', 'sales=@sales'] });
    await compareAll();
    const seen: string[] = [];
    messenger.beforeListing = (of) => {
      seen.push(of);
      return of === 'help' ? Promise.reject(new ProviderError('unavailable', 'No templates now.')) : Promise.resolve();
    };
    const state = { status: 'approved' } as const;
    messenger.templates.push({ account: 'sales', name: 'sent', language: 'es', body: 'Hola', state });
    await set({ accounts: ['help=@helpdesk', 'sales=@sales'] });
    await compareUntil('the other account has its template', () => listAtGateway().length === 1);
    expect(seen.slice(0, 2)).toEqual(['help', 'sales']);
    expect(gateway.channels(TRANSPORT).filter(({ active }) => active)).toMatchObject([{ name: '@sales' }, { name: '@helpdesk' }]);
    const { items, problem } = await channels();
    expect(problem).toBe('@helpdesk: No templates now.');
    for (const [of, is] of [
      ['help', 'active'],
      ['news', 'off'],
      ['sales', 'active'],
    ])
      expect(items).toContainEqual(expect.objectContaining({ account: of, state: is }));
    messenger.beforeListing = () => Promise.resolve();
    await makeDue();
    await compareAll();
  });

  it('that the CRM cannot describe are stored with the reason, and are not at the gateway', async () => {
    const unusable = 'It has a catalog button.';
    const state = { status: 'approved', quality: 'high' } as const;
    const listed = { account: 'sales', language: 'es', body: 'Hola', state };
    messenger.templates.push({ ...listed, name: 'catalog', unusable }, { ...listed, name: 'sent' });
    const removed = gateway.countCalls('deactivateTemplate');
    await makeDue();
    await compareUntil('one is there', () => listAtGateway().length === 1);
    await compareAll();
    expect(listAtGateway()).toMatchObject([{ code: 'es#sent' }]);
    expect(gateway.countCalls('deactivateTemplate')).toBe(removed);
    const select = `SELECT code, content->>'unusable' AS unusable FROM chat_template WHERE wish IS NULL ORDER BY code`;
    expect(await stores.query(select)).toEqual([
      { code: 'es#catalog', unusable },
      { code: 'es#sent', unusable: null },
    ]);
    Object.assign(messenger.find('sales', { name: 'sent', language: 'es' }) ?? {}, { unusable });
    await makeDue();
    await compareUntil('it is removed', () => listAtGateway().length === 0);
    gateway.sendMessage({
      ...{ channel: channelId(), customer: { external_id: 'ann' }, content: 'Hola' },
      extra: { template: { code: 'es#sent', category: 'utility', variables: {} } },
    });
    await until('it is refused', () => gateway.messages().at(-1)?.status === 'failed');
    expect(messenger.sent).toEqual([]);
  });

  it('of a run that was overtaken are not stored', async () => {
    const state = { status: 'pending' } as const;
    messenger.templates.push({ account: 'sales', name: 'sent', language: 'es', body: 'Hola', state });
    let release = (): void => undefined;
    const isReleased = new Promise<void>((resolve) => (release = resolve));
    let listings = 0;
    messenger.beforeListing = (of) => (of === 'sales' && ++listings === 1 ? isReleased : Promise.resolve());
    await makeDue();
    const keeper = api.get(ChatChannels, { strict: false });
    const slow = keeper.keepDue({}, new AbortController().signal);
    await until('the first run lists templates', () => listings === 1);
    Object.assign(messenger.find('sales', { name: 'sent', language: 'es' }) ?? {}, { state: { status: 'approved' } });
    await stores.query(`UPDATE chat_channel_sync SET lease_until = '-infinity', due_at = now()`);
    await compareUntil('the second run has told the gateway', () => JSON.stringify(listAtGateway()).includes('"approved"'));
    await compareAll();
    release();
    await slow;
    expect(await stores.query(`SELECT state->>'status' AS status FROM chat_template WHERE code = 'es#sent'`)).toEqual([
      { status: 'approved' },
    ]);
    expect(listAtGateway()).toMatchObject([{ verification_status: 'approved' }]);
  });

  it('reach the gateway once each, also a thousand', async () => {
    for (let one = 0; one < 1_000; one++) {
      const state = { status: 'approved' } as const;
      messenger.templates.push({ account: 'sales', name: `template_${one}`, language: 'es', body: 'Hola', state });
    }
    await makeDue();
    await compareUntil('all are there', () => listAtGateway().length === 1_000);
    await compareAll();
    const before = gateway.countCalls('activateTemplate') + gateway.countCalls('changeTemplate');
    await makeDue();
    await compareAll();
    expect(gateway.countCalls('activateTemplate') + gateway.countCalls('changeTemplate')).toBe(before);
  });
});
