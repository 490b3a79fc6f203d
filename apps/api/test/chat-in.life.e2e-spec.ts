import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ChatRetention } from '#chat';
import type { FakeMessenger, MessageGateway } from '#testing';
import type { ChatDesk } from './support/chat-desk.js';
import { ChatHost } from './support/chat-host.js';
import type { Stores } from './support/test-servers.js';
import { until } from './support/until.js';

const MIB = 1024 * 1024;

let host: ChatHost;
let messenger: FakeMessenger;
let gateway: MessageGateway;
let stores: Stores;
let desk: ChatDesk;
let persons = 0;
/** A customer that no test has used before. */
let ann: string;

const nextPerson = (): string => `ann-${++persons}`;
/** A customer's messages as managers see them, in order. */
const seen = (person = ann): (string | null)[] =>
  gateway.messages(`chat-${person}`).flatMap(({ direction, text, note }) => (direction === 'in' ? [text ?? note] : []));
const arrived = (count: number, person = ann): Promise<unknown> =>
  until(`${count} messages of ${person} are there`, () => seen(person).length >= count);
const countOpen = async (): Promise<number> =>
  (await stores.query(`SELECT 1 FROM chat_message WHERE state IN ('waiting', 'taken') OR media_due_at IS NOT NULL`)).length;
const settled = (): Promise<unknown> => until('nothing waits', async () => (await countOpen()) === 0, 60_000);

beforeAll(async () => {
  host = await ChatHost.start();
  ({ stores, desk } = host);
  ({ messenger, gateway } = desk);
});

afterAll(() => host?.close());

beforeEach(() => {
  ann = nextPerson();
});

afterEach(() => {
  messenger.faults.clear();
  gateway.faults.clear();
  messenger.webhooks.mode = 'auto';
  messenger.modes.readsBeforeReply = false;
  expect(gateway.duplicates()).toEqual([]);
  expect(gateway.complaints).toEqual([]);
});

describe('a message of a customer', () => {
  it('reaches the managers with who wrote it, and its text leaves', async () => {
    const message = messenger.write({ person: ann, text: 'Hello' });
    await arrived(1);
    const [found] = gateway.messages(`chat-${ann}`);
    expect(found).toMatchObject({ text: 'Hello', externalId: message.id, originator: 'customer', type: 'text' });
    expect(gateway.chats(desk.channel).find(({ externalId }) => externalId === `chat-${ann}`)?.customer).toMatchObject({
      ...{ external_id: ann, nickname: ann, first_name: ann },
    });
    await settled();
    expect(await stores.query('SELECT state, payload, gateway_id FROM chat_message WHERE external_id = $1', [message.id])).toEqual([
      { state: 'sent', payload: null, gateway_id: String(found?.id) },
    ]);
  });

  it('with a large file that comes slowly is there before the text that follows, and holds up no other chat', async () => {
    const bob = nextPerson();
    const bytes = Buffer.alloc(20 * MIB, 'x');
    messenger.write({ person: ann, text: 'Look', files: [{ bytes, name: 'a.bin' }], paceMs: 12 });
    messenger.write({ person: ann, text: 'Do you see it?' });
    messenger.write({ person: bob, text: 'Quick' });
    await arrived(1, bob);
    expect(seen()).toEqual([]);
    await until('both are there', () => seen().length === 2, 60_000);
    expect(seen()).toEqual(['Look', 'Do you see it?']);
    const [item] = gateway.messages(`chat-${ann}`)[0]?.items ?? [];
    expect(gateway.book.files.find(({ id }) => id === item?.id)?.bytes.equals(bytes)).toBe(true);
    expect(gateway.outOfOrder()).toEqual([]);
  });

  it('may have several files, even if one cannot be passed on', async () => {
    const large = { bytes: Buffer.alloc(20 * MIB + 1), name: 'film.mp4', type: 'video/mp4' };
    messenger.write({ person: ann, text: 'Three', files: [{ bytes: Buffer.from('a') }, large, { bytes: Buffer.from('b') }] });
    await arrived(1);
    expect(seen()).toEqual(['Three\nФайл не передан: film.mp4, 20.0 MB']);
    expect(gateway.messages(`chat-${ann}`)[0]?.items).toHaveLength(2);
  });

  it('whose only file is gone arrives as a text', async () => {
    messenger.fail('openFile', { kind: 'error-before', status: 404 });
    messenger.write({ person: ann, files: [{ bytes: Buffer.from('a'), name: 'bill.pdf', type: 'application/pdf' }] });
    await arrived(1);
    expect(gateway.messages(`chat-${ann}`)[0]).toMatchObject({ type: 'text', text: 'Файл не передан: bill.pdf, 0.0 MB' });
  });

  it('has its file even if messenger or gateway fail during the transfer', async () => {
    messenger.fail('openFile', { kind: 'error-before' }, 3);
    gateway.fail('uploadFile', { kind: 'drop-after' });
    messenger.write({ person: ann, text: 'Photo', files: [{ bytes: Buffer.alloc(MIB), name: 'a.bin' }] });
    messenger.write({ person: ann, text: 'After' });
    await until('both are there', () => seen().length === 2, 60_000);
    expect(seen()).toEqual(['Photo', 'After']);
    expect(gateway.messages(`chat-${ann}`)[0]?.items).toHaveLength(1);
  });

  it('answers another message, even if the gateway does not have that one', async () => {
    const first = messenger.write({ person: ann, text: 'First' });
    await arrived(1);
    messenger.write({ person: ann, text: 'Second', quote: first.id });
    messenger.write({ person: ann, text: 'Third', quote: 'no-such-message' });
    await arrived(3);
    const [known, second, third] = gateway.messages(`chat-${ann}`);
    expect([second?.quote, third?.quote]).toEqual([known?.id, null]);
  });
});

