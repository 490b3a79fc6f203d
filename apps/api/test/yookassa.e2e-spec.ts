import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { YooKassaDouble, type YooKassaPayment, type YooKassaRefund } from '#testing';
import { readRefusal, readResult } from './support/account.js';
import { Crm } from './support/crm.js';
import { Deployment, START_MS } from './support/deployment.js';
import { hangCalls } from './support/hang-calls.js';
import { BuyerPage, PAYMENT_SCOPES, PaymentDesk } from './support/payment-desk.js';
import { until } from './support/until.js';

const KEYS = /test_double_key|live_second_key|test_third_key|live_tenge_key/;

let deployment: Deployment;
let yookassa: YooKassaDouble;
let crm: Crm;
let desk: PaymentDesk;
let connection: string;

const getAddress = (): string => `${deployment.variables.PUBLIC_URL}/yookassa/webhooks/${connection}`;

beforeAll(async () => {
  yookassa = await YooKassaDouble.start();
  yookassa.addShop({ shopId: '200', secretKey: 'live_second_key', currency: 'RUB', receipts: 'none' });
  yookassa.addShop({ shopId: '300', secretKey: 'test_third_key', currency: 'RUB', receipts: 'yoomoney' });
  yookassa.addShop({ shopId: '400', secretKey: 'live_tenge_key', currency: 'KZT', receipts: 'none' });
  crm = await Crm.start();
  deployment = await Deployment.start({
    crms: [crm],
    variables: { MODULES: 'yookassa', PROVIDER_BUDGET_MS: '10000', YOOKASSA_URL: yookassa.url },
  });
  desk = await PaymentDesk.open(deployment, crm, 'yookassa');
  const { items } = (await deployment.askOperator('GET', '/connections?limit=5')).json as { items: { id: string }[] };
  connection = items[0]?.id ?? '';
  const shop = { name: 'Чайная', active: true };
  const saved = await deployment.askOperator('PUT', `/connections/${connection}/settings`, {
    hasNotifications: true,
    senders: ['127.0.0.1'],
    shops: [
      { ...shop, code: 'main', capture: 'automatic', shopId: '100500', secretKey: 'test_double_key' },
      { ...shop, code: 'two', capture: 'manual', shopId: '100500', secretKey: 'test_double_key' },
      { ...shop, code: 'live', capture: 'automatic', shopId: '200', secretKey: 'live_second_key' },
      { ...shop, code: 'receipts', capture: 'manual', shopId: '300', secretKey: 'test_third_key', receipts: 'yookassa' },
      { ...shop, code: 'fiscal', capture: 'automatic', shopId: '300', secretKey: 'test_third_key', receipts: 'yookassa' },
      { ...shop, code: 'tenge', capture: 'automatic', shopId: '400', secretKey: 'live_tenge_key', currency: 'KZT' },
    ],
  });
  expect([saved.status, saved.bytes.toString().match(KEYS)]).toEqual([200, null]);
  await until('the shops are registered', () => desk.account.registration.integrations?.payment?.shops?.length === 6);
  for (const one of yookassa.shops) one.webhookUrl = getAddress();
}, START_MS);

afterAll(async () => {
  await deployment?.stop();
  await crm?.close();
  await yookassa?.close();
});

beforeEach(async () => {
  // This test counts attempts.
  await yookassa.webhooks.idle();
  yookassa.faults.clear();
  yookassa.webhooks.clear();
  yookassa.webhooks.mode = 'auto';
  yookassa.setModes({ refunds: 'succeeded', partialCapture: 'captured', registration: 'succeeded', receiptFirst: false, declines: 'end' });
});
afterEach(() => {
  expect(crm.complaints).toEqual([]);
  expect(desk.wentBack()).toEqual([]);
  // At most one payment of an invoice can be paid, and the buyer is charged once.
  const references = new Set(yookassa.payments().flatMap(({ metadata }) => metadata?.['paymentId'] ?? []));
  for (const reference of references) {
    const open = yookassa.payments(reference).filter(({ status }) => status !== 'canceled');
    expect([reference, open.length <= 1]).toEqual([reference, true]);
  }
});

