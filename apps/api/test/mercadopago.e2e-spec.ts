import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  FIRST_MERCADOPAGO_MODES,
  MercadoPagoDouble,
  type MercadoPagoModes,
  type MercadoPagoOrder,
} from '../../../lab/doubles/mercadopago/index.js';
import { readRefusal, readResult } from './support/account.js';
import { Crm } from './support/crm.js';
import { Deployment, START_MS } from './support/deployment.js';
import { hangCalls } from './support/hang-calls.js';
import { BuyerPage, type CreateBody, PaymentDesk } from './support/payment-desk.js';
import { until } from './support/until.js';

/** The sellers, by the code of their shop. The one of the test user has no webhook. */
const SELLERS = {
  mx: { token: 'APP_USR-mexico', site: 'MLM', webhookSecret: 'mexico-secret-of-webhooks' },
  cl: { token: 'APP_USR-chile', site: 'MLC', webhookSecret: 'chile-secret-of-webhooks' },
  co: { token: 'APP_USR-colombia', site: 'MCO', webhookSecret: 'colombia-secret-of-webhooks' },
  test: { token: 'APP_USR-try', site: 'MLM', webhookSecret: 'try-secret-of-webhooks', isTest: true },
} as const;

/** Secrets that must not appear anywhere. */
const SECRETS = /APP_USR-(mexico|chile|colombia|try)|secret-of-webhooks/;

let deployment: Deployment;
let mercadoPago: MercadoPagoDouble;
let crm: Crm;
let desk: PaymentDesk;
let connection: string;

beforeAll(async () => {
  mercadoPago = await MercadoPagoDouble.start(SELLERS.mx);
  for (const code of ['cl', 'co', 'test'] as const) mercadoPago.addAccount(SELLERS[code]);
  crm = await Crm.start();
  deployment = await Deployment.start({
    crms: [crm],
    variables: { MODULES: 'mercadopago', PROVIDER_BUDGET_MS: '10000', MERCADOPAGO_URL: mercadoPago.url },
  });
  desk = await PaymentDesk.open(deployment, crm, 'mercadopago');
  const { items } = (await deployment.askOperator('GET', '/connections?limit=5')).json as { items: { id: string }[] };
  connection = items[0]?.id ?? '';
  await deployment.settled();
  const saved = await deployment.askOperator('PUT', `/connections/${connection}/settings`, { shops: listShops() });
  expect([saved.status, saved.bytes.toString()]).toEqual([200, expect.not.stringMatching(SECRETS)]);
  await until('the shops are registered', () => desk.account.registration.integrations?.payment?.shops?.length === 4);
  for (const account of mercadoPago.accounts)
    if (!account.isTest) account.webhookUrl = `${deployment.url}/mercadopago/webhooks/${connection}?client=${account.siteCode}`;
}, START_MS);

afterAll(async () => {
  await deployment?.stop();
  await crm?.close();
  await mercadoPago?.close();
});

beforeEach(() => {
  mercadoPago.setModes(FIRST_MERCADOPAGO_MODES);
  mercadoPago.faults.clear();
  mercadoPago.webhooks.clear();
  mercadoPago.webhooks.mode = 'auto';
});
afterEach(() => {
  expect(crm.complaints).toEqual([]);
  expect(desk.wentBack()).toEqual([]);
});

type Invoice = Awaited<ReturnType<PaymentDesk['invoice']>>;

function listShops(changes: Partial<Record<keyof typeof SELLERS, object>> = {}): object[] {
  return (Object.keys(SELLERS) as (keyof typeof SELLERS)[]).map((code) => {
    const { token: accessToken, webhookSecret } = SELLERS[code];
    return { code, name: `Tienda ${code}`, active: true, accessToken, webhookSecret, ...changes[code] };
  });
}

/** An invoice of the Mexican shop. */
const buildInvoice = (changes: Partial<CreateBody> = {}): Partial<CreateBody> => ({
  ...{ shopId: 'mx', amount: 1_234.5, currency: 'MXN', items: [{ name: 'Taza', price: 617.25, quantity: 2 }] },
  customer: { id: 7, firstName: 'Lucía', lastName: 'García', email: 'lucia@example.com' },
  ...changes,
});
const createInvoice = (changes: Partial<CreateBody> = {}): Promise<Invoice> => desk.invoice(buildInvoice(changes));

