import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { type Connection, connectionsSchema } from '#connections';
import type { Providers } from '#integration-kit';
import { type Clock, Database } from '#platform';
import { type Register, type RegisterRow, toMoney } from '#provider-kit';
import { type ComparedPage, Comparisons, type FoundDifference } from '#reconciliation';
import { MoneySources, settlementSchema } from '#settlement';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { RegisterStore } from '../../settlement/register-store.js';
import { payment } from './payment.integration.js';
import { PaymentMoney } from './payment.money.js';
import type { PaymentProvider } from './port/index.js';

const NOW = new Date('2026-12-02T00:00:00Z');
const PAID = new Date('2026-11-05T10:00:00Z');
const PAYMENTS = 1_000;

/** How a payment is wrong, and the difference that must be found. */
const PLANTS = [
  { name: 'right' },
  { name: 'not in a register', kind: 'money.not-paid' },
  { name: 'a minor unit less', kind: 'money.paid-less' },
  { name: 'paid out twice', kind: 'money.paid-more' },
  { name: 'refunded on both sides' },
  { name: 'refunded in the register only', kind: 'money.refund' },
  { name: 'canceled' },
] as const;
type Plant = (typeof PLANTS)[number];

let spec: SpecDatabase | undefined;
let database: Database;
let connection: Connection;
let registers: Map<string, Register[]>;
let source: PaymentMoney;

const providers = {
  has: () => true,
  call: (_connection: Connection, _method: string, call: (provider: object, context: object) => unknown) =>
    call({ listPayouts: (day: string) => Promise.resolve(registers.get(day) ?? []) }, {}),
} as unknown as Providers<PaymentProvider>;

beforeAll(async () => {
  spec = await createSpecDatabase([connectionsSchema, settlementSchema, payment]);
  database = new Database(spec.source);
  source = new PaymentMoney(providers, database);
}, 60_000);
afterAll(() => spec?.remove());
beforeEach(() => {
  registers = new Map();
  connection = {
    ...{ id: randomUUID(), account: { timeZone: 'America/Mexico_City', language: 'en' } },
    module: { code: 'pay', manifest: { code: 'pay' } },
  } as unknown as Connection;
});

/** Stores payments, each with its order and refund. */
async function store(rows: readonly { id: string; plant: Plant; amount: number; at?: Date }[], owner = connection.id): Promise<void> {
  await database.query(
    `INSERT INTO payment (id, connection_id, invoice_uuid, shop, capture, token, external_id, status, status_at, currency, amount_minor, captured_minor,
       request, order_number, active_at, created_at, updated_at)
     SELECT id, $1, id::text, 'shop', 'automatic', id::text, 'g-' || id, CASE WHEN canceled THEN 'canceled' ELSE 'succeeded' END, at, 'EUR', amount,
       CASE WHEN NOT canceled THEN amount END, jsonb_build_object('orderId', n::text), 'C' || n, at, at, at
     FROM unnest($2::uuid[], $3::bigint[], $4::boolean[], $5::timestamptz[]) WITH ORDINALITY p (id, amount, canceled, at, n)`,
    [
      ...[owner, rows.map(({ id }) => id), rows.map(({ amount }) => amount), rows.map(({ plant }) => plant.name === 'canceled')],
      rows.map(({ at = PAID }) => at),
    ],
  );
  await database.query(
    `INSERT INTO payment_refund (id, payment_id, amount_minor, requested, status, created_at, updated_at)
     SELECT gen_random_uuid(), id, 7, true, 'succeeded', $2, $2 FROM unnest($1::uuid[]) AS id`,
    [rows.filter(({ plant }) => plant.name === 'refunded on both sides').map(({ id }) => id), PAID],
  );
}

/** The rows of a payment in the gateway's registers. */
function listRows(id: string, { name }: Plant, amount: number): RegisterRow[] {
  if (name === 'not in a register' || name === 'canceled') return [];
  const gross = name === 'a minor unit less' ? amount - 1 : amount;
  const sale: RegisterRow = { line: 1, kind: 'sale', externalId: `g-${id}`, gross, fees: [], net: gross };
  const refund: RegisterRow = { ...sale, kind: 'refund', gross: -7, net: -7 };
  return [sale, ...(name === 'paid out twice' ? [sale] : []), ...(name.startsWith('refunded') ? [refund] : [])];
}