type Invoice = Awaited<ReturnType<PaymentDesk['invoice']>>;

const createInvoice = (changes: Parameters<PaymentDesk['invoice']>[0] = {}): Promise<Invoice> => desk.invoice(changes);

/** Follows the link as the buyer. Returns the payment that the page belongs to. */
async function visit({ invoiceUrl }: Invoice): Promise<string> {
  const reply = await new BuyerPage(invoiceUrl).open();
  expect([302, 303]).toContain(reply.status);
  const target = new URL(reply.headers.get('location') ?? '');
  expect(target.origin).toBe(yookassa.url);
  return target.pathname.split('/').at(-1) ?? '';
}

async function pay(invoice: Invoice, buyer: Parameters<YooKassaDouble['book']['pay']>[1] = {}): Promise<string> {
  const id = await visit(invoice);
  yookassa.shopWith(id).book.pay(id, buyer);
  return id;
}

const told = (invoice: Invoice, status: string): Promise<unknown> =>
  until(`the CRM is told ${status}`, () => desk.findLast(invoice.invoiceUuid)?.status === status);
const find = (id: string): YooKassaPayment => yookassa.shopWith(id).book.payment(id);
const refundsOf = (id: string): YooKassaRefund[] => yookassa.shopWith(id).book.refunds.filter(({ payment_id }) => payment_id === id);
const values = (refunds: readonly YooKassaRefund[]): string[] => refunds.map(({ amount }) => amount.value);

/** Makes the next reading of a payment due, as the poll would some time later. */
const makeDue = (invoice: Invoice): Promise<unknown> =>
  deployment.stores.query(`UPDATE payment SET read_at = now() WHERE id = $1`, [invoice.paymentId]);

async function settled(): Promise<void> {
  await until('nothing is open', async () => {
    await deployment.stores.query(`UPDATE operation SET check_at = now() WHERE state = 'unknown'`);
    return (await deployment.stores.query(`SELECT 1 FROM operation WHERE state IN ('running', 'unknown')`)).length === 0;
  });
}

async function held(changes: Parameters<PaymentDesk['invoice']>[0] = {}): Promise<{ invoice: Invoice; id: string }> {
  const invoice = await createInvoice({ shopId: 'two', ...changes });
  const id = await pay(invoice);
  await told(invoice, 'waitingForCapture');
  return { invoice, id };
}

async function paid(changes: Parameters<PaymentDesk['invoice']>[0] = {}): Promise<{ invoice: Invoice; id: string }> {
  const invoice = await createInvoice(changes);
  const id = await pay(invoice);
  await told(invoice, 'succeeded');
  return { invoice, id };
}

