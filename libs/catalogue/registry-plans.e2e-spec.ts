import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Connection, HostedModule } from '#connections';
import { delivery } from '#delivery';
import { payment } from '#payment';
import { type Clock, Database } from '#platform';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { type RecordsRegistry, ProblemsRegistry, type RegistryRequest, type RegistrySource, WidgetSources } from '#widgets';
import { courierManifest } from '#built-in/courier';
import { listSchemas } from './catalogue.module.js';
import { DeliveryRegistry } from '../integrations/delivery/delivery.registry.js';
import { PaymentRegistry } from '../integrations/payment/payment.registry.js';

/** Runs queries, and keeps each with its plan. */
class PlanningDatabase extends Database {
  readonly plans: { text: string; plan: string }[] = [];

  override async query<Row>(text: string, values: unknown[] = []): Promise<Row[]> {
    const [row] = await super.query<Record<string, object>>(`EXPLAIN (FORMAT JSON) ${text}`, values);
    this.plans.push({ text, plan: JSON.stringify(row) });
    return super.query<Row>(text, values);
  }
}

const busy = randomUUID();
const clock = { now: () => new Date() } as Clock;
let spec: SpecDatabase | undefined;
let database: PlanningDatabase;
let registries: Record<string, RegistrySource>;
let connection: Connection;

/** Each table has 20,000 rows of the busy connection, and as many of a thousand others. */
beforeAll(async () => {
  spec = await createSpecDatabase(listSchemas());
  database = new PlanningDatabase(spec.source);
  const owner = `CASE WHEN n % 2 = 0 THEN '${busy}'::uuid ELSE md5((n % 1000)::text)::uuid END`;
  const rows = `FROM generate_series(1, 40000) n`;
  const id = `lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint - n), 12, '0') || '70008000000000000000'`;
  for (const sql of [
    `INSERT INTO delivery (id, connection_id, order_ref, order_number, reference, external_id, outside, track_number, status, status_at, tariff, request, request_hash)
     SELECT (${id})::uuid, ${owner}, n, n || 'A', n, n, false, 'T' || n, CASE WHEN n % 100 = 0 THEN 'lost' ELSE 'created' END, now(), 't', '{}', 'h' ${rows}`,
    `INSERT INTO payment (id, connection_id, invoice_uuid, shop, capture, token, status, status_at, currency, amount_minor, request, memory, order_number, active_at, created_at, updated_at)
     SELECT (${id})::uuid, ${owner}, gen_random_uuid(), 's', 'manual', n, CASE WHEN n % 100 = 0 THEN 'waitingForCapture' ELSE 'succeeded' END, now(), 'EUR', n,
       json_build_object('orderId', n::text), '{}', n || 'A', now(), now(), now() ${rows}`,
    `INSERT INTO outbox (connection_id, kind, subject, payload, state, failed_at)
     SELECT ${owner}, 'delivery.tracking', n, '{}', CASE WHEN n % 50 < 2 THEN 'failed' ELSE 'sent' END, now() - make_interval(secs => n) ${rows}`,
    `INSERT INTO inbox_event (connection_id, event_id, kind, payload, state) SELECT ${owner}, n, 'k', '{}', CASE WHEN n % 200 = 0 THEN 'failed' ELSE 'applied' END ${rows}`,
    `INSERT INTO operation (id, connection_id, kind, subject, state) SELECT (${id})::uuid, ${owner}, 'k', n, CASE WHEN n % 200 = 0 THEN 'unknown' ELSE 'done' END ${rows}`,
    'ANALYZE',
  ])
    await spec.source.query(sql);
  const sources = new WidgetSources();
  registries = {};
  for (const [integration, Registry] of [
    [delivery, DeliveryRegistry],
    [payment, PaymentRegistry],
  ] as const) {
    const Stories = integration.storyReader as unknown as new (database: Database) => never;
    const registry: RecordsRegistry = new Registry(database, new Stories(database), clock);
    registries[integration.code] = registry;
    sources.add({ integration: integration.code, targets: [], registry } as never);
  }
  registries['problems'] = new ProblemsRegistry(database, sources, clock);
  const account = { timeZone: 'UTC', language: 'en' };
  const views = ['delivery', 'payment'].map((integration) => ({
    ...{ id: busy, account },
    module: { integration, manifest: courierManifest } as unknown as HostedModule,
  }));
  connection = { ...views[0], views } as unknown as Connection;
}, 120_000);
afterAll(() => spec?.remove());
beforeEach(() => void database.plans.splice(0));

const after = {
  delivery: 'ffffffff-ffff-7fff-bfff-ffffffffffff',
  payment: 'ffffffff-ffff-7fff-bfff-ffffffffffff',
  problems: '2099-01-01T00:00:00.000000Z x',
};

it.each<[keyof typeof after, string, RegistryRequest, number]>([
  ['delivery', 'the first page', { version: 1 }, 25],
  ['delivery', 'a further page', { version: 1, after: after.delivery }, 25],
  ['delivery', 'a status', { version: 1, filter: { status: 'lost' } }, 25],
  ['delivery', 'all errors', { version: 1, filter: { status: '!' } }, 25],
  ['delivery', 'an order', { version: 1, search: '20A' }, 1],
  ['delivery', 'a track number', { version: 1, search: 'T20' }, 1],
  ['payment', 'the first page', { version: 1 }, 25],
  ['payment', 'a further page', { version: 1, after: after.payment }, 25],
  ['payment', 'a status', { version: 1, filter: { status: 'waitingForCapture' } }, 25],
  ['payment', 'an order', { version: 1, search: '20' }, 1],
  ['problems', 'the first page', { version: 1 }, 25],
  ['problems', 'a further page', { version: 1, after: after.problems }, 25],
  ['problems', 'a source', { version: 1, filter: { kind: 'outbox' } }, 25],
  ['problems', 'an order', { version: 1, search: '300A' }, 2],
])('the tab %s reads %s by indexes', async (tab, _title, request, rows) => {
  const page = await registries[tab]?.read(connection, request, 'en');
  expect(page?.rows).toHaveLength(rows);
  expect(database.plans.length).toBeGreaterThan(0);
  expect(database.plans.filter(({ plan }) => plan.includes('Seq Scan'))).toEqual([]);
});
