import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeCarrier } from '#testing';
import { Account } from './support/account.js';
import { AccountPage } from './support/account-page.js';
import { Deployment, START_MS } from './support/deployment.js';
import { until } from './support/until.js';

interface Line {
  kind: string;
  order?: string;
  code: string;
  amount: number;
  currency: string;
  state: string;
}
interface Settings {
  costItem?: string;
  since: string;
  costItems: { value: string; label: string }[];
  paymentTypes: { value: string }[];
  paymentStatuses: { value: string }[];
  missingScopes: string[];
}

/** An order with its delivery, in the account's base currency unless another is given. */
interface Money {
  order: number | string;
  fees?: { code: string; minor: number }[];
  collected?: number;
  currency?: string;
  /** Currency of the amount to be collected. */
  owedIn?: string;
}

let carrier: FakeCarrier;
let deployment: Deployment;
let account: Account;
let page: AccountPage;
let connection: string;

const SINCE = '2026-11-01';

beforeAll(async () => {
  carrier = await FakeCarrier.start();
  deployment = await Deployment.start({ accounts: 1, withFakeCarrier: true });
  account = await Account.connect(deployment, deployment.nextCrm(), 'fake-carrier');
  connection = (await deployment.getConnection(account.crm)).id;
  account.crm.context.insert('costItems', { code: 'carrier', name: 'Carrier', appliesToOrders: true, active: true });
  account.crm.context.insert('costItems', { code: 'rent', name: 'Rent', appliesToOrders: false, active: true });
  await deployment.operator('PUT', `/connections/${connection}/settings`, {
    baseUrl: carrier.url,
    apiKey: carrier.apiKey,
    webhookSecret: carrier.webhookSecret,
  });
  page = await AccountPage.open(account);
}, START_MS);
afterAll(async () => {
  await deployment?.stop();
  await carrier?.close();
});
afterEach(() => expect(deployment.complaints()).toEqual([]));

/** Stores a register with the fees of a delivery, as after an import and a comparison. Returns its row. */
async function plant({ order, fees = [], collected, currency = 'RUB', owedIn = currency }: Money): Promise<string> {
  const [register, row, subject] = [randomUUID(), randomUUID(), `delivery:${randomUUID()}`];
  const facts = {
    ...{ subject, order: String(order), service: 'fake-carrier', day: '2026-11-20', ended: true, owed: { minor: 1, currency: owedIn } },
    ...(collected !== undefined && { collected: { minor: collected, currency } }),
  };
  await deployment.stores.query(
    `INSERT INTO register (id, connection_id, integration, service, number, kind, date, currency, total, is_file)
     VALUES ($1::uuid, $2, 'delivery', 'fake-carrier', $1::text, 'payout', '2026-11-20', $3, 0, true)`,
    [register, connection, currency],
  );
  await deployment.stores.query(
    `INSERT INTO register_row (id, connection_id, register_id, integration, line, hash, occurrence, revision, kind, gross, fees, net, subject)
     VALUES ($1::uuid, $2, $3, 'delivery', 1, $1::text, 1, 1, 'sale', 0, $4, 0, $5)`,
    [row, connection, register, JSON.stringify(fees), subject],
  );
  await deployment.stores.query(
    `INSERT INTO settlement (connection_id, subject, currency, integration, service, day, order_number,
       owed, collected, refunded, paid, fees, missing, quoted, billed, differs, facts)
     VALUES ($1, $2, $3, 'delivery', 'fake-carrier', '2026-11-20', NULL, 0, 0, 0, 0, 0, 0, 0, 0, false, $4)`,
    [connection, subject, currency, JSON.stringify(facts)],
  );
  return row;
}

const addOrder = (): number => Number(account.crm.context.insert('orders', { number: randomUUID().slice(0, 8), payments: [] })['id']);
const costsOf = (order: number) =>
  account.crm.context.rows('costs').filter((cost) => (cost['order'] as { id: number } | undefined)?.id === order);
const save = async (body: object): Promise<Settings> => (await page.call('PUT', 'bookings', body)).json as Settings;
const preview = async (body: object): Promise<Line[]> =>
  ((await page.call('POST', 'bookings/preview', body)).json as { lines: Line[] }).lines;
const book = (): Promise<Settings> => save({ costItem: 'carrier', paymentType: 'cash', since: SINCE });

