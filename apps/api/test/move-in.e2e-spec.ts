import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type * as wire from '#crm-client/wire';
import { FakeCarrier } from '#testing';
import { StripeDouble } from '../../../lab/doubles/stripe/index.js';
import { Account, readRefusal, readResult } from './support/account.js';
import type { Crm } from './support/crm.js';
import { Deployment, START_MS } from './support/deployment.js';
import { BuyerPage, PAYMENT_SCOPES, PaymentDesk } from './support/payment-desk.js';
import { STORE_SCOPES } from './support/stock-desk.js';
import { until } from './support/until.js';

const SCRIPT = fileURLToPath(new URL('../../../scripts/move-in.mjs', import.meta.url));
const RUN_MS = 180_000;
/** The number of lines of each kind for objects that do not exist at the service. */
const MANY = { deliveries: 90, payments: 30, stocks: 30 };
/** Deliveries at the carrier that the previous module made. */
const CARRIED = ['carried-1', 'carried-2'];

type Line = Record<string, unknown>;

/** The account that moves. The module before is another one of the same deployment, carrier and gateway. */
let target: Crm;
let deployment: Deployment;
let carrier: FakeCarrier;
let stripe: StripeDouble;
let folder: string;
let file: string;
let keys: string[];
/** The ids of the real payment in the account's CRM and at the gateway. */
let paid: { invoiceUuid: string; paymentId: string; intent: string };

const secrets = (): string[] => [...keys, 'sk_test_double', carrier.apiKey];

/** Runs `npm run move-in`. Returns the exit code and the output. */
function runMoveIn(...options: string[]): { child: ChildProcess; end: Promise<{ code: number | null; text: string }> } {
  const env = { ...process.env, OPERATOR_TOKEN: deployment.variables.OPERATOR_TOKEN, DATA_DIR: folder, INIT_CWD: folder };
  const child = spawn(process.execPath, [SCRIPT, file, '--url', deployment.url, ...options], { env, stdio: 'pipe' });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (some: string) => (text += some));
  return { child, end: once(child, 'exit').then(([code]) => ({ code: code as number | null, text })) };
}

const readRefused = (): { number: number; reason: string; errors?: object; line: Line }[] =>
  readFileSync(`${file}.refused.ndjson`, 'utf8')
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text) as ReturnType<typeof readRefused>[number]);
const readCounts = (text: string): string[] =>
  [...text.matchAll(/(\d+) (?:would be made|made), (\d+) there already, (\d+) refused/g)].at(-1)?.slice(1) ?? [text];
const count = async (table: string, connection: string): Promise<number> =>
  Number((await deployment.stores.query<{ n: string }>(`SELECT count(*) AS n FROM ${table} WHERE connection_id = '${connection}'`))[0]?.n);

/** Returns the id of the previous module's connection. */
async function findConnection(module: string): Promise<string> {
  const { items } = await deployment.operator<{ items: { id: string }[] }>('GET', `/connections?module=${module}`);
  return items[0]?.id ?? '';
}

