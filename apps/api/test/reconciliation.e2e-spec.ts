import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeCarrier, FakeGateway } from '#testing';
import { Account } from './support/account.js';
import { Deployment, START_MS } from './support/deployment.js';
import { PaymentDesk } from './support/payment-desk.js';
import type { Reply } from './support/reply.js';
import { until } from './support/until.js';

interface Page<Item> {
  items: Item[];
  total: number;
}

interface Difference {
  id: string;
  kind: string;
  subject: string;
  text: string;
  state: string;
  mending?: string;
}

interface Reconciliation {
  id: string;
  state: string;
  checked: number;
  differed: number;
  problem?: string;
  omitted?: string;
}

let deployment: Deployment;
let connection: string;

const begin = async (): Promise<Reconciliation> => {
  const { items } = await deployment.operator<Page<Reconciliation>>('POST', '/reconciliations', { connection });
  if (!items[0]) throw new Error('none was begun');
  return items[0];
};
const findRun = async (id: string): Promise<Reconciliation | undefined> =>
  (await deployment.operator<Page<Reconciliation>>('GET', `/reconciliations?connection=${connection}`)).items.find((one) => one.id === id);
const list = async (state: string): Promise<Difference[]> =>
  (await deployment.operator<Page<Difference>>('GET', `/differences?connection=${connection}&state=${state}&limit=500`)).items;
/** Compares, and returns the kinds and subjects that are open then. */
async function compare(): Promise<Difference[]> {
  const { id } = await begin();
  await until('it is compared', async () => (await findRun(id))?.state === 'done', 60_000);
  return (await list('open')).toReversed();
}
const mend = (difference: Difference | undefined): Promise<Difference> =>
  deployment.operator('POST', `/differences/${difference?.id}/mend`);
const ask = (difference: Difference | undefined, what: 'mend' | 'dismiss'): Promise<Reply> =>
  deployment.askOperator('POST', `/differences/${difference?.id}/${what}`);
/** Nothing waits for the CRM. */
const isTold = (): Promise<unknown> =>
  until('the CRM is told', async () => {
    const { total } = await deployment.operator<Page<object>>('GET', `/outbox?connection=${connection}&state=pending`);
    return total === 0;
  });

let carrier: FakeCarrier;
let gateway: FakeGateway;
let shop: Account;
let desk: PaymentDesk;
const connections = { delivery: '', payment: '' };

beforeAll(async () => {
  [carrier, gateway] = await Promise.all([FakeCarrier.start(), FakeGateway.start()]);
  deployment = await Deployment.start({ accounts: 3, withFakeCarrier: true });
  shop = await Account.connect(deployment, deployment.nextCrm(), 'fake-carrier');
  desk = await PaymentDesk.open(deployment, deployment.nextCrm(), 'fake-gateway');
  connections.delivery = (await deployment.getConnection(shop.crm)).id;
  connections.payment = (await deployment.getConnection(desk.crm)).id;
  const { url: baseUrl, apiKey, webhookSecret } = carrier;
  await deployment.operator('PUT', `/connections/${connections.delivery}/settings`, { baseUrl, apiKey, webhookSecret });
  const path = `/connections/${connections.payment}/settings`;
  const { values } = await deployment.operator<{ values: object }>('GET', path);
  await deployment.operator('PUT', path, { ...values, baseUrl: gateway.url, token: gateway.token });
}, START_MS);
afterAll(async () => {
  await deployment?.stop();
  await Promise.all([carrier?.close(), gateway?.close()]);
});
afterEach(() => {
  expect(deployment.complaints()).toEqual([]);
});

