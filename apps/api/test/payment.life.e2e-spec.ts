import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { readRefusal, readResult } from './support/account.js';
import { listViolations } from './support/contract-check.js';
import { Crm } from './support/crm.js';
import { Deployment } from './support/deployment.js';
import { BuyerPage, PAYMENT_SCOPES, PaymentDesk } from './support/payment-desk.js';
import { anyBackend } from './support/test-servers.js';
import { until } from './support/until.js';

const PAYS = '4242 4242 4242 4242';
const WEBHOOK_KEY = 'a-webhook-key-of-the-spec';

interface Settings {
  shops: { code: string; name: string; active: boolean; capture: string; holdHours: number }[];
  webhookSecret?: unknown;
}

let deployment: Deployment;
const crms: Crm[] = [];
let free: Crm[] = [];

/** An unused account with a one-stage shop (`main`), a two-stage shop (`two`) and a closed one (`closed`). */
async function openDesk(): Promise<PaymentDesk> {
  const crm = free.pop();
  if (!crm) throw new Error('start more accounts');
  const desk = await PaymentDesk.open(deployment, crm);
  const path = `/connections/${await connectionId(desk)}/settings`;
  const { values } = await deployment.operator<{ values: Settings }>('GET', path);
  const [shop] = values.shops;
  if (!shop || values.shops.length > 1) throw new Error('a connection starts with one shop');
  const before = crm.registrations.length;
  await deployment.operator('PUT', path, {
    ...values,
    webhookSecret: WEBHOOK_KEY,
    shops: [shop, { ...shop, code: 'two', name: 'Two stages', capture: 'manual' }, { ...shop, code: 'closed', active: false }],
  });
  await until('the shops are registered', () => crm.registrations.length > before);
  return desk;
}

async function connectionId(desk: PaymentDesk): Promise<string> {
  const { items } = await deployment.operator<{ items: { id: string; systemUrl: string }[] }>('GET', '/connections?limit=500');
  return items.find((one) => one.systemUrl === desk.crm.url)?.id ?? '';
}

/** An invoice of two stages that the buyer has paid and the CRM knows to be held. */
async function heldInvoice(
  desk: PaymentDesk,
  changes: Parameters<PaymentDesk['invoice']>[0] = {},
): Promise<Awaited<ReturnType<PaymentDesk['invoice']>>> {
  const invoice = await desk.invoice({ shopId: 'two', ...changes });
  await new BuyerPage(invoice.invoiceUrl).pay(PAYS);
  await until('the CRM knows of the hold', () => desk.findLast(invoice.invoiceUuid)?.status === 'waitingForCapture');
  return invoice;
}

async function paidInvoice(
  desk: PaymentDesk,
  changes: Parameters<PaymentDesk['invoice']>[0] = {},
  card = PAYS,
): Promise<Awaited<ReturnType<PaymentDesk['invoice']>>> {
  const invoice = await desk.invoice(changes);
  await new BuyerPage(invoice.invoiceUrl).pay(card);
  await until('the CRM knows that it is paid', () => desk.findLast(invoice.invoiceUuid)?.status === 'succeeded');
  return invoice;
}

/** Sends the webhooks that wait for their time. */
async function sendWebhooks(paymentId: string): Promise<void> {
  await deployment.stores.query(`UPDATE testpay_event SET due_at = now() WHERE payment_id = $1 AND sent_at IS NULL`, [paymentId]);
}

/** Makes the gateway's time for a payment run out immediately. */
async function passTime(paymentId: string): Promise<void> {
  await deployment.stores.query(`UPDATE testpay_payment SET due_at = now() WHERE id = $1 AND due_at IS NOT NULL`, [paymentId]);
  await deployment.stores.query(`UPDATE testpay_refund SET due_at = now() WHERE payment_id = $1 AND due_at IS NOT NULL`, [paymentId]);
}

function signed(body: string, at = Date.now(), key = WEBHOOK_KEY): { 'testpay-signature': string; 'content-type': string } {
  const seconds = Math.floor(at / 1000);
  const signature = createHmac('sha256', key).update(`${seconds}.${body}`).digest('hex');
  return { 'testpay-signature': `t=${seconds},v1=${signature}`, 'content-type': 'application/json' };
}

