import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { type Money, toMoney, writeDecimalMoney } from '#provider-kit';
import { FakeCarrier } from '#testing';
import { Account } from './support/account.js';
import { AccountPage } from './support/account-page.js';
import { Crm } from './support/crm.js';
import { Deployment, START_MS } from './support/deployment.js';
import { until } from './support/until.js';

const MODULE = 'shop';
const CARRIER = 'fake-carrier';
const GATEWAY = 'mercadopago';
/** Of 2, 0 and 3 digits. The first one is the base currency of the account. */
const CURRENCIES = ['RUB', 'JPY', 'KWD'];
const ABROAD = 'USD';
const [QUOTED, REFUND] = [50, 7];
const DAY_MS = 86_400_000;
const dayAgo = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);

/** A row of a register. Amounts are in minor units. */
interface Row {
  currency: string;
  gross: number;
  commission: number;
  delivery: number;
}
/** A delivery or payment with its rows, and the differences that must be found. */
interface Planted {
  service: string;
  id: string;
  key: string;
  order: number;
  currency: string;
  owed: number;
  collected: number;
  isReturned: boolean;
  rows: Row[];
  found: { kind: string; amounts: Record<string, Money> }[];
}

const toSale = ({ currency, owed, service }: Planted): Row => ({
  ...{ currency, gross: owed, commission: 31 + (owed % 7), delivery: service === CARRIER ? QUOTED : 0 },
});
const short = (one: Planted): Row => ({ ...toSale(one), gross: one.owed - 1 });
const money = ({ currency }: Planted, minor: number): Money => toMoney(minor, currency);

/** The ways in which one is wrong, with its rows and differences. The last four are of parcels only. */
const PLANTS: readonly ((one: Planted) => Partial<Planted>)[] = [
  (one) => ({ rows: [], found: find('not-paid', { expected: money(one, one.owed), paid: money(one, 0), missing: money(one, one.owed) }) }),
  (one) => ({
    rows: [short(one)],
    found: find('paid-less', { expected: money(one, one.owed), paid: money(one, one.owed - 1), missing: money(one, 1) }),
  }),
  (one) => {
    const sale = toSale(one);
    const commission = money(one, sale.commission);
    return { rows: [sale, { ...sale, gross: 0, delivery: 0 }], found: find('double-fee', { commission, double: commission }) };
  },
  (one) => {
    const sale = { ...toSale(one), currency: ABROAD };
    const [paid, whole] = [toMoney(sale.gross - sale.commission - sale.delivery, ABROAD), money(one, one.owed)];
    const billed = { quoted: money(one, QUOTED), [`billed ${ABROAD}`]: toMoney(QUOTED, ABROAD) };
    const amounts = { owed: whole, collected: whole, [`paid ${ABROAD}`]: paid, ...(one.service === CARRIER && billed) };
    return { rows: [sale], found: find('currency', amounts) };
  },
  (one) => ({
    rows: [toSale(one), { ...toSale(one), gross: -REFUND, commission: 0, delivery: 0 }],
    found: find('refund', { refunded: money(one, 0), booked: money(one, REFUND) }),
  }),
  () => ({ isReturned: true, rows: [] }),
  (one) => ({ isReturned: true, found: find('paid-more', { expected: money(one, 0), paid: money(one, one.owed) }) }),
  (one) => ({
    ...{ collected: one.owed - 1, rows: [short(one)] },
    found: find('not-collected', { owed: money(one, one.owed), collected: money(one, one.owed - 1), missing: money(one, 1) }),
  }),
  (one) => ({
    rows: [{ ...toSale(one), delivery: QUOTED + 1 }],
    found: find('bill', { quoted: money(one, QUOTED), billed: money(one, QUOTED + 1) }),
  }),
];
const find = (kind: string, amounts: Planted['found'][0]['amounts']): Planted['found'] => [{ kind: `money.${kind}`, amounts }];

