import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { StripeDouble, stripeSignatureOf, stripeWebhookBodyOf } from '../../../lab/doubles/stripe/index.js';
import { readRefusal, readResult } from './support/account.js';
import { Crm } from './support/crm.js';
import { Deployment, START_MS } from './support/deployment.js';
import { hangCalls } from './support/hang-calls.js';
import { BuyerPage, PAYMENT_SCOPES, PaymentDesk } from './support/payment-desk.js';
import { until } from './support/until.js';

let deployment: Deployment;
let stripe: StripeDouble;
let crm: Crm;
let desk: PaymentDesk;
let connection: string;

/** The connection's webhook address. */
const getAddress = (): string => `${deployment.variables.PUBLIC_URL}/stripe/webhooks/${connection}`;
/** The only endpoint of the first account with its secret. */
function getEndpoint(): { id: string; url: string; secret: string } {
  const [endpoint, ...others] = stripe.account.endpoints.list();
  expect(others).toEqual([]);
  const secret = stripe.account.endpoints.listTargets('payment_intent.succeeded')[0]?.secret ?? '';
  return { id: endpoint?.id ?? '', url: endpoint?.url ?? '', secret };
}
/** As if the time until the next look at Stripe had passed, or the process that looks had died. */
const lookNow = (): Promise<unknown> =>
  deployment.stores.query(`UPDATE provider_setup SET due_at = now(), lease_until = '-infinity' WHERE connection_id = $1`, [connection]);

beforeAll(async () => {
  stripe = await StripeDouble.start();
  stripe.addAccount('sk_test_second', 'whsec_second_secret');
  crm = await Crm.start();
  deployment = await Deployment.start({
    crms: [crm],
    variables: { MODULES: 'stripe', PROVIDER_BUDGET_MS: '10000', STRIPE_URL: stripe.url },
  });
  desk = await PaymentDesk.open(deployment, crm, 'stripe');
  // A CRM refuses a payment system without shops, and there are none before the keys are entered.
  expect(desk.account.registration.integrations?.payment).toBeUndefined();
  const { items } = (await deployment.askOperator('GET', '/connections?limit=5')).json as { items: { id: string }[] };
  connection = items[0]?.id ?? '';
  // The first account has no webhook. The second has one made by hand, as shops had to in the past.
  const second = stripe.findAccount('sk_test_second');
  if (second) second.webhookUrl = getAddress();
  const shop = { name: 'Tienda', active: true, secretKey: 'sk_test_double' };
  const saved = await deployment.askOperator('PUT', `/connections/${connection}/settings`, {
    shops: [
      { ...shop, code: 'main', capture: 'automatic' },
      { ...shop, code: 'two', capture: 'manual' },
      { code: 'second', name: 'Otra', active: true, capture: 'manual', secretKey: 'sk_test_second', webhookSecret: 'whsec_second_secret' },
    ],
  });
  expect(saved.status).toBe(200);
  expect(saved.bytes.toString()).not.toMatch(/sk_test_|whsec_(double|second)/);
  const account = 'Double Shop 1, MX, тест; Double Shop 2, MX, тест';
  expect(saved.json).toMatchObject({ service: { state: 'connected', check: { state: 'ok', account } } });
  await until('the shops are registered', () => desk.account.registration.integrations?.payment?.shops?.length === 3);
}, START_MS);

afterAll(async () => {
  await deployment?.stop();
  await crm?.close();
  await stripe?.close();
});

beforeEach(() => {
  stripe.webhooks.clear();
  stripe.webhooks.mode = 'auto';
});
afterEach(() => {
  expect(crm.complaints).toEqual([]);
  expect(desk.wentBack()).toEqual([]);
});

type Invoice = Awaited<ReturnType<PaymentDesk['invoice']>>;

const createInvoice = (changes: Parameters<PaymentDesk['invoice']>[0] = {}): Promise<Invoice> =>
  desk.invoice({ amount: 1_234.5, currency: 'MXN', items: [{ name: 'Taza', price: 617.25, quantity: 2 }], ...changes });

/** Follows the link as the buyer. Returns the session that the link leads to. */
async function visit(invoice: Invoice): Promise<string> {
  const reply = await new BuyerPage(invoice.invoiceUrl).open();
  expect([302, 303]).toContain(reply.status);
  return new URL(reply.headers.get('location') ?? '').pathname.replace('/c/pay/', '');
}

async function pay(invoice: Invoice): Promise<string> {
  const session = await visit(invoice);
  return stripe.bookWith(session).pay(session).id;
}

