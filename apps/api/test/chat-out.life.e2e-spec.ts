import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { FakeMessenger, MessageGateway } from '#testing';
import type { Account } from './support/account.js';
import type { ChatDesk } from './support/chat-desk.js';
import { ChatHost } from './support/chat-host.js';
import { readReply, type Reply } from './support/reply.js';
import type { Stores } from './support/test-servers.js';
import { until } from './support/until.js';

/** The account's language is Russian. */
const UNKNOWN = 'Неизвестно, доставлено ли оно.';

let host: ChatHost;
let messenger: FakeMessenger;
let gateway: MessageGateway;
let stores: Stores;
let account: Account;
let desk: ChatDesk;
let persons = 0;
/** A customer that no test has used before. */
let ann: string;

const nextPerson = (): string => `ann-${++persons}`;
const address = (): string => String(account.registration.integrations?.mgTransport?.webhookUrl);
const rows = <Row extends object = { state: string; promised: boolean; waits: boolean }>(columns?: string): Promise<Row[]> =>
  stores.query<Row>(
    `SELECT ${columns ?? `m.state, m.promised, m.ack_due_at IS NOT NULL AS waits`} FROM chat_message m JOIN chat_dialogue d ON d.id = m.dialogue_id
     WHERE d.customer = $1 ORDER BY m.created_at`,
    [ann],
  );

/** Posts what the gateway would, or a stranger. */
async function post(url: string, type: string, data: object, headers: Record<string, string> = {}): Promise<Reply> {
  const body = JSON.stringify({ type, meta: { timestamp: 1 }, data });
  return readReply(await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body }));
}

/** The outcome of a message. If it takes over 2.5 s, the first reply is a promise, and a repeat gets it. */
const readOutcome = (data: object, headers?: Record<string, string>): Promise<Reply> =>
  until('the message has its outcome', async () => {
    const reply = await post(address(), 'message_sent', data, headers);
    return (reply.json as { async?: boolean }).async !== true && reply;
  });

const sentData = (id: number, content: string, more: object = {}): object => ({
  ...{ id, channel_id: desk.channel, external_user_id: ann, external_chat_id: '', type: 'text', content, ...more },
});

beforeAll(async () => {
  host = await ChatHost.start();
  ({ stores, account, desk } = host);
  ({ messenger, gateway } = desk);
  // On a busy machine the first message takes longer than the gateway waits, because it loads code.
  await desk.settled(desk.send('warm-up', 'Hello'));
});

afterAll(() => host?.close());

beforeEach(() => {
  ann = nextPerson();
});

afterEach(() => {
  messenger.faults.clear();
  gateway.setModes({ webhookTimeoutMs: 5_000, repeats: 'after-timeout', clientIdHeader: 'Clientid' });
  expect(gateway.complaints).toEqual([]);
  expect(gateway.duplicates()).toEqual([]);
  expect(messenger.duplicates()).toEqual([]);
});

