import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { type Connection, type ConnectionStore, connectionsSchema, Usage } from '#connections';
import type { Providers } from '#integration-kit';
import type { AccountNotices } from '#onboarding';
import type { OutboxDraft, OutboxService } from '#outbox';
import { type Clock, Database, type Environment, type JobQueue } from '#platform';
import { toMoney } from '#provider-kit';
import type { RestoredGap } from '#reconciliation';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { PaymentRefundEntity } from './payment.entity.js';
import { payment } from './payment.integration.js';
import { PaymentLookup } from './payment-lookup.js';
import { PaymentReader } from './payment-reader.js';
import { PaymentStatesService } from './payment-states.service.js';
import { PaymentStore } from './payment-store.js';
import { type StoredPayment, toFacts } from './payment-rows.js';
import type { PaymentProvider, PaymentState } from './port/index.js';

const NOW = new Date('2026-11-30T12:00:00Z');
const PAID: PaymentState = { status: 'succeeded', externalId: 'g-1', paidAt: new Date('2026-11-30T11:59:00Z') };

let spec: SpecDatabase | undefined;
let database: Database;
let store: PaymentStore;
let reader: PaymentReader;
let connection: Connection;
/** Id of the payment that is due. */
let id: string;
/** The gateway's reply, and what happens while it is awaited. */
let reply: PaymentState;
let meanwhile: () => Promise<unknown>;
/** Statements since the spec began, and rows for the CRM. */
let statements: string[];
let told: OutboxDraft[];

const providers = {
  has: () => false,
  getManifest: () => ({ recovery: { kind: 'idempotency-key' } }),
  call: async () => {
    await meanwhile();
    return reply;
  },
} as unknown as Providers<PaymentProvider>;

beforeAll(async () => {
  spec = await createSpecDatabase([connectionsSchema, payment]);
  const ignore = (): void => undefined;
  const others = { logQueryError: ignore, logQuerySlow: ignore, logSchemaBuild: ignore, logMigration: ignore, log: ignore };
  spec.source.setOptions({ logging: ['query'], logger: { logQuery: (text) => void statements?.push(text), ...others } });
  database = new Database(spec.source);
  const clock = { now: () => NOW } as Clock;
  const gap = { isOpen: () => Promise.resolve(false) } as unknown as RestoredGap;
  const outbox = { add: (_tx: unknown, rows: OutboxDraft[]) => Promise.resolve(told.push(...rows)) } as unknown as OutboxService;
  const connections = { findById: () => Promise.resolve(connection) } as unknown as ConnectionStore;
  store = new PaymentStore(database, { publicUrl: 'https://pay.example' } as Environment, providers);
  const states = new PaymentStatesService(store, outbox, {} as AccountNotices, clock, gap, new Usage(database, clock));
  const lookup = new PaymentLookup(providers, store, gap);
  reader = new PaymentReader(database, connections, store, lookup, states, {} as JobQueue, clock);
}, 60_000);
afterAll(() => spec?.remove());
beforeEach(async () => {
  id = randomUUID();
  connection = {
    ...{ id: randomUUID(), code: 'pay', account: { timeZone: 'UTC', language: 'en' } },
    module: { code: 'pay', manifest: { code: 'pay' } },
  } as unknown as Connection;
  await database.query(
    `INSERT INTO payment (id, connection_id, invoice_uuid, shop, capture, token, external_id, status, status_at, currency, amount_minor, request,
       active_at, created_at, updated_at, read_at)
     VALUES ($1::uuid, $2, $1::text, 'shop', 'manual', $1::text, 'g-1', 'pending', $3, 'EUR', 10000, '{}', $3, $3, $3, $3)`,
    [id, connection.id, NOW],
  );
  [statements, told, reply, meanwhile] = [[], [], PAID, () => Promise.resolve()];
});

const listRefunds = (refunds: readonly PaymentRefundEntity[]): object[] =>
  refunds.map(({ version: _version, repliedAt, goods, replyAt, ...refund }) => ({
    ...{ ...refund, isReplied: repliedAt !== null, goods: goods ?? null, replyAt: replyAt ?? null },
  }));

async function isWaiting(): Promise<boolean> {
  const rows = await database.query(`SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`);
  return rows.length > 0;
}

async function expectStored({ row, refunds }: StoredPayment): Promise<void> {
  const stored = await store.load(connection, id);
  expect({ ...row, version: '' }).toEqual({ ...stored.row, version: '' });
  expect(listRefunds(refunds)).toEqual(listRefunds(stored.refunds));
}

