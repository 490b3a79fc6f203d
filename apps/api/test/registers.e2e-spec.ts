import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CdekDouble, sampleOrder, wireSave } from '#testing';
import { StripeDouble } from '../../../lab/doubles/stripe/index.js';
import { readSaved } from './support/account.js';
import { Crm } from './support/crm.js';
import { Deployment, START_MS } from './support/deployment.js';
import { BuyerPage, PaymentDesk } from './support/payment-desk.js';
import { until } from './support/until.js';

/** A gateway and a carrier in one connection: a comparison of its money reads the registers of both. */
const MODULE = 'shop';
/** Kopecks and centavos. */
const CHARGE = 30_001;
const GOODS = 100_007;
const INVOICE = 123_457;
const REFUND = 3_457;

let folder: string;
let cdek: CdekDouble;
let stripe: StripeDouble;
let crm: Crm;
let deployment: Deployment;
let desk: PaymentDesk;
let connection: string;
/** Deliveries of CDEK by their plants, with their numbers there. */
const parcels: Record<string, { id: string; number: string }> = {};
/** Payments of Stripe by their plants. */
const payments: Record<string, string> = {};

const query = <Row extends object>(sql: string): Promise<Row[]> => deployment.stores.query<Row>(sql, [connection]);
const listRows = (): Promise<object[]> =>
  query(`SELECT r.service, w.line, coalesce(w.track_number, w.reference) AS key, w.kind, w.gross::int, w.net::int, w.fees,
      w.replaced_at IS NOT NULL AS replaced, r.revision FROM register_row w JOIN register r ON r.id = w.register_id
    WHERE w.connection_id = $1 ORDER BY r.service, w.created_at, w.line`);
const listOpen = async (): Promise<string[]> => {
  const named = new Map([...Object.entries(parcels), ...Object.entries(payments)].map(([name, one]) => [toId(one), name]));
  const found = await query<{ kind: string; subject: string; amounts: object }>(
    `SELECT kind, subject, facts AS amounts FROM difference WHERE connection_id = $1 AND state = 'open' AND starts_with(kind, 'money.')`,
  );
  return found
    .map(({ kind, subject, amounts }) => {
      const money = ['missing', 'booked', 'double'].flatMap((name) => (amounts as Record<string, { minor: number }>)[name]?.minor ?? []);
      return `${named.get(subject) ?? subject}: ${kind.slice(6)} ${money.join()}`;
    })
    .toSorted();
};
const toId = (one: string | { id: string }): string => (typeof one === 'string' ? one : one.id);
const compare = (): Promise<object> => deployment.operator('POST', `/connections/${connection}/money/comparisons`);
/** As if the pause after a failure had passed, and the lease of a killed worker. */
const goOn = (): Promise<unknown> =>
  query(`UPDATE reconciliation SET due_at = now(), lease_until = '-infinity' WHERE connection_id = $1 AND state = 'running'`);
const readRun = async (): Promise<{ state: string; problem: string | null; omitted: string | null } | undefined> =>
  (
    await query<{ state: string; problem: string | null; omitted: string | null }>(
      `SELECT state, problem, omitted FROM reconciliation WHERE connection_id = $1 AND scope = 'money' ORDER BY started_at DESC LIMIT 1`,
    )
  )[0];
const untilDone = (): Promise<unknown> => until('the money is compared', async () => (await readRun())?.state === 'done', 120_000);

async function ship(name: string, order: number): Promise<void> {
  const fields = wireSave('137', sampleOrder('moscowCourier', { order: String(order), orderNumber: `${order}A` }), {
    packages: [
      {
        ...{ packageId: '1', weight: 1000, width: 200, length: 200, height: 100 },
        items: [
          { offerId: '1', name: 'Чай', quantity: 1, weight: 100, vatRate: 'none', cost: GOODS / 100, declaredValue: 0, cod: GOODS / 100 },
        ],
      },
    ],
    delivery: { withCod: true, cost: CHARGE / 100, cod: CHARGE / 100 },
  });
  const { deliveryId } = readSaved(await desk.account.save(fields));
  const number = cdek.standing().find((one) => one.number.startsWith(`${order}-`))?.cdek_number ?? '';
  cdek.pushStatus(number, 'DELIVERED');
  parcels[name] = { id: deliveryId, number };
}