describe.each(anyBackend)('payments through the test gateway, queue on %s', (backend) => {
  let desk: PaymentDesk;

  beforeAll(async () => {
    crms.push(...(await Crm.startAll(6)));
    free = [...crms];
    deployment = await Deployment.start({ backend, crms, variables: { MODULES: 'testpay' } });
    desk = await openDesk();
  });

  afterEach(() => {
    for (const crm of crms) {
      crm.recover();
      expect(crm.complaints).toEqual([]);
    }
    expect(desk.wentBack()).toEqual([]);
  });

  afterAll(async () => {
    for (const crm of crms.splice(0)) await crm.close();
    await deployment.stop();
  });

  describe('registration', () => {
    it('asks for the scopes of payments and tells shops, currencies and actions', async () => {
      const config = await deployment.send('/testpay/config');
      expect((config.json as { scopes: string[] }).scopes.toSorted()).toEqual(PAYMENT_SCOPES.toSorted());
      await until('all shops are registered', () => desk.account.registration.integrations?.payment?.shops?.length === 3);
      const payment = desk.account.registration.integrations?.payment;
      expect(listViolations(desk.account.registration, 'IntegrationModule')).toEqual([]);
      expect(payment?.actions).toEqual({
        create: '/payment/create',
        approve: '/payment/approve',
        cancel: '/payment/cancel',
        refund: '/payment/refund',
        status: '/payment/status',
      });
      expect(payment?.invoiceTypes).toEqual(['link']);
      expect(payment?.currencies).toEqual(expect.arrayContaining(['RUB', 'EUR', 'MXN', 'JPY', 'KWD']));
      expect(payment?.shops).toEqual([
        { code: 'main', name: 'Testpay', active: true },
        { code: 'two', name: 'Two stages', active: true },
        { code: 'closed', name: 'Testpay', active: false },
      ]);
    });

    it('refuses settings that cannot be and keeps the key of signatures to itself', async () => {
      const path = `/connections/${await connectionId(desk)}/settings`;
      const { values } = await deployment.operator<{ values: Settings }>('GET', path);
      expect(values.webhookSecret).toEqual({ set: true });
      const [shop] = values.shops;
      const reply = await deployment.askOperator('PUT', path, { ...values, shops: [shop, shop] });
      expect(readRefusal(reply)).toMatchObject({ status: 400, errors: { 'shops[1].code': 'уже занят другим магазином' } });
      expect(readRefusal(await deployment.askOperator('PUT', path, { ...values, shops: [] })).errors).toHaveProperty('shops');
      expect(
        readRefusal(await deployment.askOperator('PUT', path, { ...values, shops: [{ ...shop, capture: 'later' }] })).errors,
      ).toHaveProperty(['shops[0].capture']);
    });
  });

  describe('create', () => {
    it('answers a lasting link, and the same for a repeat', async () => {
      const body = desk.body();
      const first = readResult<{ paymentId: string; invoiceUrl: string; cancellable: boolean }>(
        await desk.create(body),
        'CallbackPaymentCreateResponse',
      );
      expect(first.cancellable).toBe(true);
      expect(first.invoiceUrl).toMatch(new RegExp(`^${deployment.url}/testpay/pay/[A-Za-z0-9_-]{32}$`));
      expect(readResult(await desk.create(body), 'CallbackPaymentCreateResponse')).toEqual(first);
    });

    it('makes one payment of twenty simultaneous requests', async () => {
      const body = desk.body();
      const replies = await Promise.all(Array.from({ length: 20 }, () => desk.create(body)));
      const ids = replies.map((reply) => readResult<{ paymentId: string }>(reply, 'CallbackPaymentCreateResponse').paymentId);
      expect(new Set(ids).size).toBe(1);
      const [count] = await deployment.stores.query<{ n: number }>(`SELECT count(*)::int AS n FROM testpay_payment WHERE id = $1`, [
        ids[0],
      ]);
      expect(count?.n).toBe(1);
    });

    it('rejects another amount, currency or shop for the same invoice, also at the same time', async () => {
      const body = desk.body();
      readResult(await desk.create(body), 'CallbackPaymentCreateResponse');
      expect(readRefusal(await desk.create({ ...body, amount: 1234.51, items: [] }))).toMatchObject({
        status: 400,
        errors: { amount: expect.any(String) },
      });
      expect(readRefusal(await desk.create({ ...body, currency: 'EUR' }))).toMatchObject({
        status: 400,
        errors: { currency: expect.any(String) },
      });
      expect(readRefusal(await desk.create({ ...body, shopId: 'two' }))).toMatchObject({
        status: 400,
        errors: { shopId: expect.any(String) },
      });
      const other = desk.body({ items: [] });
      const statuses = await Promise.all([other, { ...other, amount: 7 }].map(async (one) => (await desk.create(one)).status));
      expect(statuses.toSorted()).toEqual([200, 400]);
    });

    it.each<[string, object, string]>([
      ['no shop', { shopId: undefined }, 'shopId'],
      ['an unknown shop', { shopId: 'other' }, 'shopId'],
      ['a shop that takes nothing', { shopId: 'closed' }, 'shopId'],
      ['no invoice', { invoiceUuid: '' }, 'invoiceUuid'],
      ['no amount', { amount: undefined }, 'amount'],
      ['nothing to pay', { amount: 0, items: [] }, 'amount'],
      ['less than nothing', { amount: -5, items: [] }, 'amount'],
      ['a text for an amount', { amount: 'much', items: [] }, 'amount'],
      ['an amount beyond all bounds', { amount: 1e17, items: [] }, 'amount'],
      ['too many digits', { amount: 1234.505, items: [] }, 'amount'],
      ['digits where the currency has none', { amount: 99.5, currency: 'JPY', items: [] }, 'amount'],
      ['too many digits of three', { amount: 1.0005, currency: 'KWD', items: [] }, 'amount'],
      ['no currency', { currency: '' }, 'currency'],
      ['an unknown currency', { currency: 'XAU', items: [] }, 'currency'],
      ['another type of invoice', { invoiceType: 'qr' }, 'invoiceType'],
    ])('refuses %s and names the field', async (_what, changes, field) => {
      const refusal = readRefusal(await desk.create(desk.body(changes)));
      expect(refusal.status).toBe(400);
      expect(Object.keys(refusal.errors)).toContain(field);
    });

    it('takes amounts of currencies with no and three decimals, sums of floats, weighed goods and unknown fields', async () => {
      await desk.invoice({ amount: 5000, currency: 'jpy', items: [{ name: 'お茶', price: 2500, quantity: 2 }] });
      await desk.invoice({ amount: 1.005, currency: 'KWD', items: [] });
      await desk.invoice({ amount: 0.1 + 0.2, currency: 'EUR', items: [], somethingNew: { a: [1] } });
      await desk.invoice({ amount: 33.33, currency: 'EUR', items: [{ name: 'cheese', price: 100, quantity: 0.3333 }] });
      await desk.invoice({ amount: '1234.50', items: [] } as never);
    });

    it('takes items that come to another total: the amount counts', async () => {
      await desk.invoice({ amount: 1234.49 });
      await desk.invoice({ amount: 1, items: [{ name: 'a', price: 1.001, quantity: 1 }] });
      await desk.invoice({
        amount: 1,
        items: [
          { name: 'a', price: 1, quantity: 0 },
          { name: 'discount', price: -3 },
        ],
      });
      await desk.invoice({ customer: { phones: ['+34600111222'] } } as never);
      await desk.invoice({ customer: [], returnUrl: null, siteUrl: null } as never);
    });
  });

  it('one stage: the buyer pays, the CRM is called, the money is captured and the CRM notified', async () => {
    const invoice = await desk.invoice();
    const page = await new BuyerPage(invoice.invoiceUrl).pay(PAYS);
    expect(page).not.toContain('name="card"');
    const told = await until(
      'the CRM knows',
      () => desk.findLast(invoice.invoiceUuid)?.status === 'succeeded' && desk.findLast(invoice.invoiceUuid),
    );
    expect(told).toEqual({
      invoiceUuid: invoice.invoiceUuid,
      paymentId: invoice.paymentId,
      status: 'succeeded',
      amount: 1234.5,
      paidAt: expect.any(String),
      invoiceUrl: invoice.invoiceUrl,
      cancellable: false,
      refundable: true,
    });
    expect(desk.listStatuses(invoice.invoiceUuid)).toEqual(['succeeded']);
    expect(desk.checks.filter((check) => check.invoiceUuid === invoice.invoiceUuid)).toEqual([
      { invoiceUuid: invoice.invoiceUuid, amount: 1234.5, currency: 'RUB' },
    ]);
    expect(await desk.status(invoice.paymentId)).toEqual({
      paymentId: invoice.paymentId,
      status: 'succeeded',
      amount: 1234.5,
      paidAt: told.paidAt,
      invoiceUrl: invoice.invoiceUrl,
      refundable: true,
    });
    // The account's zone is Moscow's.
    const paidAt = Date.parse(`${String(told.paidAt).replace(' ', 'T')}+03:00`);
    expect(Math.abs(Date.now() - paidAt)).toBeLessThan(120_000);
  });

  it('one stage: when the CRM rejects, nothing is captured and the hold is released', async () => {
    const invoice = await desk.invoice();
    desk.refuseChecks(invoice.invoiceUuid, 'The order was changed');
    const page = new BuyerPage(invoice.invoiceUrl);
    await page.pay(PAYS);
    const told = await until(
      'the CRM knows',
      () => desk.findLast(invoice.invoiceUuid)?.status === 'canceled' && desk.findLast(invoice.invoiceUuid),
    );
    expect(told).toMatchObject({ cancellationDetails: 'The order was changed', cancellable: false, refundable: false });
    const [row] = await deployment.stores.query<{ state: string; captured_minor: string | null }>(
      `SELECT state, captured_minor FROM testpay_payment WHERE id = $1`,
      [invoice.paymentId],
    );
    expect(row).toEqual({ state: 'canceled', captured_minor: null });
    expect((await page.open()).bytes.toString()).toContain('This invoice was cancelled');
  });

  it('one stage: while the CRM is unavailable the hold stays, and is captured afterwards', async () => {
    const invoice = await desk.invoice();
    desk.crm.fail('*/payment/check', { kind: 'error-before', status: 500 }, 1_000);
    await new BuyerPage(invoice.invoiceUrl).pay(PAYS);
    await until('the CRM was asked in vain', () => desk.crm.callsTo('payments.check').some((call) => call.status === 500));
    expect(await desk.status(invoice.paymentId)).toMatchObject({ status: 'pending', refundable: false });
    desk.crm.recover();
    await deployment.stores.query(`UPDATE payment SET capture_at = now() WHERE id = $1`, [invoice.paymentId]);
    await until('the money is taken', () => desk.findLast(invoice.invoiceUuid)?.status === 'succeeded');
  });

  describe('two stages', () => {
    it('holds, and takes a part of it', async () => {
      const invoice = await heldInvoice(desk);
      const held = desk.findLast(invoice.invoiceUuid);
      expect(held).toMatchObject({ amount: 1234.5, cancellable: true, refundable: false, expiredAt: expect.any(String) });
      expect(Date.parse(`${String(held?.expiredAt).replace(' ', 'T')}+03:00`)).toBeGreaterThan(Date.now() + 6 * 86_400_000);
      expect(desk.checks.some((check) => check.invoiceUuid === invoice.invoiceUuid)).toBe(false);

      expect((await desk.approve(invoice.paymentId, 1000.25)).json).toEqual({ success: true });
      expect(desk.checks.filter((check) => check.invoiceUuid === invoice.invoiceUuid)).toEqual([
        { invoiceUuid: invoice.invoiceUuid, amount: 1000.25, currency: 'RUB' },
      ]);
      const told = await until(
        'the CRM knows',
        () => desk.findLast(invoice.invoiceUuid)?.status === 'succeeded' && desk.findLast(invoice.invoiceUuid),
      );
      expect(told).toMatchObject({ amount: 1000.25, cancellable: false, refundable: true });
      expect(told).not.toHaveProperty('expiredAt');
      expect(desk.listStatuses(invoice.invoiceUuid)).toEqual(['waitingForCapture', 'succeeded']);

      // A repeat succeeds. Another amount is rejected, and so is a cancellation.
      expect((await desk.approve(invoice.paymentId, 1000.25)).status).toBe(200);
      expect((await desk.approve(invoice.paymentId)).status).toBe(200);
      expect(readRefusal(await desk.approve(invoice.paymentId, 1)).status).toBe(400);
      expect(readRefusal(await desk.cancel(invoice.paymentId)).status).toBe(400);
      expect(readRefusal(await desk.refund(invoice.paymentId, 1000.26))).toMatchObject({
        status: 400,
        errors: { amount: 'must be at most 1000.25' },
      });
    });

    it('captures once when many approve at the same time', async () => {
      const invoice = await heldInvoice(desk);
      const statuses = await Promise.all(
        [900, 800, 900, 800, 900].map(async (amount) => (await desk.approve(invoice.paymentId, amount)).status),
      );
      const { amount } = await desk.status(invoice.paymentId);
      expect([900, 800]).toContain(amount);
      expect(statuses).toEqual([900, 800, 900, 800, 900].map((asked) => (asked === amount ? 200 : 400)));
    });

    it('takes once when the CRM no longer confirms what a call at the same time has taken', async () => {
      const invoice = await heldInvoice(desk);
      desk.crm.fail('*/payment/check', { kind: 'slow', milliseconds: 1_500 }, 1);
      const calls = [desk.approve(invoice.paymentId, 700), desk.approve(invoice.paymentId, 700)];
      expect((await Promise.race(calls)).status).toBe(200);
      desk.refuseChecks(invoice.invoiceUuid, 'It is paid');
      expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([200, 200]);
      expect(await desk.status(invoice.paymentId)).toMatchObject({ status: 'succeeded', amount: 700 });
    });

    it('refuses to approve more than is held, digits too many, and what is not held', async () => {
      const invoice = await heldInvoice(desk);
      expect(readRefusal(await desk.approve(invoice.paymentId, 1234.51))).toMatchObject({
        status: 400,
        errors: { amount: 'must be at most 1234.50' },
      });
      expect(readRefusal(await desk.approve(invoice.paymentId, 10.001)).errors).toHaveProperty('amount');
      expect(readRefusal(await desk.refund(invoice.paymentId)).status).toBe(400);
      expect((await desk.cancel(invoice.paymentId)).json).toEqual({ success: true });
      expect((await desk.cancel(invoice.paymentId)).json).toEqual({ success: true });
      expect(readRefusal(await desk.approve(invoice.paymentId)).status).toBe(400);
      const told = await until(
        'the CRM knows',
        () => desk.findLast(invoice.invoiceUuid)?.status === 'canceled' && desk.findLast(invoice.invoiceUuid),
      );
      expect(told.cancellationDetails).toBe('Отменено магазином');
      const unpaid = await desk.invoice({ shopId: 'two' });
      expect(readRefusal(await desk.approve(unpaid.paymentId)).status).toBe(400);
    });

    it('releases the hold when the CRM does not confirm', async () => {
      const invoice = await heldInvoice(desk);
      desk.refuseChecks(invoice.invoiceUuid, 'The amount has changed');
      expect(readRefusal(await desk.approve(invoice.paymentId))).toMatchObject({
        status: 400,
        errorMsg: expect.stringContaining('The amount has changed'),
      });
      const told = await until(
        'the CRM knows',
        () => desk.findLast(invoice.invoiceUuid)?.status === 'canceled' && desk.findLast(invoice.invoiceUuid),
      );
      expect(told.cancellationDetails).toBe('The amount has changed');
      const [row] = await deployment.stores.query<{ state: string }>(`SELECT state FROM testpay_payment WHERE id = $1`, [
        invoice.paymentId,
      ]);
      expect(row?.state).toBe('canceled');
    });

    it('keeps the hold while the CRM is unavailable, or rejects the question', async () => {
      const invoice = await heldInvoice(desk);
      desk.crm.fail('*/payment/check', { kind: 'drop' }, 10);
      expect(readRefusal(await desk.approve(invoice.paymentId)).status).toBe(502);
      desk.crm.recover();
      desk.crm.fail('*/payment/check', { kind: 'error-before', status: 400, errorMsg: 'Invoice not found' });
      expect(readRefusal(await desk.approve(invoice.paymentId))).toMatchObject({
        status: 400,
        errorMsg: expect.stringContaining('Invoice not found'),
      });
      expect((await desk.status(invoice.paymentId)).status).toBe('waitingForCapture');
      desk.crm.recover();
      expect((await desk.approve(invoice.paymentId)).status).toBe(200);
    });

    it('ends a hold that is not approved in time', async () => {
      const invoice = await desk.invoice({ shopId: 'two' });
      const page = new BuyerPage(invoice.invoiceUrl);
      await page.pay('4000000000000341');
      await until('the CRM knows of the hold', () => desk.findLast(invoice.invoiceUuid)?.status === 'waitingForCapture');
      await deployment.stores.query(`UPDATE testpay_payment SET due_at = now(), held_until = now() WHERE id = $1`, [invoice.paymentId]);
      expect(readRefusal(await desk.approve(invoice.paymentId)).status).toBe(400);
      const told = await until(
        'the CRM knows',
        () => desk.findLast(invoice.invoiceUuid)?.status === 'canceled' && desk.findLast(invoice.invoiceUuid),
      );
      expect(told.cancellationDetails).toBe('Срок блокировки истёк');
    });
  });

  describe('refunds', () => {
    const listReplies = (paymentId: string): Promise<{ id: string; sent: boolean }[]> =>
      deployment.stores.query(`SELECT id, replied_at IS NOT NULL AS sent FROM payment_refund WHERE payment_id = $1`, [paymentId]);

    it('refunds in parts and never more than was captured', async () => {
      const invoice = await paidInvoice(desk);
      const first = readResult<{ id: string }>(await desk.refund(invoice.paymentId, 200.5), 'CallbackPaymentRefundResponse');
      expect(first).toEqual({ id: expect.any(String), status: 'succeeded', amount: 200.5 });
      // The CRM has the reply, so the same again within a minute is a mistake.
      expect(readRefusal(await desk.refund(invoice.paymentId, 200.5)).errorMsg).toMatch(/^200\.50 возвращено \d+ с назад; повторите/);
      const second = readResult<{ id: string }>(await desk.refund(invoice.paymentId, 34), 'CallbackPaymentRefundResponse');
      expect(readRefusal(await desk.refund(invoice.paymentId, 1000.01))).toMatchObject({
        status: 400,
        errors: { amount: 'must be at most 1000.00' },
      });
      expect(readRefusal(await desk.refund(invoice.paymentId, 0.001)).errors).toHaveProperty('amount');
      expect((await desk.status(invoice.paymentId)).status).toBe('succeeded');
      const rest = readResult<{ id: string; amount: number }>(await desk.refund(invoice.paymentId), 'CallbackPaymentRefundResponse');
      expect(rest.amount).toBe(1000);
      expect(readRefusal(await desk.refund(invoice.paymentId)).status).toBe(400);
      expect(readRefusal(await desk.refund(invoice.paymentId, 5)).status).toBe(400);
      await until('the CRM knows of all', () => desk.mapRefunds(invoice.invoiceUuid).size === 3);
      expect(desk.findLast(invoice.invoiceUuid)).toMatchObject({ status: 'refundSucceeded', refundable: false, amount: 1234.5 });
      expect([...desk.mapRefunds(invoice.invoiceUuid)].map(([id, refund]) => [id, refund.amount])).toEqual([
        [first.id, 200.5],
        [second.id, 34],
        [rest.id, 1000],
      ]);
    });

    it('makes an equal refund a minute after the reply, as another', async () => {
      const { paymentId } = await paidInvoice(desk);
      const first = readResult<{ id: string }>(await desk.refund(paymentId, 120), 'CallbackPaymentRefundResponse');
      await until('the reply is recorded', async () => (await listReplies(paymentId))[0]?.sent === true);
      await deployment.stores.query(`UPDATE payment_refund SET replied_at = replied_at - interval '61 s' WHERE id = $1`, [first.id]);
      const second = readResult<{ id: string }>(await desk.refund(paymentId, 120), 'CallbackPaymentRefundResponse');
      expect(second.id).not.toBe(first.id);
    });

    it('returns the refund again while its reply may be lost, and never afterwards', async () => {
      const { paymentId } = await paidInvoice(desk);
      // The CRM hangs up before the reply.
      await desk.refundAndLeave(paymentId, 120);
      await until('the refund is made', async () => (await listReplies(paymentId)).length === 1);
      expect((await listReplies(paymentId))[0]).toEqual({ id: expect.any(String), sent: false });
      const again = readResult<{ id: string }>(await desk.refund(paymentId, 120), 'CallbackPaymentRefundResponse');
      expect(again.id).toBe((await listReplies(paymentId))[0]?.id);
      // However soon the CRM sends the next one.
      expect(readRefusal(await desk.refund(paymentId, 120)).status).toBe(400);
      expect(await listReplies(paymentId)).toEqual([{ id: again.id, sent: true }]);
    });

    it('makes one refund of equal requests that come at the same time', async () => {
      const { paymentId } = await paidInvoice(desk);
      const replies = await Promise.all(Array.from({ length: 5 }, () => desk.refund(paymentId, 120)));
      const made = await listReplies(paymentId);
      expect(made).toHaveLength(1);
      const answered = replies.filter(({ status }) => status === 200);
      expect(answered.length).toBeGreaterThan(0);
      for (const reply of answered) expect(readResult(reply, 'CallbackPaymentRefundResponse')).toMatchObject({ id: made[0]?.id });
      for (const reply of replies.filter((one) => !answered.includes(one))) expect(readRefusal(reply).status).toBe(400);
    });

    it('never refunds more than was captured, however many calls come at the same time', async () => {
      const invoice = await paidInvoice(desk, { amount: 100, items: [] });
      const amounts = [60, 55, 50, 45, 40, 35, 30, 60, 50, 40];
      const replies = await Promise.all(amounts.map((amount) => desk.refund(invoice.paymentId, amount)));
      for (const reply of replies) expect([200, 400]).toContain(reply.status);
      const [books] = await deployment.stores.query<{ given: number }>(
        `SELECT sum(amount_minor)::int AS given FROM testpay_refund WHERE payment_id = $1`,
        [invoice.paymentId],
      );
      expect(books?.given).toBeLessThanOrEqual(10_000);
      const distinct = new Map(
        replies.filter((reply) => reply.status === 200).map((reply) => [(reply.json as { result: { id: string } }).result.id, reply]),
      );
      const answered = [...distinct.values()].reduce((sum, reply) => sum + (reply.json as { result: { amount: number } }).result.amount, 0);
      expect(answered * 100).toBe(books?.given);
    });

    it('reports a refund that takes its time, and a refund that fails', async () => {
      const slow = await paidInvoice(desk, {}, '4000000000007726');
      const pending = readResult<{ id: string; status: string }>(await desk.refund(slow.paymentId), 'CallbackPaymentRefundResponse');
      expect(pending.status).toBe('pending');
      expect((await desk.status(slow.paymentId)).refundable).toBe(false);
      await passTime(slow.paymentId);
      await until('the CRM knows', () => desk.findLast(slow.invoiceUuid)?.status === 'refundSucceeded');
      expect(desk.mapRefunds(slow.invoiceUuid).get(pending.id)?.status).toBe('succeeded');

      const failing = await paidInvoice(desk, {}, '4000000000005126');
      const refund = readResult<{ id: string; status: string }>(await desk.refund(failing.paymentId, 10), 'CallbackPaymentRefundResponse');
      await passTime(failing.paymentId);
      const told = await until(
        'the CRM knows',
        () =>
          desk.mapRefunds(failing.invoiceUuid).get(refund.id)?.status === 'canceled' && desk.mapRefunds(failing.invoiceUuid).get(refund.id),
      );
      expect(told.comment).toBe('Банк отклонил возврат');
      expect(desk.findLast(failing.invoiceUuid)).toMatchObject({ status: 'succeeded', refundable: true });
    });

    it('reads a payment whose event is still to come, as approvals and cancellations do', async () => {
      await deployment.stores.query(`CREATE RULE no_events AS ON INSERT TO testpay_event DO INSTEAD NOTHING`);
      try {
        const invoices = await Promise.all(['two', 'two', 'two'].map((shopId) => desk.invoice({ shopId })));
        const [taken, released, open] = invoices.map(({ paymentId }) => paymentId) as [string, string, string];
        for (const { invoiceUrl } of invoices.slice(0, 2)) await new BuyerPage(invoiceUrl).pay(PAYS);
        await deployment.stores.query(`UPDATE payment SET read_at = NULL WHERE id = ANY ($1::uuid[])`, [[taken, released, open]]);
        expect((await desk.approve(taken)).status).toBe(200);
        expect((await desk.cancel(released)).status).toBe(200);
        for (const reply of [await desk.approve(open), await desk.refund(open)]) expect(readRefusal(reply).status).toBe(400);
        // Here too the gateway knows more.
        await deployment.stores.query(`UPDATE payment SET status = 'waitingForCapture', captured_minor = NULL WHERE id = $1`, [taken]);
        readResult(await desk.refund(taken, 100), 'CallbackPaymentRefundResponse');
      } finally {
        await deployment.stores.query(`DROP RULE no_events ON testpay_event`);
      }
    });

    it('refunds nothing that was not captured', async () => {
      const invoice = await desk.invoice();
      expect(readRefusal(await desk.refund(invoice.paymentId)).status).toBe(400);
      await desk.cancel(invoice.paymentId);
      expect(readRefusal(await desk.refund(invoice.paymentId)).status).toBe(400);
    });
  });

  it('makes a cancelled link impossible to pay', async () => {
    const invoice = await desk.invoice();
    expect((await desk.cancel(invoice.paymentId)).json).toEqual({ success: true });
    await until('the CRM knows', () => desk.findLast(invoice.invoiceUuid)?.status === 'canceled');
    const page = new BuyerPage(invoice.invoiceUrl);
    expect((await page.open()).bytes.toString()).not.toContain('<form');
    await page.pay(PAYS);
    expect((await desk.status(invoice.paymentId)).status).toBe('canceled');
    expect(readResult(await desk.create(desk.body({ invoiceUuid: invoice.invoiceUuid })), 'CallbackPaymentCreateResponse')).toMatchObject({
      paymentId: invoice.paymentId,
      cancellable: false,
    });
  });

  it('treats a payment of another account as missing', async () => {
    const other = await openDesk();
    const invoice = await desk.invoice();
    const unknown = randomUUID();
    for (const id of [invoice.paymentId, unknown, 'nonsense']) {
      const replies = [
        await other.approve(id),
        await other.cancel(id),
        await other.refund(id),
        await other.account.get('/payment/status', { paymentId: id }),
      ];
      for (const reply of replies)
        expect(readRefusal(reply)).toEqual({ status: 404, errorMsg: `Здесь нет ничего с идентификатором "${id}".`, errors: {} });
    }
    for (const field of ['approve', 'cancel', 'refund']) {
      expect(readRefusal(await desk.account.post(`/payment/${field}`, { [field]: {} })).errors).toHaveProperty('paymentId');
      expect(readRefusal(await desk.account.post(`/payment/${field}`, { [field]: '{broken' })).status).toBe(400);
    }
    expect(readRefusal(await desk.account.get('/payment/status')).errors).toHaveProperty('paymentId');
  });

  describe('the cards', () => {
    it('declines, and lets another card pay', async () => {
      const invoice = await desk.invoice();
      const page = new BuyerPage(invoice.invoiceUrl);
      expect(await page.pay('4000000000000002')).toContain('The card was declined');
      expect(await page.pay('5555555555554444')).toContain('not one of the test cards');
      expect((await desk.status(invoice.paymentId)).status).toBe('pending');
      await page.pay(PAYS);
      await until('the CRM knows', () => desk.findLast(invoice.invoiceUuid)?.status === 'succeeded');
    });

    it('pays once when the form is sent many times at the same time', async () => {
      const invoice = await desk.invoice();
      const page = new BuyerPage(invoice.invoiceUrl);
      const replies = await Promise.all(Array.from({ length: 10 }, () => page.submit({ card: PAYS })));
      expect(replies.map((reply) => reply.status)).toEqual(Array.from({ length: 10 }, () => 303));
      await until('the CRM knows', () => desk.findLast(invoice.invoiceUuid)?.status === 'succeeded');
      const events = await deployment.stores.query<{ type: string }>(`SELECT type FROM testpay_event WHERE payment_id = $1 ORDER BY id`, [
        invoice.paymentId,
      ]);
      expect(events.map((event) => event.type)).toEqual(['payment.accepted', 'payment.held', 'payment.captured']);
    });

    it('asks for a second step', async () => {
      const invoice = await desk.invoice();
      const page = new BuyerPage(invoice.invoiceUrl);
      expect(await page.pay('4000000000003220')).toContain('name="confirm" value="yes"');
      await page.submit({ confirm: 'no' });
      expect((await page.open()).bytes.toString()).toContain('was not confirmed');
      await page.pay('4000000000003220');
      expect((await desk.status(invoice.paymentId)).status).toBe('pending');
      await page.submit({ confirm: 'yes' });
      await until('the CRM knows', () => desk.findLast(invoice.invoiceUuid)?.status === 'succeeded');
    });

    it('hangs, and pays or is declined automatically', async () => {
      const paying = await desk.invoice();
      expect(await new BuyerPage(paying.invoiceUrl).pay('4000000000000077')).toContain('being processed');
      const declined = await desk.invoice();
      await new BuyerPage(declined.invoiceUrl).pay('4000000000000119');
      expect((await desk.status(paying.paymentId)).status).toBe('pending');
      await passTime(paying.paymentId);
      await passTime(declined.paymentId);
      await until('the CRM knows', () => desk.findLast(paying.invoiceUuid)?.status === 'succeeded');
      const page = new BuyerPage(declined.invoiceUrl);
      await until('the page says so', async () => (await page.open()).bytes.toString().includes('The card was declined'));
      expect((await desk.status(declined.paymentId)).status).toBe('pending');
    });

    it.each(['4000000000000259', '4000000000000010', '4000000000000028', '4000000000000036'])(
      'ends well with the webhooks of %s',
      async (card) => {
        const invoice = await desk.invoice({ shopId: 'two' });
        await new BuyerPage(invoice.invoiceUrl).pay(card);
        await sendWebhooks(invoice.paymentId);
        await until('the CRM knows', () => desk.findLast(invoice.invoiceUuid)?.status === 'waitingForCapture');
        await desk.approve(invoice.paymentId);
        await until('all webhooks were sent', async () => {
          await sendWebhooks(invoice.paymentId);
          const [left] = await deployment.stores.query<{ n: number }>(
            `SELECT count(*)::int AS n FROM testpay_event WHERE payment_id = $1 AND sent_at IS NULL`,
            [invoice.paymentId],
          );
          return left?.n === 0;
        });
        await until('the CRM knows', () => desk.findLast(invoice.invoiceUuid)?.status === 'succeeded');
        expect(desk.listStatuses(invoice.invoiceUuid)).toEqual(['waitingForCapture', 'succeeded']);
      },
    );

    it('is found by the poll when no webhook comes', async () => {
      const invoice = await desk.invoice();
      await deployment.stores.query(`CREATE RULE no_events AS ON INSERT TO testpay_event DO INSTEAD NOTHING`);
      try {
        await new BuyerPage(invoice.invoiceUrl).pay(PAYS);
        await deployment.stores.query(`UPDATE payment SET read_at = now() WHERE id = $1`, [invoice.paymentId]);
        await until('the CRM knows', () => desk.findLast(invoice.invoiceUuid)?.status === 'succeeded');
      } finally {
        await deployment.stores.query(`DROP RULE no_events ON testpay_event`);
      }
    });
  });

  describe('webhooks', () => {
    it('refuses forged and stale ones, and takes one twice as once', async () => {
      const path = `/testpay/webhooks/${await connectionId(desk)}`;
      const invoice = await desk.invoice();
      const body = JSON.stringify({ id: randomUUID(), type: 'payment.captured', payment: { id: invoice.paymentId } });
      const post = async (headers: Record<string, string>, text = body): Promise<number> =>
        (await deployment.send(path, { method: 'POST', headers, body: text })).status;
      const stored = async (): Promise<number> =>
        (await deployment.stores.query(`SELECT 1 FROM inbox_event WHERE event_id = $1`, [(JSON.parse(body) as { id: string }).id])).length;
      expect(await post({ 'content-type': 'application/json' })).toBe(400);
      expect(await post(signed(body, Date.now(), 'another-key-of-somebody'))).toBe(400);
      expect(await post(signed(body), body.replace('captured', 'canceled'))).toBe(400);
      expect(await post(signed(body, Date.now() - 600_000))).toBe(400);
      expect(await post(signed(body, Date.now() + 600_000))).toBe(400);
      expect(await stored()).toBe(0);
      expect(await post(signed(body))).toBe(200);
      expect(await post(signed(body))).toBe(200);
      expect(await stored()).toBe(1);
      // The event states that the payment was captured. The gateway itself returns that it was not.
      await until('the event was applied', async () => {
        const [event] = await deployment.stores.query<{ state: string }>(
          `SELECT state FROM inbox_event WHERE payload ->> 'reference' = $1`,
          [invoice.paymentId],
        );
        return event?.state === 'applied';
      });
      expect((await desk.status(invoice.paymentId)).status).toBe('pending');
      const foreign = JSON.stringify({ id: randomUUID(), type: 'payment.held', payment: { id: randomUUID() } });
      expect(await post(signed(foreign), foreign)).toBe(200);
      const broken = JSON.stringify({ id: randomUUID(), type: 'payment.held' });
      expect(await post(signed(broken), broken)).toBe(400);
      expect((await deployment.send(`/testpay/webhooks/${randomUUID()}`, { method: 'POST', headers: signed(body), body })).status).toBe(
        404,
      );
    });
  });

  describe("the buyer's page", () => {
    it('speaks the languages of the buyer and of the account, without scripts', async () => {
      const { invoiceUrl } = await desk.invoice();
      const russian = await new BuyerPage(invoiceUrl, 'ru-RU,en;q=0.4').open();
      const text = russian.bytes.toString();
      expect(russian.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(russian.headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; style-src 'nonce-[^']+'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
      );
      expect(russian.headers.get('referrer-policy')).toBe('no-referrer');
      expect(russian.headers.get('cache-control')).toBe('no-store');
      expect(text).toContain('<html lang="ru">');
      expect(text).toContain('Testpay, shop.example');
      expect(text).toContain('5074A');
      expect(text).toContain('Чайник &lt;2 л&gt;');
      expect(text).toContain('1 234,50 ₽'.replace(/ /g, '\u00a0'));
      expect(text).not.toContain('<script');
      expect((await new BuyerPage(invoiceUrl, 'es-MX,es;q=0.9').open()).bytes.toString()).toContain('Pendiente de pago');
      expect((await new BuyerPage(invoiceUrl, 'en-GB').open()).bytes.toString()).toContain('Not paid yet');
      // A buyer without any of our languages gets the account's.
      expect((await new BuyerPage(invoiceUrl, 'de-DE,fr;q=0.5').open()).bytes.toString()).toContain('Ещё не оплачено');
    });

    it.each([
      ['https://shop.example/thanks', 'https://shop.example', true],
      ['https://shop.example/thanks', 'shop.example', true],
      ['http://shop.example/thanks', 'http://shop.example', true],
      ['https://evil.example/thanks', 'https://shop.example', false],
      ['https://shop.example.evil.example/', 'https://shop.example', false],
      ['https://shop.example@evil.example/', 'https://shop.example', false],
      ['https://user:word@shop.example/', 'https://shop.example', false],
      ['javascript:alert(1)//shop.example', 'https://shop.example', false],
      ['//shop.example/thanks', 'https://shop.example', false],
      ['https://shop.example/thanks', undefined, false],
    ])('returns to %s of the site %s: %s', async (returnUrl, siteUrl, safe) => {
      const { invoiceUrl } = await desk.invoice({ returnUrl, siteUrl });
      const html = await new BuyerPage(invoiceUrl).pay(PAYS);
      expect(html.includes(`href="${returnUrl.replace('https://shop.example', 'https://shop.example')}`)).toBe(safe);
      if (!safe) expect(html).not.toContain('Back to the shop');
    });

    it('shows the same page for all unknown links', async () => {
      const { invoiceUrl } = await desk.invoice();
      for (const url of [
        `${invoiceUrl}x`,
        invoiceUrl.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a')),
        `${deployment.url}/testpay/pay/x`,
        `${deployment.url}/nosuch/pay/${'a'.repeat(32)}`,
      ]) {
        const reply = await new BuyerPage(url).open();
        expect(reply.status).toBe(404);
        expect(reply.bytes.toString()).toContain('We could not find this invoice');
        expect((await new BuyerPage(url).submit({ card: PAYS })).status).toBe(404);
      }
    });

    it('takes nothing for an account that is switched off', async () => {
      const other = await openDesk();
      const invoice = await other.invoice();
      await other.account.activity(false, false);
      const page = new BuyerPage(invoice.invoiceUrl);
      const html = await page.pay(PAYS);
      expect(html).toContain('is not accepting payments at the moment');
      expect(html).not.toContain('<form');
      const [row] = await deployment.stores.query<{ state: string }>(`SELECT state FROM testpay_payment WHERE id = $1`, [
        invoice.paymentId,
      ]);
      expect(row?.state).toBe('open');
      await other.account.activity(true, false);
      await page.pay(PAYS);
      await until('the CRM knows', () => other.findLast(invoice.invoiceUuid)?.status === 'succeeded');
    });

    it('limits the number of attempts', async () => {
      const { invoiceUrl } = await desk.invoice();
      const page = new BuyerPage(invoiceUrl);
      const statuses: number[] = [];
      for (let round = 0; round < 13; round++)
        statuses.push(...(await Promise.all(Array.from({ length: 10 }, () => page.open()))).map((reply) => reply.status));
      expect(statuses.filter((status) => status === 200)).toHaveLength(120);
      expect(statuses.filter((status) => status === 429)).toHaveLength(10);
    });
  });

  describe('updates', () => {
    it('outlast an outage of the CRM, travel as the last state and never go back', async () => {
      const invoice = await heldInvoice(desk);
      desk.crm.fail('*/payment/update-invoice', { kind: 'error-before', status: 500 }, 1_000);
      await desk.approve(invoice.paymentId, 1000);
      const one = readResult<{ id: string }>(await desk.refund(invoice.paymentId, 100), 'CallbackPaymentRefundResponse');
      const two = readResult<{ id: string }>(await desk.refund(invoice.paymentId, 900), 'CallbackPaymentRefundResponse');
      await until('an update failed', () => desk.crm.callsTo('payments.updateInvoice').some((call) => call.status === 500));
      expect(desk.findLast(invoice.invoiceUuid)?.status).toBe('waitingForCapture');
      const before = desk.updates.get(invoice.invoiceUuid)?.length ?? 0;
      desk.crm.recover();
      await until('the CRM knows of both refunds', () => desk.mapRefunds(invoice.invoiceUuid).size === 2);
      expect([...desk.mapRefunds(invoice.invoiceUuid).keys()]).toEqual([one.id, two.id]);
      expect(desk.findLast(invoice.invoiceUuid)).toMatchObject({ status: 'refundSucceeded', amount: 1000 });
      // Three changes, two refunds, two calls.
      expect((desk.updates.get(invoice.invoiceUuid)?.length ?? 0) - before).toBe(2);
    });

    it('put back in line report the current state', async () => {
      const invoice = await desk.invoice({ shopId: 'two' });
      desk.crm.fail('*/payment/update-invoice', { kind: 'error-before', status: 400, errorMsg: 'Wrong' }, 2);
      await new BuyerPage(invoice.invoiceUrl).pay(PAYS);
      const failed = await until('the update was set aside', async () => {
        await deployment.ageRefusals('payment.invoice');
        const { items } = await deployment.operator<{ items: { id: string }[] }>(
          'GET',
          `/outbox?state=failed&subject=${invoice.paymentId}`,
        );
        return items[0];
      });
      await desk.approve(invoice.paymentId);
      await until('the CRM knows', () => desk.findLast(invoice.invoiceUuid)?.status === 'succeeded');
      await deployment.operator('POST', `/outbox/${failed.id}/replay`);
      await until('it was sent', () => (desk.updates.get(invoice.invoiceUuid)?.length ?? 0) >= 2);
      expect(desk.listStatuses(invoice.invoiceUuid)).toEqual(['succeeded']);
    });
  });

  it('shows payments to the operator', async () => {
    const invoice = await heldInvoice(desk, { orderNumber: 'OP-1' });
    await desk.approve(invoice.paymentId, 1000);
    await desk.refund(invoice.paymentId, 250);
    const id = await connectionId(desk);
    const { items, total } = await deployment.operator<{ items: { id: string }[]; total: number }>(
      'GET',
      `/payments?order=OP-1&connection=${id}&status=succeeded&shop=two`,
    );
    expect([total, items[0]?.id]).toEqual([1, invoice.paymentId]);
    expect(await deployment.operator('GET', `/payments?invoice=${randomUUID()}`)).toEqual({ items: [], total: 0 });
    expect(await deployment.operator('GET', `/payments/${invoice.paymentId}`)).toMatchObject({
      invoiceUuid: invoice.invoiceUuid,
      amount: 1234.5,
      held: 1234.5,
      captured: 1000,
      refundable: 750,
      payUrl: invoice.invoiceUrl,
      refunds: [{ amount: 250, status: 'succeeded' }],
      history: [
        { code: 'pending', amount: 1234.5 },
        { code: 'waitingForCapture', amount: 1234.5 },
        { code: 'succeeded', amount: 1000 },
        { code: 'refund.succeeded', amount: 250 },
      ],
    });
    expect(readRefusal(await deployment.askOperator('GET', `/payments/${randomUUID()}`)).status).toBe(404);
  });
});
