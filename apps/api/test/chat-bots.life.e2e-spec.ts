import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeMessenger, FakePbx, MessageGateway } from '#testing';
import { Account } from './support/account.js';
import { Crm } from './support/crm.js';
import { Deployment, START_MS } from './support/deployment.js';
import { until } from './support/until.js';

const MODULE = 'fake-messenger';
const CODE = `default/${MODULE}`;
const CHATS = 10;
const MESSAGES = 500;
const QUESTION = 'Hello! Where is my order?';
/** Operations of a killed process are taken over after fifteen seconds. */
const PATIENCE_MS = 240_000;

let deployment: Deployment;
let crm: Crm;
let gateway: MessageGateway;
let messenger: FakeMessenger;
let pbx: FakePbx;
let connection: string;
let account: Account;
let people = 0;

type Message = ReturnType<MessageGateway['message']>;

const settings = (more: object = {}): object => ({
  ...{ baseUrl: messenger.url, apiKey: messenger.apiKey, webhookSecret: messenger.webhookSecret, botEnabled: true },
  ...more,
});
const set = (more: object = {}): Promise<unknown> => deployment.operator('PUT', `/connections/${connection}/settings`, settings(more));
const find = async (module: string): Promise<string> =>
  (await deployment.listConnections(crm)).find(({ code }) => code === module)?.id ?? '';
const rows = (where = 'true'): Promise<{ message_id: string; state: string; scope: string; problem: string; content: string | null }[]> =>
  deployment.stores.query(`SELECT * FROM chat_bot_answer WHERE connection_id = $1 AND ${where} ORDER BY message_id`, [connection]);
const stateOf = async ({ id }: Message): Promise<string> => (await rows(`message_id = ${id}`)).map(({ state }) => state).join();
const connected = (): Promise<unknown> => until('the bot listens', () => gateway.bots.sockets > 0, 90_000);
/** The bot's messages in a chat. */
const said = (chat: number): Message[] => gateway.bots.sentBy(CODE).filter((one) => one.chat === chat);
const answered = async (message: Message): Promise<Message> => {
  await until(`message ${message.id} has its answer`, async () => (await stateOf(message)) === 'sent', 90_000);
  const found = said(message.chat).filter(({ id }) => id > message.id);
  expect(found).toHaveLength(1);
  return found[0] as Message;
};

/** A chat of a new customer, whom the CRM knows by their id at the gateway, with an order of this number. */
function openChat(order?: string, person = `person-${++people}`): number {
  const channel = gateway.channels(CODE)[0]?.id ?? 0;
  const known = gateway.book.findChat(channel, `chat-${person}`);
  const chat =
    known ??
    gateway.book.addChat(gateway.book.channels.find(({ id }) => id === channel) as never, `chat-${person}`, {
      external_id: person,
      nickname: person,
      first_name: person,
      phone: '+7 921 000-00-01',
    });
  if (order !== undefined) {
    const customer = crm.context.insert('customers', { firstName: person, mgCustomerId: String(1_000_000 + chat.id) });
    crm.context.insert('orders', { number: order, phone: '+79161234567', customer: { id: customer['id'] ?? 0, type: 'customer' } });
  }
  return chat.id;
}

/** The same, of a customer whom the messenger knows, so that they can be answered. */
async function openReal(order: string): Promise<number> {
  const person = `real-${++people}`;
  messenger.write({ person, text: 'Hello' });
  await until('the chat is there', () => gateway.chats().some(({ externalId }) => externalId === `chat-${person}`));
  return openChat(order, person);
}

