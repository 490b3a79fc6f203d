import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { builtIn, host } from '#catalogue';
import { OperationsService } from '#operations';
import { RegistrationService } from '#onboarding';
import { OutboxFlusher } from '#outbox';
import { payment } from '#payment';
import { Environment } from '#platform';
import { createApi } from '../src/create-api.js';
import { readRefusal, readResult } from './support/account.js';
import { Crm } from './support/crm.js';
import { FlakyGateway } from './support/flaky-gateway.js';
import { BuyerPage, PaymentDesk } from './support/payment-desk.js';
import { COMMON_SETTINGS, makeStores, type Stores } from './support/test-servers.js';

const gateways = {
  /** Recognizes a repeated call by its key. */
  keyed: new FlakyGateway('keyed', { kind: 'idempotency-key' }, true),
  /** Carries out a repeated call a second time, but its payments can be looked up. */
  findable: new FlakyGateway('findable', { kind: 'find', settleSeconds: 0 }, false),
};

let stores: Stores;
let crm: Crm;
let api: NestFastifyApplication;
let environment: Environment;

/** Only the api: what it leaves open is reconciled by the spec, as housekeeping does. */
async function reconcile(): Promise<void> {
  await stores.query(`UPDATE operation SET check_at = now() WHERE state = 'unknown'`);
  await api.get(OperationsService, { strict: false }).reconcileDue({}, new AbortController().signal);
}

/** Sends what waits about a payment, as a worker does. */
async function flush(paymentId: string): Promise<void> {
  const [row] = await stores.query<{ connection_id: string }>(`SELECT connection_id FROM payment WHERE id = $1`, [paymentId]);
  const lanes = [{ connectionId: row?.connection_id ?? '', kind: 'payment.invoice' }];
  await api.get(OutboxFlusher, { strict: false }).flush({ lanes }, new AbortController().signal);
}

async function openOperations(): Promise<number> {
  return (await stores.query(`SELECT 1 FROM operation WHERE state IN ('running', 'unknown')`)).length;
}

beforeAll(async () => {
  stores = await makeStores('PostgreSQL');
  crm = await Crm.start();
  const variables = {
    ...COMMON_SETTINGS,
    ...stores.variables,
    PORT: '0',
    LOG_LEVEL: 'silent',
    CRM_HOSTS: crm.hosts,
    PROVIDER_BUDGET_MS: '4000',
  };
  const catalogue = builtIn.map((hosting) =>
    hosting.integration === payment ? host(payment, { adapters: Object.values(gateways) }) : hosting,
  );
  api = await createApi(catalogue, variables);
  environment = api.get(Environment);
  await api.listen(0, '127.0.0.1');
  environment.PUBLIC_URL = await api.getUrl();
});

afterAll(async () => {
  await api?.close();
  await crm?.close();
  await stores?.remove();
});