const listOrders = ({ paymentId }: Invoice): MercadoPagoOrder[] => mercadoPago.orders(paymentId);
function lastOrder(invoice: Invoice): MercadoPagoOrder {
  const order = listOrders(invoice).at(-1);
  if (!order) throw new Error('MercadoPago has no order of the invoice');
  return order;
}
const bookOf = (order: MercadoPagoOrder): MercadoPagoDouble['book'] => mercadoPago.ownerOf(order.id);
/** Orders of an invoice that a buyer could still pay, or has paid. */
const listLiving = (invoice: Invoice): MercadoPagoOrder[] =>
  listOrders(invoice).filter((order) => bookOf(order).isOpen(order) || order.payments.some(({ paid, refunded }) => paid > refunded));

/** Follows the link as the buyer. Returns the order that the payment page belongs to. */
async function visit(invoice: Invoice): Promise<MercadoPagoOrder> {
  const reply = await new BuyerPage(invoice.invoiceUrl).open();
  expect([302, 303]).toContain(reply.status);
  const id = new URL(reply.headers.get('location') ?? '').searchParams.get('order_id');
  const order = mercadoPago.orders().find((one) => one.id === id);
  if (!order) throw new Error(`the link leads to ${reply.headers.get('location')}`);
  return order;
}

async function pay(invoice: Invoice, way: Parameters<MercadoPagoDouble['book']['pay']>[1] = 'APRO'): Promise<MercadoPagoOrder> {
  const order = await visit(invoice);
  return bookOf(order).pay(order.id, way);
}

const told = (invoice: Invoice, status: string): Promise<unknown> =>
  until(`the CRM is told ${status}`, () => desk.findLast(invoice.invoiceUuid)?.status === status);

/** Makes the next reading of a payment due, as the poll would some time later. */
const makeDue = (invoice: Invoice): Promise<unknown> =>
  deployment.stores.query(`UPDATE payment SET read_at = now() WHERE id = $1`, [invoice.paymentId]);

/** Puts off the next read of the payment, so that only a webhook can report its state. */
const putOff = (invoice: Invoice): Promise<unknown> =>
  deployment.stores.query(`UPDATE payment SET read_at = now() + interval '1 hour' WHERE id = $1`, [invoice.paymentId]);

/** The CRM takes three notices an hour. */
const forgetNotices = (): Promise<unknown> =>
  deployment.stores.query(`UPDATE outbox SET sent_at = now() - interval '2 hours' WHERE kind = 'notification' AND state = 'sent'`);

async function settled(): Promise<void> {
  await until('nothing is open', async () => {
    await deployment.stores.query(`UPDATE operation SET check_at = now() WHERE state = 'unknown'`);
    return (await deployment.stores.query(`SELECT 1 FROM operation WHERE state IN ('running', 'unknown')`)).length === 0;
  });
}

const refundsOf = (invoice: Invoice): number[] => listOrders(invoice).flatMap(({ refunds }) => refunds.map(({ amount }) => amount));