async function makeLines(old: Crm): Promise<Line[]> {
  keys = [target.issueKey(), target.issueKey(PAYMENT_SCOPES), target.issueKey(STORE_SCOPES)];
  const [deliveryKey, paymentKey, storeKey] = keys;
  const carrierSettings = { baseUrl: carrier.url, apiKey: carrier.apiKey, webhookSecret: carrier.webhookSecret };
  const shop = { code: 'main', name: 'Tienda', active: true, secretKey: 'sk_test_double', capture: 'automatic' };
  await deployment.operator('PUT', `/connections/${await findConnection('fake-carrier')}/settings`, carrierSettings);
  const account = Account.byHand(deployment, old, 'fake-carrier', old.findModule('fake-carrier')?.clientId ?? '');
  const of = (module: string): Line => ({ module, systemUrl: target.url });
  const carried: Line[] = [];
  for (const [index, deliveryId] of CARRIED.entries()) {
    const order = String(9001 + index);
    const made = await account.ship(order, 'express');
    // Its status has the carrier's own time then, as another module's would.
    await account.get('/delivery/get', { deliveryId: made.deliveryId });
    const { externalId, trackNumber, status, statusAt, cost, currency } = await deployment.operator<Record<string, string>>(
      'GET',
      `/deliveries/${made.deliveryId}`,
    );
    target.addDelivery('fake-carrier', deliveryId, order);
    carrier.pushStatus(externalId ?? '', 'collected');
    const told = { externalId, trackNumber, status, statusAt, cost, currency };
    carried.push({ kind: 'delivery', ...of('fake-carrier'), ...told, order, deliveryId, tariff: 'express', cod: 100 });
  }
  const delivery = { kind: 'delivery', ...of('courier'), status: 'created', statusAt: '2026-01-10T10:00:00', tariff: 'courier' };
  const payment = { kind: 'payment', ...of('stripe'), shop: 'main', amount: 10, currency: 'MXN', state: 'succeeded' };
  const stock = { kind: 'stock', ...of('ledger'), store: 'main' };
  const range = (length: number): number[] => Array.from({ length }, (_, index) => index);
  const refunds = (await deployment.stores.query<{ external_id: string }>('SELECT external_id FROM payment_refund')).map((row) => ({
    externalId: row.external_id,
    amount: 200,
  }));
  return [
    { kind: 'connection', ...of('courier'), apiKey: deliveryKey },
    { kind: 'connection', ...of('fake-carrier'), apiKey: deliveryKey, settings: carrierSettings },
    { kind: 'connection', ...of('stripe'), apiKey: paymentKey, settings: { shops: [shop] } },
    { kind: 'connection', ...of('ledger'), apiKey: storeKey },
    ...carried,
    {
      kind: 'payment',
      ...of('stripe'),
      ...paid,
      intent: undefined,
      externalId: paid.intent,
      shop: 'main',
      amount: 1234.5,
      currency: 'mxn',
      state: 'succeeded',
      refunds,
    },
    ...range(MANY.deliveries).map((n) => ({
      ...delivery,
      order: String(n + 1),
      deliveryId: `old/${n}`,
      externalId: `R-${n}`,
      trackNumber: `T${n}`,
      declaredValue: 99.5,
    })),
    ...range(MANY.payments).map((n) => ({ ...payment, invoiceUuid: `invoice-${n}`, paymentId: `old-${n}`, externalId: `pi_${n}` })),
    ...range(MANY.stocks).map((n) => ({ ...stock, xmlId: `offer-${n}`, quantity: n + 0.5 })),
    // Wrong lines, and lines that contradict an earlier one.
    { ...delivery, order: '1', deliveryId: 'other', externalId: 'R-other' },
    { ...delivery, order: '5001', deliveryId: 'bad', externalId: 'R-bad', status: 'teleported' },
    { ...delivery, order: '5002', deliveryId: 'fine', externalId: 'R-fine', cost: 1.234, currency: 'RUB' },
    { ...stock, xmlId: 'price-alone', purchasePrice: 5 },
    { ...payment, ...of('courier'), invoiceUuid: 'x', paymentId: 'x', externalId: 'x' },
    { ...payment, invoiceUuid: 'y', paymentId: 'y', externalId: 'y', refunds: [{ externalId: 're_1', amount: 10.01 }] },
    { ...stock, systemUrl: old.url, xmlId: 'a', quantity: 1 },
    { kind: 'connection', ...of('testpay'), apiKey: 'not-a-key' },
    { ...delivery, order: '2', deliveryId: 'old/1', externalId: 'R-1' },
    { ...stock, xmlId: 'offer-1', quantity: 1.5 },
  ];
}

/** An invoice that a buyer paid with the module before, and got a part of back. */
async function payBefore(old: Crm): Promise<typeof paid> {
  const desk = await PaymentDesk.open(deployment, old, 'stripe');
  const shop = { code: 'main', name: 'Tienda', active: true, secretKey: 'sk_test_double', capture: 'automatic' };
  await deployment.operator('PUT', `/connections/${await findConnection('stripe')}/settings`, { shops: [shop] });
  const invoice = await desk.invoice({ amount: 1234.5, currency: 'MXN', items: [] });
  const visit = await new BuyerPage(invoice.invoiceUrl).open();
  const session = new URL(visit.headers.get('location') ?? '').pathname.replace('/c/pay/', '');
  const intent = stripe.bookWith(session).pay(session).id;
  await until('it is taken', () => desk.findLast(invoice.invoiceUuid)?.status === 'succeeded');
  expect((await desk.refund(invoice.paymentId, 200)).status).toBe(200);
  return { invoiceUuid: invoice.invoiceUuid, paymentId: 'paid-before', intent };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'move-in-'));
  file = join(folder, 'customers.ndjson');
  [carrier, stripe] = await Promise.all([FakeCarrier.start(), StripeDouble.start()]);
  deployment = await Deployment.start({ accounts: 2, withFakeCarrier: true, variables: { STRIPE_URL: stripe.url } });
  const old = deployment.nextCrm();
  target = deployment.nextCrm();
  await Account.connect(deployment, old, 'fake-carrier');
  paid = await payBefore(old);
  const lines = await makeLines(old);
  // Some programs begin a file with a byte order mark.
  writeFileSync(file, `\uFEFF${lines.map((line) => JSON.stringify(line)).join('\n')}\n\nnot JSON\n`);
}, START_MS);
afterAll(async () => {
  await deployment?.stop();
  await Promise.all([carrier?.close(), stripe?.close()]);
  rmSync(folder, { recursive: true, force: true });
});