/** Half are deliveries, and two of three are right. */
function plant(n: number): Planted {
  const service = n % 2 === 0 ? CARRIER : GATEWAY;
  const [currency = '', owed] = [CURRENCIES[(n % 7) % 3], 100_000 + n];
  const one: Planted = {
    ...{ service, id: uuidv7(), key: `x-${n}`, order: n + 1, currency, owed, collected: owed, isReturned: false, rows: [], found: [] },
  };
  const plants = service === CARRIER ? PLANTS : PLANTS.slice(0, -4);
  const make = n % 3 === 0 ? plants[Math.floor(n / 6) % plants.length] : undefined;
  return { ...one, rows: [toSale(one)], ...make?.(one) };
}

const all = Array.from({ length: 1_000 }, (_, n) => plant(n));
const expected = all.flatMap(({ id, found }) => found.map((one) => ({ ...one, subject: id }))).toSorted(byKind);
/** Costs of orders in the CRM, in minor units. */
const expectedCosts = all.flatMap(({ order, rows }) => {
  const fees = rows.filter(({ currency }) => currency === CURRENCIES[0]).reduce((sum, { commission }) => sum + commission, 0);
  return fees === 0 ? [] : [`${order}: ${fees}`];
});

let folder: string;
let carrier: FakeCarrier;
let crm: Crm;
let deployment: Deployment;
let account: Account;
let connection: string;
let page: AccountPage;
/** Stops a worker in the middle of a page: it waits for a lock of this session. */
let holder: Client;

const query = <R extends object>(sql: string, more: unknown[] = []): Promise<R[]> => deployment.stores.query<R>(sql, [connection, ...more]);
const readRun = async (): Promise<{ state: string; problem: string | null } | undefined> =>
  (
    await query<{ state: string; problem: string | null }>(
      `SELECT state, problem FROM reconciliation WHERE connection_id = $1 AND scope = 'money' ORDER BY started_at DESC LIMIT 1`,
    )
  )[0];
async function listFound(): Promise<object[]> {
  const rows = await query<{ kind: string; subject: string; facts: Record<string, unknown> }>(
    `SELECT kind, subject, facts FROM difference WHERE connection_id = $1 AND starts_with(kind, 'money.')`,
  );
  return rows
    .map(({ kind, subject, facts: { service: _service, day: _day, orderNumber: _order, ...amounts } }) => ({ kind, amounts, subject }))
    .toSorted(byKind);
}
const listCosts = (): string[] =>
  account.crm.context.rows('costs').map(({ order, summ }) => `${(order as { id: number }).id}: ${Math.round(Number(summ) * 100)}`);
const countRows = async (): Promise<object[]> =>
  query(`SELECT (SELECT count(*) FROM register WHERE connection_id = $1) AS registers, (SELECT count(*) FROM register_row WHERE connection_id = $1) AS rows,
    (SELECT count(*) FROM settlement WHERE connection_id = $1) AS settlements, (SELECT count(*) FROM difference WHERE connection_id = $1) AS differences,
    (SELECT count(*) FROM booking WHERE connection_id = $1) AS bookings`);

function byKind(one: { kind: string; subject: string }, other: { kind: string; subject: string }): number {
  return `${one.kind} ${one.subject}` < `${other.kind} ${other.subject}` ? -1 : 1;
}

async function store(): Promise<void> {
  const at = new Date(Date.now() - 20 * DAY_MS);
  const list = JSON.stringify(all.map((one) => ({ ...one, rows: undefined, found: undefined })));
  await query(
    `INSERT INTO delivery (id, connection_id, order_ref, order_number, reference, external_id, outside, status, status_at, cost_minor,
       cost_currency, tariff, request, request_hash, details, created_at, updated_at)
     SELECT id, $1, "order"::text, "order" || 'C', id::text, key, true, CASE WHEN "isReturned" THEN 'returned' ELSE 'delivered' END, $2, ${QUOTED},
       currency, 't', jsonb_build_object('collect', jsonb_build_object('currency', currency, 'total', owed)), '',
       CASE WHEN NOT "isReturned" THEN jsonb_build_object('collected', jsonb_build_object('currency', currency, 'total', collected)) END, $2, $2
     FROM jsonb_to_recordset($3::jsonb) AS d (id uuid, service text, key text, "order" int, currency text, owed bigint, collected bigint, "isReturned" boolean)
     WHERE service = '${CARRIER}'`,
    [at, list],
  );
  await query(
    `INSERT INTO payment (id, connection_id, invoice_uuid, shop, capture, token, external_id, status, status_at, currency, amount_minor, captured_minor,
       request, order_number, active_at, created_at, updated_at)
     SELECT id, $1, id::text, 'shop', 'automatic', id::text, key, 'succeeded', $2, currency, owed, owed, jsonb_build_object('orderId', "order"::text),
       "order" || 'C', $2, $2, $2
     FROM jsonb_to_recordset($3::jsonb) AS p (id uuid, service text, key text, "order" int, currency text, owed bigint) WHERE service = '${GATEWAY}'`,
    [at, list],
  );
}

