import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Database, type Environment, newId, SecretBox } from '#platform';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { JournalBuyers } from './journal-buyers.js';
import { JournalHashes } from './journal-hashes.js';
import { journalSchema } from './journal.module.js';
import { JournalPartitions } from './journal-partitions.js';

const BUYER = '+7 916 123-45-67';
const hashes = new JournalHashes(new SecretBox('ab'.repeat(32)));
const [shop, other] = [randomUUID(), randomUUID()];

let spec: SpecDatabase | undefined;
let database: Database;

const add = (request: string, connectionId: string, { phone, subject }: { phone?: string; subject?: string }): Promise<unknown> =>
  database.query(
    `INSERT INTO journal_entry (id, at, connection_id, kind, name, outcome, duration_ms, request, error, phones, subjects, request_body, reply_body)
     VALUES ($1, now(), $2, 'callback', 'n', 'refused', 1, $3, 'error', $4, $5, '"asked"', '"answered"')`,
    [newId(), connectionId, request, phone === undefined ? null : hashes.hash([phone], 'RU'), subject === undefined ? null : [subject]],
  );
/** Lists the requests whose rows still contain details. */
const listKept = async (): Promise<string[]> => {
  const rows = await database.query<{ request: string; told: string | null }>(
    `SELECT request, coalesce(error, request_body::text, reply_body::text, array_to_string(phones, '')) AS told FROM journal_entry ORDER BY request`,
  );
  return rows.flatMap(({ request, told }) => (told === null ? [] : [request]));
};

beforeAll(async () => {
  spec = await createSpecDatabase([journalSchema]);
  database = new Database(spec.source);
  await new JournalPartitions(database, {} as Environment).make(Date.now());
}, 60_000);
afterAll(() => spec?.remove());
beforeEach(async () => {
  await database.query('TRUNCATE journal_entry');
});

describe('a buyer in the journal', () => {
  it('is erased by phone and by what rows are about, and nothing of other shops or buyers', async () => {
    await add('by phone', shop, { phone: '89161234567' });
    await add('by delivery', shop, { subject: 'delivery:7' });
    await add('by a document', shop, { phone: '+79160000000' });
    await add('somebody else', shop, { phone: '+79169999999', subject: 'delivery:8' });
    await add('another shop, same phone', other, { phone: BUYER });
    await add('another shop, same id', other, { subject: 'delivery:7' });
    const about = [{ customer: { phones: ['+7 916 000-00-00'] } }];
    await new JournalBuyers(database, hashes).erase(shop, { phone: BUYER, country: 'RU', ids: ['7'], about });
    expect(await listKept()).toEqual(['another shop, same id', 'another shop, same phone', 'somebody else']);
  });

  it('without a phone is erased by what rows are about', async () => {
    await add('by call', shop, { subject: 'call:7' });
    await add('somebody else', shop, { phone: '+79169999999' });
    await new JournalBuyers(database, hashes).erase(shop, { country: 'RU', ids: ['7'], about: [] });
    expect(await listKept()).toEqual(['somebody else']);
  });
});