const told = (invoice: Invoice, status: string): Promise<unknown> =>
  until(`the CRM is told ${status}`, () => desk.findLast(invoice.invoiceUuid)?.status === status);

async function settled(): Promise<void> {
  await until('nothing is open', async () => {
    await deployment.stores.query(`UPDATE operation SET check_at = now() WHERE state = 'unknown'`);
    return (await deployment.stores.query(`SELECT 1 FROM operation WHERE state IN ('running', 'unknown')`)).length === 0;
  });
}

describe('payments through Stripe', () => {
  it('registers what Stripe can', () => {
    const payment = desk.account.registration.integrations?.payment;
    expect(PAYMENT_SCOPES).toContain('payments_write');
    expect(payment?.actions).toEqual({
      create: '/payment/create',
      approve: '/payment/approve',
      cancel: '/payment/cancel',
      refund: '/payment/refund',
      status: '/payment/status',
    });
    expect(payment?.currencies).toEqual(expect.arrayContaining(['MXN', 'JPY', 'KWD', 'CLP']));
  });

  it('stores no key that Stripe rejects, and shows which it is', async () => {
    const { values } = (await deployment.askOperator('GET', `/connections/${connection}/settings`)).json as { values: { shops: object[] } };
    const [first, ...others] = values.shops;
    const shops = [first, { ...others[0], secretKey: 'sk_test_of_nobody' }, ...others.slice(1)];
    const { status, errors } = readRefusal(await deployment.askOperator('PUT', `/connections/${connection}/settings`, { shops }));
    expect([status, errors]).toEqual([400, { 'shops[1].secretKey': expect.stringContaining('Stripe') }]);
    const check = await deployment.askOperator('POST', `/connections/${connection}/check`, {});
    expect(check.json).toMatchObject({ state: 'ok', errors: {}, account: expect.stringContaining('Double Shop 2') });
  });

  it('sets itself up: one webhook for the module, and the webhook made by hand stays', async () => {
    expect(getEndpoint()).toMatchObject({ url: getAddress(), secret: expect.stringMatching(/^whsec_/) });
    const second = stripe.findAccount('sk_test_second')?.endpoints.list();
    expect(second).toMatchObject([{ url: getAddress(), metadata: {}, enabled_events: ['*'] }]);
    expect(stripe.countCalls('updateEndpoint') + stripe.countCalls('deleteEndpoint')).toBe(0);
    const shown = await deployment.askOperator('GET', `/connections/${connection}`);
    expect(shown.json).toMatchObject({ services: [{ provider: 'stripe', state: 'connected', address: getAddress() }] });
    expect(shown.bytes.toString()).not.toContain(getEndpoint().secret);
  });

  it.each(['main', 'second'])('an invoice of the shop %s is paid, as its account’s own webhook reports', async (shopId) => {
    const invoice = await createInvoice({ shopId });
    // Puts off the next read of the payment, so that it does not happen during this test.
    await deployment.stores.query(`UPDATE payment SET read_at = now() + interval '1 hour' WHERE id = $1`, [invoice.paymentId]);
    await pay(invoice);
    await told(invoice, shopId === 'main' ? 'succeeded' : 'waitingForCapture');
    expect(stripe.webhooks.attempts.length).toBeGreaterThan(0);
    expect(new Set(stripe.webhooks.attempts.map(({ url, status }) => `${status} ${url}`))).toEqual(new Set([`200 ${getAddress()}`]));
  });

  it('one stage: link, session, payment, page, CRM, refunds', async () => {
    const invoice = await createInvoice();
    expect(invoice.invoiceUrl.startsWith(deployment.url)).toBe(true);
    const session = await visit(invoice);
    expect(await visit(invoice)).toBe(session);
    expect(stripe.sessions(invoice.paymentId)).toMatchObject([{ metadata: { invoiceUuid: invoice.invoiceUuid }, amount_total: 123_450 }]);
    stripe.book.pay(session);
    await told(invoice, 'succeeded');
    expect(desk.findLast(invoice.invoiceUuid)).toMatchObject({ amount: 1_234.5, refundable: true, cancellable: false });
    const page = (await new BuyerPage(invoice.invoiceUrl).open('?done=1')).bytes.toString();
    expect(page).toContain('Tienda');
    expect(page).toMatch(/1,234\.50|1234\.50/);
    for (const amount of [100, 34.5]) readResult(await desk.refund(invoice.paymentId, amount), 'CallbackPaymentRefundResponse');
    expect(stripe.book.refunds.map(({ amount }) => amount)).toEqual([10_000, 3_450]);
    readResult(await desk.refund(invoice.paymentId), 'CallbackPaymentRefundResponse');
    await told(invoice, 'refundSucceeded');
    // The CRM has that reply: the same again is another refund, without money for it.
    expect(readRefusal(await desk.refund(invoice.paymentId)).status).toBe(400);
    expect(readRefusal(await desk.refund(invoice.paymentId, 1)).status).toBe(400);
    expect(stripe.book.refunds.reduce((sum, { amount }) => sum + amount, 0)).toBe(123_450);
  });

  it('a chargeback: told in a notice, kept from refunds while it is open, a refund once it is lost', async () => {
    const invoice = await createInvoice();
    const intent = await pay(invoice);
    await told(invoice, 'succeeded');
    const dispute = stripe.book.dispute(intent, { reason: 'product_not_received', amount: 100_000 });
    await until('the shop is told', () => crm.notifications.length > 0);
    expect(crm.notifications.at(-1)).toContain('1000.00 MXN');
    // The rest of it can still be refunded.
    expect(desk.findLast(invoice.invoiceUuid)).toMatchObject({ status: 'succeeded', refundable: true });
    expect(readRefusal(await desk.refund(invoice.paymentId, 300)).status).toBe(400);
    const listed = async (status: string): Promise<{ id: string; disputes: object[] }[]> =>
      ((await deployment.askOperator('GET', `/payments?dispute=${status}`)).json as { items: { id: string; disputes: object[] }[] }).items;
    expect(await listed('open')).toMatchObject([
      { id: invoice.paymentId, disputes: [{ externalId: dispute.id, status: 'open', amount: 1_000, since: expect.any(String) }] },
    ]);
    expect((await deployment.askOperator('GET', '/payments?dispute=perhaps')).status).toBe(400);
    stripe.book.closeDispute(dispute.id, 'lost');
    await until('the CRM is told of a refund', () => desk.findLast(invoice.invoiceUuid)?.refund !== undefined);
    expect(desk.findLast(invoice.invoiceUuid)).toMatchObject({ status: 'succeeded', refund: { status: 'succeeded', amount: 1_000 } });
    await until('the shop is told how it ended', () => crm.notifications.length > 1);
    expect(await listed('open')).toEqual([]);
    const { history } = (await deployment.askOperator('GET', `/payments/${invoice.paymentId}`)).json as { history: { code: string }[] };
    expect(history.map(({ code }) => code)).toEqual(expect.arrayContaining(['dispute.open', 'dispute.lost', 'refund.succeeded']));
  });

  it('two stages: a hold with its end, a part captured after the CRM agreed, in another account', async () => {
    const invoice = await createInvoice({ shopId: 'second' });
    const intent = await pay(invoice);
    await told(invoice, 'waitingForCapture');
    expect(desk.findLast(invoice.invoiceUuid)?.expiredAt).toMatch(/^\d{4}-/);
    expect((await desk.approve(invoice.paymentId, 1_000)).status).toBe(200);
    expect(desk.checks.at(-1)).toMatchObject({ invoiceUuid: invoice.invoiceUuid, amount: 1_000 });
    expect(stripe.bookWith(intent).intent(intent)).toMatchObject({ status: 'succeeded', amount_received: 100_000 });
    await told(invoice, 'succeeded');
    expect(desk.findLast(invoice.invoiceUuid)).toMatchObject({ amount: 1_000 });
  });

  it('a look at the head of a link opens no session', async () => {
    const invoice = await createInvoice();
    const opened = (): Promise<object[]> =>
      deployment.stores.query(`SELECT 1 FROM operation WHERE subject = $1 AND kind = 'payment.checkout'`, [invoice.paymentId]);
    const before = (await opened()).length;
    expect((await fetch(invoice.invoiceUrl, { method: 'HEAD', redirect: 'manual' })).status).toBe(200);
    expect(await opened()).toHaveLength(before);
    await visit(invoice);
    expect((await opened()).length).toBeGreaterThan(before);
  });

  it('webhooks late, twice, in reverse: one story, told forward only', async () => {
    stripe.webhooks.mode = 'hold';
    const invoice = await createInvoice({ shopId: 'two' });
    const intent = await pay(invoice);
    expect((await desk.status(invoice.paymentId)).status).toBe('waitingForCapture');
    expect((await desk.approve(invoice.paymentId)).status).toBe(200);
    stripe.book.refund(stripe.book.intent(intent), undefined);
    await stripe.webhooks.flush({ reverse: true, copies: 3 });
    expect(stripe.webhooks.attempts.every(({ status }) => status === 200)).toBe(true);
    await told(invoice, 'refundSucceeded');
  });

  it('forged or stale webhooks answer 400 and change nothing', async () => {
    stripe.webhooks.mode = 'hold';
    const invoice = await createInvoice();
    await pay(invoice);
    await stripe.webhooks.flush({ forge: true });
    expect(stripe.webhooks.attempts.length).toBeGreaterThan(0);
    expect(new Set(stripe.webhooks.attempts.map(({ status }) => status))).toEqual(new Set([400]));
    const event = stripe.book.events.at(-1);
    if (!event) throw new Error('no event');
    const body = stripeWebhookBodyOf(event);
    const { secret } = getEndpoint();
    const post = (signature: string, bytes = body): Promise<Response> =>
      fetch(`${deployment.url}/stripe/webhooks/${connection}`, {
        method: 'POST',
        body: bytes,
        headers: { 'content-type': 'application/json', 'stripe-signature': signature },
      });
    expect((await post(stripeSignatureOf(body, secret, -400))).status).toBe(400);
    expect((await post(stripeSignatureOf(body, secret), body.replace('"id"', '"id" '))).status).toBe(400);
    expect(desk.findLast(invoice.invoiceUuid)).toBeUndefined();
    expect((await post(stripeSignatureOf(body, secret))).status).toBe(200);
    await told(invoice, 'succeeded');
  });

  it('refusals of Stripe are the CRM’s in plain words', async () => {
    expect(readRefusal(await desk.create(desk.body({ amount: 0.5, currency: 'MXN', items: [] })))).toMatchObject({
      status: 400,
      errors: { amount: expect.stringContaining('меньше той, что Stripe принимает') },
    });
    expect(readRefusal(await desk.create(desk.body({ amount: 1.234, currency: 'KWD', items: [] })))).toMatchObject({ status: 400 });
    stripe.fail('createSession', { kind: 'unauthorized' });
    expect(readRefusal(await desk.create(desk.body({ amount: 100, currency: 'MXN', items: [] })))).toMatchObject({ status: 400 });
  });

  const view = async (): Promise<{ state: string; problem?: string }> =>
    (
      (await deployment.askOperator('GET', `/connections/${connection}/settings`)).json as {
        service: { state: string; problem?: string };
      }
    ).service;
  const reach = (state: string): Promise<unknown> => until(`it is ${state}`, async () => (await view()).state === state);
  const payAndHear = async (): Promise<void> => {
    const invoice = await createInvoice();
    await pay(invoice);
    await told(invoice, 'succeeded');
    await stripe.webhooks.idle();
    expect(new Set(stripe.webhooks.attempts.map(({ url, status }) => `${status} ${url}`))).toEqual(new Set([`200 ${getAddress()}`]));
  };

  describe('after a restore of a database that had no session of the invoice', () => {
    /** Loses the rows since the backup, as a restore does. */
    const lose = async ({ paymentId }: Invoice): Promise<void> => {
      // A message or an event about a later state would be sent with the state of the backup.
      await stripe.webhooks.idle();
      await deployment.settled();
      await deployment.stores.query(`DELETE FROM operation WHERE reference = $1 AND kind <> 'payment.create'`, [paymentId]);
      await deployment.stores.query('DELETE FROM payment_refund WHERE payment_id = $1', [paymentId]);
      await deployment.stores.query(
        `UPDATE payment SET status = 'pending', external_id = NULL, memory = '{}', captured_minor = NULL, paid_at = NULL, read_at = NULL WHERE id = $1`,
        [paymentId],
      );
    };
    const declareRestored = async (): Promise<void> =>
      expect((await deployment.askOperator('POST', '/system/restored', {})).status).toBe(200);
    const countCompared = async (): Promise<number> =>
      ((await deployment.askOperator('GET', '/system')).json as { restore: { compared: number } }).restore.compared;
    /** Compares all, and dismisses what differs in invoices of other specs. */
    const compare = async ({ paymentId }: Invoice): Promise<string[]> => {
      const { items } = await deployment.operator<{ items: { id: string }[] }>('POST', '/reconciliations', { connection });
      await until('all is compared', async () => {
        const { items: runs } = (await deployment.askOperator('GET', `/reconciliations?connection=${connection}`)).json as {
          items: { id: string; state: string }[];
        };
        return runs.find(({ id }) => id === items[0]?.id)?.state === 'done';
      });
      const { items: open } = (await deployment.askOperator('GET', `/differences?connection=${connection}&state=open&limit=500`)).json as {
        items: { id: string; subject: string; kind: string }[];
      };
      for (const { id } of open.filter(({ subject }) => subject !== paymentId))
        expect((await deployment.askOperator('POST', `/differences/${id}/dismiss`)).status).toBeLessThan(300);
      return open.filter(({ subject }) => subject === paymentId).map(({ kind }) => kind);
    };

    it('a refund that the shop repeats is the one at Stripe, and the link opens no other session', async () => {
      const invoice = await createInvoice();
      const intent = await pay(invoice);
      readResult(await desk.refund(invoice.paymentId, 120), 'CallbackPaymentRefundResponse');
      await lose(invoice);
      await declareRestored();
      expect(readResult(await desk.refund(invoice.paymentId, 120), 'CallbackPaymentRefundResponse')).toMatchObject({ amount: 120 });
      expect(stripe.book.refunds.filter(({ payment_intent }) => payment_intent === intent)).toHaveLength(1);
      await lose(invoice);
      stripe.book.advance(25 * 3_600);
      expect((await new BuyerPage(invoice.invoiceUrl).open()).status).toBe(200);
      expect(stripe.sessions(invoice.paymentId)).toHaveLength(1);
    });

    it('the gap closes with the comparison, which finds the session that is open', async () => {
      const invoice = await createInvoice();
      stripe.book.expireSession(await visit(invoice));
      const session = await visit(invoice);
      await lose(invoice);
      await declareRestored();
      expect(await compare(invoice)).toEqual([]);
      expect(await countCompared()).toBe(1);
      expect(await visit(invoice)).toBe(session);
      expect(stripe.sessions(invoice.paymentId)).toHaveLength(2);
    });
  });

  describe('when processes die', () => {
    beforeAll(() => deployment.separate(), START_MS);

    it('between Stripe’s acts and our commits, nothing is done twice or lost', async () => {
      const [held, paid] = [await createInvoice({ shopId: 'two' }), await createInvoice()];
      for (const invoice of [held, paid]) await pay(invoice);
      await told(held, 'waitingForCapture');
      await told(paid, 'succeeded');
      await stripe.webhooks.idle();
      stripe.account.endpoints.remove(getEndpoint().id);
      const { ended } = await hangCalls(stripe, [
        ['captureIntent', () => desk.approve(held.paymentId, 1_000)],
        ['createRefund', () => desk.refund(paid.paymentId, 10)],
        ['createEndpoint', lookNow],
      ]);
      const { id } = getEndpoint();
      await deployment.crash();
      await ended;
      await deployment.stores.query(`UPDATE operation SET lease_until = now() WHERE state = 'running'`);
      await lookNow();
      await settled();
      await told(held, 'succeeded');
      expect(desk.findLast(held.invoiceUuid)).toMatchObject({ amount: 1_000 });
      await until('the refund is told', () => desk.mapRefunds(paid.invoiceUuid).size === 1);
      expect(stripe.book.refunds.filter(({ metadata }) => metadata.paymentId === paid.paymentId)).toMatchObject([{ amount: 1_000 }]);
      // The secret of the first webhook was lost with its reply.
      await until('the webhook is made again', () => stripe.account.endpoints.list().some((one) => one.id !== id));
      await reach('connected');
      const looked = `SELECT 1 FROM provider_setup WHERE connection_id = $1 AND lease_until < now()`;
      await until('its secret is stored', async () => (await deployment.stores.query(looked, [connection])).length === 1);
      stripe.webhooks.clear();
      await payAndHear();
    }, 180_000);
  });

  it('keys appear in no table, log or reply', async () => {
    const tables = await deployment.stores.query<{ tablename: string }>(
      `SELECT tablename FROM pg_tables WHERE schemaname IN ('public', 'bullmq')`,
    );
    for (const { tablename } of tables) {
      const rows = await deployment.stores
        .query(`SELECT 1 FROM ${tablename} t WHERE t::text ~ 'sk_test_(double|second)|whsec_'`)
        .catch(() => []);
      expect([tablename, rows.length]).toEqual([tablename, 0]);
    }
    expect(deployment.lastOutput).not.toMatch(/sk_test_|whsec_/);
  });
});