/** Uploads the registers of a service, one for each currency. */
async function upload(
  provider: string,
  number: string,
  date: string,
  currency: string,
  rows: readonly { key: string; row: Row }[],
): Promise<void> {
  const write = (minor: number): string =>
    `${minor < 0 ? '-' : ''}${writeDecimalMoney(toMoney(Math.abs(minor), currency)).replace('.', ',')}`;
  const lines = rows.map(({ key, row: { gross, commission, delivery } }) => [key, ...[gross, commission, delivery].map(write)].join(';'));
  const { status, json } = await deployment.send(
    `/operator/api/connections/${connection}/money/registers?${new URLSearchParams({ provider, number, date, currency }).toString()}`,
    {
      method: 'POST',
      headers: { authorization: `Bearer ${deployment.variables['OPERATOR_TOKEN'] ?? ''}`, 'content-type': 'text/csv' },
      body: ['Id;Sum;Commission;Delivery', ...lines, ''].join('\n'),
    },
  );
  expect([status, json]).toMatchObject([200, { outcome: 'added', rows: rows.length, bad: 0 }]);
}

/** Kills the worker while it stores a page of the comparison for which an SQL condition is true. */
async function killAt(condition: string): Promise<void> {
  await holder.query('SELECT pg_advisory_lock(77)');
  await holder.query(`CREATE TRIGGER hold BEFORE UPDATE ON reconciliation FOR EACH ROW WHEN (${condition}) EXECUTE FUNCTION hold()`);
  await deployment.startWorker();
  await until(
    `a page is stored: ${condition}`,
    async () =>
      (await query(`SELECT FROM pg_stat_activity WHERE wait_event = 'advisory' AND datname = current_database() AND $1::text <> ''`))
        .length > 0,
    60_000,
  );
  await deployment.killWorkers();
  await holder.query('SELECT pg_advisory_unlock(77)');
  await until(
    'its session has ended',
    async () => (await query(`SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = 77 AND $1::text <> ''`)).length === 0,
  );
  await holder.query('DROP TRIGGER hold ON reconciliation');
  expect((await readRun())?.state).toBe('running');
  await endLease();
}
/** As if the lease of the killed worker had passed. */
const endLease = (): Promise<unknown> =>
  query(`UPDATE reconciliation SET money_due_at = now(), lease_until = '-infinity' WHERE connection_id = $1 AND state = 'running'`);