describe('a reading', () => {
  it('loads the payment once', async () => {
    await reader.readDue({ paymentId: id });
    const selects = statements.filter((text) => /^\s*SELECT/.test(text) && /\bpayment(_refund)?\b/.test(text));
    expect(selects.map((text) => (/FOR UPDATE/.test(text) ? 'lock' : /"payment_refund"/.test(text) ? 'refunds' : 'payment'))).toEqual([
      ...['payment', 'refunds', 'lock'],
    ]);
    expect(told).toMatchObject([{ subject: id, payload: { status: 'succeeded' } }]);
  });

  it('returns what it stored', async () => {
    const asked = uuidv7();
    reply = {
      ...{ ...PAID, memory: { session: 's' }, discount: toMoney(500, 'EUR') },
      refunds: [
        { externalId: 'r-1', reference: asked, amount: toMoney(100, 'EUR'), status: 'pending' },
        { externalId: 'r-2', amount: toMoney(200, 'EUR'), status: 'succeeded', comment: 'Made at the gateway' },
      ],
    };
    await expectStored(await reader.read(connection, id));
    reply.refunds = [{ externalId: 'r-1', reference: asked, amount: toMoney(100, 'EUR'), status: 'canceled', comment: 'No money' }];
    const after = await reader.read(connection, id);
    await expectStored(after);
    expect(after.refunds.map(({ status }) => status).sort()).toEqual(['canceled', 'succeeded']);
  });

  it('applies to a payment that changed during the call of the gateway', async () => {
    meanwhile = () => database.query(`UPDATE payment SET status = 'canceled' WHERE id = $1`, [id]);
    const after = await reader.read(connection, id);
    expect([after.row.status, told]).toEqual(['canceled', []]);
    await expectStored(after);
  });

  it('includes a refund that was stored during the call of the gateway', async () => {
    const refundId = randomUUID();
    reply = { ...PAID, refunds: [{ externalId: 'r-1', amount: toMoney(100, 'EUR'), status: 'pending' }] };
    meanwhile = () =>
      database.query(
        `INSERT INTO payment_refund (id, payment_id, external_id, amount_minor, requested, status, created_at, updated_at)
         VALUES ($1, $2, 'r-1', 100, true, 'pending', $3, $3)`,
        [refundId, id, NOW],
      );
    const { refunds } = await reader.read(connection, id);
    expect(refunds.map((refund) => refund.id)).toEqual([refundId]);
  });

  it('waits for a change that another transaction has not committed', async () => {
    let reading: Promise<StoredPayment> | undefined;
    await database.transaction(async (tx) => {
      await tx.query(`UPDATE payment SET status = 'canceled' WHERE id = $1`, [id]);
      reading = reader.read(connection, id);
      while (!(await isWaiting())) await new Promise((resolve) => setTimeout(resolve, 10));
    });
    expect((await reading)?.row.status).toBe('canceled');
  });
});

describe('a value without a separate column', () => {
  const TEXT = 'The buyer left';
  const readColumns = (): Promise<object[]> => database.query('SELECT cancellation, details FROM payment WHERE id = $1', [id]);

  it('is stored so that the previous version reads it, too', async () => {
    reply = { ...PAID, status: 'canceled', cancellation: TEXT };
    await expectStored(await reader.read(connection, id));
    expect(await readColumns()).toEqual([{ cancellation: TEXT, details: { cancellation: TEXT } }]);
  });

  it('is read if the previous version stored it', async () => {
    await database.query(`UPDATE payment SET status = 'canceled', cancellation = $2 WHERE id = $1`, [id, TEXT]);
    expect(toFacts(await store.load(connection, id)).cancellation).toBe(TEXT);
  });

  it('is taken over from its column', async () => {
    const hasDetails = (): Promise<object[]> =>
      database.query(`SELECT 1 FROM information_schema.columns WHERE table_name = 'payment' AND column_name = 'details'`);
    while ((await hasDetails()).length > 0) await spec?.source.undoLastMigration();
    await database.query(`UPDATE payment SET status = 'canceled', cancellation = $2 WHERE id = $1`, [id, TEXT]);
    await spec?.source.runMigrations();
    expect(await readColumns()).toEqual([{ cancellation: TEXT, details: { cancellation: TEXT } }]);
  });
});