describe('the customers of another module', () => {
  const accounts = new Map<string, Account>();
  const find = (module: string): Account => {
    const account = accounts.get(module);
    if (!account) throw new Error(`${module} was not imported`);
    return account;
  };

  it(
    'are tried, taken in despite kill -9, and there once',
    async () => {
      const tried = await runMoveIn('--dry-run').end;
      expect(tried.code).toBe(1);
      const refusals = readRefused();
      expect(await deployment.listConnections(target)).toEqual([]);
      expect(refusals.map(({ errors, reason }) => Object.keys(errors ?? { [reason]: 1 })[0])).toEqual([
        'order',
        'status',
        'cost',
        'quantity',
        'module',
        'refunds',
        'systemUrl',
        'apiKey',
        'It is not a JSON object.',
      ]);

      await deployment.separate('api');
      const killed = runMoveIn();
      await until(
        'some are taken in',
        async () => (await deployment.stores.query('SELECT 1 FROM delivery WHERE crm_id IS NOT NULL')).length >= 30,
        RUN_MS,
      );
      killed.child.kill('SIGKILL');
      await deployment.killApi();
      await killed.end;
      await deployment.startApi();
      const run = await runMoveIn().end;
      expect(readRefused()).toEqual(refusals);
      const [would, wouldKnow] = readCounts(tried.text).map(Number);
      const [made, known] = readCounts(run.text).map(Number);
      expect((made ?? 0) + (known ?? 0)).toBe((would ?? 0) + (wouldKnow ?? 0));
      expect(known).toBeGreaterThan(wouldKnow ?? 0);
      const again = await runMoveIn().end;
      expect(readCounts(again.text)).toEqual(['0', String((would ?? 0) + (wouldKnow ?? 0)), String(refusals.length)]);
      for (const secret of secrets())
        for (const text of [tried.text, run.text, readFileSync(`${file}.refused.ndjson`, 'utf8')]) expect(text).not.toContain(secret);

      const connections = await deployment.operator<{ items: { id: string; module: string; systemUrl: string }[] }>('GET', '/connections');
      const ids = new Map(connections.items.filter((one) => one.systemUrl === target.url).map(({ id, module }) => [module, id]));
      expect([...ids.keys()].sort()).toEqual(['courier', 'fake-carrier', 'ledger', 'stripe']);
      expect(await count('delivery', ids.get('courier') ?? '')).toBe(MANY.deliveries);
      expect(await count('delivery', ids.get('fake-carrier') ?? '')).toBe(CARRIED.length);
      expect(await count('payment', ids.get('stripe') ?? '')).toBe(MANY.payments + 1);
      expect(await count('ledger_movement', ids.get('ledger') ?? '')).toBe(MANY.stocks);
      for (const module of ids.keys()) {
        const clientId = await until(`${module} is registered`, () => target.findModule(module)?.clientId);
        accounts.set(module, Account.byHand(deployment, target, module, clientId));
      }
      // The CRM knows what was taken in.
      expect(target.callsTo('payments.updateInvoice')).toEqual([]);
      expect(target.callsTo('store.inventoriesUpload')).toEqual([]);
    },
    RUN_MS,
  );

  it(
    'have deliveries that are polled, told, printed and withdrawn under the ids that the CRM has',
    async () => {
      const [first = '', second = ''] = CARRIED;
      const account = find('fake-carrier');
      await until('the news is told', () => account.crm.listCodes(first).includes('collected'), 60_000);
      expect(account.crm.listCodes(first)).toEqual(['collected']);
      const got = readResult<wire.CallbackDeliveryResponseLoadDeliveryData>(
        await account.get('/delivery/get', { deliveryId: first }),
        'CallbackDeliveryGetResponse',
      );
      expect(got).toMatchObject({ status: { code: 'collected' }, tariff: 'express' });
      const printed = await account.post('/delivery/print', {
        print: { entityType: 'order', type: 'label', deliveryIds: [[first, second]] },
      });
      expect([printed.status, printed.bytes.subarray(0, 4).toString()]).toEqual([200, '%PDF']);
      const kept = find('courier');
      expect((await kept.get('/delivery/get', { deliveryId: 'old/7' })).json).toMatchObject({ result: { trackNumber: 'T7' } });
      expect((await kept.delete('old/7')).status).toBe(200);
      expect(readRefusal(await kept.get('/delivery/get', { deliveryId: 'old/7' })).status).toBe(404);
      const edited = await kept.ship('9', 'courier', { deliveryId: 'old/8' } as object);
      expect(edited).toMatchObject({ deliveryId: 'old/8' });
    },
    RUN_MS,
  );

  it('have payments whose refunds are limited to the remaining amount', async () => {
    const account = find('stripe');
    const refund = (amount: number): ReturnType<Account['post']> =>
      account.post('/payment/refund', { refund: { paymentId: 'paid-before', amount } });
    expect(readRefusal(await refund(1034.51))).toMatchObject({ status: 400, errors: { amount: expect.stringContaining('1034.5') } });
    expect((await refund(1034.5)).json).toMatchObject({ success: true, result: { status: 'succeeded', amount: 1034.5 } });
    const status = (await account.get('/payment/status', { paymentId: 'paid-before' })).json as { result: object };
    expect(status.result).toMatchObject({ paymentId: 'paid-before', status: 'refundSucceeded', refundable: false });
    expect(stripe.intents().find(({ id }) => id === paid.intent)).toBeDefined();
  });
});
