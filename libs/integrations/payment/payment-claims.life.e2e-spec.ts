import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ConnectionStore } from '#connections';
import { type Clock, Database, type JobQueue } from '#platform';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { AutomaticCapture } from './automatic-capture.js';
import { payment } from './payment.integration.js';
import type { PaymentLookup } from './payment-lookup.js';
import { PaymentReader } from './payment-reader.js';
import type { PaymentService } from './payment.service.js';
import type { PaymentStatesService } from './payment-states.service.js';
import type { PaymentStore } from './payment-store.js';

const NOW = new Date('2026-11-30T12:00:00Z');

let spec: SpecDatabase | undefined;
let database: Database;
let now: Date;
/** Number of payments claimed. A claim stops here, because its connection does not exist. */
let claimed: number;
const connections = { findById: () => Promise.resolve(void claimed++) } as unknown as ConnectionStore;
const clock = { now: () => now } as Clock;

const addPayment = async (): Promise<string> => {
  const id = randomUUID();
  await database.query(
    `INSERT INTO payment (id, connection_id, invoice_uuid, shop, capture, token, status, status_at, currency, amount_minor, request, active_at,
       created_at, updated_at, read_at, capture_at)
     VALUES ($1::uuid, $1::uuid, $1::text, 'shop', 'automatic', $1::text, 'waitingForCapture', $2, 'EUR', 100, '{}', $2, $2, $2, $2, $2)`,
    [id, NOW],
  );
  return id;
};

beforeAll(async () => {
  spec = await createSpecDatabase([payment]);
  database = new Database(spec.source);
}, 60_000);
afterAll(() => spec?.remove());
beforeEach(() => {
  [claimed, now] = [0, NOW];
});

describe.each([
  [
    'a hold that is due',
    (paymentId: string) => new AutomaticCapture(database, connections, {} as PaymentStore, {} as PaymentService, clock).take({ paymentId }),
    30_000,
  ],
  [
    'a payment that is due',
    (paymentId: string) =>
      new PaymentReader(
        database,
        connections,
        {} as PaymentStore,
        {} as PaymentLookup,
        {} as PaymentStatesService,
        {} as JobQueue,
        clock,
      ).readDue({ paymentId }),
    60_000,
  ],
])('%s', (_what, work, claimMs) => {
  it('is taken up by one of two workers, and again only when the claim has ended', async () => {
    const id = await addPayment();
    await Promise.all([work(id), work(id)]);
    expect(claimed).toBe(1);
    now = new Date(NOW.getTime() + claimMs - 1);
    await work(id);
    expect(claimed).toBe(1);
    now = new Date(NOW.getTime() + claimMs);
    await work(id);
    expect(claimed).toBe(2);
  });

  it('is not taken up when nothing remains to do', async () => {
    const id = await addPayment();
    await database.query('UPDATE payment SET read_at = NULL, capture_at = NULL WHERE id = $1', [id]);
    await work(id);
    expect(claimed).toBe(0);
  });
});
