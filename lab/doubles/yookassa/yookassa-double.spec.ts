import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ask, type Reply } from '../../../libs/testing/double/ask.js';
import { PostedWebhooks } from '../../../libs/testing/posted-webhooks.js';
import { YooKassaDouble, type YooKassaPayment, type YooKassaReceipts } from './index.js';

interface Sent {
  body?: unknown;
  key?: string | null;
  secret?: string;
  shopId?: string;
  type?: string;
}

let double: YooKassaDouble;

function call(method: string, path: string, { body, key = randomUUID(), secret, shopId, type }: Sent = {}): Promise<Reply> {
  const { settings } = double.shop;
  const credentials = Buffer.from(`${shopId ?? settings.shopId}:${secret ?? settings.secretKey}`).toString('base64');
  const headers: Record<string, string> = { authorization: `Basic ${credentials}` };
  if (key !== null && method !== 'GET') headers['idempotence-key'] = key;
  if (type !== undefined) headers['content-type'] = type;
  return ask(method, `${double.url}/v3${path}`, body, headers);
}
const post = (path: string, body: unknown = {}, sent: Sent = {}): Promise<Reply> => call('POST', path, { body, ...sent });
const get = (path: string): Promise<Reply> => call('GET', path);

const rub = (value: string) => ({ value, currency: 'RUB' });
const payment = (changes: object = {}) => ({
  amount: rub('1000.00'),
  capture: true,
  confirmation: { type: 'redirect', return_url: 'https://shop.example/done?order=1' },
  description: 'Order 1001A',
  metadata: { paymentId: 'ref-1' },
  ...changes,
});
const item = (changes: object = {}) => ({
  description: 'Чай',
  amount: rub('500.00'),
  quantity: 2,
  vat_code: 11,
  measure: 'piece',
  ...changes,
});
const receipt = (changes: object = {}) => ({ customer: { email: 'buyer@example.com' }, items: [item()], ...changes });

async function create(changes: object = {}): Promise<YooKassaPayment> {
  const { status, json } = await post('/payments', payment(changes));
  expect([status, json]).toEqual([200, expect.objectContaining({ status: 'pending' })]);
  return json as YooKassaPayment;
}
function start(receipts: YooKassaReceipts): void {
  double.shop.settings.receipts = receipts;
}
const refused = (parameter?: string) => ({
  status: 400,
  json: { type: 'error', code: 'invalid_request', ...(parameter && { parameter }) },
});

beforeAll(async () => {
  double = await YooKassaDouble.start();
});
afterAll(() => double.close());
beforeEach(() => {
  double.reset();
  Object.assign(double.shop.settings, { receipts: 'none', secretKey: 'test_double_key', currency: 'RUB' });
});