describe('a message of a manager', () => {
  it('is answered with its outcome immediately, contains the new chat, and needs no acknowledgement', async () => {
    const acks = gateway.countCalls('acknowledge');
    const sent = await desk.settled(desk.send(ann, 'Good day'));
    expect(sent).toMatchObject({ status: 'sent' });
    expect(sent.externalId).toBe(desk.only(ann, 'Good day').id);
    expect(gateway.chats(desk.channel).find(({ customer }) => customer.external_id === ann)?.externalId).toBe(`chat-${ann}`);
    await until('it is known to be answered', async () => (await rows())[0]?.waits === false);
    expect(await rows()).toMatchObject([{ state: 'sent', promised: false }]);
    const next = await desk.settled(desk.send(ann, 'Again'));
    expect(next.status).toBe('sent');
    expect(await rows('d.chat')).toEqual([{ chat: `chat-${ann}` }, { chat: `chat-${ann}` }]);
    expect(gateway.countCalls('acknowledge')).toBe(acks);
    // Texts leave once it has arrived.
    expect(await rows('m.payload')).toEqual([{ payload: { chat: `chat-${ann}` } }, { payload: null }]);
  });

  it('that takes long is promised, and acknowledged as soon as it is sent', async () => {
    messenger.fail('sendMessage', { kind: 'delay', ms: 3_500 });
    const message = desk.send(ann, 'Slow');
    await until('it is promised', () => gateway.message(message.id).waitsForAck);
    expect((await desk.settled(message)).status).toBe('sent');
    expect(gateway.message(message.id).externalId).toBe(desk.only(ann, 'Slow').id);
    expect(await rows()).toMatchObject([{ state: 'sent', promised: true, waits: false }]);
  });

  it('is sent later when the messenger asks for a pause, and not before', async () => {
    messenger.fail('sendMessage', { kind: 'rate-limit', retryAfterSeconds: 2 });
    const startedAt = performance.now();
    const message = await desk.settled(desk.send(ann, 'Later'));
    expect(message).toMatchObject({ status: 'sent', externalId: desk.only(ann, 'Later').id });
    expect(performance.now() - startedAt).toBeGreaterThan(2_000);
  });

  it.each([
    ['has blocked the bot', 'blocked', 'access_restricted'],
    ['is not known', 'gone', 'customer_not_exists'],
  ])('fails with the gateway’s word when the customer %s', async (_what, how, code) => {
    if (how === 'blocked') {
      messenger.block(ann);
      expect(await desk.settled(desk.send(ann, 'Hello'))).toMatchObject({ status: 'failed', error: { code, external_code: 'blocked' } });
      return;
    }
    const reply = await readOutcome(sentData(900_001, 'Hello', { external_chat_id: 'no-such-chat' }));
    expect(reply.json).toEqual({ async: false, error: { code, message: 'there is no such chat', external_code: 'no_chat' } });
  });

  it.each([
    ['its content is refused', { text: 'x'.repeat(4_097) }, undefined, 'a text has at most 4096 characters'],
    [
      'the credentials are refused',
      { text: 'Hello' },
      { kind: 'error-before', status: 401 } as const,
      'Fake Messenger: сервис отклонил логин или пароль.',
    ],
    ['its outcome is not known', { text: 'Hello' }, { kind: 'drop-after' } as const, UNKNOWN],
  ])('fails when %s', async (_what, { text }, fault, message) => {
    if (fault) messenger.fail('sendMessage', fault);
    const reply = await readOutcome(sentData(910_000 + persons, text));
    expect(reply.json).toEqual({ async: false, error: expect.objectContaining({ code: 'general', message }) });
    expect(desk.texts(ann)).toEqual(message === UNKNOWN ? ['Hello'] : []);
  });

  it('that cannot be sent for long has failed, in time for the manager', async () => {
    messenger.fail('sendMessage', { kind: 'rate-limit' }, 1_000);
    const message = desk.send(ann, 'Never');
    await until('it is promised', () => gateway.message(message.id).waitsForAck);
    await stores.query(`UPDATE chat_message SET created_at = created_at - interval '24 seconds' WHERE gateway_id = $1`, [message.id]);
    expect(await desk.settled(message)).toMatchObject({ status: 'failed', error: { code: 'general' } });
    expect(desk.texts(ann)).toEqual([]);
  });

  it('that comes again is sent once: before its end it is promised, after it answered the same', async () => {
    gateway.setModes({ webhookTimeoutMs: 300 });
    messenger.fail('sendMessage', { kind: 'delay', ms: 1_500 });
    const message = desk.send(ann, 'Once');
    expect((await desk.settled(message)).status).toBe('sent');
    expect(gateway.message(message.id).externalId).toBe(desk.only(ann, 'Once').id);
    expect(gateway.webhooks.attempts.filter((one) => one.message === message.id).length).toBeGreaterThan(1);
    const answers = [];
    for (let copy = 0; copy < 2; copy++) answers.push(await post(address(), 'message_sent', sentData(message.id, 'Once')));
    expect(answers.map(({ json }) => json as object)).toMatchObject([
      { external_message_id: desk.only(ann, 'Once').id, async: false },
      { external_message_id: desk.only(ann, 'Once').id, async: false },
    ]);
  });

  it('waits for earlier messages of its dialogue, and for no others', async () => {
    const other = nextPerson();
    messenger.fail('sendMessage', { kind: 'delay', ms: 3_500 });
    const first = desk.send(ann, '1');
    await until('the first is promised', () => gateway.message(first.id).waitsForAck);
    const rest = ['2', '3', '4'].map((text) => desk.send(ann, text));
    expect(await desk.settled(desk.send(other, 'Hello'), 2_500)).toMatchObject({ status: 'sent' });
    for (const one of [first, ...rest]) expect(await desk.settled(one)).toMatchObject({ status: 'sent' });
    expect(desk.texts(ann)).toEqual(['1', '2', '3', '4']);
  });

  it('carries files through, and fails when one is gone', async () => {
    const bytes = Buffer.alloc(3 * 1024 * 1024, 'x');
    const file = gateway.addFile(bytes, 'application/pdf', desk.transport);
    const message = await desk.settled(desk.send(ann, 'Your bill', { type: 'file', items: [{ id: file.id }] }));
    expect(message.status).toBe('sent');
    const got = desk.only(ann, 'Your bill');
    expect([got.file?.type, got.file?.bytes.equals(bytes)]).toEqual(['application/pdf', true]);
    const reply = await readOutcome(sentData(920_001, 'Gone', { type: 'file', items: [{ id: 'no-such-file' }] }));
    expect(reply.json).toMatchObject({ async: false, error: { code: 'general', message: expect.stringContaining('больше нет') } });
    expect(desk.texts(ann)).toEqual(['Your bill']);
  });

  it('of a kind that is not carried, or of a channel that is not ours, fails', async () => {
    for (const more of [{ type: 'command' }, { channel_id: 999_999 }]) {
      const reply = await readOutcome(sentData(930_001, 'Hello', more));
      expect(reply).toMatchObject({ status: 200, json: { async: false, error: { code: 'general' } } });
    }
    expect(desk.texts(ann)).toEqual([]);
  });
});