describe('a delivery', () => {
  let order = 700;
  let deliveryId: string;

  /**
   * Saves an order whose carrier neither pushes nor is polled, and waits until the CRM has it. Its phone
   * needs no hash: a delivery that changes during a comparison is compared the next time.
   */
  beforeEach(async () => {
    connection = connections.delivery;
    carrier.webhooks.mode = 'off';
    order += 1;
    ({ deliveryId } = await shop.ship(String(order), 'express'));
    await deployment.stores.query(
      `UPDATE delivery SET created_at = created_at - interval '1 minute', poll_at = now() + interval '1 day', phone_hash = '' WHERE id = $1`,
      [deliveryId],
    );
    // The first status may bring the cost.
    await isTold();
    expect(await compare()).toEqual([]);
  });
  afterEach(async () => {
    await isTold();
    expect(await compare()).toEqual([]);
  });

  it('that was cancelled at the carrier is found once, and taken in', async () => {
    carrier.cancel(`${order}-1`);
    const [found, ...others] = await compare();
    expect(found).toMatchObject({ kind: 'delivery.status', subject: deliveryId, state: 'open', mending: expect.any(String) });
    expect(found?.text).toMatch(/the provider says cancelled .*, here it is registered/);
    expect(others).toEqual([]);
    expect((await compare()).map(({ id }) => id)).toEqual([found?.id]);
    const mended = await mend(found);
    expect(mended.state).toBe('mended');
    expect(await mend(found)).toEqual(mended);
    await until('the CRM knows', () => shop.crm.findShown(String(order))['status'] === 'cancelled');
  });

  it('whose status the CRM has lost is sent again', async () => {
    shop.crm.findShown(String(order))['status'] = 'registering';
    const [found, ...others] = await compare();
    expect(found).toMatchObject({ kind: 'delivery.crm-status', subject: deliveryId });
    expect(others).toEqual([]);
    await mend(found);
    await until('the CRM knows', () => shop.crm.findShown(String(order))['status'] === 'registered');
  });

  it('whose order the CRM has no more is deleted at the carrier', async () => {
    const row = shop.crm.findOrder(String(order));
    if (row) shop.crm.context.remove('orders', row);
    const [found, ...others] = await compare();
    expect(found).toMatchObject({
      kind: 'delivery.crm-missing',
      subject: deliveryId,
      text: expect.stringContaining('no longer has this order'),
    });
    expect(others).toEqual([]);
    expect(carrier.orders(`${order}-1`)[0]?.state).toBe('registered');
    await mend(found);
    expect(carrier.orders(`${order}-1`)[0]?.state).toBe('cancelled');
  });

  it('that its order no longer has is deleted by the repair, unless it has appeared again', async () => {
    const shown = { ...shop.crm.findShown(String(order)) };
    for (const name of Object.keys(shown)) delete shop.crm.findShown(String(order))[name];
    const [found] = await compare();
    expect(found).toMatchObject({ kind: 'delivery.crm-missing', text: expect.stringContaining('no such delivery') });
    Object.assign(shop.crm.findShown(String(order)), shown);
    expect((await mend(found)).state).toBe('gone');
    expect(carrier.orders(`${order}-1`)[0]?.state).toBe('registered');
  });

  it('that the carrier does not know is listed, and marked as deleted', async () => {
    carrier.lose(`${order}-1`);
    const [found, ...others] = await compare();
    expect(found).toMatchObject({ kind: 'delivery.unknown', text: expect.stringContaining('There is no order') });
    expect(others).toEqual([]);
    await mend(found);
    expect(await deployment.operator('GET', `/deliveries/${deliveryId}`)).toMatchObject({ deletedAt: expect.any(String) });
  });

  it('whose cost differs is only listed, and not again once it was dismissed', async () => {
    const shown = shop.crm.findShown(String(order));
    const cost = shown['cost'];
    shown['cost'] = 1;
    const [found] = await compare();
    expect(found).toMatchObject({ kind: 'delivery.cost', text: expect.stringContaining('1 RUB (crm)') });
    expect(found).not.toHaveProperty('mending');
    expect((await ask(found, 'mend')).status).toBe(400);
    for (const _time of [1, 2]) expect((await ask(found, 'dismiss')).json).toMatchObject({ state: 'dismissed' });
    expect(await compare()).toEqual([]);
    shown['cost'] = 2;
    expect((await compare()).map(({ id }) => id)).toEqual([found?.id]);
    if (cost === undefined) delete shown['cost'];
    else shown['cost'] = cost;
    expect((await ask(found, 'mend')).status).toBe(400);
  });

  it.each(['the carrier', 'the CRM'])(
    'does not differ because %s is unavailable',
    async (who) => {
      shop.crm.findShown(String(order))['status'] = 'registering';
      const end = who === 'the CRM' ? shop.crm.fail('*/orders', { kind: 'error-before', status: 500 }, 1_000) : undefined;
      if (!end) carrier.fail('events', { kind: 'error-before' }, 1_000);
      const { id } = await begin();
      const run = await until('it says why', async () => {
        const present = await findRun(id);
        return present?.problem !== undefined && present;
      });
      expect([run.state, await list('open')]).toEqual(['running', []]);
      end?.();
      carrier.faults.clear();
      await deployment.stores.query(`UPDATE reconciliation SET due_at = now() WHERE id = $1`, [id]);
      await until('it is compared', async () => (await findRun(id))?.state === 'done', 60_000);
      const [found] = await list('open');
      expect(found?.kind).toBe('delivery.crm-status');
      await mend(found);
    },
    90_000,
  );
});

it('a delivery is not compared with the CRM when the key may not read orders', async () => {
  const crm = deployment.nextCrm();
  const end = crm.fail('*/update-scopes', { kind: 'error-before', status: 403, errorMsg: 'Access denied' }, 1_000);
  const account = await Account.connect(deployment, crm, 'courier', ['order_read']);
  connection = (await deployment.getConnection(crm)).id;
  await account.ship('1');
  const { id } = await begin();
  const run = await until('it is compared', async () => {
    const present = await findRun(id);
    return present?.state === 'done' && present;
  });
  expect(run).toMatchObject({ checked: 1, differed: 0, omitted: expect.stringContaining('order_read') });
  end();
  await account.activity(false, false);
});