const untilCompared = (): Promise<unknown> => until('the money is compared', async () => (await readRun())?.state === 'done', 120_000);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crossdock-money-'));
  await writeFile(
    join(folder, 'modules.json'),
    JSON.stringify({ modules: [{ code: MODULE, providers: [CARRIER, GATEWAY], name: 'Shop' }] }),
  );
  [carrier, crm] = await Promise.all([FakeCarrier.start(), Crm.start()]);
  // Registers are uploaded.
  carrier.fail('payouts', { kind: 'error-before', status: 422 }, 1_000);
  deployment = await Deployment.start({
    ...{ crms: [crm], withFakeCarrier: true, apart: true },
    variables: { MODULES_FILE: join(folder, 'modules.json') },
  });
  holder = new Client(deployment.stores.variables['DATABASE_URL']);
  await holder.connect();
  await holder.query(
    `CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_advisory_xact_lock(77); RETURN NEW; END'`,
  );
  account = await Account.connect(deployment, crm, MODULE);
  connection = (await deployment.getConnection(crm)).id;
  const { url: baseUrl, apiKey, webhookSecret } = carrier;
  await deployment.operator('PUT', `/connections/${connection}/settings?provider=${CARRIER}`, { baseUrl, apiKey, webhookSecret });
  const fees = ['Commission', 'Delivery'].map((column) => ({ column, code: column.toLowerCase() }));
  for (const provider of [CARRIER, GATEWAY])
    await deployment.operator('PUT', `/connections/${connection}/money/settings`, {
      ...{ provider, payoutDays: 5, layout: { externalId: 'Id', gross: 'Sum', fees } },
    });
  for (const { order } of all) crm.context.insert('orders', { id: order, number: `${order}C`, payments: [] });
  page = await AccountPage.open(account);
  crm.context.insert('costItems', { code: 'carrier', name: 'Carrier', appliesToOrders: true, active: true });
}, START_MS);
afterAll(async () => {
  await holder?.end();
  await deployment?.stop();
  await Promise.all([crm, carrier].map((one) => one?.close()));
  await rm(folder, { recursive: true });
});

describe('the money of a thousand deliveries and payments', () => {
  it('shows each planted difference once and no other after kill -9, exact in the minor unit', async () => {
    await deployment.stopWorkers();
    await store();
    for (const provider of [CARRIER, GATEWAY]) {
      // Money is missing only since the first register.
      await upload(provider, 'early', dayAgo(30), 'RUB', []);
      for (const currency of [...CURRENCIES, ABROAD]) {
        const own = all.filter(({ service }) => service === provider).flatMap(({ key, rows }) => rows.map((row) => ({ key, row })));
        await upload(
          provider,
          currency,
          dayAgo(5),
          currency,
          own.filter(({ row }) => row.currency === currency),
        );
      }
    }
    // In the middle of the rows and of the deliveries, and in the middle of the payments.
    await killAt(`NEW.integration = 'delivery' AND NEW.place LIKE 'rows:_%'`);
    expect(await listFound()).toEqual([]);
    await killAt(`NEW.integration = 'delivery' AND NEW.place LIKE 'facts:_%' AND OLD.place LIKE 'facts:_%'`);
    const some = (await listFound()).length;
    expect([some > 0, some < expected.length]).toEqual([true, true]);
    await killAt(`NEW.integration = 'payment' AND NEW.place LIKE 'facts:_%'`);
    await deployment.startWorker();
    await untilCompared();
    expect(await listFound()).toEqual(expected);
    expect(new Set(expected.map(({ kind }) => kind)).size).toBe(8);
  }, 300_000);

  it('is entered in the CRM once, although the worker is killed after a call', async () => {
    const hang = crm.fail('*/costs/upload', { kind: 'hang' });
    await page.call('PUT', 'bookings', { costItem: 'carrier', since: dayAgo(40) });
    await until('the CRM has the first costs', () => listCosts().length > 0, 60_000);
    await deployment.killWorkers();
    hang();
    await deployment.startWorker();
    await until(
      'all costs are entered',
      async () => (await query('SELECT FROM booking WHERE connection_id = $1 AND sent_at IS NOT NULL')).length === expectedCosts.length,
      240_000,
    );
    expect(listCosts().toSorted()).toEqual(expectedCosts.toSorted());
  }, 300_000);

  it('has nothing new in a second run', async () => {
    const before = await countRows();
    await deployment.operator('POST', `/connections/${connection}/money/comparisons`);
    await untilCompared();
    const { json } = await page.call('POST', 'bookings/preview', { costItem: 'carrier', since: dayAgo(40) });
    expect(new Set((json as { lines: { state: string }[] }).lines.map(({ state }) => state))).toEqual(
      new Set(['booked', 'other-currency']),
    );
    expect([await countRows(), await listFound()]).toEqual([before, expected]);
    expect(listCosts().toSorted()).toEqual(expectedCosts.toSorted());
  }, 180_000);
});