async function pay(name: string): Promise<string> {
  const items = [{ name: 'Taza', price: INVOICE / 100, quantity: 1 }];
  const invoice = await desk.invoice({ amount: INVOICE / 100, currency: 'MXN', items, orderNumber: `${name}B` });
  const location = (await new BuyerPage(invoice.invoiceUrl).open()).headers.get('location') ?? '';
  const session = new URL(location).pathname.replace('/c/pay/', '');
  const { id } = stripe.bookWith(session).pay(session);
  await until('the CRM is told of the payment', () => desk.findLast(invoice.invoiceUuid)?.status === 'succeeded');
  payments[name] = invoice.paymentId;
  return id;
}

/** CDEK pays out with these errors. Returns its register. */
function plantAtCdek() {
  const registry = cdek.transfer();
  if (!registry) throw new Error('CDEK has nothing to pay out');
  const find = (name: string) => registry.orders.find((one) => one.cdek_number === parcels[name]?.number)!;
  const add = (one: { transfer_sum: number }, kopecks: number): void => {
    one.transfer_sum = (Math.round(one.transfer_sum * 100) + kopecks) / 100;
    registry.sum = (Math.round(registry.sum * 100) + kopecks) / 100;
  };
  const [lost, less, double] = ['lost', 'less', 'double'].map(find);
  add(lost!, -Math.round(lost!.transfer_sum * 100));
  registry.orders.splice(registry.orders.indexOf(lost!), 1);
  less!.payment_sum = (Math.round(less!.payment_sum * 100) - 1) / 100;
  add(less!, -1);
  const again = { ...double!, payment_sum: 0, agent_commission_sum: 0, transfer_sum: 0 };
  registry.orders.push(again);
  add(again, -Math.round(again.total_sum_without_agent * 100));
  return registry;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crossdock-registers-'));
  await writeFile(join(folder, 'modules.json'), JSON.stringify({ modules: [{ code: MODULE, providers: ['stripe', 'cdek'] }] }));
  [cdek, stripe, crm] = await Promise.all([CdekDouble.start(), StripeDouble.start(), Crm.start()]);
  cdek.setModes({ validateAfterMs: 0 });
  deployment = await Deployment.start({
    crms: [crm],
    variables: { MODULES_FILE: join(folder, 'modules.json'), CDEK_URL: cdek.url, STRIPE_URL: stripe.url },
  });
  desk = await PaymentDesk.open(deployment, crm, MODULE);
  connection = (await deployment.getConnection(crm)).id;
  const shops = [{ code: 'main', name: 'Tienda', active: true, secretKey: 'sk_test_double', capture: 'automatic' }];
  await deployment.operator('PUT', `/connections/${connection}/settings?provider=stripe`, { shops });
  await until('the shop is registered', () => desk.account.registration.integrations?.payment?.shops?.length === 1);
  await until('the webhook of CDEK is set up', () => cdek.subscriptions.length > 0);
  for (const provider of ['stripe', 'cdek'])
    await deployment.operator('PUT', `/connections/${connection}/money/settings`, { provider, payoutDays: 0 });
}, START_MS);
afterAll(async () => {
  await deployment?.stop();
  await Promise.all([crm, cdek, stripe].map((one) => one?.close()));
  await rm(folder, { recursive: true });
});