describe('what a manager does with a message', () => {
  it('reaches the messenger: edits, reactions, deletions', async () => {
    const message = await desk.settled(desk.send(ann, 'Helo'));
    gateway.editMessage(message.id, 'Hello');
    const got = desk.only(ann, 'Helo');
    await until('it is edited', () => got.text === 'Hello');
    gateway.react(message.id, '🔥');
    await until('there is a reaction', () => got.reaction === '🔥');
    gateway.react(message.id);
    await until('the reaction is taken back', () => got.reaction === undefined);
    gateway.deleteMessage(message.id);
    await until('it is deleted', () => got.deleted);
  });

  it('is done in order, though the first of it has to be repeated', async () => {
    const message = await desk.settled(desk.send(ann, '0'));
    const got = desk.only(ann, '0');
    messenger.fail('editMessage', { kind: 'error-before' }, 2);
    gateway.editMessage(message.id, 'A');
    gateway.editMessage(message.id, 'B');
    // It holds up no other message.
    expect(await desk.settled(desk.send(ann, 'Other'), 5_000)).toMatchObject({ status: 'sent' });
    await until('both edits are made', () => got.edits === 2);
    expect(got.text).toBe('B');
  });

  it('is done in order, though two workers try the first step at the same time', async () => {
    const message = await desk.settled(desk.send(ann, '0'));
    const got = desk.only(ann, '0');
    const edits = messenger.countCalls('editMessage');
    messenger.fail('editMessage', { kind: 'error-before' });
    messenger.fail('editMessage', { kind: 'hang' });
    gateway.editMessage(message.id, 'A');
    await until('the second try of the first waits', () => messenger.countCalls('editMessage') === edits + 2);
    // Wakes another worker, which reads that the first is due and waits for its turn.
    gateway.editMessage(message.id, 'B');
    await until('all is done', async () => (await rows()).every(({ state }) => state === 'sent') && (await rows()).length === 3);
    expect(got.text).toBe('B');
  });

  it('is done once, however often it is delivered', async () => {
    const message = await desk.settled(desk.send(ann, 'Helo'));
    const got = desk.only(ann, 'Helo');
    const data = { channel_id: desk.channel, external_user_id: ann, external_message_id: message.externalId, content: 'Hello' };
    for (let copy = 0; copy < 3; copy++) expect((await post(address(), 'message_updated', data)).json).toEqual({});
    await until('it is edited', () => got.text === 'Hello');
    await sleep(500);
    expect(got.edits).toBe(1);
  });

  it('with a message that is not ours is nothing, as are events of other types', async () => {
    const data = { channel_id: desk.channel, external_user_id: ann, external_message_id: 'no-such', content: 'Hello' };
    for (const type of ['message_updated', 'message_deleted', 'message_read', 'reaction_add', 'something_new'])
      expect(await post(address(), type, data)).toMatchObject({ status: 200, json: {} });
    expect(await rows()).toEqual([]);
  });
});

describe('a webhook', () => {
  it('without the secret, or for another client, is refused', async () => {
    const [secret = ''] = /[^/]+$/.exec(address()) ?? [];
    for (const url of [address().replace(secret, 'guess'), `${address()}x`, address().replace(/.$/, '')])
      expect((await post(url, 'message_sent', sentData(940_001, 'Hello'))).status).toBe(403);
    // Without any it is a webhook of the messenger, and forged.
    expect((await post(address().replace(secret, ''), 'message_sent', sentData(940_001, 'Hello'))).status).toBe(400);
    for (const header of ['Clientid', 'X-Client-Id'])
      expect((await post(address(), 'message_sent', sentData(940_001, 'Hello'), { [header]: 'another' })).status).toBe(403);
    expect((await fetch(address())).status).toBe(403);
    expect(desk.texts(ann)).toEqual([]);
    const reply = await readOutcome(sentData(940_001, 'Hello'), { 'X-Client-Id': account.clientId });
    expect(reply.json).toMatchObject({ async: false, external_message_id: desk.only(ann, 'Hello').id });
  });

  it('that cannot be read is refused', async () => {
    expect((await post(address(), 'message_sent', { ...sentData(1, 'Hello'), channel_id: 'x' })).status).toBe(400);
  });

  it('is refused while the account is frozen', async () => {
    expect((await account.activity(true, true)).status).toBe(200);
    expect((await post(address(), 'message_sent', sentData(950_001, 'Hello'))).status).toBe(403);
    expect((await account.activity(true, false)).status).toBe(200);
    expect((await readOutcome(sentData(950_001, 'Hello'))).status).toBe(200);
    desk.only(ann, 'Hello');
  });
});
