import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { type Connection, connectionsSchema } from '#connections';
import type { Providers } from '#integration-kit';
import { Database } from '#platform';
import { toMoney } from '#provider-kit';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { delivery } from './delivery.integration.js';
import { DeliveryMoney } from './delivery.money.js';
import type { DeliveryProvider } from './port/index.js';

const AT = new Date('2026-11-05T22:30:00Z');
const STATUSES = [
  { code: 'underway' },
  { code: 'delivered', isFinal: true },
  { code: 'part', isFinal: true, isPartial: true },
  { code: 'back', isFinal: true, isReturned: true },
  { code: 'cancelled', isFinal: true },
];
const NONE = { externalIds: [], trackNumbers: [], references: [] };
const FROM = new Date('2026-10-15T00:00:00Z');

let spec: SpecDatabase | undefined;
let connection: Connection;
let source: DeliveryMoney;

const providers = { getManifest: () => ({ statuses: STATUSES, cancelledStatus: 'cancelled' }) } as unknown as Providers<DeliveryProvider>;

beforeAll(async () => {
  spec = await createSpecDatabase([connectionsSchema, delivery]);
  source = new DeliveryMoney(providers, new Database(spec.source));
}, 60_000);
afterAll(() => spec?.remove());
beforeEach(() => {
  connection = {
    ...{ id: randomUUID(), account: { timeZone: 'Europe/Moscow', language: 'en' } },
    module: { code: 'carrier', manifest: { code: 'carrier' } },
  } as unknown as Connection;
});

interface Row {
  order: string;
  status: string;
  collected?: number;
  outside?: boolean;
  deletedAt?: Date;
  updatedAt?: Date;
  connectionId?: string;
}

/** Stores a delivery of 1,500.00 in cash, whose carriage was quoted as 300.00. Returns its subject. */
async function store({ order, status, collected, outside = true, deletedAt, updatedAt = AT, connectionId }: Row): Promise<string> {
  const id = uuidv7();
  await spec!.source.query(
    `INSERT INTO delivery (id, connection_id, order_ref, order_number, reference, external_id, track_number, outside, status, status_at, cost_minor,
       cost_currency, tariff, request, request_hash, details, created_at, updated_at, deleted_at)
     VALUES ($1::uuid, $2, $3::text, $3::text || 'C', $3::text || '-2', 'x' || $3::text, 'T' || $3::text, $4, $5, $6, 30000, 'RUB', 't', $7, '', $8, $6, $9, $10)`,
    [
      ...[id, connectionId ?? connection.id, order, outside, status, AT, JSON.stringify({ collect: { currency: 'RUB', total: 150_000 } })],
      ...[
        collected === undefined ? null : JSON.stringify({ collected: { currency: 'RUB', total: collected } }),
        updatedAt,
        deletedAt ?? null,
      ],
    ],
  );
  return `delivery:${id}`;
}

describe('the money of a delivery', () => {
  it('is found by the numbers of the carrier and of the order, in its own connection', async () => {
    const subject = await store({ order: '7', status: 'delivered', collected: 150_000 });
    await store({ order: '7', status: 'delivered', connectionId: randomUUID() });
    await store({ order: '8', status: 'delivered', outside: false });
    const facts = {
      ...{ subject, externalId: 'x7', reference: '7-2', order: '7', orderNumber: '7C', trackNumber: 'T7', service: 'carrier' },
      // After midnight in Moscow.
      ...{ day: '2026-11-06', owed: toMoney(150_000, 'RUB'), collected: toMoney(150_000, 'RUB'), quoted: toMoney(30_000, 'RUB') },
      ...{ ended: true, endedAt: AT },
    };
    const keys = [
      { externalIds: ['x7'] },
      { trackNumbers: ['T7'] },
      { references: ['7C'] },
      { references: ['7-2'] },
      { references: ['7'] },
    ];
    for (const one of keys) expect(await source.listFacts(connection, { ...NONE, ...one })).toEqual([facts]);
    expect(await source.listFacts(connection, { ...NONE, externalIds: ['x8'], trackNumbers: ['T9'], references: ['70'] })).toEqual([]);
  });

  it.each([
    ['underway', undefined, 150_000, undefined],
    ['delivered', 149_000, 150_000, 149_000],
    // Only the carrier knows what the buyer took.
    ['part', 70_000, 70_000, 70_000],
    ['back', undefined, 0, undefined],
    ['cancelled', undefined, 0, undefined],
  ])('that is %s, with %s collected, is owed %i', async (status, collected, owed, taken) => {
    await store({ order: '7', status, ...(collected !== undefined && { collected }) });
    const [facts] = await source.listFacts(connection, { from: FROM, limit: 10 });
    expect([facts?.owed, facts?.collected]).toEqual([toMoney(owed, 'RUB'), taken === undefined ? undefined : toMoney(taken, 'RUB')]);
  });

  it('that was deleted is owed nothing since then', async () => {
    const deletedAt = new Date('2026-11-09T12:00:00Z');
    await store({ order: '7', status: 'underway', deletedAt });
    expect(await source.listFacts(connection, { ...NONE, references: ['7'] })).toMatchObject([
      { day: '2026-11-09', owed: toMoney(0, 'RUB'), ended: true, endedAt: deletedAt },
    ]);
  });

  it('is listed in pages, only if it has changed since then', async () => {
    const subjects = [];
    for (const order of ['1', '2', '3']) subjects.push(await store({ order, status: 'delivered' }));
    await store({ order: '4', status: 'delivered', updatedAt: new Date('2026-09-01T00:00:00Z') });
    const first = await source.listFacts(connection, { from: FROM, limit: 2 });
    const second = await source.listFacts(connection, { from: FROM, limit: 2, after: first[1]!.subject });
    expect([...first, ...second].map(({ subject }) => subject)).toEqual(subjects);
  });
});