describe('the money of a thousand payments', () => {
  it('is compared with payouts, and each planted difference is found once and no other', async () => {
    const all = Array.from({ length: PAYMENTS }, (_, n) => ({ id: uuidv7(), plant: PLANTS[n % PLANTS.length]!, amount: 1_000 + n }));
    await store(all);
    const rows = all.flatMap(({ id, plant, amount }) => listRows(id, plant, amount)).map((row, at) => ({ ...row, line: at + 1 }));
    const total = rows.reduce((sum, { net }) => sum + net, 0);
    registers.set('2026-11-07', [{ id: 'po-2', date: '2026-11-07', kind: 'payout', currency: 'EUR', total, rows }]);
    registers.set('2026-11-01', [{ id: 'po-1', date: '2026-11-01', kind: 'payout', currency: 'EUR', total: 0, rows: [] }]);
    const comparisons = new Comparisons();
    new MoneySources(comparisons, new RegisterStore(database), { now: () => NOW } as Clock).add(source);
    const compare = async (): Promise<string[]> => {
      const found: FoundDifference[] = [];
      let page: ComparedPage = { checked: 0, differed: 0, differences: [] };
      do {
        page = await comparisons.find('payment', 'money')!.comparePage(connection, page.next);
        found.push(...page.differences);
      } while (page.next !== undefined);
      // A payment that differs is compared a second time at the end.
      return [...new Set(found.map(({ kind, subject }) => `${kind} ${subject}`))].sort();
    };
    const expected = all.flatMap(({ id, plant }) => ('kind' in plant ? [`${plant.kind} ${id}`] : [])).sort();
    expect(await compare()).toEqual(expected);
    expect(await compare()).toEqual(expected);
    const [counts] = await database.query(
      `SELECT (SELECT count(*)::int FROM register_row WHERE connection_id = $1) AS rows, count(*)::int AS payments, sum(paid)::int AS paid
       FROM settlement WHERE connection_id = $1`,
      [connection.id],
    );
    expect(counts).toEqual({ rows: rows.length, payments: PAYMENTS, paid: total });
  }, 120_000);
});

describe('the money of a payment', () => {
  const [right, , , , refunded, , canceled] = PLANTS;
  const none = { externalIds: [], trackNumbers: [], references: [] };

  it('is found by the number of the gateway, our reference and the number of the order, in its own connection', async () => {
    const id = uuidv7();
    await store([{ id, plant: refunded, amount: 100_00 }]);
    await store([{ id: uuidv7(), plant: refunded, amount: 100_00 }], randomUUID());
    const facts = {
      ...{
        subject: `payment:${id}`,
        reference: id,
        externalId: `g-${id}`,
        order: '1',
        orderNumber: 'C1',
        service: 'pay',
        day: '2026-11-05',
      },
      ...{ owed: toMoney(100_00, 'EUR'), collected: toMoney(100_00, 'EUR'), refunded: toMoney(7, 'EUR'), ended: true, endedAt: PAID },
    };
    for (const keys of [{ externalIds: [`g-${id}`] }, { references: [id] }, { references: ['C1', 'not-a-uuid'] }])
      expect(await source.listFacts(connection, { ...none, ...keys })).toEqual([facts]);
    expect(await source.listFacts(connection, { ...none, references: [randomUUID()] })).toEqual([]);
  });

  it('is nothing for a canceled payment, and is on the day of the account', async () => {
    // Still the fourth in Mexico.
    await store([{ id: uuidv7(), plant: canceled, amount: 100_00, at: new Date('2026-11-05T02:00:00Z') }]);
    expect(await source.listFacts(connection, { ...none, references: ['C1'] })).toMatchObject([
      { day: '2026-11-04', owed: toMoney(0, 'EUR'), collected: toMoney(0, 'EUR'), ended: true },
    ]);
  });

  it('is listed in pages, only if it has changed since then', async () => {
    const ids = [uuidv7(), uuidv7(), uuidv7()];
    await store(ids.map((id) => ({ id, plant: right, amount: 1_00 })));
    await store([{ id: uuidv7(), plant: right, amount: 1_00, at: new Date('2026-09-01T00:00:00Z') }]);
    const from = new Date('2026-10-15T00:00:00Z');
    const first = await source.listFacts(connection, { from, limit: 2 });
    const second = await source.listFacts(connection, { from, limit: 2, after: first[1]!.subject });
    expect([...first, ...second].map(({ subject }) => subject)).toEqual(ids.map((id) => `payment:${id}`));
  });
});