describe('payments through MercadoPago', () => {
  it('registers what MercadoPago can', () => {
    const payment = desk.account.registration.integrations?.payment;
    expect(payment?.actions).toEqual({
      create: '/payment/create',
      cancel: '/payment/cancel',
      refund: '/payment/refund',
      status: '/payment/status',
    });
    expect(payment?.currencies?.toSorted()).toEqual(['ARS', 'BRL', 'CLP', 'COP', 'MXN', 'PEN', 'UYU']);
  });

  it('knows whose account each token is, and stores none that is refused', async () => {
    const check = await deployment.askOperator('POST', `/connections/${connection}/check`, {});
    expect(check.json).toMatchObject({ state: 'ok', errors: {}, account: expect.stringMatching(/MX|MLM|M[ée]xico/) });
    const { values } = (await deployment.askOperator('GET', `/connections/${connection}/settings`)).json as { values: { shops: object[] } };
    const shops = values.shops.map((shop, index) => (index === 1 ? { ...shop, accessToken: 'APP_USR-of-nobody' } : shop));
    const { status, errors } = readRefusal(await deployment.askOperator('PUT', `/connections/${connection}/settings`, { shops }));
    expect([status, Object.keys(errors)]).toEqual([400, ['shops[1].accessToken']]);
  });

  it('one stage: link, page, payment, CRM, refunds of parts and of the rest', async () => {
    const invoice = await createInvoice();
    const [sent] = mercadoPago.calls.filter(({ call, body }) => call === 'createOrder' && JSON.stringify(body).includes(invoice.paymentId));
    expect(sent?.body).toMatchObject({ total_amount: '1234.50', type: 'online', processing_mode: 'manual' });
    expect(invoice.invoiceUrl.startsWith(deployment.url)).toBe(true);
    const order = await visit(invoice);
    expect((await visit(invoice)).id).toBe(order.id);
    // The query of the return address proves nothing.
    await new BuyerPage(invoice.invoiceUrl).open('?done=1&collection_status=approved&status=approved&payment_id=1');
    expect((await desk.status(invoice.paymentId)).status).toBe('pending');
    mercadoPago.book.pay(order.id);
    await told(invoice, 'succeeded');
    expect(desk.findLast(invoice.invoiceUuid)).toMatchObject({ amount: 1_234.5, refundable: true, cancellable: false });
    const page = (await new BuyerPage(invoice.invoiceUrl).open('?done=1&status=rejected')).bytes.toString();
    expect(page).toMatch(/1,234\.50|1234\.50/);
    for (const amount of [100, 34.5]) readResult(await desk.refund(invoice.paymentId, amount), 'CallbackPaymentRefundResponse');
    expect(refundsOf(invoice)).toEqual([10_000, 3_450]);
    readResult(await desk.refund(invoice.paymentId), 'CallbackPaymentRefundResponse');
    await told(invoice, 'refundSucceeded');
    // The CRM has that reply: the same again is another refund, without money for it.
    expect(readRefusal(await desk.refund(invoice.paymentId)).status).toBe(400);
    expect(readRefusal(await desk.refund(invoice.paymentId, 1)).status).toBe(400);
    expect(refundsOf(invoice)).toEqual([10_000, 3_450, 110_000]);
    expect(listOrders(invoice)).toHaveLength(1);
  });

  it('while it waits or cannot be read, its link shows that and never fails otherwise', async () => {
    const invoice = await createInvoice();
    mercadoPago.fail('getOrder', { kind: 'error-before', status: 503 }, 20);
    expect((await new BuyerPage(invoice.invoiceUrl).open()).status).toBe(503);
    mercadoPago.faults.clear();
    // A service that has failed so often is first left alone for some seconds.
    await until('it is asked again', async () => (await new BuyerPage(invoice.invoiceUrl).open()).status !== 503);
    await pay(invoice, 'ticket');
    const page = await new BuyerPage(invoice.invoiceUrl).open();
    expect([page.status, page.bytes.toString()]).toEqual([200, expect.not.stringContaining('<form')]);
  });

  it('a slip that MercadoPago charges all the same is refunded, once, also when a reply is lost', async () => {
    mercadoPago.setModes({ lateSlips: 'accepted' });
    const invoice = await createInvoice();
    const order = await pay(invoice, 'ticket');
    expect((await desk.cancel(invoice.paymentId)).status).toBe(200);
    await told(invoice, 'canceled');
    mercadoPago.fail('refundOrder', { kind: 'error-after' });
    mercadoPago.book.settle(order.id);
    await until('the money is back', () => refundsOf(invoice).length > 0);
    await settled();
    await makeDue(invoice);
    await until('it is read again', async () => {
      const rows = await deployment.stores.query(`SELECT 1 FROM payment WHERE id = $1 AND read_at <= now()`, [invoice.paymentId]);
      return rows.length === 0;
    });
    expect(refundsOf(invoice)).toEqual([123_450]);
    expect(desk.listStatuses(invoice.invoiceUuid)).toEqual(['canceled']);
  });

  describe('money', () => {
    it.each([
      ['cl', 'CLP', 15_000, '15000'],
      ['mx', 'MXN', 0.1 + 0.2, '0.30'],
    ] as const)('the shop %s takes %s: %d is %s', async (shopId, currency, amount, sent) => {
      const invoice = await createInvoice({ shopId, currency, amount, items: [] });
      expect(lastOrder(invoice).request.total_amount).toBe(sent);
      await pay(invoice);
      await told(invoice, 'succeeded');
      expect(desk.findLast(invoice.invoiceUuid)?.amount).toBeCloseTo(amount, 9);
    });

    it.each<[string, Partial<CreateBody>, string]>([
      ['centavos of Colombia', { shopId: 'co', currency: 'COP', amount: 85_000.5, items: [] }, 'amount'],
      ['a currency nobody there has', { currency: 'EUR', amount: 10, items: [] }, 'currency'],
    ])('refuses %s and names the field', async (_what, changes, field) => {
      const before = mercadoPago.orders().filter((order) => bookOf(order).isOpen(order)).length;
      const refusal = readRefusal(await desk.create(desk.body(buildInvoice(changes))));
      expect([refusal.status, Object.keys(refusal.errors)]).toEqual([400, [field]]);
      // None of the remaining orders can be paid.
      expect(mercadoPago.orders().filter((order) => bookOf(order).isOpen(order))).toHaveLength(before);
    });
  });

  describe('webhooks', () => {
    it.each<Partial<MercadoPagoModes>>([{ signedId: 'exact', signedTime: 'milliseconds', repeats: 'new-request' }])(
      'are believed when signed as %j',
      async (modes) => {
        mercadoPago.setModes(modes);
        mercadoPago.webhooks.mode = 'hold';
        const invoice = await createInvoice();
        await putOff(invoice);
        await pay(invoice);
        await mercadoPago.webhooks.flush({ reverse: true, copies: 2 });
        expect(new Set(mercadoPago.webhooks.attempts.map(({ status }) => status))).toEqual(new Set([200]));
        await told(invoice, 'succeeded');
        expect(desk.listStatuses(invoice.invoiceUuid)).toEqual(['succeeded']);
      },
    );

    it('forged ones are rejected and change nothing, and the id of the body is not believed', async () => {
      mercadoPago.webhooks.mode = 'hold';
      mercadoPago.webhooks.retryMs = 5;
      const invoice = await createInvoice();
      await putOff(invoice);
      await pay(invoice);
      await mercadoPago.webhooks.flush({ forge: true });
      expect(new Set(mercadoPago.webhooks.attempts.map(({ status }) => status))).toEqual(new Set([400]));
      const other = await createInvoice();
      await putOff(other);
      await pay(other);
      await mercadoPago.webhooks.flush({ bodyId: lastOrder(invoice).id });
      await told(other, 'succeeded');
      expect(desk.findLast(invoice.invoiceUuid)).toBeUndefined();
      await makeDue(invoice);
      await told(invoice, 'succeeded');
    });

    it('of other topics, of foreign orders and unsigned ones do no harm', async () => {
      mercadoPago.webhooks.retryMs = 5;
      const invoice = await createInvoice();
      await pay(invoice);
      await told(invoice, 'succeeded');
      for (const topic of ['payment', 'ipn'] as const) mercadoPago.notify(topic, lastOrder(invoice).id);
      const foreign = mercadoPago.book.create({
        type: 'online',
        processing_mode: 'manual',
        total_amount: '10.00',
        external_reference: 'panel-1',
      });
      mercadoPago.book.pay(foreign.id);
      await mercadoPago.webhooks.idle();
      const answered = mercadoPago.webhooks.attempts.filter(({ action }) => action !== 'ipn').map(({ status }) => status);
      expect(new Set(answered)).toEqual(new Set([200]));
      expect(mercadoPago.webhooks.attempts.every(({ status }) => status < 500)).toBe(true);
      expect(desk.listStatuses(invoice.invoiceUuid)).toEqual(['succeeded']);
    });

    it('of fraud are reported to the shop once, however often they come', async () => {
      const invoice = await createInvoice();
      await pay(invoice);
      await told(invoice, 'succeeded');
      await forgetNotices();
      const before = crm.notifications.length;
      for (let times = 0; times < 3; times++) mercadoPago.notify('stop_delivery_op_wh', lastOrder(invoice).id);
      await mercadoPago.webhooks.idle();
      await until('the shop is told', () => crm.notifications.length > before);
      const [notice, ...others] = crm.notifications.slice(before);
      expect(notice).toContain(`платёж ${lastOrder(invoice).payments[0]?.number}: не отгружайте`);
      expect(others).toEqual([]);
      expect(desk.listStatuses(invoice.invoiceUuid)).toEqual(['succeeded']);
    });

    it('without any that fits, the poll catches up', async () => {
      const invoice = await createInvoice({ shopId: 'test' });
      expect((await pay(invoice)).id).toMatch(/^ORDTST/);
      await makeDue(invoice);
      await told(invoice, 'succeeded');
      mercadoPago.setModes({ signedId: 'neither' });
      const other = await createInvoice();
      await pay(other);
      await makeDue(other);
      await told(other, 'succeeded');
    });
  });

  describe('unknown outcomes', () => {
    it.each<Partial<MercadoPagoModes>>([{ searchPages: 'offsets', keyAfterError: 'error' }])(
      'a create is found by its reference or its key: %j',
      async (modes) => {
        mercadoPago.setModes(modes);
        const body = desk.body(buildInvoice());
        mercadoPago.fail('createOrder', { kind: 'error-after' });
        await desk.create(body);
        await settled();
        const { paymentId, invoiceUrl } = readResult<{ paymentId: string; invoiceUrl: string }>(
          await desk.create(body),
          'CallbackPaymentCreateResponse',
        );
        await visit({ paymentId, invoiceUrl, invoiceUuid: body.invoiceUuid });
        expect(mercadoPago.orders(paymentId)).toHaveLength(1);
      },
    );
  });

  it('refunds that MercadoPago refuses are refused, and the payment stays', async () => {
    const invoice = await createInvoice();
    await pay(invoice);
    await told(invoice, 'succeeded');
    mercadoPago.fail('refundOrder', { kind: 'refuse', code: 'insufficient_funds_in_account', status: 400, message: 'Not enough money' });
    expect(readRefusal(await desk.refund(invoice.paymentId, 10))).toMatchObject({
      status: 400,
      errorMsg: expect.stringContaining('Not enough money'),
    });
    mercadoPago.setModes({ partialRefunds: false });
    expect(readRefusal(await desk.refund(invoice.paymentId, 11)).status).toBe(400);
    expect((await desk.status(invoice.paymentId)).status).toBe('succeeded');
  });

  it('kill -9 of the api between MercadoPago’s acts and our commits: nothing twice, nothing lost', async () => {
    await deployment.separate('api');
    const [refunding, unpaid, replaced, renewed] = [
      ...[await createInvoice(), await createInvoice()],
      ...[await createInvoice(), await createInvoice()],
    ] as const;
    await pay(refunding);
    await told(refunding, 'succeeded');
    const created = desk.body(buildInvoice());
    const firsts = [await visit(replaced), await visit(renewed)];
    mercadoPago.advance(Math.max(...firsts.map(({ expiresAt = 0 }) => expiresAt)) - mercadoPago.book.now + 60);
    const { ended } = await hangCalls(mercadoPago, [
      ['refundOrder', () => desk.refund(refunding.paymentId, 10)],
      ['createOrder', () => desk.create(created)],
      ['cancelOrder', () => desk.cancel(unpaid.paymentId)],
      // The link leads to a next order, at either of its calls.
      ['cancelOrder', () => new BuyerPage(replaced.invoiceUrl).open()],
      ['createOrder', () => new BuyerPage(renewed.invoiceUrl).open()],
    ]);
    await deployment.killApi();
    await ended;
    await deployment.startApi();
    await deployment.stores.query(`UPDATE operation SET lease_until = now() WHERE state = 'running'`);
    await settled();
    expect(refundsOf(refunding)).toEqual([1_000]);
    await until('the refund is told', () => desk.mapRefunds(refunding.invoiceUuid).size === 1);
    await told(unpaid, 'canceled');
    const { paymentId, invoiceUrl } = readResult<{ paymentId: string; invoiceUrl: string }>(
      await desk.create(created),
      'CallbackPaymentCreateResponse',
    );
    const made = { paymentId, invoiceUrl, invoiceUuid: created.invoiceUuid };
    await pay(made);
    await told(made, 'succeeded');
    expect(listLiving(made)).toHaveLength(1);
    for (const [index, invoice] of [replaced, renewed].entries()) {
      const second = await visit(invoice);
      expect(second.id).not.toBe(firsts[index]?.id);
      expect(listLiving(invoice)).toEqual([second]);
      await pay(invoice);
      await told(invoice, 'succeeded');
    }
  }, 240_000);

  it('tokens and secrets appear in no table, log or reply', async () => {
    const tables = await deployment.stores.query<{ tablename: string }>(
      `SELECT tablename FROM pg_tables WHERE schemaname IN ('public', 'bullmq')`,
    );
    for (const { tablename } of tables) {
      const rows = await deployment.stores.query(`SELECT 1 FROM ${tablename} t WHERE t::text ~ '${SECRETS.source}'`).catch(() => []);
      expect([tablename, rows.length]).toEqual([tablename, 0]);
    }
    expect(deployment.lastOutput).not.toMatch(SECRETS);
  });
});