describe('the YooKassa double', () => {
  it('lists payments by time and state, ten to a page', async () => {
    const before = new Date().toISOString();
    double.book.advance(10);
    for (let n = 0; n < 12; n++) await create({ metadata: { paymentId: `ref-${n}` } });
    double.book.pay(double.payments('ref-3')[0]?.id ?? '');
    const { json: first } = await get(`/payments?created_at.gte=${before}`);
    expect(first.items).toMatchObject(Array.from({ length: 10 }, (_, n) => ({ metadata: { paymentId: `ref-${11 - n}` } })));
    expect((await get(`/payments?created_at.gte=${before}&cursor=${first.next_cursor}`)).json.items).toHaveLength(2);
    expect((await get('/payments?status=succeeded&payment_method=bank_card')).json.items).toHaveLength(1);
    expect((await get(`/payments?created_at.lt=${before}`)).json).toEqual({ type: 'list', items: [] });
  });

  it.each([
    [{ type: 'mobile_balance' }, 'payment_method_data.phone'],
    [{ type: 'b2b_sberbank', vat_data: { type: 'untaxed' } }, 'payment_method_data.payment_purpose'],
    [{ type: 'qiwi' }, 'payment_method_data.type'],
  ])('rejects a way to pay without its required data: %j', async (method, parameter) => {
    const body = { amount: rub('10.00'), capture: true, payment_method_data: method };
    expect(await post('/payments', body)).toMatchObject(refused(parameter));
  });

  it('captures and cancels holds only, each once, and at most what is held', async () => {
    const { id } = await create({ capture: false });
    for (const act of ['capture', 'cancel']) expect(await post(`/payments/${id}/${act}`)).toMatchObject(refused());
    double.book.pay(id);
    expect(await post(`/payments/${id}/capture`, { amount: rub('1000.01') })).toMatchObject(refused('amount'));
    expect((await post(`/payments/${id}/capture`, { amount: rub('900.00') })).json).toMatchObject({ amount: rub('900.00') });
    expect(await post(`/payments/${id}/capture`)).toMatchObject(refused());
    expect(await post('/refunds', { payment_id: id, amount: rub('900.01') })).toMatchObject(refused('amount'));
  });

  it('without `capture` there are two stages', async () => {
    const { id } = await create({ capture: undefined });
    expect(double.book.pay(id).status).toBe('waiting_for_capture');
  });

  it('refuses what is not the API’s, naming the parameter', async () => {
    const bodies: [object, string][] = [
      [{ amount: { value: 1000, currency: 'RUB' } }, 'amount.value'],
      [{ amount: rub('0.99') }, 'amount.value'],
      [{ amount: rub('700000.01') }, 'amount.value'],
      [{ amount: { value: '10.00', currency: 'EUR' } }, 'amount.currency'],
      [{ confirmation: undefined }, 'confirmation'],
      [{ confirmation: { type: 'redirect' } }, 'confirmation.return_url'],
      [{ payment_method_data: { type: 'sbp' } }, 'payment_method_data.type'],
      [{ payment_method_data: { type: 'bank_card' }, payment_token: 'x' }, 'payment_method_data'],
      [{ payment_method_data: { type: 'bank_card' }, amount: rub('350000.01') }, 'amount.value'],
      [{ colour: 'red' }, 'colour'],
      [{ receipt: {} }, 'receipt.items'],
    ];
    for (const [changes, parameter] of bodies)
      expect([changes, await post('/payments', payment(changes))]).toMatchObject([changes, refused(parameter)]);
    const { id } = await create();
    const calls: [Promise<Reply>, object][] = [
      [post('/payments', payment(), { key: null }), refused('Idempotence-Key')],
      [post('/payments', payment(), { key: 'x'.repeat(65) }), refused('Idempotence-Key')],
      [post('/payments', payment(), { key: 'a:b' }), refused('Idempotence-Key')],
      [post('/refunds', { payment_id: id, amount: rub('1.00') }), refused('payment_id')],
      [post('/refunds', { payment_id: randomUUID(), amount: rub('1.00') }), { status: 404, json: { code: 'not_found' } }],
      [get('/payments?metadata.paymentId=ref-1'), refused('metadata.paymentId')],
      [get('/payments?cursor=none'), refused('cursor')],
      [get(`/payments/${randomUUID()}`), { status: 404, json: { code: 'not_found', id: expect.any(String) } }],
      [get('/orders'), { status: 404 }],
      [call('DELETE', `/payments/${id}`), { status: 404 }],
      [post('/payments', payment(), { type: 'text/plain' }), { status: 415 }],
      [post('/payments', payment(), { secret: 'test_other' }), { status: 401, json: { code: 'invalid_credentials' } }],
    ];
    for (const [reply, expected] of calls) expect(await reply).toMatchObject(expected);
    expect(double.payments()).toHaveLength(1);
  });

  it('one shop cannot see another’s payments, and a live shop has more ways to pay, SBP only in one stage', async () => {
    const { id } = await create();
    const live = double.addShop({ shopId: '7', secretKey: 'live_x', currency: 'RUB', receipts: 'none' });
    const other = { shopId: '7', secret: 'live_x' };
    expect(await call('GET', `/payments/${id}`, other)).toMatchObject({ status: 404 });
    const sbp = payment({ payment_method_data: { type: 'sbp' } });
    expect((await post('/payments', { ...sbp, capture: false }, other)).json).toMatchObject({ parameter: 'capture' });
    const { json } = await post('/payments', sbp, other);
    expect(json).toMatchObject({ test: false, payment_method: { type: 'sbp' } });
    expect(live.book.pay(json.id)).toMatchObject({ status: 'succeeded', payment_method: { type: 'sbp' } });
    const { json: held } = await post('/payments', payment({ capture: false }), other);
    expect(live.book.listWays(held)).not.toContain('sbp');
    expect((await call('GET', '/me', other)).json).toMatchObject({ account_id: '7', test: false, fiscalization: { enabled: false } });
  });

  describe('idempotence keys', () => {
    it('a repeat gets the first result, also a refusal, until a day has passed', async () => {
      const key = randomUUID();
      const { json: first } = await post('/payments', payment(), { key });
      double.book.pay(first.id);
      expect((await post('/payments', payment(), { key })).json).toEqual(first);
      double.setModes({ replays: 'as-now' });
      expect((await post('/payments', payment(), { key })).json).toMatchObject({ id: first.id, status: 'succeeded' });
      expect(await post('/payments', payment({ description: 'x' }), { key })).toMatchObject(refused('Idempotence-Key'));
      const { id } = await create({ capture: false });
      const capture = (): Promise<Reply> => post(`/payments/${id}/capture`, {}, { key: 'capture-1' });
      expect(await capture()).toMatchObject(refused());
      double.book.pay(id);
      expect(await capture()).toMatchObject(refused());
      double.book.advance(86_400);
      expect(await capture()).toMatchObject({ status: 200, json: { status: 'succeeded' } });
      expect((await post('/payments', payment(), { key })).json.id).not.toBe(first.id);
    });

    it('a 202 is followed by the result', async () => {
      double.fail('createPayment', { kind: 'processing' });
      const key = randomUUID();
      expect(await post('/payments', payment(), { key })).toMatchObject({ status: 202, json: { retry_after: 1_800 } });
      expect(await post('/payments', payment(), { key })).toMatchObject({ status: 200 });
      expect(double.payments()).toHaveLength(1);
    });
  });

  it('its other faults', async () => {
    double.fail('listPayments', { kind: 'forbidden' });
    double.fail('listPayments', { kind: 'refuse', code: 'some_rule' });
    double.fail('listPayments', { kind: 'rate-limit' });
    const replies = [];
    for (let n = 0; n < 3; n++) replies.push(await get('/payments'));
    expect(replies.map(({ status, json }) => [status, json.code, json.reason ?? json.retry_after])).toEqual([
      ...[[403, 'forbidden', undefined], [400, 'refusal', 'some_rule'], [429, 'too_many_requests', 1_000]],
    ]); // oxfmt-ignore
  });

  it('time ends pages after an hour and holds at their deadline', async () => {
    const [left, held] = [await create({ capture: false }), await create({ capture: false })];
    double.book.pay(held.id);
    double.book.advance(3_599);
    expect((await get(`/payments/${left.id}`)).json.status).toBe('pending');
    double.book.advance(1);
    expect((await get(`/payments/${left.id}`)).json).toMatchObject({
      ...{ status: 'canceled', cancellation_details: { reason: 'expired_on_confirmation' } },
    });
    double.book.advance(7 * 86_400);
    expect((await get(`/payments/${held.id}`)).json.cancellation_details).toEqual({ party: 'yoo_money', reason: 'expired_on_capture' });
    const { id } = await create();
    expect(() => double.book.pay(left.id)).toThrow('nothing to pay');
    double.book.pay(id);
    double.book.advance(3 * 366 * 86_400);
    expect(await post('/refunds', { payment_id: id, amount: rub('1.00') })).toMatchObject(refused('payment_id'));
    expect((await get('/payments')).json.items).toEqual([]);
  });

  it('the other readings of undocumented behaviour', async () => {
    double.setModes({ partialCapture: 'asked', refundMetadata: 'dropped', declines: 'stay', refunds: 'pending' });
    const { id } = await create({ capture: false });
    expect(double.book.pay(id, { card: '5555555555554600' }).status).toBe('pending');
    double.book.pay(id);
    expect((await post(`/payments/${id}/capture`, { amount: rub('400.00') })).json.amount).toEqual(rub('1000.00'));
    const { json: refund } = await post('/refunds', { payment_id: id, amount: rub('400.00'), metadata: { refundId: 'r' } });
    expect(refund).toMatchObject({ status: 'pending' });
    expect(refund).not.toHaveProperty('metadata');
    expect(await post('/refunds', { payment_id: id, amount: rub('0.01') })).toMatchObject(refused('amount'));
    double.book.settleRefund(refund.id, { fails: 'insufficient_funds' });
    expect(double.refunds()[0]).toMatchObject({
      ...{ status: 'canceled', cancellation_details: { party: 'refund_network', reason: 'insufficient_funds' } },
    });
    const { json: again } = await post('/refunds', { payment_id: id, amount: rub('400.00') });
    double.book.settleRefund(again.id, 'succeeds');
    expect((await get(`/payments/${id}`)).json).toMatchObject({ refunded_amount: rub('400.00'), refundable: false });
    expect(double.book.events.map(({ event }) => event)).toEqual(['payment.waiting_for_capture', 'payment.succeeded', 'refund.succeeded']);
  });

  describe('receipts', () => {
    it('are required, sent by email, with a measure and the modes of YooMoney', async () => {
      start('yoomoney');
      expect(await post('/payments', payment())).toMatchObject(refused('receipt'));
      const cases: [object, string][] = [
        [receipt({ customer: undefined }), 'receipt.customer'],
        [receipt({ customer: { phone: '79000000000' } }), 'receipt.customer.email'],
        [receipt({ items: [item({ measure: undefined })] }), 'receipt.items[0].measure'],
        [receipt({ items: [item({ payment_mode: 'partial_prepayment' })] }), 'receipt.items[0].payment_mode'],
        [receipt({ items: [item({ quantity: 1.0001 })] }), 'receipt.items[0].quantity'],
        [receipt({ items: [item({ quantity: 1.999 })] }), 'receipt.items'],
        [receipt({ items: [item({ vat_code: 4 })] }), 'receipt.items[0].vat_code'],
        [receipt({ items: [item({ amount: { value: '500.00', currency: 'EUR' } })] }), 'receipt.items[0].amount.currency'],
        [receipt({ items: [item({ amount: rub('499.99') })] }), 'receipt.items'],
        [receipt({ items: Array.from({ length: 81 }, () => item({ amount: rub('10.00'), quantity: 1 })) }), 'receipt.items'],
        [receipt({ items: [item({ mark_code_info: { gs_1m: 'x' } })] }), 'receipt.items[0].mark_mode'],
        [receipt({ items: [item({ payment_subject: 'marked' })] }), 'receipt.items[0].mark_code_info'],
        [receipt({ items: [item({ payment_subject: 'non_marked', mark_code_info: { gs_1m: 'x' } })] }), 'receipt.items[0].payment_subject'],
        [receipt({ items: [item({ planned_status: 1 })] }), 'receipt.items[0].planned_status'],
      ];
      for (const [given, parameter] of cases)
        expect([parameter, await post('/payments', payment({ receipt: given }))]).toMatchObject([parameter, refused(parameter)]);
      const { id } = await create({ receipt: receipt() });
      expect(double.book.pay(id).receipt_registration).toBe('succeeded');
      expect((await get(`/receipts?payment_id=${id}`)).json.items).toMatchObject([
        { type: 'payment', status: 'succeeded', payment_id: id },
      ]);
      expect((await get('/me')).json).toMatchObject({ fiscalization: { enabled: true, provider: 'avanpost' } });
    });

    it('of partial captures and refunds are required and must sum up to the part, but not of the whole', async () => {
      start('register');
      const phone = { customer: { phone: '79000000000' } };
      const { id } = await create({ capture: false, receipt: receipt(phone) });
      double.book.pay(id);
      const part = rub('750.00');
      const items = [item({ amount: part, quantity: 1, measure: undefined })];
      expect(await post(`/payments/${id}/capture`, { amount: part })).toMatchObject(refused('receipt'));
      expect(await post(`/payments/${id}/capture`, { amount: part, receipt: receipt() })).toMatchObject(refused('receipt.items'));
      expect(await post(`/payments/${id}/capture`, { amount: part, receipt: receipt({ items }) })).toMatchObject({ status: 200 });
      const refund = { payment_id: id, amount: rub('250.00') };
      expect(await post('/refunds', refund)).toMatchObject(refused('receipt'));
      const returned = receipt({ items: [item({ amount: rub('100.00'), quantity: 2.5, vat_code: 4 })] });
      expect((await post('/refunds', { ...refund, receipt: returned })).json).toMatchObject({ receipt_registration: 'succeeded' });
      const other = await create({ receipt: receipt() });
      double.book.pay(other.id);
      expect(await post('/refunds', { payment_id: other.id, amount: rub('1000.00') })).toMatchObject({ status: 200 });
    });

    it('delay a payment if they come first, and a failed register does not undo it', async () => {
      start('register');
      double.setModes({ receiptFirst: true, registration: 'pending' });
      const { id } = await create({ receipt: receipt() });
      expect(double.book.pay(id)).toMatchObject({ status: 'pending', receipt_registration: 'pending' });
      double.book.advance(7_200);
      expect(() => double.book.pay(id)).toThrow('nothing to pay');
      double.book.register(id, 'canceled');
      expect((await get(`/payments/${id}`)).json).toMatchObject({ status: 'succeeded', receipt_registration: 'canceled' });
    });

    it('separate receipts: the offset of a prepayment', async () => {
      start('register-afterwards');
      const { id } = await create();
      const second = {
        type: 'payment',
        payment_id: id,
        send: true,
        ...receipt(),
        settlements: [{ type: 'prepayment', amount: rub('1000.00') }],
      };
      expect(await post('/receipts', second)).toMatchObject(refused('payment_id'));
      double.book.pay(id);
      expect(await post('/receipts', { ...second, settlements: [{ type: 'prepayment', amount: rub('1.00') }] })).toMatchObject(
        refused('items'),
      );
      expect(await post('/receipts', { ...second, send: false })).toMatchObject(refused('send'));
      const { json } = await post('/receipts', second);
      expect(json).toMatchObject({ type: 'payment', status: 'succeeded', payment_id: id, settlements: second.settlements });
      expect((await get(`/receipts?payment_id=${id}`)).json.items).toEqual([json]);
      expect(await get(`/receipts?payment_id=${id}&refund_id=${id}`)).toMatchObject(refused('refund_id'));
    });

    it('of the self-employed: whole quantities without VAT, six lines', async () => {
      start('self-employed');
      const six = Array.from({ length: 7 }, () => item({ amount: rub('1.00'), quantity: 1, vat_code: 1 }));
      for (const [items, parameter] of [
        [[item()], 'receipt.items[0].vat_code'],
        [[item({ vat_code: 1, quantity: 0.5 })], 'receipt.items[0].quantity'],
        [six, 'receipt.items'],
      ] as const)
        expect(await post('/payments', payment({ receipt: receipt({ items }) }))).toMatchObject(refused(parameter));
      await create({ receipt: receipt({ items: [item({ vat_code: 1 })] }) });
    });
  });

  describe('notifications', () => {
    let posted: PostedWebhooks;
    beforeAll(async () => {
      posted = await PostedWebhooks.start();
    });
    afterAll(() => posted.close());
    beforeEach(() => {
      posted.reset();
      double.shop.webhookUrl = posted.url;
      double.webhooks.retryMs = 5;
    });

    it('are posted immediately, complete and unsigned, and again until the reply is 200', async () => {
      const { id } = await create();
      posted.answer = (response) => response.writeHead(202).end();
      double.book.pay(id);
      await double.webhooks.idle();
      expect(posted.received).toHaveLength(8);
      expect(posted.received[0]?.json).toEqual({
        type: 'notification',
        event: 'payment.succeeded',
        object: (await get(`/payments/${id}`)).json,
      });
      expect(double.webhooks.attempts[0]).toMatchObject({ event: 'payment.succeeded', object: id, status: 202 });
    });

    it('may be forged, with any sender address', async () => {
      double.webhooks.mode = 'hold';
      const other = await create();
      double.setModes({ webhookFrom: '185.71.76.5' });
      double.book.decline(other.id, 'insufficient_funds');
      await double.webhooks.flush({ status: 'succeeded' });
      const { headers, json } = posted.received.at(-1) ?? {};
      expect([headers?.['x-forwarded-for'], json.object]).toMatchObject(['185.71.76.5', { id: other.id, status: 'succeeded' }]);
    });

    it('are only those that are ticked', async () => {
      double.shop.events = ['refund.succeeded'];
      const { id } = await create();
      double.book.pay(id);
      double.book.refundByHand(id, 100);
      await double.webhooks.idle();
      expect(posted.received.map(({ json }) => json.event as string)).toEqual(['refund.succeeded']);
    });
  });

  it('its page lets a buyer pay with the test cards, be declined, and come back without more parameters', async () => {
    const made = await create();
    const page = made.confirmation?.confirmation_url ?? '';
    const { text: html } = await ask('GET', page);
    for (const text of ['1000.00 RUB', '5555555555554477: pays', '5555555555554600: insufficient_funds', 'value="yoo_money"'])
      expect(html).toContain(text);
    const pay = (url: string, form: Record<string, string>): Promise<Reply> => ask('POST', url, new URLSearchParams(form));
    expect((await pay(page, { way: 'sbp' })).status).toBe(400);
    expect((await pay(page, { way: 'bank_card', card: '5105105105105100' })).status).toBe(400);
    const declined = await pay(page, { way: 'bank_card', card: '5555555555554634' });
    expect([declined.status, declined.text.includes('https://shop.example/done?order=1')]).toEqual([200, true]);
    expect((await get(`/payments/${made.id}`)).json).toMatchObject({
      ...{ status: 'canceled', cancellation_details: { party: 'yoo_money', reason: 'fraud_suspected' } },
    });
    expect((await pay(page, { way: 'bank_card' })).status).toBe(409);
    const demo = await create();
    await pay(demo.confirmation?.confirmation_url ?? '', { card: '4000 0000 0000 0002' });
    expect(double.book.payment(demo.id).cancellation_details?.reason).toBe('insufficient_funds');
    const done = await pay((await create()).confirmation?.confirmation_url ?? '', { way: 'yoo_money' });
    expect([done.status, done.headers.get('location')]).toEqual([303, 'https://shop.example/done?order=1']);
    expect((await ask('GET', `${double.url}/checkout/payments/none`)).status).toBe(404);
  });
});
