import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Database, type Environment, Retention, type Transaction } from '#platform';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { chatsData } from '../chat.data.js';
import { chat } from '../chat.integration.js';
import { ChatRetention } from '../chat-retention.js';
import { BotLeases, BotStore } from './bot-store.js';
import type { BotAnswerEntity } from './bot.entity.js';

let spec: SpecDatabase;
let database: Database;
let store: BotStore;
let connection: string;
let message = 0;

beforeAll(async () => {
  spec = await createSpecDatabase([chat]);
  database = new Database(spec.source);
  store = new BotStore(database);
}, 60_000);
afterAll(() => spec?.remove());
beforeEach(async () => {
  await database.query('TRUNCATE chat_bot, chat_bot_answer');
  connection = randomUUID();
  await want(true);
});

const inOne = <Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> => database.transaction(work);
const want = (wanted: boolean): Promise<void> => inOne((tx) => store.want(tx, connection, wanted));
const rows = (): Promise<Record<string, unknown>[]> => database.query('SELECT * FROM chat_bot_answer ORDER BY message_id');
/** Stores a question of a customer, and returns its row. */
async function ask(dialog = 61): Promise<BotAnswerEntity> {
  const event = {
    message: ++message,
    chat: 30,
    dialog,
    request: 'order',
    order: '7A',
    customer: 35,
    at: new Date().toISOString(),
  } as const;
  for (let n = 0; n < 2; n++) await inOne((tx) => store.add(tx, connection, event));
  const [row] = await database.query<{ id: string }>('SELECT id FROM chat_bot_answer WHERE message_id = $1', [message]);
  return (await store.findAnswer(row?.id ?? '')) as BotAnswerEntity;
}

describe('the messages of a bot', () => {
  it('are claimed by one worker, and by another one if they are not ended in time', async () => {
    for (let n = 0; n < 30; n++) await ask();
    const claimed = (await Promise.all(Array.from({ length: 4 }, () => store.claim(connection, 20)))).flat();
    expect(new Set(claimed.map(({ id }) => id)).size).toBe(claimed.length);
    while ((await store.claim(connection, 20)).length > 0);
    expect(await store.listDue()).toEqual([]);
    await database.query(`UPDATE chat_bot_answer SET due_at = due_at - interval '61 seconds'`);
    expect(await store.listDue()).toEqual([connection]);
    expect(await store.claim(connection, 20)).toHaveLength(20);
  });

  it('get no more answers to the customer than allowed in a dialogue within an hour', async () => {
    const questions = [await ask(), await ask(), await ask(), await ask(), await ask(62)];
    const decided = await Promise.all(questions.map((row) => store.decidePublic(row, 'It is on its way', 2)));
    expect(decided.slice(0, 4).filter(Boolean)).toHaveLength(2);
    expect(decided[4]).toBe(true);
    for (const { id } of questions) await store.end(id, 'sent', null, 90);
    expect(await store.decidePublic(await ask(), 'It is on its way', 2)).toBe(false);
    await database.query(`UPDATE chat_bot_answer SET updated_at = now() - interval '61 minutes' WHERE state = 'sent'`);
    expect(await store.decidePublic(await ask(), 'It is on its way', 2)).toBe(true);
  });

  it('place one call at most, and keep neither text nor order nor customer when they are ended', async () => {
    const { id } = await ask();
    expect([await store.takeCall(id), await store.takeCall(id)]).toEqual([true, false]);
    await store.decide(id, 'private', 'It is on its way');
    await store.end(id, 'sent', null, 90);
    expect(await rows()).toMatchObject([{ state: 'sent', content: null, order_number: null, customer_id: null, answer_id: '90' }]);
    // An ended message stays ended.
    await store.end(id, 'failed', 'late news');
    expect(await store.decide(id, 'public', 'Again')).toBe(false);
    await store.markUndelivered(connection, 90, 'access_restricted');
    expect(await rows()).toMatchObject([{ state: 'failed', problem: 'access_restricted', scope: 'private', content: null }]);
  });

  it('are deleted after CHAT_RETENTION_DAYS once they are ended, and all with their account', async () => {
    for (const days of [91, 89]) {
      const { id } = await ask();
      await store.end(id, 'sent', null);
      await database.query('UPDATE chat_bot_answer SET updated_at = now() - make_interval(days => $2) WHERE id = $1', [id, days]);
    }
    const { messageId: waiting } = await ask();
    const retention = new ChatRetention(new Retention(database, {} as Environment), { CHAT_RETENTION_DAYS: 90 } as Environment);
    await retention.clean({}, new AbortController().signal);
    expect((await rows()).map(({ message_id: id }) => id)).toEqual([String(Number(waiting) - 1), waiting]);
    for (const { table, where = 'connection_id = $1' } of chatsData.tables)
      await database.query(`DELETE FROM ${table} WHERE ${where}`, [connection]);
    expect([...(await rows()), ...(await database.query('SELECT 1 FROM chat_bot'))]).toEqual([]);
  });
});

describe('a bot', () => {
  it('that is switched off and on has no position, and reads from now on', async () => {
    const leases = new BotLeases(database);
    await database.query(`UPDATE chat_bot SET wanted_at = now() - interval '1 day'`);
    await leases.keep({ connectionId: connection, fence: '0' }, { lastMessageId: 90, botId: 9, setupHash: 'x' });
    await want(true);
    expect(await store.find(connection)).toMatchObject({ lastMessageId: '90', botId: '9' });
    await want(false);
    await want(true);
    const bot = await store.find(connection);
    expect(bot).toMatchObject({ lastMessageId: null, botId: null, setupHash: null });
    expect(Date.now() - (bot?.wantedAt.getTime() ?? 0)).toBeLessThan(60_000);
  });

  it('keeps nothing of a process that has lost it', async () => {
    const leases = new BotLeases(database);
    await database.query('UPDATE chat_bot SET fence = 2');
    await leases.keep({ connectionId: connection, fence: '1' }, { lastMessageId: 90 });
    expect(await store.find(connection)).toMatchObject({ lastMessageId: null });
    await leases.keep({ connectionId: connection, fence: '2' }, { lastMessageId: 91 });
    expect(await store.find(connection)).toMatchObject({ lastMessageId: '91' });
  });

  it('requests a new token at most once in six hours', async () => {
    const request = (): Promise<boolean> => inOne((tx) => store.askForToken(tx, connection));
    expect([await request(), await request()]).toEqual([true, false]);
    await inOne((tx) => store.endTokenRequest(tx, connection));
    expect(await store.find(connection)).toMatchObject({ needsToken: false });
    expect(await request()).toBe(false);
    await database.query(`UPDATE chat_bot SET token_requested_at = token_requested_at - interval '6 hours'`);
    expect(await request()).toBe(true);
  });
});
