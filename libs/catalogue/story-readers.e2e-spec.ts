import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readSearch, type StoryReader } from '#insight';
import { Database } from '#platform';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { builtIn } from './catalogue.js';
import { listSchemas } from './catalogue.module.js';

const [connection, payment, call, channel, dialogue, message] = Array.from({ length: 6 }, () => randomUUID()) as [
  string,
  string,
  string,
  string,
  string,
  string,
];

let spec: SpecDatabase | undefined;
let database: Database;

const findReader = (integration: string): StoryReader => {
  const reader = builtIn.find((hosted) => hosted.integration.code === integration)?.integration.storyReader;
  if (!reader) throw new Error(`${integration} has no story reader`);
  return new (reader as new (database: Database) => StoryReader)(database);
};
/** Returns the results for a text, with the field that matched. */
const search = async (integration: string, text: string): Promise<string[]> =>
  (await findReader(integration).search(readSearch(text), 10)).map(({ kind, id, matched }) => `${kind} ${id} by ${matched}`);

beforeAll(async () => {
  spec = await createSpecDatabase(listSchemas());
  database = new Database(spec.source);
  await database.query(
    `INSERT INTO payment (id, connection_id, invoice_uuid, shop, capture, token, external_id, status, status_at, currency, amount_minor, request, memory, order_number,
       active_at, created_at, updated_at)
     VALUES ($1, $2, 'invoice-7', 'shop', 'automatic', 'token', 'gateway-7', 'succeeded', now(), 'EUR', 1250, '{"orderId":"77"}', '{}', '77A', now(), now(), now())`,
    [payment, connection],
  );
  await database.query(
    `INSERT INTO payment_event (payment_id, code, amount_minor, moved, at) VALUES ($1, 'succeeded', 1250, true, now()), ($1, 'canceled', NULL, false, now())`,
    [payment],
  );
  await database.query(
    `INSERT INTO telephony_call (id, connection_id, external_id, direction, phone, started_at, answered_at, ended_at, outcome)
     VALUES ($1, $2, 'pbx-7', 'in', '+79161234567', now(), now(), now(), 'answered')`,
    [call, connection],
  );
  await database.query(`INSERT INTO chat_channel (id, connection_id, account, name, state) VALUES ($1, $2, 'account', 'Shop', 'active')`, [
    channel,
    connection,
  ]);
  await database.query(
    `INSERT INTO chat_dialogue (id, connection_id, channel_id, chat, customer, blocked) VALUES ($1, $2, $3, 'chat-7', '79161234567', true)`,
    [dialogue, connection, channel],
  );
  await database.query(
    `INSERT INTO chat_message (id, dialogue_id, connection_id, channel_id, direction, action, event_key, state, code, problem)
     VALUES ($1, $2, $3, $4, 'out', 'send', 'key', 'failed', 'general', 'the customer is away')`,
    [message, dialogue, connection, channel],
  );
}, 60_000);
afterAll(() => spec?.remove());

describe('what the integrations find and tell', () => {
  it('a payment', async () => {
    for (const [text, by] of [
      [payment, 'payment'],
      ['invoice-7', 'invoice'],
      ['77', 'order'],
      ['77A', 'order number'],
      ['gateway-7', 'id at the gateway'],
    ] as const)
      expect(await search('payment', text)).toEqual([`payment ${payment} by ${by}`]);
    const reader = findReader('payment');
    expect(await reader.listOfOrder(connection, '77')).toEqual([{ kind: 'payment', id: payment }]);
    expect(await reader.listOfOrder(randomUUID(), '77')).toEqual([]);
    const facts = await reader.describe('payment', payment);
    expect(facts).toMatchObject({
      title: 'Payment of invoice invoice-7, order 77A',
      state: 'succeeded',
      operations: ['invoice-7', payment],
      order: '77',
    });
    expect(facts?.events.map(({ title }) => title)).toEqual([
      'The payment changed to succeeded of 12.5 EUR.',
      'The gateway reported canceled after a final state, so it was only noted.',
    ]);
  });

  it('a call', async () => {
    for (const [text, by] of [
      [call, 'call'],
      ['pbx-7', 'id at the PBX'],
      ['8 916 123-45-67', 'phone'],
    ] as const)
      expect(await search('telephony', text)).toEqual([`call ${call} by ${by}`]);
    const facts = await findReader('telephony').describe('call', call);
    expect(facts).toMatchObject({
      title: 'Call pbx-7 (in)',
      state: 'answered',
      outbox: ['pbx-7'],
      subjects: [`call:${call}`, 'call:pbx-7'],
    });
    expect(JSON.stringify(facts)).not.toContain('79161234567');
  });

  it('a dialogue', async () => {
    for (const [text, by] of [
      [dialogue, 'dialogue'],
      ['chat-7', 'chat at the messenger'],
      ['+79161234567', 'customer at the messenger'],
      [message, 'message'],
    ] as const)
      expect(await search('chat', text)).toEqual([`dialogue ${dialogue} by ${by}`]);
    const facts = await findReader('chat').describe('dialogue', dialogue);
    expect(facts?.notes).toEqual(['The customer has blocked the account, so messages cannot reach them.']);
    expect(facts?.events.at(-1)).toMatchObject({
      outcome: 'failed',
      title: expect.stringMatching(/^Message .* \(send to the customer\) is failed: the customer is away\./),
    });
    expect(JSON.stringify(facts)).not.toContain('79161234567');
  });

  it('nothing for a missing subject', async () => {
    for (const integration of ['delivery', 'payment', 'telephony', 'chat']) {
      expect(await search(integration, 'nosuch')).toEqual([]);
      expect(await findReader(integration).describe('delivery', randomUUID())).toBeUndefined();
    }
  });
});