describe('registers of CDEK and Stripe', () => {
  it('are read by the worker, through an outage and kill -9, and show exactly the planted errors', async () => {
    await deployment.separate('worker');
    for (const [at, name] of ['right', 'lost', 'less', 'double'].entries()) await ship(name, 70 + at);
    const intents: Record<string, string> = {};
    for (const name of ['paid', 'unpaid', 'refunded']) intents[name] = await pay(name);
    await until(
      'all parcels are delivered',
      async () => (await query(`SELECT FROM delivery WHERE connection_id = $1 AND status = 'delivered'`)).length === 4,
    );
    // The shop refunds in Stripe's dashboard, and no webhook arrives.
    stripe.webhooks.mode = 'off';
    stripe.book.refund(stripe.book.intent(intents['refunded']!), REFUND);
    const { movements } = stripe.book;
    const unpaid = movements.findIndex(({ source }) =>
      stripe.book.charges.some(({ id, payment_intent }) => id === source && payment_intent === intents['unpaid']),
    );
    movements.splice(unpaid, 1);
    stripe.book.payOut();
    const registry = plantAtCdek();

    cdek.fail('registries', { kind: 'error-before', status: 503 }, 1_000);
    await compare();
    await until('the outage is noted', async () => (await readRun())?.problem != null, 120_000);
    expect([(await listOpen()).filter((one) => parcels[one.split(':')[0] ?? '']), (await readRun())?.state]).toEqual([[], 'running']);
    cdek.faults.clear();
    // The worker dies while CDEK is called.
    cdek.fail('registries', { kind: 'hang' });
    const called = cdek.countCalls('registries');
    await goOn();
    await until('CDEK is called', () => cdek.countCalls('registries') > called);
    await deployment.killWorkers();
    await deployment.startWorker();
    await goOn();
    await untilDone();
    expect((await readRun())?.omitted).toBeNull();

    const toMinor = (amount: number): number => Math.round(amount * 100);
    const fee = toMinor(registry.orders[0]!.total_sum_without_agent);
    expect((await listRows()).filter((row) => (row as { service: string }).service === 'cdek')).toEqual(
      registry.orders.map((one, at) => ({
        ...{
          service: 'cdek',
          line: at + 1,
          key: one.cdek_number,
          kind: one.payment_sum > 0 ? 'sale' : 'fee',
          replaced: false,
          revision: 1,
        },
        ...{ gross: toMinor(one.payment_sum), net: toMinor(one.transfer_sum) },
        fees: [
          { code: 'delivery', minor: fee },
          { code: 'commission', minor: toMinor(one.agent_commission_sum) },
        ].filter(({ minor }) => minor !== 0),
      })),
    );
    expect(await listOpen()).toEqual([
      `double: double-fee ${fee}`,
      'less: paid-less 1',
      `lost: not-paid ${GOODS + CHARGE}`,
      `refunded: refund ${REFUND}`,
      `unpaid: not-paid ${INVOICE}`,
    ]);
  });

  it('change nothing when they are read again, and a corrected one keeps its old rows', async () => {
    const before = await listRows();
    const registry = cdek.book.registries[0]!;
    const less = registry.orders.find((one) => one.cdek_number === parcels['less']?.number)!;
    less.payment_sum = (Math.round(less.payment_sum * 100) + 1) / 100;
    less.transfer_sum = (Math.round(less.transfer_sum * 100) + 1) / 100;
    registry.sum = (Math.round(registry.sum * 100) + 1) / 100;
    await compare();
    await untilDone();
    const after = await listRows();
    const [old, ...others] = after.filter((row) => (row as { key: string }).key === less.cdek_number);
    expect(old).toMatchObject({ replaced: true, gross: GOODS + CHARGE - 1 });
    expect(others).toMatchObject([{ replaced: false, gross: GOODS + CHARGE, revision: 2 }]);
    const isOther = (row: object): boolean => (row as { key: string }).key !== less.cdek_number;
    const strip = (rows: object[]): object[] => rows.filter(isOther).map((row) => ({ ...row, revision: 0 }));
    expect(strip(after)).toEqual(strip(before));
    expect(await listOpen()).not.toContainEqual(expect.stringMatching(/^less:/));
    expect(await listOpen()).toHaveLength(4);
    expect(await query(`SELECT service, revision FROM register WHERE connection_id = $1 ORDER BY service`)).toEqual([
      { service: 'cdek', revision: 2 },
      { service: 'stripe', revision: 1 },
    ]);
  });
});