describe("money in the CRM's orders", () => {
  it('is shown before anything is entered, and needs no further scope for that', async () => {
    const order = addOrder();
    await plant({
      order,
      fees: [
        { code: 'commission', minor: 12_30 },
        { code: 'delivery', minor: 300_00 },
      ],
      collected: 1_990_50,
    });
    const settings = (await page.call('GET', 'bookings')).json as Settings;
    expect([settings.costItem, settings.missingScopes]).toEqual([undefined, []]);
    // An item that does not refer to orders cannot be chosen.
    const items = settings.costItems.map(({ value }) => value);
    expect([items.includes('carrier'), items.includes('rent')]).toEqual([true, false]);
    expect(await preview({ costItem: 'carrier', paymentType: 'cash', since: SINCE })).toMatchObject([
      { kind: 'cost', order: String(order), code: 'commission', amount: 12.3, currency: 'RUB', state: 'new' },
      { kind: 'payment', order: String(order), code: 'cash', amount: 1990.5, state: 'new' },
    ]);
    expect(await preview({ since: SINCE })).toEqual([]);
    expect(account.crm.callsTo('costs.costsUpload')).toEqual([]);
  });

  it('is entered once, after the CRM has granted the scopes', async () => {
    const listScopes = async (): Promise<string[]> => (await deployment.getConnection(account.crm)).scopes;
    expect(await listScopes()).not.toEqual(expect.arrayContaining([expect.stringMatching(/^cost_|^order_write/)]));
    await book();
    await until('the scopes are granted', async () => ((await page.call('GET', 'bookings')).json as Settings).missingScopes.length === 0);
    expect(await listScopes()).toEqual(expect.arrayContaining(['cost_read', 'cost_write', 'order_write']));
    const order = addOrder();
    await plant({ order, fees: [{ code: 'storage', minor: 50_00 }], collected: 700_00 });
    await book();
    const at = { dateFrom: '2026-11-20', dateTo: '2026-11-20' };
    await until('the cost is entered', () => costsOf(order).length > 0);
    expect(costsOf(order)).toMatchObject([
      { ...at, summ: 50, costItem: 'carrier', comment: expect.stringMatching(/: хранение #[0-9a-f-]{36}$/) },
    ]);
    const payments = (): object[] => Object.values((account.crm.context.find('orders', 'id', String(order))?.['payments'] ?? {}) as object);
    await until('the payment is entered', () => payments().length > 0);
    expect(payments()).toMatchObject([{ amount: 700, type: 'cash' }]);
    await book();
    await deployment.settled();
    expect([costsOf(order).length, payments().length]).toEqual([1, 1]);
    expect(new Set((await preview({ costItem: 'carrier', paymentType: 'cash', since: SINCE })).map(({ state }) => state))).toEqual(
      new Set(['booked']),
    );
  });

  it('is not entered twice when the reply is lost', async () => {
    const order = addOrder();
    account.crm.fail('*/costs/upload', { kind: 'drop-after' }, 1);
    account.crm.fail('*/payments/create', { kind: 'drop-after' }, 1);
    await plant({ order, fees: [{ code: 'return', minor: 10_00 }], collected: 20_00 });
    await book();
    await until('all is entered', async () =>
      (await preview({ costItem: 'carrier', paymentType: 'cash', since: SINCE })).every(({ state }) => state === 'booked'),
    );
    expect(costsOf(order)).toHaveLength(1);
    expect(Object.values((account.crm.context.find('orders', 'id', String(order))?.['payments'] ?? {}) as object)).toHaveLength(1);
  });

  it('is corrected when a register is', async () => {
    const order = addOrder();
    const row = await plant({ order, fees: [{ code: 'commission', minor: 100_00 }] });
    await book();
    await until('the cost is entered', () => costsOf(order).length > 0);
    await deployment.stores.query(`UPDATE register_row SET fees = '[{"code":"commission","minor":12000}]' WHERE id = $1`, [row]);
    await book();
    await until('the cost is corrected', () => (costsOf(order)[0] as { summ?: number } | undefined)?.summ === 120);
    expect(costsOf(order)).toHaveLength(1);
  });

  it('is never entered in another currency, or without an order in the CRM', async () => {
    await plant({ order: addOrder(), fees: [{ code: 'commission', minor: 7_00 }], currency: 'KZT' });
    await plant({ order: addOrder(), collected: 8_00, owedIn: 'KZT' });
    await plant({ order: 'A-77', fees: [{ code: 'commission', minor: 9_00 }] });
    await book();
    await deployment.settled();
    const lines = await preview({ costItem: 'carrier', paymentType: 'cash', since: SINCE });
    expect(
      lines
        .filter(({ state }) => state !== 'booked')
        .map(({ amount, currency, state }) => `${amount} ${currency} ${state}`)
        .sort(),
    ).toEqual(['7 KZT other-currency', '8 RUB other-currency', '9 RUB no-order']);
  });

  it('that waits when it is switched off is entered once after it is switched on', async () => {
    const order = addOrder();
    await plant({ order, fees: [{ code: 'commission', minor: 3_00 }] });
    const succeed = account.crm.fail('*/costs/upload', { kind: 'error-before', status: 503 }, 1_000);
    await book();
    const countWaiting = async (): Promise<number> =>
      (
        await deployment.stores.query(`SELECT FROM outbox WHERE connection_id = $1 AND kind = 'booking.cost' AND state = 'pending'`, [
          connection,
        ])
      ).length;
    await until('it waits', async () => (await countWaiting()) > 0);
    await save({ since: SINCE });
    await until('it is dropped', async () => (await countWaiting()) === 0, 60_000);
    succeed();
    await save({ costItem: 'carrier', paymentType: 'cash', since: SINCE });
    await until('it is entered', () => costsOf(order).length > 0);
    expect(costsOf(order)).toHaveLength(1);
  });

  it('is not entered before the chosen day, nor after it was switched off', async () => {
    const calls = account.crm.callsTo('costs.costsUpload').length;
    await save({ costItem: 'carrier', since: '2026-11-21' });
    await plant({ order: addOrder(), fees: [{ code: 'commission', minor: 1_00 }] });
    await save({ costItem: 'carrier', since: '2026-11-21' });
    await save({ since: SINCE });
    await deployment.settled();
    expect(account.crm.callsTo('costs.costsUpload')).toHaveLength(calls);
    expect((await page.call('PUT', 'bookings', { since: '2099-01-01' })).json).toMatchObject({ errors: { since: expect.any(String) } });
  });
});

describe('a fee that a corrected register lost', () => {
  const replace = (row: string): Promise<unknown> =>
    deployment.stores.query('UPDATE register_row SET replaced_at = now() WHERE id = $1', [row]);
  const restore = (row: string): Promise<unknown> =>
    deployment.stores.query('UPDATE register_row SET replaced_at = NULL WHERE id = $1', [row]);
  const listLost = (): Promise<{ text: string; facts: object }[]> =>
    deployment.stores.query(`SELECT text, facts FROM difference WHERE connection_id = $1 AND kind = 'money.cost' AND state = 'open'`, [
      connection,
    ]);
  const compare = async (): Promise<void> => {
    await deployment.operator('POST', `/connections/${connection}/money/comparisons`);
    await until('the money is compared', async () => {
      const runs = await deployment.stores.query(`SELECT FROM reconciliation WHERE connection_id = $1 AND state = 'running'`, [connection]);
      return runs.length === 0;
    });
  };

  // Registers are not read, only compared.
  beforeAll(() => void carrier.fail('payouts', { kind: 'error-before', status: 422 }, 1_000));

  it('is a difference while the CRM has its cost, until a register has the fee again', async () => {
    const order = addOrder();
    const row = await plant({ order, fees: [{ code: 'return', minor: 55_50 }] });
    await book();
    await until('the cost is entered', () => costsOf(order).length > 0);
    await compare();
    expect(await listLost()).toEqual([]);
    await replace(row);
    await compare();
    const money = { minor: 55_50, currency: 'RUB' };
    expect(await listLost()).toMatchObject([
      { text: 'fake-carrier: the CRM has costs that registers no longer have: return of 55.5 RUB.', facts: { return: money } },
    ]);
    // The shop has deleted the cost.
    account.crm.context.remove('costs', costsOf(order)[0]!);
    await restore(row);
    await compare();
    expect(await listLost()).toEqual([]);
    await book();
    await until('the cost is entered again', () => costsOf(order).length > 0);
    await book();
    await deployment.settled();
    expect(costsOf(order)).toMatchObject([{ summ: 55.5 }]);
  });

  it('is not entered if the CRM did not have its cost yet, and is a difference if only the reply was lost', async () => {
    const [early, late] = [addOrder(), addOrder()];
    const listEarly = () => deployment.stores.query('SELECT FROM booking WHERE order_ref = $1', [String(early)]);
    const before = account.crm.callsTo('costs.costsUpload').length;
    account.crm.fail('*/costs/upload', { kind: 'drop-after' }, 1);
    const rows = [await plant({ order: late, fees: [{ code: 'storage', minor: 70_10 }] })];
    await book();
    await until('the reply is lost', () => account.crm.callsTo('costs.costsUpload').length > before);
    const heal = account.crm.fail('*/costs', { kind: 'error-before', status: 503 }, 1_000);
    rows.push(await plant({ order: early, fees: [{ code: 'storage', minor: 80_00 }] }));
    await book();
    await until('the entry waits', async () => (await listEarly()).length > 0);
    for (const row of rows) await replace(row);
    heal();
    await deployment.settled();
    await until('both entries are decided', async () => {
      const waiting = await deployment.stores.query('SELECT FROM booking WHERE connection_id = $1 AND sent_at IS NULL', [connection]);
      return waiting.length === 0;
    });
    expect([costsOf(early), costsOf(late).length]).toEqual([[], 1]);
    await compare();
    expect(await listLost()).toMatchObject([{ facts: { storage: { minor: 70_10, currency: 'RUB' } } }]);
    expect(await listEarly()).toEqual([]);
  });
});
