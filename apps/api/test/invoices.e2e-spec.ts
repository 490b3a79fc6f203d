import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Account } from './support/account.js';
import { AccountPage } from './support/account-page.js';
import { Deployment, START_MS } from './support/deployment.js';
import { until } from './support/until.js';

interface Difference {
  id: string;
  kind: string;
  key?: string;
  invoice?: { state: string; problem?: string };
}
interface Offer {
  externalId: string;
  amount: number;
  currency: string;
  payments: { id: number; canEnter: boolean; type: string }[];
  state: string;
  errors?: Record<string, string>;
}

/** A killed worker's lane is taken over after its lease. */
const PATIENCE_MS = 120_000;

let deployment: Deployment;
let account: Account;
let page: AccountPage;
let connection: string;
let lastId = 500;

beforeAll(async () => {
  deployment = await Deployment.start({ accounts: 1, apart: true, variables: { MODULES: 'mercadopago' } });
  account = await Account.connect(deployment, deployment.nextCrm(), 'mercadopago');
  connection = (await deployment.getConnection(account.crm)).id;
  page = await AccountPage.open(account);
}, START_MS);
afterAll(() => deployment?.stop());
afterEach(() => {
  account.crm.recover();
  expect(deployment.complaints()).toEqual([]);
});

/** Stores a sale of a register that no known payment or delivery explains. Returns the id of its row. */
async function plant(key: string, gross: number, integration = 'payment'): Promise<string> {
  const [register, row] = [randomUUID(), randomUUID()];
  await deployment.stores.query(
    `INSERT INTO register (id, connection_id, integration, service, number, kind, date, currency, total, sum, is_file)
     VALUES ($1::uuid, $2, $3, 'mercadopago', $1::text, 'payout', '2026-11-20', 'ARS', $4, $4, true)`,
    [register, connection, integration, gross],
  );
  await deployment.stores.query(
    `INSERT INTO register_row (id, connection_id, register_id, integration, line, hash, occurrence, revision, external_id, kind, gross, fees, net)
     VALUES ($1::uuid, $2, $3, $6, 1, $1::text, 1, 1, $4, 'sale', $5, '[]', $5)`,
    [row, connection, register, key, gross, integration],
  );
  return row;
}
/** Stores the difference of a row, as a comparison does. */
async function differ(row: string, owner = connection): Promise<Difference> {
  const id = randomUUID();
  await deployment.stores.query(
    `INSERT INTO difference (id, connection_id, kind, subject, text, facts) VALUES ($1, $2, 'money.unknown', $3, '', '{"key":"cash-1"}')`,
    [id, owner, `register-row:${row}`],
  );
  return { id, kind: 'money.unknown' };
}
const list = async (): Promise<Difference[]> => ((await page.call('GET', 'money')).json as { differences: Difference[] }).differences;
/** Compares the money until it has the difference of this payment. */
async function find(key: string): Promise<Difference> {
  let found: Difference | undefined;
  await until(
    'the difference is found',
    async () => {
      await page.call('GET', 'money');
      await deployment.operator('POST', `/connections/${connection}/money/comparisons`).catch(() => undefined);
      found = (await list()).find((one) => one.kind === 'money.unknown' && one.key === key);
      return found !== undefined;
    },
    PATIENCE_MS,
  );
  return found!;
}
/** Makes an order with a payment of this amount. */
function addOrder(amount: number, { status = 'not-paid', currency = 'ARS' } = {}): { number: string; payment: number } {
  const payment = ++lastId;
  const number = randomUUID().slice(0, 8);
  account.crm.context.insert('orders', { number, currency, payments: [{ id: payment, type: 'bank-card', status, amount }] });
  return { number, payment };
}
const enter = async ({ id }: Difference, body: object): Promise<{ status: number; json: Offer }> => {
  const { status, json } = await page.call('POST', `money/differences/${id}/invoice`, body);
  return { status, json: json as Offer };
};
const invoicesOf = (externalId: string): object[] =>
  account.crm.context.rows('invoices').filter((invoice) => invoice['externalId'] === externalId);
const look = async (key: string): Promise<Difference | undefined> => (await list()).find((one) => one.key === key);
const stateOf = async (key: string): Promise<string | undefined> => (await look(key))?.invoice?.state;
/** Waits until the CRM has the invoice, and the comparison no longer lists the payment. */
const closed = (key: string): Promise<true> => until('the difference is closed', async () => !(await look(key)), PATIENCE_MS);