describe('payments through YooKassa', () => {
  it('registers what YooKassa can', () => {
    const payment = desk.account.registration.integrations?.payment;
    expect(PAYMENT_SCOPES).toContain('payments_write');
    expect(payment?.actions).toEqual({
      create: '/payment/create',
      approve: '/payment/approve',
      cancel: '/payment/cancel',
      refund: '/payment/refund',
      status: '/payment/status',
    });
    expect(payment?.currencies?.toSorted()).toEqual(['KZT', 'RUB']);
  });

  it('shows whose shops these are, and stores no key that YooKassa rejects', async () => {
    const check = await deployment.askOperator('POST', `/connections/${connection}/check`, {});
    expect(check.json).toMatchObject({ state: 'ok', account: expect.stringContaining('100500') });
    const { values: before } = (await deployment.askOperator('GET', `/connections/${connection}/settings`)).json as {
      values: { shops: object[] };
    };
    const shops = before.shops.map((one, index) => (index === 1 ? { ...one, secretKey: 'test_of_nobody' } : one));
    const { status, errors } = readRefusal(
      await deployment.askOperator('PUT', `/connections/${connection}/settings`, { ...before, shops }),
    );
    expect([status, Object.keys(errors)]).toEqual([400, ['shops[1].secretKey']]);
  });

  it('one stage: link, page, CRM, refunds', async () => {
    const invoice = await createInvoice();
    const id = await visit(invoice);
    expect(await visit(invoice)).toBe(id);
    expect(yookassa.payments(invoice.paymentId)).toMatchObject([{ metadata: { invoiceUuid: invoice.invoiceUuid, orderNumber: '5074A' } }]);
    const { confirmation, amount } = find(id);
    expect([amount, confirmation?.return_url.startsWith(deployment.url)]).toEqual([{ value: '1234.50', currency: 'RUB' }, true]);
    yookassa.book.pay(id);
    await told(invoice, 'succeeded');
    expect(desk.findLast(invoice.invoiceUuid)).toMatchObject({ amount: 1_234.5, refundable: true, cancellable: false });
    expect(desk.listStatuses(invoice.invoiceUuid)).not.toContain('waitingForCapture');
    const page = (await new BuyerPage(confirmation?.return_url ?? '').open()).bytes.toString();
    expect(page).toContain('Чайная');
    for (const part of [100, 34.5]) readResult(await desk.refund(invoice.paymentId, part), 'CallbackPaymentRefundResponse');
    expect(values(refundsOf(id))).toEqual(['100.00', '34.50']);
    readResult(await desk.refund(invoice.paymentId), 'CallbackPaymentRefundResponse');
    await told(invoice, 'refundSucceeded');
    // The CRM has that reply: the same again is another refund, without money for it.
    expect(readRefusal(await desk.refund(invoice.paymentId)).status).toBe(400);
    expect(readRefusal(await desk.refund(invoice.paymentId, 1)).status).toBe(400);
    expect(values(refundsOf(id))).toEqual(['100.00', '34.50', '1100.00']);
    expect(desk.mapRefunds(invoice.invoiceUuid).size).toBe(3);
  });

  describe('receipts name the goods', () => {
    const goods = {
      amount: 620,
      items: [
        { name: 'Чайник', price: 80, quantity: 4, vat: 'vat20' },
        { name: 'Доставка', price: 300, quantity: 1, vat: 'none', paymentObject: 'service' },
      ],
    };
    const listItems = (id: string, type: string): unknown[] =>
      yookassa
        .shopWith(id)
        .book.receipts.filter(
          (one) => one.type === type && (one.payment_id === id || refundsOf(id).some((made) => made.id === one.refund_id)),
        )
        .map(({ items }) => items.map(({ description, quantity, amount }) => [description, quantity, amount.value]));

    it('that a refund returns, each piece once, also when a reply is lost', async () => {
      const { invoice, id } = await paid({ shopId: 'fiscal', ...goods });
      readResult(await desk.refund(invoice.paymentId, 240), 'CallbackPaymentRefundResponse');
      yookassa.fail('createRefund', { kind: 'error-after' }, 3);
      expect((await desk.refund(invoice.paymentId, 300)).status).toBe(504);
      // The repeats send the same body under the same key, which YooKassa insists on.
      await settled();
      readResult(await desk.refund(invoice.paymentId, 50), 'CallbackPaymentRefundResponse');
      expect(listItems(id, 'refund')).toEqual([[['Чайник', 3, '80.00']], [['Доставка', 1, '300.00']], [['Чайник', 1, '50.00']]]);
      expect(values(refundsOf(id))).toEqual(['240.00', '300.00', '50.00']);
    });
  });

  it('two stages: a part is captured after the CRM agreed, and amount is the requested sum', async () => {
    yookassa.setModes({ partialCapture: 'asked' });
    const { invoice, id } = await held();
    expect(desk.findLast(invoice.invoiceUuid)?.expiredAt).toMatch(/^\d{4}-/);
    expect((await desk.approve(invoice.paymentId, 1_000)).status).toBe(200);
    expect(desk.checks.at(-1)).toMatchObject({ invoiceUuid: invoice.invoiceUuid, amount: 1_000 });
    expect(find(id)).toMatchObject({ status: 'succeeded', income_amount: { value: '965.00' } });
    await told(invoice, 'succeeded');
    expect(desk.findLast(invoice.invoiceUuid)).toMatchObject({ amount: 1_000 });
    await makeDue(invoice);
    expect(readRefusal(await desk.refund(invoice.paymentId, 1_000.01)).status).toBe(400);
    readResult(await desk.refund(invoice.paymentId), 'CallbackPaymentRefundResponse');
    await told(invoice, 'refundSucceeded');
    expect(values(refundsOf(id))).toEqual(['1000.00']);
  });

  it.each(['main', 'two'])(
    'cancel of an unpaid invoice of the shop %s: the link ends, and money that comes late goes back',
    async (shopId) => {
      const invoice = await createInvoice({ shopId });
      const id = await visit(invoice);
      expect((await desk.cancel(invoice.paymentId)).status).toBe(200);
      await told(invoice, 'canceled');
      expect((await new BuyerPage(invoice.invoiceUrl).open()).status).toBe(200);
      // The buyer still has YooKassa's page open.
      const notices = crm.notifications.length;
      yookassa.book.pay(id);
      await until('the money has gone back', () =>
        shopId === 'main' ? find(id).refunded_amount?.value === '1234.50' : find(id).status === 'canceled',
      );
      expect(refundsOf(id)).toHaveLength(shopId === 'main' ? 1 : 0);
      await until('the shop is told', () => crm.notifications.length > notices);
      expect(desk.listStatuses(invoice.invoiceUuid).at(-1)).toBe('canceled');
    },
  );

  it('a slow reading of the payment that ended does not lead the buyer to a third', async () => {
    const invoice = await createInvoice();
    yookassa.webhooks.mode = 'off';
    yookassa.book.expire(await visit(invoice));
    const before = yookassa.countCalls('getPayment');
    yookassa.fail('getPayment', { kind: 'delay', ms: 1_500 });
    const reading = desk.status(invoice.paymentId);
    await until('it is under way', () => yookassa.countCalls('getPayment') > before);
    const second = await visit(invoice);
    await reading;
    expect(await visit(invoice)).toBe(second);
    expect(yookassa.payments(invoice.paymentId)).toHaveLength(2);
  });

  describe('notifications', () => {
    it('late, twice, in reverse: one story, told forward only', async () => {
      yookassa.webhooks.mode = 'hold';
      const invoice = await createInvoice({ shopId: 'two' });
      const id = await pay(invoice);
      expect((await desk.status(invoice.paymentId)).status).toBe('waitingForCapture');
      expect((await desk.approve(invoice.paymentId)).status).toBe(200);
      yookassa.book.refundByHand(id);
      await yookassa.webhooks.flush({ reverse: true, copies: 3 });
      expect(yookassa.webhooks.attempts.map(({ status }) => status)).toEqual(Array(9).fill(200));
      await told(invoice, 'refundSucceeded');
    });

    it('prove nothing: a false one changes nothing, and a notice of other software is only acknowledged', async () => {
      const { invoice, id } = await held();
      await yookassa.webhooks.idle();
      yookassa.webhooks.clear();
      yookassa.webhooks.mode = 'hold';
      const open = await createInvoice();
      const pending = find(await visit(open));
      for (const object of [find(id), pending, { ...pending, id: 'x'.repeat(36), metadata: undefined }, { id: 5 }, {}]) {
        const body = JSON.stringify({
          type: 'notification',
          event: 'payment.succeeded',
          object: { ...object, status: 'succeeded', paid: true },
        });
        const reply = await fetch(getAddress(), { method: 'POST', body, headers: { 'content-type': 'application/json' } });
        expect(reply.status).toBeLessThan(500);
      }
      const credentials = Buffer.from('100500:test_double_key').toString('base64');
      const other = await fetch(`${yookassa.url}/v3/payments`, {
        method: 'POST',
        headers: { authorization: `Basic ${credentials}`, 'content-type': 'application/json', 'idempotence-key': 'other-software' },
        body: JSON.stringify({
          ...{ amount: { value: '5.00', currency: 'RUB' }, capture: true },
          confirmation: { type: 'redirect', return_url: 'https://shop.example' },
        }),
      });
      yookassa.book.pay(((await other.json()) as { id: string }).id);
      await yookassa.webhooks.flush();
      expect(yookassa.webhooks.attempts.map(({ status }) => status)).toEqual([200]);
      expect((await desk.status(open.paymentId)).status).toBe('pending');
      expect(desk.findLast(open.invoiceUuid)).toBeUndefined();
      expect((await desk.status(invoice.paymentId)).status).toBe('waitingForCapture');
    });

    it('of an address that is not listed are not lost: the payment is read some time', async () => {
      const { values: before } = (await deployment.askOperator('GET', `/connections/${connection}/settings`)).json as { values: object };
      const save = async (senders: string[]): Promise<void> => {
        expect((await deployment.askOperator('PUT', `/connections/${connection}/settings`, { ...before, senders })).status).toBe(200);
      };
      await save(['185.71.76.0/27']);
      yookassa.setModes({ webhookFrom: '185.71.76.5' });
      yookassa.webhooks.attemptsMost = 2;
      const invoice = await createInvoice();
      await pay(invoice);
      await yookassa.webhooks.idle();
      // A sender that only claims an address in a header is not believed.
      expect(yookassa.webhooks.attempts.every(({ status }) => status >= 400 && status < 500)).toBe(true);
      await makeDue(invoice);
      await told(invoice, 'succeeded');
      await save(['127.0.0.1']);
      yookassa.setModes({ webhookFrom: undefined });
      yookassa.webhooks.attemptsMost = 8;
    });
  });

  describe('receipts', () => {
    it('go with payments, parts captured and parts refunded, to the kopeck', async () => {
      const { invoice, id } = await held({ shopId: 'receipts' });
      const sent = (call: string): { receipt: { customer: object; items: { vat_code: number; measure: string }[] } }[] =>
        yookassa.calls.filter((one) => one.call === call).map(({ body }) => body as never);
      const receipt = sent('createPayment').at(-1)?.receipt;
      expect(receipt?.customer).toMatchObject({ email: 'olga@example.com' });
      expect(receipt?.items.map(({ vat_code, measure }) => [vat_code, measure])).toEqual([
        [11, 'piece'],
        [3, 'piece'],
      ]);
      expect((await desk.approve(invoice.paymentId, 777.77)).status).toBe(200);
      await told(invoice, 'succeeded');
      readResult(await desk.refund(invoice.paymentId, 333.33), 'CallbackPaymentRefundResponse');
      expect(refundsOf(id)).toMatchObject([{ amount: { value: '333.33' }, receipt_registration: 'succeeded' }]);
      readResult(await desk.refund(invoice.paymentId), 'CallbackPaymentRefundResponse');
      await told(invoice, 'refundSucceeded');
      expect(values(refundsOf(id))).toEqual(['333.33', '444.44']);
      // The creation, the part taken and the two refunds.
      const story = (await deployment.askOperator('GET', `/stories/payment/${invoice.paymentId}`)).bytes.toString();
      expect(story.split('VAT of 20 % was sent as 22 %, the rate since 2026.')).toHaveLength(5);
    });
  });

  describe('unknown outcomes', () => {
    it('whose replies are lost: nothing twice, nothing lost', async () => {
      const fault = { kind: 'drop-after' } as const;
      yookassa.fail('createPayment', fault);
      const { invoice, id } = await held();
      yookassa.fail('capturePayment', fault, 2);
      await desk.approve(invoice.paymentId, 1_000);
      await settled();
      if (find(id).status !== 'succeeded') expect((await desk.approve(invoice.paymentId, 1_000)).status).toBe(200);
      await told(invoice, 'succeeded');
      yookassa.fail('createRefund', fault, 2);
      await desk.refund(invoice.paymentId, 10);
      await settled();
      if (refundsOf(id).length === 0) readResult(await desk.refund(invoice.paymentId, 10), 'CallbackPaymentRefundResponse');
      await until('the refund is told', () => desk.mapRefunds(invoice.invoiceUuid).size === 1);
      expect([values(refundsOf(id)), desk.findLast(invoice.invoiceUuid)?.amount]).toEqual([['10.00'], 1_000]);
      const other = await held();
      yookassa.fail('cancelPayment', fault, 2);
      await desk.cancel(other.invoice.paymentId);
      await settled();
      if (find(other.id).status !== 'canceled') expect((await desk.cancel(other.invoice.paymentId)).status).toBe(200);
      await told(other.invoice, 'canceled');
    }, 60_000);

    it('a day later, when YooKassa has forgotten the key, a refund is looked for and not made again', async () => {
      const { invoice, id } = await paid();
      yookassa.fail('createRefund', { kind: 'error-after' }, 1_000);
      await desk.refund(invoice.paymentId, 10);
      const age = `UPDATE operation SET sent_at = sent_at - interval '25 hours', created_at = created_at - interval '25 hours',
        check_at = now() + interval '1 hour' WHERE state = 'unknown' RETURNING id`;
      await until('no worker is looking for it', async () => (await deployment.stores.query(age)).length === 1);
      yookassa.book.advance(25 * 3_600);
      yookassa.faults.clear();
      await settled();
      await until('the refund is told', () => desk.mapRefunds(invoice.invoiceUuid).size === 1);
      expect(values(refundsOf(id))).toEqual(['10.00']);
    });
  });

  it('refusals of YooKassa are the CRM’s in plain words', async () => {
    expect(readRefusal(await desk.create(desk.body({ amount: 0.5, items: [] })))).toMatchObject({
      status: 400,
      errors: { amount: expect.any(String) },
    });
    expect(readRefusal(await desk.create(desk.body({ amount: 700_000.01, items: [] })))).toMatchObject({
      status: 400,
      errors: { amount: expect.any(String) },
    });
    expect(readRefusal(await desk.create(desk.body({ currency: 'EUR', items: [] }))).status).toBe(400);
    yookassa.fail('createPayment', { kind: 'unauthorized' });
    expect(readRefusal(await desk.create(desk.body())).status).toBe(400);
  });

  describe('after a restore of the database', () => {
    /** Loses the rows since the backup, as a restore does. */
    const lose = async (paymentId: string, ...statements: string[]): Promise<void> => {
      // A message or an event about a later state would be sent with the state of the backup.
      await yookassa.webhooks.idle();
      await deployment.settled();
      await deployment.stores.query(`DELETE FROM operation WHERE reference = $1 AND kind <> 'payment.create'`, [paymentId]);
      for (const statement of statements) await deployment.stores.query(statement, [paymentId]);
    };
    const REFUNDS = 'DELETE FROM payment_refund WHERE payment_id = $1';
    const UNPAID = `UPDATE payment SET status = 'pending', captured_minor = NULL, paid_at = NULL, read_at = NULL WHERE id = $1`;

    it('a repeated refund is the one at YooKassa, whose metadata was dropped', async () => {
      const { invoice, id } = await paid();
      yookassa.setModes({ refundMetadata: 'dropped' });
      readResult(await desk.refund(invoice.paymentId, 120), 'CallbackPaymentRefundResponse');
      yookassa.setModes({ refundMetadata: 'kept' });
      await lose(invoice.paymentId, REFUNDS);
      expect((await deployment.askOperator('POST', '/system/restored', {})).status).toBe(200);
      expect(readResult(await desk.refund(invoice.paymentId, 120), 'CallbackPaymentRefundResponse')).toMatchObject({ amount: 120 });
      expect(values(refundsOf(id))).toEqual(['120.00']);
    });

    it('an invoice that was paid since the backup cannot be paid again', async () => {
      expect((await deployment.askOperator('POST', '/system/restored', {})).status).toBe(200);
      const invoice = await createInvoice();
      const first = await pay(invoice, { card: '5555555555554600' });
      const second = await pay(invoice);
      await told(invoice, 'succeeded');
      await lose(
        invoice.paymentId,
        `${UNPAID} AND memory IS NOT NULL`,
        `UPDATE payment SET external_id = '${first}', memory = '{"attempt":"1","vatYear":"2026"}' WHERE id = $1`,
      );
      yookassa.book.advance(25 * 3_600);
      const reply = await new BuyerPage(invoice.invoiceUrl).open();
      expect(reply.status).toBe(200);
      expect(yookassa.payments(invoice.paymentId).map(({ id }) => id)).toEqual([first, second]);
    });
  });

  it('kill -9 between YooKassa’s acts and our commits: nothing twice, nothing lost', async () => {
    await deployment.separate();
    const [capturing, refunding] = [await held(), await paid()];
    const created = desk.body();
    const expired = await createInvoice();
    yookassa.book.expire(await visit(expired));
    const late: { invoice: Invoice; id: string }[] = [];
    for (const shopId of ['main', 'two']) {
      const invoice = await createInvoice({ shopId });
      late.push({ invoice, id: await visit(invoice) });
      expect((await desk.cancel(invoice.paymentId)).status).toBe(200);
    }
    const payLate = (index: number): Promise<unknown> => Promise.resolve(yookassa.book.pay(late[index]?.id ?? ''));
    const { ended } = await hangCalls(yookassa, [
      ['capturePayment', () => desk.approve(capturing.invoice.paymentId, 1_000)],
      ['createRefund', () => desk.refund(refunding.invoice.paymentId, 10)],
      ['createPayment', () => desk.create(created)],
      ['createPayment', () => new BuyerPage(expired.invoiceUrl).open()],
      // Late money of one stage goes back, and a late hold is released.
      ['createRefund', () => payLate(0)],
      ['cancelPayment', () => payLate(1)],
    ]);
    await deployment.crash();
    await ended;
    await deployment.stores.query(`UPDATE operation SET lease_until = now() WHERE state = 'running'`);
    for (const { invoice } of late) await makeDue(invoice);
    await settled();
    await told(capturing.invoice, 'succeeded');
    expect(desk.findLast(capturing.invoice.invoiceUuid)).toMatchObject({ amount: 1_000 });
    await until('the refund is told', () => desk.mapRefunds(refunding.invoice.invoiceUuid).size === 1);
    expect(values(refundsOf(refunding.id))).toEqual(['10.00']);
    const { paymentId, invoiceUrl } = await until('it is made', async () =>
      readResult<{ paymentId: string; invoiceUrl: string }>(await desk.create(created), 'CallbackPaymentCreateResponse'),
    );
    await visit({ paymentId, invoiceUrl, invoiceUuid: created.invoiceUuid });
    expect(yookassa.payments(paymentId)).toHaveLength(1);
    await until('the link leads on', () => visit(expired));
    expect(yookassa.payments(expired.paymentId)).toHaveLength(2);
    for (const [index, { invoice, id }] of late.entries()) {
      await until('the money has gone back', () => find(id).refunded_amount?.value === '1234.50' || find(id).status === 'canceled');
      expect(values(refundsOf(id))).toEqual(index === 0 ? ['1234.50'] : []);
      expect(desk.listStatuses(invoice.invoiceUuid).at(-1)).toBe('canceled');
    }
  }, 240_000);

  it('keys appear in no table, log or reply', async () => {
    const tables = await deployment.stores.query<{ tablename: string }>(
      `SELECT tablename FROM pg_tables WHERE schemaname IN ('public', 'bullmq')`,
    );
    for (const { tablename } of tables) {
      const rows = await deployment.stores.query(`SELECT 1 FROM ${tablename} t WHERE t::text ~ '${KEYS.source}'`).catch(() => []);
      expect([tablename, rows.length]).toEqual([tablename, 0]);
    }
    expect(deployment.lastOutput).not.toMatch(KEYS);
  });
});