describe('the bot of a messenger', () => {
  beforeAll(async () => {
    [gateway, messenger, pbx] = await Promise.all([MessageGateway.start(), FakeMessenger.start(), FakePbx.start()]);
    crm = await Crm.start({ chatGateway: gateway.url });
    deployment = await Deployment.start({ crms: [crm], withFakeCarrier: true, apart: true, workers: 2, variables: { LOG_LEVEL: 'error' } });
    account = await Account.connect(deployment, crm, MODULE);
    connection = await find(MODULE);
    await deployment.operator('PUT', `/connections/${connection}/settings`, settings({ botEnabled: false }));
    messenger.setWebhookUrl({ url: `${deployment.url}/${MODULE}/webhooks/${connection}` });
    await until('the channel is there', () => gateway.channels(CODE).some(({ active }) => active), 90_000);
    const courier = await Account.connect(deployment, crm, 'courier');
    await courier.ship('7');
    await courier.ship('8');
  }, START_MS);

  afterAll(async () => {
    await deployment?.stop();
    await Promise.all([crm?.close(), gateway?.close(), messenger?.close(), pbx?.close()]);
  });

  afterEach(() => {
    expect(gateway.complaints).toEqual([]);
    gateway.faults.clear();
    gateway.setModes({ dropsSocketAfter: undefined, sinceId: 'exclusive', socketStatus: 101 });
  });

  it('is off until the shop switches it on, and then has its name, its commands and the scopes it needs', async () => {
    expect(crm.findModule(MODULE)).not.toHaveProperty('integrations.mgBot');
    expect(gateway.bots.opened).toBe(0);
    const before = (await deployment.listConnections(crm)).find(({ id }) => id === connection)?.scopes;
    expect(before).not.toContain('order_read');
    gateway.registerBot({ code: CODE });
    gateway.bots
      .find(gateway.book.transports.find(({ code }) => code === CODE)?.bot?.tokens.at(-1))
      ?.bot?.commands.set('former', 'Of a former version');
    await set({ botName: 'Helper' });
    await connected();
    const bot = gateway.book.transports.find(({ code }) => code === CODE)?.bot;
    expect(bot).toMatchObject({ name: 'Helper', roles: [], avatarUrl: `${deployment.url}/${MODULE}/logo.svg` });
    expect([...(bot?.commands.keys() ?? [])].toSorted()).toEqual(['call', 'delivery', 'pay']);
    expect(crm.registrations.at(-1)?.integrations?.mgBot).toEqual({});
    const view = (await deployment.listConnections(crm)).find(({ id }) => id === connection);
    expect(view?.scopes).toEqual(expect.arrayContaining(['customer_read', 'order_read']));
    expect(JSON.stringify(view)).not.toContain(bot?.tokens.at(-1));
  });

  it('suggests a reply to the manager, from the delivery that another module has made', async () => {
    const chat = openChat('7A');
    const answer = await answered(gateway.bots.write({ chat, content: QUESTION }));
    expect(answer).toMatchObject({ scope: 'private', type: 'text' });
    expect(answer.text).toMatch(/^Клиент спрашивает о заказе.*\nЗаказ 7A\nДоставка: .+/s);
    // The text of neither message is kept.
    const kept = await deployment.stores.query<{ all: string }>(
      `SELECT concat((SELECT jsonb_agg(e) FROM inbox_event e), (SELECT jsonb_agg(a) FROM chat_bot_answer a)) AS all`,
    );
    expect(kept[0]?.all).not.toContain('Where is my order');
    expect(kept[0]?.all).not.toContain('Доставка');
  });

  it('ignores bots, managers and channels, and everything but its question', async () => {
    const chat = openChat('7A');
    for (const by of ['bot', 'user', 'channel'] as const) gateway.bots.write({ chat, by, content: QUESTION });
    gateway.bots.write({ chat, content: 'Do you sell gift cards? I do not need the order.' });
    gateway.bots.write({ chat, content: QUESTION, scope: 'private' });
    gateway.bots.write({ chat, by: 'customer', type: 'command', content: '/delivery 7A' });
    gateway.bots.write({ chat: openChat(), content: QUESTION });
    const last = gateway.bots.write({ chat, content: QUESTION });
    await answered(last);
    expect(said(chat)).toHaveLength(1);
  });

  it('answers once although a reading lists all earlier messages again', async () => {
    const chat = openChat('7A');
    await answered(gateway.bots.write({ chat, content: QUESTION }));
    const before = gateway.bots.sentBy(CODE).length;
    gateway.setModes({ sinceId: 'ignored', dropsSocketAfter: 0 });
    const lost = gateway.bots.write({ chat, content: QUESTION });
    gateway.setModes({ dropsSocketAfter: undefined });
    await connected();
    await answered(lost);
    // The last of them would be answered after the others.
    await answered(gateway.bots.write({ chat, content: QUESTION }));
    expect(gateway.bots.sentBy(CODE)).toHaveLength(before + 2);
  }, 150_000);

  it('answers each of 500 messages once, over sockets that drop, lost replies and kill -9 of workers', async () => {
    const chats = Array.from({ length: CHATS }, () => openChat('7A'));
    const first = await rows(`state = 'sent'`);
    gateway.setModes({ dropsSocketAfter: 25, sinceId: 'inclusive' });
    gateway.fail('botSend', { kind: 'drop-after' }, 6);
    gateway.fail('botSend', { kind: 'error-after', status: 503 }, 4);
    gateway.fail('botMessages', { kind: 'error-before', status: 503 }, 6);
    const asked = new Map<number, number[]>(chats.map((chat) => [chat, []]));
    const write = async (chat: number): Promise<void> => {
      for (let n = 0; n < MESSAGES / CHATS; n++) {
        asked.get(chat)?.push(gateway.bots.write({ chat, content: QUESTION }).id);
        if (n % 10 === 0) for (const by of ['bot', 'user'] as const) gateway.bots.write({ chat, by, content: QUESTION });
        await sleep(Math.random() * 800);
      }
    };
    const kill = async (): Promise<void> => {
      for (let n = 0; n < 2; n++) {
        await sleep(8_000 + Math.random() * 4_000);
        const [worker] = deployment.workers.splice(0, 1);
        await worker?.kill();
        await deployment.startWorker();
      }
    };
    await Promise.all([kill(), ...chats.map(write)]);
    await until('all are answered', async () => (await rows(`state = 'sent'`)).length >= first.length + MESSAGES, PATIENCE_MS);
    await until('nothing waits', async () => (await rows(`state = 'waiting'`)).length === 0);
    gateway.setModes({ dropsSocketAfter: undefined });
    for (const chat of chats) {
      expect(said(chat).every(({ scope }) => scope === 'private')).toBe(true);
      const answers = said(chat).map(({ quote }) => quote ?? 0);
      expect(answers.toSorted((left, right) => left - right)).toEqual(asked.get(chat));
      expect(said(chat).every(({ text }) => text?.includes('Заказ 7A'))).toBe(true);
    }
    expect(gateway.bots.opened).toBeGreaterThan(10);
    // The workers share the gateway's limit. Some calls are a little late.
    const calls = gateway.calls.filter(({ call }) => call.startsWith('bot'));
    expect(calls.filter(({ status }) => status === 429).length).toBeLessThan(calls.length / 50);
    // No connection is lost to two workers.
    await until('one socket is open', () => gateway.bots.sockets === 1);
  }, 480_000);

  it('answers the customer where the shop allows it, and no person deals with the dialogue', async () => {
    const chat = await openReal('7A');
    await set({ botName: 'Helper', botAnswersCustomers: true, botAnswersPerHour: 2 });
    const ask = async (content = QUESTION): Promise<string | undefined> => (await answered(gateway.bots.write({ chat, content }))).scope;
    await until('the settings are in use', async () => (await ask()) === 'public');
    expect(said(chat).find(({ scope }) => scope === 'public')?.text).toMatch(/^Заказ 7A\nДоставка: /);
    // Another customer's order is only for managers.
    expect(await ask('Where is my order 8A?')).toBe('private');
    expect(await ask()).toBe('public');
    expect(await ask()).toBe('private');
    // A messenger may report a failed delivery after the answer was sent.
    const lost = said(chat).find(({ scope }) => scope === 'public') as Message;
    Object.assign(lost, { status: 'failed', error: { code: 'access_restricted', message: 'blocked' } });
    gateway.bots.touch(lost.id);
    await until('it is noted', async () => (await rows(`answer_id = ${lost.id}`))[0]?.problem === 'access_restricted');
    const other = await openReal('7A');
    gateway.bots.write({ chat: other, content: 'Hello' });
    gateway.bots.assign(other, 22);
    expect(await answered(gateway.bots.write({ chat: other, content: QUESTION }))).toMatchObject({ scope: 'private' });
    const late = await openReal('7A');
    gateway.book.chat(late).replyDeadline = new Date(Date.now() - 1_000).toISOString();
    expect(await answered(gateway.bots.write({ chat: late, content: QUESTION }))).toMatchObject({ scope: 'private' });
    await set({ botName: 'Helper' });
  }, 240_000);

  it('comes too late for a dialogue that has gone on, which does not count as a failure', async () => {
    const chat = openChat('7A');
    gateway.fail('botDialogs', { kind: 'error-before', status: 503 }, 6);
    const before = gateway.bots.write({ chat, content: QUESTION });
    gateway.bots.close(chat);
    gateway.bots.write({ chat, content: 'Another dialogue' });
    await until('it is too late', async () => (await stateOf(before)) === 'late', 60_000);
    gateway.fail('botDialogs', { kind: 'refuse', status: 400, message: 'dialog is not the latest in the chat' });
    const refused = gateway.bots.write({ chat, content: QUESTION });
    await until('it is too late, too', async () => (await stateOf(refused)) === 'late', 60_000);
    gateway.fail('botDialogs', { kind: 'error-before', status: 503 }, 6);
    const old = gateway.bots.write({ chat, content: QUESTION });
    await until('it waits', async () => (await stateOf(old)) === 'waiting');
    await deployment.stores.query(`UPDATE chat_bot_answer SET received_at = now() - interval '25 hours' WHERE message_id = $1`, [old.id]);
    await until('it is too old', async () => (await stateOf(old)) === 'late', 60_000);
    expect(said(chat)).toEqual([]);
  }, 150_000);

  it('obeys commands of managers', async () => {
    const chat = openChat('7A');
    const obey = async (content: string): Promise<string> =>
      (await answered(gateway.bots.write({ chat, by: 'user', type: 'command', content }))).text ?? '';
    expect(await obey('/delivery 7A')).toMatch(/^Заказ 7A\nДоставка: /);
    expect(await obey('/delivery 99Z')).toBe('Доставка заказа 99Z здесь неизвестна.');
    expect(await obey('/pay 7A')).toBe('Оплата заказа 7A здесь неизвестна.');
    expect(await obey('/pay')).toBe('Укажите номер заказа: /pay 214C');
    expect(await obey('/call 7A')).toBe('В этом аккаунте нет модуля телефонии, который может позвонить отсюда.');
    await Account.connect(deployment, crm, 'fake-pbx');
    await deployment.operator('PUT', `/connections/${await find('fake-pbx')}/settings`, {
      ...{ baseUrl: pbx.url, key: pbx.key, secret: pbx.secret, zone: pbx.zone, extensions: [{ code: '101', userId: 1 }] },
    });
    expect(await obey('/call 7A')).toBe('Сначала зазвонит ваш телефон, затем телефон клиента.');
    expect(said(chat).every(({ scope }) => scope === 'private')).toBe(true);
  }, 150_000);

  it('gets a new token when the gateway rejects its one, and is healthy again', async () => {
    const asksForToken = (): boolean =>
      crm.registrations.some(
        ({ code, integrations }) => code === MODULE && JSON.stringify(integrations?.mgBot) === '{"refreshToken":true}',
      );
    expect(asksForToken()).toBe(false);
    gateway.registerBot({ code: CODE, token: 'another-token' });
    gateway.bots.dropSockets();
    await until('a new token is requested', asksForToken, 90_000);
    await connected();
    const chat = openChat('7A');
    await answered(gateway.bots.write({ chat, content: QUESTION }));
    await until('the problem has ended', async () => (await deployment.listConnections(crm)).every(({ health }) => health.state === 'ok'));
  }, 150_000);

  it('closes its socket when another process has its lease, and takes it again when that one is dead', async () => {
    await deployment.stores.query(
      `UPDATE chat_bot SET fence = fence + 1, lease_until = now() + interval '5 seconds' WHERE connection_id = $1`,
      [connection],
    );
    await until('the socket is closed', () => gateway.bots.sockets === 0, 4_000);
    await connected();
  }, 150_000);

  it.each([
    [false, false],
    [true, true],
  ])(
    'answers nothing while the connection is inactive (active %j, frozen %j), and skips an earlier question',
    async (active, freeze) => {
      const chat = openChat('7A');
      gateway.fail('botDialogs', { kind: 'error-before', status: 503 }, 20);
      const before = gateway.bots.write({ chat, content: QUESTION });
      await until('it waits', async () => (await stateOf(before)) === 'waiting');
      expect(await account.activity(active, freeze)).toMatchObject({ status: 200 });
      await until('the socket is closed', () => gateway.bots.sockets === 0, 60_000);
      const missed = gateway.bots.write({ chat, content: QUESTION });
      await until('it is skipped', async () => (await stateOf(before)) === 'skipped', 60_000);
      gateway.faults.clear();
      expect(await account.activity(true, false)).toMatchObject({ status: 200 });
      await connected();
      await answered(gateway.bots.write({ chat, content: QUESTION }));
      // A message that comes while the bot is being switched off is noted, and gets no answer.
      expect(['', 'skipped']).toContain(await stateOf(missed));
      expect(said(chat)).toHaveLength(1);
    },
    150_000,
  );

  it('closes its socket when it is switched off, and answers nothing from before when it is back', async () => {
    const chat = openChat('7A');
    // Sockets that drop open again: none would be open for a moment.
    await connected();
    await set({ botEnabled: false });
    await until('the socket is closed', () => gateway.bots.sockets === 0, 60_000);
    const missed = gateway.bots.write({ chat, content: QUESTION });
    await sleep(1_500);
    await set({ botName: 'Helper' });
    // The gateway lists messages by their last change.
    gateway.bots.touch(missed.id);
    await connected();
    const seen = gateway.bots.write({ chat, content: QUESTION });
    await answered(seen);
    // The reading of earlier messages may be slower than the live event.
    await sleep(2_000);
    // A message that comes while the bot is being switched off is noted, and gets no answer.
    expect(['', 'skipped']).toContain(await stateOf(missed));
  }, 150_000);
});