describe.each(['keyed', 'findable'] as const)('payments at an outside gateway whose calls are recovered by being %s', (kind) => {
  const gateway = gateways[kind];
  let desk: PaymentDesk;

  beforeAll(async () => {
    desk = await PaymentDesk.open({ url: environment.publicUrl, getSecret: (module) => `development-secret-of-${module}` }, crm, kind);
  });

  afterEach(async () => {
    expect(crm.complaints).toEqual([]);
    expect(await openOperations()).toBe(0);
  });

  async function held(): Promise<{ paymentId: string; invoiceUuid: string; invoiceUrl: string }> {
    const invoice = await desk.invoice({ amount: 100, currency: 'EUR', items: [] });
    gateway.pay(invoice.paymentId);
    expect(await desk.status(invoice.paymentId)).toMatchObject({ status: 'waitingForCapture' });
    return invoice;
  }

  async function paid(): Promise<{ paymentId: string; invoiceUuid: string; invoiceUrl: string }> {
    const invoice = await held();
    expect((await desk.approve(invoice.paymentId)).status).toBe(200);
    return invoice;
  }

  it('registers once when the reply is lost, and answers the repeat', async () => {
    const body = desk.body({ currency: 'EUR' });
    gateway.fail('create', 'lost');
    const made = gateway.books.size;
    expect(readRefusal(await desk.create(body)).status).toBe(504);
    const { paymentId } = readResult<{ paymentId: string }>(await desk.create(body), 'CallbackPaymentCreateResponse');
    expect(gateway.books.size).toBe(made + 1);
    expect(gateway.listEffects(paymentId)).toEqual(['create']);
    expect(readRefusal(await desk.create({ ...body, amount: 5, items: [] })).status).toBe(400);
  });

  it('registers once if no caller repeats a lost call', async () => {
    const body = desk.body({ currency: 'EUR' });
    gateway.fail('create', 'lost');
    await desk.create(body);
    await reconcile();
    const { paymentId } = readResult<{ paymentId: string }>(await desk.create(body), 'CallbackPaymentCreateResponse');
    expect(gateway.listEffects(paymentId)).toEqual(['create']);
  });

  it('registers a corrected or repeated invoice after a rejection, one of twenty at the same time', async () => {
    const body = desk.body({ currency: 'EUR' });
    gateway.fail('create', 'refused');
    expect(readRefusal(await desk.create(body))).toMatchObject({ status: 400, errorMsg: 'The gateway refuses.' });
    gateway.fail('create', 'away');
    expect(readRefusal(await desk.create(body)).status).toBe(502);
    const made = gateway.books.size;
    const replies = await Promise.all(Array.from({ length: 20 }, () => desk.create({ ...body, amount: 7, items: [] })));
    const ids = replies.map((reply) => readResult<{ paymentId: string }>(reply, 'CallbackPaymentCreateResponse').paymentId);
    expect(new Set(ids).size).toBe(1);
    expect(gateway.books.size).toBe(made + 1);
  });

  it('approves once when the reply is lost', async () => {
    const repeated = await held();
    gateway.fail('approve', 'lost');
    expect(readRefusal(await desk.approve(repeated.paymentId, 60)).status).toBe(504);
    expect((await desk.approve(repeated.paymentId, 60)).status).toBe(200);
    expect(readRefusal(await desk.approve(repeated.paymentId, 61)).status).toBe(400);
    expect(gateway.listEffects(repeated.paymentId)).toEqual(['create', 'approve']);

    const left = await held();
    gateway.fail('approve', 'lost');
    await desk.approve(left.paymentId, 60);
    await reconcile();
    expect(await desk.status(left.paymentId)).toMatchObject({ status: 'succeeded', amount: 60 });
    expect(gateway.listEffects(left.paymentId)).toEqual(['create', 'approve']);
  });

  it('registers the currencies of the settings, and takes no other', async () => {
    const [row] = await stores.query<{ id: string }>(`SELECT id FROM connection WHERE module_code = $1`, [kind]);
    const currencies = async (settings: object): Promise<unknown> => {
      const reply = await fetch(`${environment.publicUrl}/operator/api/connections/${row?.id}/settings`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${COMMON_SETTINGS.OPERATOR_TOKEN}`, 'content-type': 'application/json' },
        body: JSON.stringify(settings),
      });
      expect(reply.status).toBe(200);
      await api.get(RegistrationService, { strict: false }).register(row?.id ?? '', 'interactive');
      return desk.account.registration.integrations?.payment?.currencies;
    };
    const body = desk.body({ currency: 'RUB', items: [] });
    const before = desk.body({ currency: 'RUB', items: [] });
    const made = readResult(await desk.create(before), 'CallbackPaymentCreateResponse');
    expect(await currencies({ currency: 'EUR' })).toEqual(['EUR']);
    expect(readResult(await desk.create(before), 'CallbackPaymentCreateResponse')).toEqual(made);
    expect(readRefusal(await desk.create(body))).toMatchObject({ status: 400, errors: { currency: 'must be one of: EUR' } });
    expect(await currencies({})).toEqual(['EUR', 'RUB']);
    readResult(await desk.create(body), 'CallbackPaymentCreateResponse');
  });

  it('reports the gateway’s deduction to the CRM', async () => {
    const invoice = await desk.invoice({ amount: 100, currency: 'EUR', items: [] });
    gateway.pay(invoice.paymentId, 1250);
    expect(await desk.status(invoice.paymentId)).toMatchObject({ status: 'waitingForCapture', amount: 87.5 });
    await flush(invoice.paymentId);
    expect(desk.findLast(invoice.invoiceUuid)).toMatchObject({ status: 'waitingForCapture', amount: 87.5, discountAmount: 12.5 });
    expect(readRefusal(await desk.approve(invoice.paymentId, 100)).status).toBe(400);
    expect((await desk.approve(invoice.paymentId)).status).toBe(200);
    await flush(invoice.paymentId);
    expect(desk.findLast(invoice.invoiceUuid)).toMatchObject({ status: 'succeeded', amount: 87.5, discountAmount: 12.5 });
    const page = (await new BuyerPage(invoice.invoiceUrl).open()).bytes.toString();
    expect(page).toMatch(/Discount: [^<]*12[.]50/);
    expect(readResult(await desk.refund(invoice.paymentId), 'CallbackPaymentRefundResponse')).toMatchObject({ amount: 87.5 });
    await flush(invoice.paymentId);
    expect(desk.findLast(invoice.invoiceUuid)).toMatchObject({ status: 'refundSucceeded', refund: { amount: 87.5 } });
    expect(desk.findLast(invoice.invoiceUuid)).not.toHaveProperty('discountAmount');
  });

  it('cancels or approves, whichever comes first, when both come at the same time', async () => {
    const invoice = await held();
    const [approved, cancelled] = await Promise.all([desk.approve(invoice.paymentId), desk.cancel(invoice.paymentId)]);
    const { status } = await desk.status(invoice.paymentId);
    expect([approved.status, cancelled.status]).toEqual(status === 'succeeded' ? [200, 400] : [400, 200]);
    expect(gateway.listEffects(invoice.paymentId)).toHaveLength(2);
  });

  it('refunds once when the reply is lost, whatever is repeated', async () => {
    const { paymentId } = await paid();
    gateway.fail('refund', 'lost');
    expect(readRefusal(await desk.refund(paymentId, 30)).status).toBe(504);
    // Another one waits for the first to be known.
    gateway.fail('get', 'away');
    expect(readRefusal(await desk.refund(paymentId, 80)).status).toBe(504);
    const known = readResult<{ id: string }>(await desk.refund(paymentId, 30), 'CallbackPaymentRefundResponse');
    expect(gateway.books.get(paymentId)?.refunds).toMatchObject([{ reference: known.id, amount: { minor: 3000 } }]);
    expect(readRefusal(await desk.refund(paymentId, 80)).status).toBe(400);
    expect(readResult(await desk.refund(paymentId), 'CallbackPaymentRefundResponse')).toMatchObject({ amount: 70 });
    expect(gateway.listEffects(paymentId)).toEqual(['create', 'approve', 'refund', 'refund']);
  });

  it('refunds once when the call never arrived or is not repeated', async () => {
    const { paymentId } = await paid();
    gateway.fail('refund', 'away');
    expect(readRefusal(await desk.refund(paymentId, 40)).status).toBe(502);
    gateway.fail('refund', 'lost');
    await desk.refund(paymentId, 40);
    await reconcile();
    expect(readResult(await desk.refund(paymentId, 40), 'CallbackPaymentRefundResponse')).toMatchObject({
      amount: 40,
      status: 'succeeded',
    });
    expect(gateway.listEffects(paymentId)).toEqual(['create', 'approve', 'refund']);
  });

  it('never refunds more than was captured, however many calls come at the same time', async () => {
    const { paymentId } = await paid();
    const replies = await Promise.all([60, 50, 60, 50, 40, 30].map((amount) => desk.refund(paymentId, amount)));
    for (const reply of replies) expect([200, 400, 504]).toContain(reply.status);
    const given = gateway.books.get(paymentId)?.refunds.reduce((sum, refund) => sum + refund.amount.minor, 0);
    expect(given).toBeLessThanOrEqual(10_000);
    await reconcile();
  });

  it('finds refunds made elsewhere', async () => {
    const { paymentId } = await paid();
    gateway.refundElsewhere(paymentId, 2500);
    expect(await desk.status(paymentId)).toMatchObject({ status: 'succeeded', refundable: true });
    expect(readRefusal(await desk.refund(paymentId, 75.01)).status).toBe(400);
    gateway.refundElsewhere(paymentId, 7500);
    expect(await desk.status(paymentId)).toMatchObject({ status: 'refundSucceeded', refundable: false });
    const rows = await stores.query<{ payload: { refundId?: string } }>(`SELECT payload FROM outbox WHERE subject = $1 ORDER BY id`, [
      paymentId,
    ]);
    expect(rows.filter((row) => row.payload.refundId !== undefined)).toHaveLength(2);
  });

  it('leads the buyer to the hosted page, once however many come, and shows the outcome', async () => {
    const invoice = await desk.invoice({ amount: 100, currency: 'EUR', items: [] });
    const page = new BuyerPage(invoice.invoiceUrl);
    const visits = await Promise.all([page.open(), page.open(), page.open('?done=1')]);
    for (const visit of visits)
      expect([visit.status, visit.headers.get('location')]).toEqual([303, `https://gateway.example/${invoice.paymentId}`]);
    gateway.fail('checkout', 'away');
    const away = await page.open();
    expect(away.status).toBe(503);
    expect(away.bytes.toString()).toContain('cannot be opened right now');
    gateway.fail('checkout', 'lost');
    expect((await page.open()).status).toBe(503);
    expect((await page.open()).status).toBe(303);
    const [row] = await stores.query<{ memory: object }>(`SELECT memory FROM payment WHERE id = $1`, [invoice.paymentId]);
    expect(row?.memory).toEqual({ page: String(gateway.books.get(invoice.paymentId)?.pages) });
    gateway.pay(invoice.paymentId);
    await desk.status(invoice.paymentId);
    const after = await page.open('?done=1');
    expect(after.status).toBe(200);
    expect(after.bytes.toString()).toContain('on hold');
    expect((await page.submit({ card: '4242424242424242' })).status).toBe(303);
  });

  it('knows a payment by the id of the gateway in its webhooks', async () => {
    const { paymentId } = await held();
    const [connection] = await stores.query<{ connection_id: string }>(`SELECT connection_id FROM payment WHERE id = $1`, [paymentId]);
    const post = (secret: string, event: object): Promise<Response> =>
      fetch(`${environment.publicUrl}/${kind}/webhooks/${connection?.connection_id}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-secret': secret },
        body: JSON.stringify(event),
      });
    expect((await post('wrong', { id: `${kind}-1`, externalId: `gw-${paymentId}` })).status).toBe(400);
    expect((await post('right', { id: `${kind}-1`, externalId: `gw-${paymentId}` })).status).toBe(200);
    // No worker runs here.
    expect(await stores.query(`SELECT state FROM inbox_event WHERE event_id = $1`, [`${kind}-1`])).toEqual([{ state: 'applied' }]);
    expect(await stores.query(`SELECT read_at <= now() AS is_due FROM payment WHERE id = $1`, [paymentId])).toEqual([{ is_due: true }]);
  });
});