describe('events', () => {
  it('that come several times, or in another order, come to the same', async () => {
    messenger.webhooks.mode = 'hold';
    const message = messenger.write({ person: ann, text: 'Helo' });
    messenger.edit(message, 'Hello');
    const other = messenger.write({ person: ann, text: 'Oops' });
    messenger.delete(other);
    await messenger.webhooks.flush({ copies: 3, reverse: true });
    await until('all is there', () => gateway.messages(`chat-${ann}`).filter((one) => one.edits > 0 || one.deleted).length === 2);
    await settled();
    expect(
      gateway
        .messages(`chat-${ann}`)
        .map(({ text, deleted, externalId }) => [externalId, text, deleted])
        .sort(),
    ).toEqual(
      [
        [message.id, 'Hello', false],
        [other.id, 'Oops', true],
      ].sort(),
    );
    expect(await stores.query(`SELECT 1 FROM outbox WHERE state NOT IN ('sent', 'dropped') AND kind = 'chat.in'`)).toEqual([]);
  });

  it('that change nothing are not sent: edits to the present text', async () => {
    const message = messenger.write({ person: ann, text: 'two tables' });
    for (const text of ['two tables', 'two chairs', 'two chairs', 'two tables']) messenger.edit(message, text);
    const told = () => gateway.messages(`chat-${ann}`).find(({ externalId }) => externalId === message.id);
    await until('it is as it was', () => told()?.edits === 2);
    await settled();
    expect(told()).toMatchObject({ text: 'two tables', edits: 2 });
  });

  it('reach the managers: what a customer read, and reactions', async () => {
    const message = await desk.settled(desk.send(ann, 'Good day'));
    const got = desk.only(ann, 'Good day');
    messenger.read(got);
    await until('it is seen', () => gateway.message(message.id).status === 'seen');
    messenger.react(got, '🔥');
    await until('there is a reaction', () => gateway.message(message.id).reactions.length === 1);
    messenger.react(got, '🔥', true);
    await until('it is taken back', () => gateway.message(message.id).reactions.length === 0);
  });

  it('about a message that the messenger has not answered yet wait for that', async () => {
    messenger.modes.readsBeforeReply = true;
    const message = await desk.settled(desk.send(ann, 'Good day'));
    await until('it is seen', () => gateway.message(message.id).status === 'seen');
    expect(await stores.query(`SELECT 1 FROM chat_message WHERE code = 'early'`)).toEqual([]);
  });

  it('about unknown messages do nothing', async () => {
    const message = messenger.write({ person: ann, text: 'Hello' });
    await arrived(1);
    messenger.edit({ ...message, id: 'm-none' }, 'What?');
    messenger.write({ person: ann, text: 'Next' });
    await arrived(2);
    expect(seen()).toEqual(['Hello', 'Next']);
  });

  it('report who has blocked the account', async () => {
    const isBlocked = async (): Promise<boolean> =>
      (await stores.query<{ blocked: boolean }>('SELECT blocked FROM chat_dialogue WHERE chat = $1', [`chat-${ann}`]))[0]?.blocked === true;
    messenger.block(ann);
    await until('it is known', isBlocked);
    messenger.block(ann, false);
    await until('it is over', async () => !(await isBlocked()));
  });

  it('that are forged are refused', async () => {
    messenger.webhooks.mode = 'hold';
    messenger.write({ person: ann, text: 'Hello' });
    await messenger.webhooks.flush({ forge: true });
    expect(messenger.webhooks.attempts.at(-1)?.status).toBe(400);
    expect(await stores.query('SELECT 1 FROM chat_dialogue WHERE chat = $1', [`chat-${ann}`])).toEqual([]);
  });

  it('stay with the messenger while the account is frozen', async () => {
    expect((await host.account.activity(true, true)).status).toBe(200);
    messenger.write({ person: ann, text: 'Later' });
    await until('it is refused for now', () => messenger.webhooks.attempts.at(-1)?.status === 503);
    expect((await host.account.activity(true, false)).status).toBe(200);
    await arrived(1);
    expect(seen()).toEqual(['Later']);
  });
});

