import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database, type Environment, SecretBox, toFirstId } from '#platform';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import type { JournalEntryEntity } from './journal.entity.js';
import { JournalHashes } from './journal-hashes.js';
import { journalSchema } from './journal.module.js';
import { JournalPartitions } from './journal-partitions.js';
import { type JournalFilter, JournalReader } from './journal-reader.js';

const hashes = new JournalHashes(new SecretBox('ab'.repeat(32)));
const [shop, other] = [randomUUID(), randomUUID()];
const startedAt = Date.parse('2026-11-27T10:00:00Z');

let spec: SpecDatabase | undefined;
let database: Database;
let reader: JournalReader;
let rows = 0;

const add = (request: string, row: Partial<JournalEntryEntity> = {}): Promise<unknown> => {
  const { connectionId = shop, module = 'courier', provider = 'courier', kind = 'callback', name = 'delivery.save', outcome = 'ok' } = row;
  return database.query(
    `INSERT INTO journal_entry (id, at, connection_id, module, provider, kind, name, outcome, duration_ms, request, phones, subjects)
     VALUES ($1, now(), $2, $3, $4, $5, $6, $7, 1, $8, $9, $10)`,
    [
      toFirstId(new Date(startedAt + ++rows)),
      connectionId,
      module,
      provider,
      kind,
      name,
      outcome,
      request,
      row.phones ?? null,
      row.subjects ?? null,
    ],
  );
};

beforeAll(async () => {
  spec = await createSpecDatabase([journalSchema]);
  database = new Database(spec.source);
  reader = new JournalReader(database, hashes);
  await new JournalPartitions(database, {} as Environment).make(startedAt);
  await add('other shop', { connectionId: other, phones: hashes.hash(['+79161234567']), subjects: ['order:7'] });
  await add('order', { phones: hashes.hash(['+79161234567']), subjects: ['order:7'] });
  await add('refused', { outcome: 'refused' });
  await add('webhook', { kind: 'webhook', name: 'webhook', provider: 'cdek' });
  await add('to the CRM', { kind: 'crm', name: 'orders', module: 'pbx', outcome: 'unavailable' });
}, 60_000);
afterAll(() => spec?.remove());

describe('rows of the journal', () => {
  it.each<[string, JournalFilter, string[]]>([
    ['a connection', {}, ['to the CRM', 'webhook', 'refused', 'order']],
    ['a subject', { subjects: ['order:7'] }, ['order']],
    ['a request', { requests: ['webhook', 'other shop'] }, ['webhook']],
    ['a subject or a request', { subjects: ['order:7'], requests: ['webhook'] }, ['webhook', 'order']],
    ['a phone', { phone: '8 916 123-45-67' }, ['order']],
    ['a module', { module: 'pbx' }, ['to the CRM']],
    ['a provider', { provider: 'cdek' }, ['webhook']],
    ['a kind', { kind: 'webhook' }, ['webhook']],
    ['what came in', { direction: 'in' }, ['webhook', 'refused', 'order']],
    ['what went out', { direction: 'out' }, ['to the CRM']],
    ['a name', { name: 'orders' }, ['to the CRM']],
    ['success', { outcome: 'ok' }, ['webhook', 'order']],
    ['failure', { outcome: 'failed' }, ['to the CRM', 'refused']],
    ['one failure', { outcome: 'refused' }, ['refused']],
    ['all but some outcomes', { notOutcomes: ['ok', 'refused'] }, ['to the CRM']],
    ['a time that is to come', { from: new Date(startedAt + 3_600_000) }, []],
    ['a time that is over', { to: new Date(startedAt - 3_600_000) }, []],
  ])('are found by %s, without rows of other shops', async (_what, filter, found) => {
    const { items } = await reader.list({ connection: shop, ...filter }, 'RU');
    expect(items.map(({ request }) => request)).toEqual(found);
  });
});