describe('a payment that a gateway got outside the CRM', () => {
  it('is offered only after the shop has switched it on and the CRM has granted the scopes', async () => {
    await plant('mp-1', 1_480_50);
    const difference = await find('mp-1');
    const { number, payment } = addOrder(1_480.5);
    expect([difference.invoice, (await enter(difference, { order: number, payment })).status]).toEqual([undefined, 409]);
    expect((await page.call('GET', 'bookings')).json).toMatchObject({ hasGateway: true, invoices: false });
    expect((await page.call('PUT', 'bookings', { invoices: true })).json).toMatchObject({
      missingScopes: ['order_read', 'reference_read'],
    });
    await until('the scopes are granted', async () => {
      const { missingScopes } = (await page.call('GET', 'bookings')).json as { missingScopes: string[] };
      return missingScopes.length === 0;
    });
    expect(await stateOf('mp-1')).toBe('offered');
  }, 180_000);

  it('shows the line and the payments of the order first, and rejects a wrong choice', async () => {
    const difference = await find('mp-1');
    const { number, payment } = addOrder(1_480.5);
    const shown = await enter(difference, { order: number });
    expect(shown.json).toMatchObject({
      ...{ externalId: 'mp-1', amount: 1480.5, currency: 'ARS', day: '2026-11-20', state: 'offered' },
      payments: [{ id: payment, type: 'Банковская карта', amount: 1480.5, currency: 'ARS', isPaid: false, canEnter: true }],
    });
    expect((await enter(difference, { order: 'nowhere' })).json.errors).toEqual({ order: expect.any(String) });
    expect((await enter(difference, { order: number, payment: 7 })).json.errors).toEqual({ payment: expect.any(String) });
    const paid = addOrder(1, { status: 'paid' });
    const isPaid = await enter(difference, { order: paid.number, payment: paid.payment });
    expect([isPaid.status, isPaid.json.errors]).toEqual([400, { payment: expect.stringMatching(/оплачен/) }]);
    const foreign = addOrder(1, { currency: 'BRL' });
    expect((await enter(difference, { order: foreign.number, payment: foreign.payment })).status).toBe(400);
    expect((await enter(difference, { order: number, payment: 0 })).status).toBe(400);
    expect((await enter({ id: 'x', kind: '' }, { order: number })).status).toBe(404);
    expect(account.crm.callsTo('payments.importInvoice')).toEqual([]);
  }, 180_000);

  it('is never cash, nor the payment of another connection', async () => {
    const { number, payment } = addOrder(1_480.5);
    const cash = await differ(await plant('cash-1', 1_480_50, 'delivery'));
    expect((await look('cash-1'))?.invoice).toBeUndefined();
    expect((await enter(cash, { order: number, payment })).status).toBe(409);
    const foreign = await differ(randomUUID(), randomUUID());
    expect((await enter(foreign, { order: number, payment })).status).toBe(404);
    await deployment.stores.query(`DELETE FROM difference WHERE id = ANY ($1)`, [[cash.id, foreign.id]]);
    expect(account.crm.callsTo('payments.importInvoice')).toEqual([]);
  }, 180_000);

  it('is entered once after two presses at the same time, and is explained from then on', async () => {
    const difference = await find('mp-1');
    const { number, payment } = addOrder(1_480.5);
    const body = { order: number, payment };
    const presses = await Promise.all([enter(difference, body), enter(difference, body)]);
    expect(presses.map(({ json }) => json.state)).toContain('waiting');
    expect(presses.filter(({ status }) => status !== 200 && status !== 409)).toEqual([]);
    await closed('mp-1');
    await deployment.settled();
    expect(account.crm.callsTo('payments.importInvoice')).toHaveLength(1);
    expect(invoicesOf('mp-1')).toMatchObject([
      { paymentId: payment, amount: 1480.5, currency: 'ARS', status: 'succeeded', paidAt: '2026-11-20 00:00:00', refundable: false },
    ]);
    await plant('mp-2', 10_00);
    await find('mp-2');
    expect((await list()).map(({ key }) => key)).toEqual(['mp-2']);
    expect((await page.call('GET', 'money')).json).toMatchObject({
      totals: [{ currency: 'ARS', owed: 1480.5, collected: 1480.5, paid: 1480.5 }],
    });
    expect((await page.call('POST', 'bookings/preview', {})).json).toMatchObject({
      lines: [{ kind: 'invoice', order: number, code: String(payment), amount: 1480.5, state: 'booked' }],
    });
    expect((await enter(difference, body)).status).toBe(409);
  }, 180_000);

  it('is found after a lost reply, and not entered twice', async () => {
    const difference = await find('mp-2');
    const { number, payment } = addOrder(10);
    account.crm.fail('*/invoice/import', { kind: 'drop-after' }, 1);
    await enter(difference, { order: number, payment });
    await closed('mp-2');
    expect(invoicesOf('mp-2')).toHaveLength(1);
  }, 180_000);

  it('waits for a person if the reply was lost and the CRM does not show it as paid', async () => {
    await plant('mp-3', 30_00);
    const difference = await find('mp-3');
    const { number, payment } = addOrder(30);
    const body = { order: number, payment };
    account.crm.fail('*/invoice/import', { kind: 'drop' }, 1);
    const calls = account.crm.callsTo('payments.importInvoice').length;
    await enter(difference, body);
    await until('the CRM was called', () => account.crm.callsTo('payments.importInvoice').length > calls);
    await deployment.settled();
    expect([invoicesOf('mp-3'), await stateOf('mp-3'), (await enter(difference, body)).status]).toEqual([[], 'waiting', 409]);
    const pass = (): Promise<unknown> =>
      deployment.stores.query(`UPDATE booking SET called_at = now() - interval '6 minutes' WHERE key LIKE '%mp-3'`);
    await pass();
    expect(await stateOf('mp-3')).toBe('unclear');
    account.crm.fail('*/invoice/import', { kind: 'drop' }, 1);
    expect((await enter(difference, body)).json.state).toBe('waiting');
    await deployment.settled();
    await pass();
    // A late effect of the earlier call is found before another payment is entered.
    const order = account.crm.context.find('orders', 'number', number) as { payments: object };
    Object.assign(Object.values(order.payments)[0] as object, { status: 'paid' });
    const other = addOrder(30);
    expect((await enter(difference, { order: other.number, payment: other.payment })).json.state).toBe('booked');
    await closed('mp-3');
    expect(invoicesOf('mp-3')).toEqual([]);
  }, 300_000);

  it('shows why the CRM rejected it, and is entered by another choice', async () => {
    await plant('mp-6', 60_00);
    const difference = await find('mp-6');
    const { number, payment } = addOrder(60);
    account.crm.refuse('*/invoice/import', 'mp-6');
    await enter(difference, { order: number, payment });
    await until('it is rejected', async () => (await stateOf('mp-6')) === 'rejected');
    expect((await look('mp-6'))?.invoice?.problem).toBe('Errors in the input parameters');
    await deployment.settled();
    expect(invoicesOf('mp-6')).toEqual([]);
    account.crm.recover();
    const inConsole = `/connections/${connection}/money/differences/${difference.id}/invoice`;
    expect(await deployment.operator('POST', inConsole, { order: number })).toMatchObject({
      state: 'offered',
      payments: [{ id: payment }],
    });
    expect(await deployment.operator('POST', inConsole, { order: number, payment })).toMatchObject({ state: 'waiting' });
    await closed('mp-6');
    expect(invoicesOf('mp-6')).toHaveLength(1);
  }, 180_000);

  it('is not entered twice after kill -9 between the call and its reply', async () => {
    await plant('mp-4', 40_00);
    const difference = await find('mp-4');
    const { number, payment } = addOrder(40);
    const release = account.crm.fail('*/invoice/import', { kind: 'hang' }, 1);
    await enter(difference, { order: number, payment });
    await until('the CRM has it', () => invoicesOf('mp-4').length > 0);
    await deployment.killWorkers();
    release();
    await deployment.startWorker();
    await closed('mp-4');
    expect(invoicesOf('mp-4')).toHaveLength(1);
  }, 300_000);

  it('is dropped if the shop switches it off before it is sent', async () => {
    await plant('mp-5', 50_00);
    const difference = await find('mp-5');
    const { number, payment } = addOrder(50);
    await deployment.killWorkers();
    await enter(difference, { order: number, payment });
    await page.call('PUT', 'bookings', {});
    await deployment.startWorker();
    await deployment.settled();
    expect([invoicesOf('mp-5'), await stateOf('mp-5')]).toEqual([[], undefined]);
  }, 180_000);
});
