import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database, readPage } from '#platform';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { DIALOGUE_LIST } from './chat-operator.controller.js';
import { chat } from './chat.integration.js';

let spec: SpecDatabase | undefined;
let database: Database;
const [shop, other, channel] = [randomUUID(), randomUUID(), randomUUID()];

beforeAll(async () => {
  spec = await createSpecDatabase([chat]);
  database = new Database(spec.source);
  await database.query(`INSERT INTO chat_channel (id, connection_id, account, name, state) VALUES ($1, $2, 'a', 'Support', 'active')`, [
    channel,
    shop,
  ]);
  for (const [connection, of, name, hours] of [
    [shop, channel, 'first', 3],
    [shop, channel, 'second', 1],
    [other, randomUUID(), 'foreign', 2],
  ])
    await database.query(
      `INSERT INTO chat_dialogue (id, connection_id, channel_id, chat, customer, used_at) VALUES (gen_random_uuid(), $1, $2, $3::text, 'c-' || $3::text, now() - make_interval(hours => $4))`,
      [connection, of, name, hours],
    );
}, 60_000);
afterAll(() => spec?.remove());

describe('the list of dialogues', () => {
  it('has those used last first, of all connections or of one, page by page', async () => {
    const all = await readPage(database, DIALOGUE_LIST, {});
    expect(all.items.map((one) => one.chat)).toEqual(['second', 'foreign', 'first']);
    const first = await readPage(database, DIALOGUE_LIST, { connection: shop, limit: 1 });
    expect(first).toMatchObject({ total: 2, items: [{ chat: 'second', channel: 'Support', customer: 'c-second', state: 'open' }] });
    const next = await readPage(database, DIALOGUE_LIST, { connection: shop, limit: 1, cursor: first.nextCursor ?? '' });
    expect(next.items.map((one) => one.chat)).toEqual(['first']);
    expect((await readPage(database, DIALOGUE_LIST, { customer: 'c-foreign' })).items).toMatchObject([{ connection: other }]);
    expect(all.items[1]).not.toHaveProperty('channel');
  });
});