describe('a payment', () => {
  const AMOUNT = 1234.5;
  const countRefunds = (paymentId: string): number => gateway.effects.filter((effect) => effect === `refunds ${paymentId}`).length;

  beforeEach(() => {
    connection = connections.payment;
  });
  afterEach(async () => {
    await isTold();
    expect(await compare()).toEqual([]);
  });

  /** An invoice that was paid while its webhook was lost. `kind`: the difference that a comparison finds. */
  async function pay(): Promise<{ paymentId: string; invoiceUuid: string }> {
    const invoice = await desk.invoice();
    // Its next reading is far away.
    await deployment.stores.query(`UPDATE payment SET read_at = now() + interval '1 day' WHERE id = $1`, [invoice.paymentId]);
    gateway.pay(invoice.paymentId);
    return invoice;
  }
  async function payAndTell(): Promise<{ paymentId: string; invoiceUuid: string }> {
    const invoice = await pay();
    await desk.status(invoice.paymentId);
    await isTold();
    return invoice;
  }

  it('that was paid is taken in', async () => {
    const { paymentId, invoiceUuid } = await pay();
    const [found, ...others] = await compare();
    expect(found).toMatchObject({ kind: 'payment.status', subject: paymentId });
    expect(found?.text).toMatch(/the gateway reports succeeded with 1234.50 RUB taken, but here it is pending/);
    expect(others).toEqual([]);
    await mend(found);
    await until('the CRM knows', () => desk.findLast(invoiceUuid)?.status === 'succeeded');
  });

  it('whose invoice the CRM believes otherwise is sent again', async () => {
    const { paymentId, invoiceUuid } = await payAndTell();
    const invoice = desk.crm.context.find('invoices', 'invoiceUuid', invoiceUuid);
    if (invoice) invoice['status'] = 'pending';
    const [found, ...others] = await compare();
    expect(found).toMatchObject({ kind: 'payment.crm-status', subject: paymentId });
    expect(others).toEqual([]);
    await mend(found);
    await until('the CRM knows', () => invoice?.['status'] === 'succeeded');
  });

  it('that was made twice is refunded once', async () => {
    const { paymentId, invoiceUuid } = await payAndTell();
    gateway.payAgain(paymentId);
    const found = (await compare()).find(({ kind }) => kind === 'payment.paid-twice');
    expect(found?.text).toContain('paid twice: 2469.00 RUB was captured. To be refunded: 1234.50 RUB.');
    const replies = await Promise.all([ask(found, 'mend'), ask(found, 'mend'), ask(found, 'mend')]);
    expect(replies.map(({ status }) => status).filter((status) => status !== 200 && status !== 409)).toEqual([]);
    expect(await mend(found)).toMatchObject({ state: 'mended' });
    expect(countRefunds(paymentId)).toBe(1);
    await until('the CRM knows', () => [...desk.mapRefunds(invoiceUuid).values()].some(({ amount }) => amount === AMOUNT));
  });

  it('of an order that was paid with another invoice before is refunded', async () => {
    const first = await payAndTell();
    const second = await payAndTell();
    const [one, other] = [first, second].map(({ invoiceUuid }) => desk.crm.context.find('invoices', 'invoiceUuid', invoiceUuid));
    if (one && other) other['paymentId'] = one['paymentId'];
    const [found, ...others] = await compare();
    expect(found).toMatchObject({ kind: 'payment.paid-twice', subject: second.paymentId });
    expect(found?.text).toContain(`another invoice (${first.paymentId})`);
    expect(others).toEqual([]);
    await mend(found);
    expect([countRefunds(first.paymentId), countRefunds(second.paymentId)]).toEqual([0, 1]);
  });
});

it('closes the gap of a restored database once every connection was compared without open differences', async () => {
  interface Restore {
    compared: number;
    remaining: number;
  }
  const read = async (): Promise<Restore> => (await deployment.operator<{ restore: Restore }>('GET', '/system')).restore;
  expect(await read()).toMatchObject({ compared: 0, remaining: 0 });
  expect(await deployment.operator('POST', '/system/restored')).toMatchObject({ compared: 0, remaining: 2 });
  connection = connections.delivery;
  await compare();
  expect(await read()).toMatchObject({ compared: 1, remaining: 1 });
  connection = connections.payment;
  await compare();
  expect(await read()).toMatchObject({ compared: 2, remaining: 0 });
});

it('is started for live connections, and reports problems of a request', async () => {
  await shop.activity(true, true);
  connection = connections.delivery;
  expect((await deployment.askOperator('POST', '/reconciliations', { connection })).status).toBe(409);
  const { begun, items } = await deployment.operator<{ begun: number; items: { connection: string }[] }>('POST', '/reconciliations');
  expect([begun, items.map((one) => one.connection)]).toEqual([1, [connections.payment]]);
  await shop.activity(true, false);
  const unknown = '00000000-0000-7000-8000-000000000000';
  const statuses = [
    await deployment.askOperator('POST', '/reconciliations', { connection: unknown }),
    await deployment.askOperator('POST', '/reconciliations', { connection: {} }),
    await deployment.askOperator('POST', '/reconciliations', { conection: connection }),
    await deployment.askOperator('POST', `/differences/${unknown}/mend`),
    await deployment.askOperator('POST', '/differences/x/dismiss'),
    await deployment.askOperator('GET', '/differences?state=odd'),
  ].map(({ status }) => status);
  expect(statuses).toEqual([404, 400, 400, 404, 404, 400]);
});
