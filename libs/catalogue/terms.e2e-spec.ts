import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { listSchemas } from './catalogue.module.js';

let spec: SpecDatabase;

beforeAll(async () => {
  spec = await createSpecDatabase(listSchemas());
}, 60_000);
afterAll(() => spec?.remove());

const query = (sql: string, values: unknown[] = []): Promise<object[]> => spec.source.query<object[]>(sql, values);
const listTerms = async (): Promise<object[]> => query(`SELECT name FROM migration WHERE name ~ 'Terms[0-9]+$'`);

async function insert(table: string, row: Readonly<Record<string, unknown>>): Promise<void> {
  const names = Object.keys(row);
  await query(
    `INSERT INTO ${table} (${names.map((name) => `"${name}"`).join(', ')}) VALUES (${names.map((_, n) => `$${n + 1}`).join(', ')})`,
    Object.values(row),
  );
}

it('takes the rows of a database with the earlier names over', async () => {
  while ((await listTerms()).length > 0) await spec.source.undoLastMigration();
  const [id, payment] = [randomUUID(), randomUUID()];
  const [at, of] = [new Date('2026-12-01T10:00:00Z'), { connection_id: id }];
  await insert('connection', {
    ...{ id, module_code: 'acme', system_url: 'https://a.example', client_id_hash: 'h', client_id_sealed: 's', api_key_sealed: 's' },
    ...{ account: '{}', refused_calls: ['save'], credentials_told_at: at },
    by_provider: { depot: { settingsSealed: 's', refusedCalls: ['reserve'], credentialsToldAt: at.toISOString() } },
  });
  await insert('connection_service', { ...of, provider: 'acme', state: 'connected' });
  await insert('connection_probe', { ...of, provider: 'acme', told_at: at });
  await insert('activity_slot', { at, kind: 'callback', count: 3, refused: 2, failed: 1, latencies: [] });
  await insert('connection_erasure', { id, part: 'stocks' });
  for (const state of ['waiting', 'told', 'untold']) await insert('health_change', { ...of, from: 'ok', to: 'off', since: at, state });
  await insert('outbox', {
    ...{ ...of, kind: 'k', subject: 's', payload: '{}' },
    ...{ refusals: 2, refused_at: at, held_by: id, held_until: at },
  });
  await insert('difference', { ...of, id, reconciliation_id: id, kind: 'k', subject: 's', text: 't', facts: '{}', held_until: at });
  await insert('payment', {
    ...{ ...of, id: payment, invoice_uuid: 'i', shop: 'main', capture: 'manual', token: 't', status: 'succeeded', status_at: at },
    ...{ currency: 'EUR', amount_minor: 5, request: '{}', active_at: at, created_at: at, updated_at: at },
  });
  await insert('payment_refund', {
    ...{ id, payment_id: payment, amount_minor: 5, asked: true, status: 'succeeded', created_at: at, updated_at: at },
  });
  await insert('store_reservation', { ...of, order_ref: '7', memory: '{}', packs: '[]', documents: '[]' });
  await insert('store_state', { ...of, cursor: 'c', due_at: at });
  await insert('testpay_payment', {
    ...{ ...of, id, shop: 'main', currency: 'EUR', amount_minor: 5, state: 'open', refusal: 'declined', created_at: at },
  });
  await insert('ledger_offer', { ...of, xml_id: 'a' });
  const [offer] = (await query('SELECT id FROM ledger_offer')) as { id: string }[];
  const balance = { ...of, offer_id: offer?.id, store: 'main' };
  await insert('ledger_balance', { ...balance, on_hand: 3, reserved: 1 });
  await insert('ledger_movement', { ...balance, kind: 'set', on_hand: 3, reserved: 0 });
  await insert('ledger_reservation', { ...balance, order_ref: '7', item_ref: '1', quantity: 1 });
  await insert('ledger_import_line', { import_id: id, line: 1, store: 'main' });
  await insert('recurring_run', { name: 'store.find', ended_at: at, ms: 5 });

  await spec.source.runMigrations();

  expect(await query('SELECT rejected_calls, credentials_notified_at, by_provider FROM connection')).toEqual([
    {
      ...{ rejected_calls: ['save'], credentials_notified_at: at },
      by_provider: { depot: { settingsSealed: 's', rejectedCalls: ['reserve'], credentialsNotifiedAt: at.toISOString() } },
    },
  ]);
  expect(await query('SELECT state FROM provider_setup')).toEqual([{ state: 'connected' }]);
  expect(await query('SELECT notified_at FROM connection_check')).toEqual([{ notified_at: at }]);
  expect(await query('SELECT count, rejected, failed FROM traffic_slot')).toEqual([{ count: 3, rejected: 2, failed: 1 }]);
  expect(await query('SELECT step FROM connection_erasure')).toEqual([{ step: 'stocks' }]);
  expect(await query('SELECT state FROM health_change ORDER BY id')).toEqual(['waiting', 'sent', 'unsent'].map((state) => ({ state })));
  expect(await query('SELECT rejections, rejected_at, claimed_by, not_before FROM outbox')).toEqual([
    { rejections: 2, rejected_at: at, claimed_by: id, not_before: at },
  ]);
  expect(await query('SELECT lease_until FROM difference')).toEqual([{ lease_until: at }]);
  expect(await query('SELECT requested FROM payment_refund')).toEqual([{ requested: true }]);
  expect(await query('SELECT r.order_ref, s.cursor FROM inventory_reservation r JOIN inventory_state s USING (connection_id)')).toEqual([
    { order_ref: '7', cursor: 'c' },
  ]);
  expect(await query('SELECT decline FROM testpay_payment')).toEqual([{ decline: 'declined' }]);
  for (const table of ['balance', 'movement', 'reservation', 'import_line'])
    expect(await query(`SELECT warehouse FROM ledger_${table}`)).toEqual([{ warehouse: 'main' }]);
  expect(await query('SELECT name, ms FROM recurring_run')).toEqual([{ name: 'inventory.find', ms: 5 }]);
});

it('has no table, column, index or constraint that is called by a word that the glossary replaces', async () => {
  const names = (await query(
    `SELECT c.relname AS name FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace
     UNION SELECT c.relname || '.' || a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
       WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p', 'v') AND NOT a.attisdropped
     UNION SELECT conname FROM pg_constraint WHERE connamespace = current_schema()::regnamespace AND contype <> 'n'`,
  )) as { name: string }[];
  expect(names.length).toBeGreaterThan(400);
  const old = names.filter(({ name }) => /told|refus|probe|activity|asked|news|part$|(?:^|[._])store|service|held/.test(name));
  // The first is bound to its name by the seal. Registers come from a service. `stored_at` is a time.
  expect(old.map(({ name }) => name).toSorted()).toEqual([
    ...['connection.service_memory_sealed', 'payment.held_minor', 'register.service', 'settlement.service', 'settlement_setting.service'],
    ...['testpay_payment.held_until', 'usage_entry.stored_at'],
  ]);
});