it('all arrives in its order after the gateway was down for an hour', async () => {
  const bob = nextPerson();
  gateway.fail('*', { kind: 'drop-before' }, 100_000);
  for (let n = 1; n <= 3; n++) {
    messenger.write({ person: ann, text: `ann ${n}`, ...(n === 2 && { files: [{ bytes: Buffer.alloc(MIB) }] }) });
    messenger.write({ person: bob, text: `bob ${n}` });
  }
  await until(
    'the file was tried',
    async () => (await stores.query(`SELECT 1 FROM chat_message WHERE media_due_at IS NOT NULL AND tries > 2`)).length > 0,
  );
  await until(
    'the lane has failed',
    async () => (await stores.query(`SELECT 1 FROM outbox_lane WHERE kind = 'chat.in' AND failures > 1`)).length > 0,
  );
  await until(
    'all are stored',
    async () => (await stores.query(`SELECT 1 FROM chat_message WHERE direction = 'in' AND state = 'waiting'`)).length === 6,
    60_000,
  );
  await stores.query(
    `UPDATE chat_message SET created_at = created_at - interval '1 hour', media_due_at = media_due_at + interval '1 second' WHERE state = 'waiting'`,
  );
  expect(seen()).toEqual([]);
  gateway.faults.clear();
  await stores.query(`UPDATE outbox_lane SET due_at = now() WHERE kind = 'chat.in'`);
  await until('all is there', () => seen().length === 3 && seen(bob).length === 3, 60_000);
  expect([seen(), seen(bob)]).toEqual([
    ['ann 1', 'ann 2', 'ann 3'],
    ['bob 1', 'bob 2', 'bob 3'],
  ]);
  expect(gateway.messages(`chat-${ann}`)[1]?.items).toHaveLength(1);
  // Another test turns the order round on purpose.
  const ours = [ann, bob].flatMap((person) => gateway.messages(`chat-${person}`).map(({ externalId }) => externalId));
  expect(gateway.outOfOrder().filter((id) => ours.includes(id))).toEqual([]);
});

it('messages and dialogues are deleted after CHAT_RETENTION_DAYS, and not before', async () => {
  const bob = nextPerson();
  for (const person of [ann, bob]) {
    messenger.write({ person, text: 'Hello' });
    await arrived(1, person);
  }
  await settled();
  const age = (person: string, days: number): Promise<unknown> =>
    stores.query(
      `WITH d AS (UPDATE chat_dialogue SET used_at = now() - make_interval(days => $2) WHERE chat = $1 RETURNING id)
       UPDATE chat_message SET updated_at = now() - make_interval(days => $2) WHERE dialogue_id IN (SELECT id FROM d)`,
      [`chat-${person}`, days],
    );
  await age(ann, 91);
  await age(bob, 89);
  await host.api.get(ChatRetention, { strict: false }).clean({}, new AbortController().signal);
  const left = await stores.query<{ chat: string; messages: number }>(
    `SELECT d.chat, count(m.id)::int AS messages FROM chat_dialogue d LEFT JOIN chat_message m ON m.dialogue_id = d.id WHERE d.chat = ANY ($1) GROUP BY d.chat`,
    [[`chat-${ann}`, `chat-${bob}`]],
  );
  expect(left).toEqual([{ chat: `chat-${bob}`, messages: 1 }]);
  // The chat goes on.
  messenger.write({ person: ann, text: 'Again' });
  await arrived(2);
});
