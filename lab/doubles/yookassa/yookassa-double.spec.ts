import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { YooKassaDouble, type YooKassaEvent, type YooKassaPayment, type YooKassaReceipts } from './index.js';

interface Reply {
  status: number;
  // A test reads any expected member.
  // oxlint-disable-next-line typescript/no-explicit-any
  json: any;
  headers: Headers;
}
interface Sent {
  body?: unknown;
  key?: string | null;
  secret?: string;
  shopId?: string;
  type?: string;
}

let double: YooKassaDouble;

async function call(method: string, path: string, { body, key = randomUUID(), secret, shopId, type }: Sent = {}): Promise<Reply> {
  const { settings } = double.shop;
  const credentials = Buffer.from(`${shopId ?? settings.shopId}:${secret ?? settings.secretKey}`).toString('base64');
  const headers: Record<string, string> = { authorization: `Basic ${credentials}` };
  if (key !== null && method !== 'GET') headers['idempotence-key'] = key;
  if (body !== undefined) headers['content-type'] = type ?? 'application/json';
  const reply = await fetch(`${double.url}/v3${path}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
  return { status: reply.status, json: await reply.json(), headers: reply.headers };
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
  it('one stage: a page, the money, two refunds, all listed', async () => {
    const made = await create();
    expect(made).toMatchObject({
      ...{ paid: false, amount: rub('1000.00'), test: true, refundable: false, metadata: { paymentId: 'ref-1' } },
      ...{ recipient: { account_id: '100500' }, confirmation: { type: 'redirect', return_url: 'https://shop.example/done?order=1' } },
    });
    expect(made.id).toHaveLength(36);
    expect(made.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    double.book.pay(made.id);
    const { json: paid, headers } = await get(`/payments/${made.id}`);
    expect(paid).toMatchObject({
      ...{ status: 'succeeded', paid: true, refundable: true, refunded_amount: rub('0.00'), income_amount: rub('965.00') },
      ...{ payment_method: { type: 'bank_card', card: { last4: '4477' } }, authorization_details: { three_d_secure: { applied: true } } },
    });
    expect(paid).not.toHaveProperty('confirmation');
    expect(headers.get('signature')).toMatch(/^v1 /);
    for (const value of ['300.00', '700.00'])
      expect(await post('/refunds', { payment_id: made.id, amount: rub(value), metadata: { refundId: value } })).toMatchObject({
        ...{ status: 200, json: { status: 'succeeded', payment_id: made.id, amount: rub(value), metadata: { refundId: value } } },
      });
    const { json: page } = await get(`/refunds?payment_id=${made.id}&limit=1`);
    expect(page).toMatchObject({ type: 'list', items: [{ amount: rub('700.00') }], next_cursor: expect.any(String) });
    const { json: rest } = await get(`/refunds?payment_id=${made.id}&limit=1&cursor=${page.next_cursor}`);
    expect([rest.items.length, rest.items[0].amount, rest.next_cursor]).toEqual([1, rub('300.00'), undefined]);
    expect((await get(`/payments/${made.id}`)).json).toMatchObject({ refunded_amount: rub('1000.00'), refundable: false });
    expect(await post('/refunds', { payment_id: made.id, amount: rub('0.01') })).toMatchObject(refused('amount'));
    expect(double.book.events.map(({ event }) => event)).toEqual(['payment.succeeded', 'refund.succeeded', 'refund.succeeded']);
  });

  it.each([
    [{ type: 'mobile_balance' }, 'payment_method_data.phone'],
    [{ type: 'b2b_sberbank', vat_data: { type: 'untaxed' } }, 'payment_method_data.payment_purpose'],
    [{ type: 'qiwi' }, 'payment_method_data.type'],
  ])('refuses a way to pay without what it takes: %j', async (method, parameter) => {
    const body = { amount: rub('10.00'), capture: true, payment_method_data: method };
    expect(await post('/payments', body)).toMatchObject(refused(parameter));
  });

  it('two stages: a hold is captured in part, another cancelled, and both only once', async () => {
    const [first, second] = [await create({ capture: false }), await create({ capture: false })];
    for (const { id } of [first, second]) {
      expect(await post(`/payments/${id}/capture`)).toMatchObject(refused());
      expect(await post(`/payments/${id}/cancel`)).toMatchObject(refused());
      double.book.pay(id);
    }
    const { json: held } = await get(`/payments/${first.id}`);
    expect(held).toMatchObject({ status: 'waiting_for_capture', paid: true, refundable: false });
    expect(Date.parse(held.expires_at) - Date.now()).toBeGreaterThan(6.9 * 86_400_000);
    expect(await post(`/payments/${first.id}/capture`, { amount: rub('1000.01') })).toMatchObject(refused('amount'));
    const { json: captured } = await post(`/payments/${first.id}/capture`, { amount: rub('900.00') });
    expect(captured).toMatchObject({ status: 'succeeded', amount: rub('900.00'), captured_at: expect.any(String) });
    expect(await post(`/payments/${first.id}/capture`)).toMatchObject(refused());
    expect(await post('/refunds', { payment_id: first.id, amount: rub('900.01') })).toMatchObject(refused('amount'));
    expect((await post(`/payments/${second.id}/cancel`)).json).toMatchObject({
      ...{ status: 'canceled', paid: false, cancellation_details: { party: 'merchant', reason: 'canceled_by_merchant' } },
    });
    expect(double.book.events.map(({ event }) => event)).toEqual([
      ...['payment.waiting_for_capture', 'payment.waiting_for_capture', 'payment.succeeded', 'payment.canceled'],
    ]);
  });

  it('without `capture` there are two stages', async () => {
    const { id } = await create({ capture: undefined });
    expect(double.book.pay(id).status).toBe('waiting_for_capture');
  });

  it('refuses what is not the API’s, naming the parameter', async () => {
    const bodies: [object, string][] = [
      [{ amount: undefined }, 'amount'],
      [{ amount: { value: 1000, currency: 'RUB' } }, 'amount.value'],
      [{ amount: rub('1000') }, 'amount.value'],
      [{ amount: rub('1000.5') }, 'amount.value'],
      [{ amount: rub('1 000.00') }, 'amount.value'],
      [{ amount: rub('0.99') }, 'amount.value'],
      [{ amount: rub('700000.01') }, 'amount.value'],
      [{ amount: { value: '10.00', currency: 'MXN' } }, 'amount.currency'],
      [{ amount: { value: '10.00', currency: 'EUR' } }, 'amount.currency'],
      [{ capture: 'true' }, 'capture'],
      [{ confirmation: undefined }, 'confirmation'],
      [{ confirmation: { type: 'redirect' } }, 'confirmation.return_url'],
      [{ confirmation: { type: 'redirect', return_url: `https://shop.example/${'x'.repeat(2_048)}` } }, 'confirmation.return_url'],
      [{ confirmation: { type: 'redirect', return_url: 'https://shop.example', locale: 'ru' } }, 'confirmation.locale'],
      [{ description: 'x'.repeat(129) }, 'description'],
      [{ metadata: { paymentId: 1 } }, 'metadata.paymentId'],
      [{ metadata: Object.fromEntries(Array.from({ length: 17 }, (_, n) => [`k${n}`, ''])) }, 'metadata'],
      [{ metadata: { ['x'.repeat(33)]: '' } }, 'metadata'],
      [{ metadata: { note: 'x'.repeat(513) } }, 'metadata.note'],
      [{ payment_method_data: { type: 'qiwi' } }, 'payment_method_data.type'],
      [{ payment_method_data: { type: 'sbp' } }, 'payment_method_data.type'],
      [{ payment_method_data: { type: 'bank_card' }, payment_token: 'x' }, 'payment_method_data'],
      [{ payment_method_data: { type: 'bank_card' }, amount: rub('350000.01') }, 'amount.value'],
      [{ merchant_customer_id: 'x'.repeat(201) }, 'merchant_customer_id'],
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
      [post(`/payments/${id}/cancel`, { reason: 'x' }), refused('reason')],
      [post('/refunds', { payment_id: id, amount: rub('1.00') }), refused('payment_id')],
      [post('/refunds', { payment_id: id }), refused('amount')],
      [post('/refunds', { payment_id: randomUUID(), amount: rub('1.00') }), { status: 404, json: { code: 'not_found' } }],
      [get('/payments?limit=101'), refused('limit')],
      [get('/payments?created_at[gte]=2026-01-01T00:00:00Z'), refused('created_at[gte]')],
      [get('/payments?created_at.gte=yesterday'), refused('created_at.gte')],
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

  it('one shop knows nothing of another’s; a live one has more ways to pay, SBP in one stage only', async () => {
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

  it('is found again in the list by time, and what the metadata says', async () => {
    const before = new Date().toISOString();
    double.book.advance(10);
    for (let n = 0; n < 12; n++) await create({ metadata: { paymentId: `ref-${n}` } });
    double.book.pay(double.payments('ref-3')[0]?.id ?? '');
    const { json: first } = await get(`/payments?created_at.gte=${before}`);
    expect(first.items.map((one: YooKassaPayment) => one.metadata?.['paymentId'])).toEqual(
      Array.from({ length: 10 }, (_, n) => `ref-${11 - n}`),
    );
    const { json: second } = await get(`/payments?created_at.gte=${before}&cursor=${first.next_cursor}`);
    expect(second.items).toHaveLength(2);
    expect((await get('/payments?status=succeeded&payment_method=bank_card')).json.items).toMatchObject([
      { metadata: { paymentId: 'ref-3' } },
    ]);
    expect((await get(`/payments?captured_at.lt=${before}`)).json.items).toEqual([]);
    expect((await get(`/payments?created_at.lt=${before}`)).json).toEqual({ type: 'list', items: [] });
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

  it('time ends pages after an hour and holds when they say so', async () => {
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

  it('the other readings of what is not documented', async () => {
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
        [receipt({ customer: { email: 'a@b.example', phone: '+7 900 000-00-00' } }), 'receipt.customer.phone'],
        [receipt({ items: [item({ measure: undefined })] }), 'receipt.items[0].measure'],
        [receipt({ items: [item({ measure: 'pc' })] }), 'receipt.items[0].measure'],
        [receipt({ items: [item({ payment_mode: 'partial_prepayment' })] }), 'receipt.items[0].payment_mode'],
        [receipt({ items: [item({ quantity: 0 })] }), 'receipt.items[0].quantity'],
        [receipt({ items: [item({ quantity: '2' })] }), 'receipt.items[0].quantity'],
        [receipt({ items: [item({ quantity: 1.0001 })] }), 'receipt.items[0].quantity'],
        [receipt({ items: [item({ quantity: 1.999 })] }), 'receipt.items'],
        [receipt({ items: [item({ vat_code: 13 })] }), 'receipt.items[0].vat_code'],
        [receipt({ items: [item({ vat_code: 4 })] }), 'receipt.items[0].vat_code'],
        [receipt({ items: [item({ amount: { value: '500.00', currency: 'EUR' } })] }), 'receipt.items[0].amount.currency'],
        [receipt({ items: [item({ description: 'x'.repeat(129) })] }), 'receipt.items[0].description'],
        [receipt({ items: [item({ amount: rub('499.99') })] }), 'receipt.items'],
        [receipt({ items: Array.from({ length: 81 }, () => item({ amount: rub('10.00'), quantity: 1 })) }), 'receipt.items'],
        [receipt({ items: [item({ mark_code_info: { gs_1m: 'x' } })] }), 'receipt.items[0].mark_mode'],
        [receipt({ items: [item({ payment_subject: 'marked' })] }), 'receipt.items[0].mark_code_info'],
        [receipt({ items: [item({ payment_subject: 'non_marked', mark_code_info: { gs_1m: 'x' } })] }), 'receipt.items[0].payment_subject'],
        [receipt({ items: [item({ planned_status: 1 })] }), 'receipt.items[0].planned_status'],
        [receipt({ items: [item({ product_code: '00 0A' })] }), 'receipt.items[0].product_code'],
        [receipt({ colour: 'red' }), 'receipt.colour'],
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

    it('of parts captured and refunded must be there and come to the part; of the whole they need not', async () => {
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

    it('hold a payment back where they come first; a register that fails does not undo it', async () => {
      start('register');
      double.setModes({ receiptFirst: true, registration: 'pending' });
      const { id } = await create({ receipt: receipt() });
      expect(double.book.pay(id)).toMatchObject({ status: 'pending', receipt_registration: 'pending' });
      double.book.advance(7_200);
      expect(() => double.book.pay(id)).toThrow('nothing to pay');
      double.book.register(id, 'canceled');
      expect((await get(`/payments/${id}`)).json).toMatchObject({ status: 'succeeded', receipt_registration: 'canceled' });
    });

    it('of their own: the offset of a prepayment', async () => {
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
    let server: Server;
    let heard: { body: YooKassaEvent; from: string | undefined }[];
    let answer: number;

    beforeAll(async () => {
      server = createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          const from = request.headers['x-forwarded-for'];
          heard.push({ body: JSON.parse(Buffer.concat(chunks).toString()), from: from?.toString() });
          response.statusCode = answer;
          response.end();
        });
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    });
    afterAll(() => new Promise<void>((resolve) => void server.close(() => resolve())));
    beforeEach(() => {
      heard = [];
      answer = 200;
      double.shop.webhookUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
      double.webhooks.retryMs = 5;
    });

    it('are posted at once, whole and unsigned, and again until the answer is 200', async () => {
      const { id } = await create();
      answer = 202;
      double.book.pay(id);
      await double.webhooks.idle();
      expect(heard).toHaveLength(8);
      expect(heard[0]?.body).toEqual({ type: 'notification', event: 'payment.succeeded', object: (await get(`/payments/${id}`)).json });
      expect(double.webhooks.attempts[0]).toMatchObject({ event: 'payment.succeeded', object: id, status: 202 });
    });

    it('may be forged, and come from where one says', async () => {
      double.webhooks.mode = 'hold';
      const other = await create();
      double.setModes({ webhookFrom: '185.71.76.5' });
      double.book.decline(other.id, 'insufficient_funds');
      await double.webhooks.flush({ status: 'succeeded' });
      expect(heard.at(-1)).toMatchObject({ from: '185.71.76.5', body: { object: { id: other.id, status: 'succeeded' } } });
    });

    it('are only those that are ticked', async () => {
      double.shop.events = ['refund.succeeded'];
      const { id } = await create();
      double.book.pay(id);
      double.book.refundByHand(id, 100);
      await double.webhooks.idle();
      expect(heard.map(({ body }) => body.event)).toEqual(['refund.succeeded']);
    });
  });

  it('its page lets a buyer pay with the test cards, be declined, and come back without more parameters', async () => {
    const made = await create();
    const page = made.confirmation?.confirmation_url ?? '';
    const html = await (await fetch(page)).text();
    for (const text of ['1000.00 RUB', '5555555555554477: pays', '5555555555554600: insufficient_funds', 'value="yoo_money"'])
      expect(html).toContain(text);
    const pay = (url: string, form: Record<string, string>): Promise<Response> =>
      fetch(url, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });
    expect((await pay(page, { way: 'sbp' })).status).toBe(400);
    expect((await pay(page, { way: 'bank_card', card: '5105105105105100' })).status).toBe(400);
    const declined = await pay(page, { way: 'bank_card', card: '5555555555554634' });
    expect([declined.status, (await declined.text()).includes('https://shop.example/done?order=1')]).toEqual([200, true]);
    expect((await get(`/payments/${made.id}`)).json).toMatchObject({
      ...{ status: 'canceled', cancellation_details: { party: 'yoo_money', reason: 'fraud_suspected' } },
    });
    expect((await pay(page, { way: 'bank_card' })).status).toBe(409);
    const demo = await create();
    await pay(demo.confirmation?.confirmation_url ?? '', { card: '4000 0000 0000 0002' });
    expect(double.book.payment(demo.id).cancellation_details?.reason).toBe('insufficient_funds');
    const done = await pay((await create()).confirmation?.confirmation_url ?? '', { way: 'yoo_money' });
    expect([done.status, done.headers.get('location')]).toEqual([303, 'https://shop.example/done?order=1']);
    expect((await fetch(`${double.url}/checkout/payments/none`)).status).toBe(404);
  });

  it('its control plays everybody else, as JSON', async () => {
    const control = async (path: string, body?: object): Promise<{ status: number; json: { [name: string]: unknown } }> => {
      const reply = await fetch(`${double.url}/control${path}`, {
        ...(body && { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      return { status: reply.status, json: (await reply.json()) as { [name: string]: unknown } };
    };
    await control('/modes', { refunds: 'pending', webhooks: 'off' });
    await create({ capture: false });
    expect((await control('/acts', { id: 'ref-1', act: 'pay', way: 'bank_card', card: '4111111111111111' })).json).toMatchObject({
      status: 'waiting_for_capture',
    });
    expect((await control('/acts', { id: 'ref-1', act: 'capture' })).json).toMatchObject({ status: 'succeeded' });
    const { json: refund } = await control('/acts', { id: 'ref-1', act: 'refund', amount: 100 });
    expect((await control('/acts', { id: refund['id'], act: 'fail-refund' })).json).toMatchObject({ status: 'canceled' });
    expect((await control('/acts', { id: 'ref-1', act: 'pay' })).status).toBe(409);
    expect((await control('/acts', { id: 'none', act: 'pay' })).status).toBe(409);
    for (const list of ['payments', 'refunds']) expect((await control(`/${list}?reference=ref-1`)).json).toMatchObject({ count: 1 });
    await control('/shops', { shopId: '8', secretKey: 'live_y', receipts: 'yoomoney', events: ['payment.succeeded'] });
    await control('/shops', { shopId: '100500', secretKey: 'test_new' });
    expect((await get('/payments')).status).toBe(200);
    await control('/webhook-url', { token: '8', url: 'http://127.0.0.1:9/' });
    expect((await control('')).json).toMatchObject({
      shops: [{ payments: 1 }, { shopId: '8', receipts: 'yoomoney', webhookUrl: 'http://127.0.0.1:9/', listens: ['payment.succeeded'] }],
    });
  });
});
