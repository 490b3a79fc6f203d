import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ask, type Reply } from '../../../libs/testing/double/ask.js';
import { type PostedWebhook, PostedWebhooks } from '../../../libs/testing/posted-webhooks.js';
import { MercadoPagoDouble, mercadoPagoSignatureOf, mercadoPagoSignedTextOf, type MercadoPagoSiteCode } from './index.js';

interface Json {
  [name: string]: unknown;
}

let double: MercadoPagoDouble;

function call(
  method: 'GET' | 'POST',
  path: string,
  { body, key = randomUUID(), token = 'APP_USR-double' }: { body?: unknown; key?: string; token?: string } = {},
): Promise<Reply> {
  return ask(method, double.url + path, body, {
    ...{ authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(method === 'POST' && key !== '' && { 'x-idempotency-key': key }),
  });
}

const orderBody = (changes: Json = {}): Json => ({
  type: 'online',
  processing_mode: 'manual',
  total_amount: '249.90',
  external_reference: 'ref-1',
  capture_mode: 'automatic_async',
  items: [{ title: 'Taza', quantity: 2, unit_price: '124.95' }],
  ...changes,
});

async function create(changes: Json = {}, token?: string): Promise<string> {
  const { status, json } = await call('POST', '/v1/orders', { body: orderBody(changes), ...(token !== undefined && { token }) });
  expect([status, json]).toEqual([201, expect.objectContaining({ status: 'created' })]);
  return String(json.id);
}

const read = async (id: string): Promise<Json> => (await call('GET', `/v1/orders/${id}`)).json as Json;
const codeOf = ({ json }: Reply): unknown => json.errors?.[0]?.code;
const detailOf = ({ json }: Reply): unknown => json.errors?.[0]?.details?.[0];
const paymentOf = (order: Json): Json => ((order['transactions'] as Json)['payments'] as Json[]).at(-1) ?? {};
const refundPart = (payment: unknown, amount: unknown): Json => ({ transactions: [{ id: payment, amount }] });

beforeAll(async () => {
  double = await MercadoPagoDouble.start();
});
afterAll(() => double.close());
beforeEach(() => double.reset());

describe('the MercadoPago double', () => {
  it.each<['result' | 'error' | 'validation-failed', number, string | undefined]>([
    ['result', 201, undefined],
    ['error', 500, 'internal_error'],
    ['validation-failed', 500, 'idempotency_validation_failed'],
  ])('after a 500 that had acted a repeat gets the %s', async (keyAfterError, status, code) => {
    const key = randomUUID();
    double.setModes({ keyAfterError });
    double.fail('createOrder', { kind: 'error-after' });
    expect((await call('POST', '/v1/orders', { key, body: orderBody() })).status).toBe(500);
    const again = await call('POST', '/v1/orders', { key, body: orderBody() });
    expect([again.status, codeOf(again)]).toEqual([status, code]);
    expect([double.orders('ref-1').length, double.made('createOrder'), double.duplicates()]).toEqual([1, 1, []]);
  });

  const items = (...changes: Json[]): Json => ({
    items: changes.map((one) => ({ title: 'x', quantity: 1, unit_price: '249.90', ...one })),
  });
  const online = (changes: Json): Json => ({ config: { online: changes } });
  const method = (changes: Json): Json => ({ config: { payment_method: changes } });

  it.each<[string, Json, string, string?]>([
    ['a unit of measure', items({ unit_measure: 'kg' }), 'unsupported_properties', "'$.items[0].unit_measure'"],
    ['no total', { total_amount: undefined }, 'required_properties', "'$.total_amount'"],
    ['a number for an amount', { total_amount: 249.9 }, 'property_type', "'$.total_amount'"],
    ['three digits after the point', { total_amount: '249.900' }, 'property_value'],
    ['nothing to pay', { total_amount: '0.00', items: undefined }, 'property_value'],
    ['lines of another sum', items({ unit_price: '249.89' }), 'order_items_total_amount_mismatch'],
    ['a line of nothing', items({}, { unit_price: '0.00' }), 'invalid_items'],
    ['a discount', items({ unit_price: '259.90' }, { unit_price: '-10.00' }), 'invalid_items'],
    ['no lines', { items: [] }, 'minimum_items'],
    ['another currency', { currency: 'ARS' }, 'property_value'],
    ['a document of another country', { payer: { email: 'a@b.mx', identification: { type: 'CPF', number: '1' } } }, 'property_value'],
    ['a way that cannot be excluded', method({ not_allowed_types: ['account_money'] }), 'property_value'],
    ['no way to pay', method({ not_allowed_types: ['credit_card', 'ticket', 'bank_transfer'] }), 'property_value'],
    ['a long name on the statement', { config: { statement_descriptor: 'Tienda Grande SA' } }, 'property_value'],
    ['a return without an address', online({ auto_return: 'approved' }), 'invalid_auto_return'],
    ['a return to this machine', online({ auto_return: 'approved', success_url: 'https://127.0.0.1/done' }), 'invalid_auto_return'],
    ['a return that is not safe', online({ auto_return: 'all', success_url: 'http://shop.example/done' }), 'invalid_auto_return'],
    ['a fee', { marketplace_fee: '1.00' }, 'invalid_properties'],
  ])('refuses %s', async (_what, changes, code, detail = '') => {
    const reply = await call('POST', '/v1/orders', { body: orderBody(changes) });
    expect([reply.status, codeOf(reply), detailOf(reply)]).toEqual([400, code, expect.stringContaining(detail)]);
    expect(double.orders()).toEqual([]);
  });

  it('takes what its pages say', async () => {
    await create({
      ...{ expiration_time: 'P1DT2H', currency: 'MXN', description: 'Pedido 1', external_reference: 'r'.repeat(64) },
      items: [{ title: 'x', quantity: 2, unit_price: '124.95', external_code: 'x'.repeat(30), warranty: false }],
      payer: { email: 'a@b.mx', first_name: 'Lucía', phone: { area_code: '55', number: '55555555' }, address: { street_number: '5' } },
      config: {
        statement_descriptor: 'Tienda 1',
        default_payment_due_date: 'P3D',
        online: { success_url: 'https://shop.example/done', failure_url: 'https://shop.example/pay', auto_return: 'approved' },
        payment_method: { max_installments: 12, not_allowed_ids: ['amex'], not_allowed_types: ['ticket'] },
      },
      additional_info: { 'payer.registration_date': '2020-01-01T00:00:00Z' },
    });
    await create({ total_amount: '250', items: undefined });
    double.setModes({ httpsReturn: true });
    const unsafe = orderBody(online({ success_url: 'http://shop.example' }));
    expect(codeOf(await call('POST', '/v1/orders', { body: unsafe }))).toBe('property_value');
  });

  it.each<[MercadoPagoSiteCode, string, number]>([
    ['MLC', '15000.00', 400],
    ['MCO', '15000.50', 400],
    ['MLB', '15000.5', 400],
    ['MPE', '15000.50', 201],
  ])('in %s the amount %s answers %i', async (site, amount, status) => {
    double.addAccount({ token: 'APP_USR-other', site, webhookSecret: 's' });
    const body = orderBody({ total_amount: amount, items: [{ title: 'x', quantity: 1, unit_price: amount }] });
    expect((await call('POST', '/v1/orders', { body, token: 'APP_USR-other' })).status).toBe(status);
  });

  it('a test account accepts only test users, and documents of Brazil have only digits', async () => {
    double.addAccount({ token: 'APP_USR-br', site: 'MLB', webhookSecret: 's', isTest: true });
    const ask = (email: string, number: string): Promise<Reply> =>
      call('POST', '/v1/orders', { token: 'APP_USR-br', body: orderBody({ payer: { email, identification: { type: 'CPF', number } } }) });
    expect(codeOf(await ask('lucia@example.com', '12345678909'))).toBe('invalid_email_for_sandbox');
    expect(codeOf(await ask('test_1@testuser.com', '123.456.789-09'))).toBe('property_value');
    expect((await ask('test_1@testuser.com', '12345678909')).status).toBe(201);
  });

  it('refuses calls that are not well formed, and orders of others', async () => {
    double.addAccount({ token: 'APP_USR-other', site: 'MLM', webhookSecret: 's' });
    const id = await create();
    const range = 'begin_date=2020-01-01T00:00:00Z&end_date=2100-01-01T00:00:00Z';
    const cases: [Promise<Reply>, number, string][] = [
      [call('POST', '/v1/orders', { body: '{"type":' }), 400, 'json_syntax_error'],
      [call('POST', '/v1/orders', { body: orderBody(), key: '' }), 400, 'empty_required_header'],
      [call('POST', '/v1/orders', { body: orderBody(), key: 'k'.repeat(65) }), 400, 'invalid_idempotency_key_length'],
      [call('POST', '/v1/orders', { body: orderBody(), key: 'order-1' }), 400, 'property_value'],
      [call('POST', '/v1/orders', { body: orderBody(), token: 'APP_USR-none' }), 401, 'unauthorized'],
      [call('GET', '/v1/orders/ORD1'), 400, 'invalid_path_param'],
      [call('GET', `/v1/orders/ORD${'0'.repeat(26)}`), 404, 'order_not_found'],
      [call('GET', `/v1/orders/${id}`, { token: 'APP_USR-other' }), 400, 'invalid_order_owner'],
      [call('POST', `/v1/orders/${id}/cancel`, { body: {} }), 400, 'unsupported_properties'],
      [call('POST', `/v1/orders/${id}/refund`), 409, 'cannot_refund_order'],
      [call('POST', `/v1/orders/${id}/refund`, { body: {} }), 400, 'minimum_properties'],
      [call('GET', `/v1/orders?${range}&status=expired`), 400, 'property_value'],
    ];
    for (const [asked, status, code] of cases) {
      const reply = await asked;
      expect([reply.status, codeOf(reply)]).toEqual([status, code]);
    }
    expect((await call('GET', '/v1/nothing')).status).toBe(404);
    expect(double.book.order(id).status).toBe('created');
  });

  it('cancels what is not paid, once', async () => {
    const id = await create();
    expect(await call('POST', `/v1/orders/${id}/cancel`)).toMatchObject({
      status: 200,
      json: { status: 'canceled', status_detail: 'canceled' },
    });
    expect(await call('POST', `/v1/orders/${id}/cancel`)).toMatchObject({
      status: 409,
      json: { errors: [{ code: 'order_already_canceled' }] },
    });
    expect(() => double.book.pay(id)).toThrow('does not accept a payment');
    for (const way of ['APRO', 'CONT'] as const) {
      const other = await create();
      double.book.pay(other, way);
      expect(codeOf(await call('POST', `/v1/orders/${other}/cancel`))).toBe('cannot_cancel_order');
    }
  });

  it.each<[string, Json, Parameters<MercadoPagoDouble['book']['pay']>[1], string]>([
    ['a card', {}, 'APRO', 'processed/accredited'],
    ['a card that is examined', {}, 'CONT', 'processing/in_process'],
    ['that in binary mode', { capture_mode: 'automatic' }, 'CONT', 'action_required/waiting_retry'],
    ['a slip in binary mode', { capture_mode: 'automatic' }, 'ticket', 'action_required/waiting_retry'],
    ['a transfer', {}, 'transfer', 'action_required/waiting_transfer'],
    ['a card with a proof', {}, 'challenge', 'action_required/pending_challenge'],
    ['a refused card', {}, 'OTHE', 'action_required/waiting_retry'],
    [
      'a refused card without another try',
      { config: { online: { retries: { allowed: false } } } },
      'CALL',
      'failed/required_call_for_authorize',
    ],
    ['the last try', {}, 'ATTE', 'failed/max_attempts_exceeded'],
  ])('the buyer pays by %s', async (_what, changes, way, expected) => {
    const id = await create(changes);
    double.book.pay(id, way);
    const { status, status_detail } = await read(id);
    expect(`${String(status)}/${String(status_detail)}`).toBe(expected);
  });

  it('refunds: rejected, in progress, or by another reading', async () => {
    const id = await create();
    double.book.pay(id);
    const payment = paymentOf(await read(id))['id'];
    const refund = (body?: unknown, key?: string): Promise<Reply> =>
      call('POST', `/v1/orders/${id}/refund`, { ...(body !== undefined && { body }), ...(key !== undefined && { key }) });
    for (const [body, status, code] of [
      [refundPart(payment, '249.91'), 400, 'refund_amount_exceeds'],
      [refundPart(payment, '0.00'), 400, 'refund_amount_exceeds'],
      [refundPart('PAY0', '30.00'), 404, 'transaction_not_found'],
    ] as const) {
      const reply = await refund(body);
      expect([reply.status, codeOf(reply)]).toEqual([status, code]);
    }
    double.setModes({ partialRefunds: false });
    expect(codeOf(await refund(refundPart(payment, '30.00')))).toBe('unsupported_partially_refunds');
    double.setModes({ partialRefunds: true, refunds: 'processing' });
    const first = (await refund(refundPart(payment, '30.00'))).json['transactions'] as { refunds: { id: string; status: string }[] };
    expect(first.refunds).toMatchObject([{ status: 'processing' }]);
    expect(codeOf(await refund(refundPart(payment, '30.00')))).toBe('order_refund_already_in_process');
    double.book.settleRefund(first.refunds[0]?.id ?? '', 'failed');
    double.setModes({ refunds: 'processed', refundKeys: 'ignored', refundedStatus: 'refunded' });
    const key = randomUUID();
    for (let times = 0; times < 2; times++) await refund(refundPart(payment, '30.00'), key);
    expect(double.book.order(id).refunds.map(({ amount, status }) => [amount, status])).toEqual([
      ...[
        [3_000, 'failed'],
        [3_000, 'processed'],
        [3_000, 'processed'],
      ],
    ]);
    expect((await refund()).status).toBe(400);
    expect((await refund(refundPart(payment, '189.90'))).json).toMatchObject({ status: 'refunded', status_detail: 'refunded' });
    const old = await create();
    double.book.pay(old);
    double.advance(181 * 86_400);
    expect(codeOf(await call('POST', `/v1/orders/${old}/refund`))).toBe('cannot_refund_order');
  });

  it('does not refund what is disputed', async () => {
    const id = await create();
    double.book.pay(id);
    double.book.dispute(id);
    expect(codeOf(await call('POST', `/v1/orders/${id}/refund`))).toBe('cannot_refund_order');
  });

  describe('webhooks', () => {
    let posted: PostedWebhooks;
    beforeAll(async () => {
      posted = await PostedWebhooks.start();
    });
    afterAll(() => posted.close());
    beforeEach(() => {
      posted.reset();
      double.account.webhookUrl = `${posted.url}hook?client=7`;
      double.webhooks.retryMs = 5;
    });
    afterEach(() => {
      double.account.webhookUrl = undefined;
    });

    const signs = ({ headers }: PostedWebhook, id: string | undefined): boolean => {
      const requestId = String(headers['x-request-id']);
      const [, ts = ''] = /^ts=(\d+),/.exec(String(headers['x-signature'])) ?? [];
      return mercadoPagoSignatureOf({ id, requestId, ts }, 'mercadopago-double-secret') === headers['x-signature'];
    };

    it('are repeated until a 200 or 201, also after a refusal, and keep the first data that the mode defines', async () => {
      posted.statuses = [500, 400, 201];
      await create();
      await double.webhooks.idle();
      expect(double.webhooks.attempts.map(({ status }) => status)).toEqual([500, 400, 201]);
      expect(new Set(double.webhooks.attempts.map(({ requestId }) => requestId)).size).toBe(1);
      double.setModes({ repeats: 'new-request' });
      double.webhooks.attempts.length = 0;
      posted.statuses = [500];
      await create();
      await double.webhooks.idle();
      expect(new Set(double.webhooks.attempts.map(({ requestId }) => requestId)).size).toBe(2);
    });

    it('are posted forged, without an id, and with another one in the body', async () => {
      double.webhooks.mode = 'hold';
      await create();
      await double.webhooks.flush({ forge: true });
      await create();
      await double.webhooks.flush({ withoutId: true, bodyId: 'ORD0' });
      const [forged, bare] = posted.received;
      if (!forged || !bare) throw new Error('nothing came');
      expect(signs(forged, forged.url.searchParams.get('data.id')?.toLowerCase())).toBe(false);
      const id: unknown = bare.json.data.id;
      expect([bare.url.searchParams.has('data.id'), id, signs(bare, undefined)]).toEqual([false, 'ORD0', true]);
    });

    it('old notices come unsigned, and other topics signed', async () => {
      const id = await create();
      double.book.pay(id);
      double.notify('ipn', id);
      double.notify('stop_delivery_op_wh', id);
      await double.webhooks.idle();
      const [ipn, fraud] = posted.received.slice(-2);
      expect([ipn?.url.searchParams.get('topic'), ipn?.headers['x-signature']]).toEqual(['payment', undefined]);
      const { number } = double.book.order(id).payments[0] ?? {};
      expect(fraud?.json).toMatchObject({ type: 'stop_delivery_op_wh', data: { payment_id: number } });
    });

    const secret = '3f1c0b7a9d2e48f6a5b4c3d2e1f00112';
    const requestId = 'bb56a2f1-6aae-46ac-982e-9dcd3581d08e';
    it.each<[string | undefined, string, string]>([
      ['1234567890', '1742505638', 'f8c96f14a2397bde95606f7eb349122295dbb630acadbfface3a2777ff9ced24'],
      ['1234567890', '1742505638683', '1e43c95eb3aaf6838dcf48be72c0c40e19e03ced5371f2c7a896edf86636b4b9'],
      ['ord01jq4s4ky8hwq6na5pxb65b3d3', '1742505638', '2c53a32ef723f7ad8927a21623981608e12f92ec9917593492ff07e85388cfda'],
      ['ORD01JQ4S4KY8HWQ6NA5PXB65B3D3', '1742505638', '7639883580bc23c20bd0dfe83bc8801de3ab1ab7b8e68495b92f659e9d03f07d'],
      [undefined, '1742505638', 'a4d588687525d67f6c2dec4260b9ddf514061e131bedd885a1adec3841d2ab23'],
    ])('are signed as the service does: %s at %s', (id, ts, v1) => {
      expect(mercadoPagoSignatureOf({ id, requestId, ts }, secret)).toBe(`ts=${ts},v1=${v1}`);
      expect(mercadoPagoSignedTextOf({ id, ts })).toBe(`${id === undefined ? '' : `id:${id};`}ts:${ts};`);
    });
  });

  it('its page lets a buyer pay, be refused and come back', async () => {
    const urls = {
      success_url: 'https://shop.example/done?n=1',
      failure_url: 'https://shop.example/pay',
      pending_url: 'https://shop.example/wait',
    };
    const id = await create(online({ ...urls, auto_return: 'approved' }));
    const page = String((await read(id))['checkout_url']);
    expect((await ask('GET', page)).text).toContain('249.90 MXN');
    const post = (form: Record<string, string>, url = page): Promise<Reply> => ask('POST', url, new URLSearchParams(form));
    const refused = await post({ card: '4000 0000 0000 0002' });
    expect([refused.status, refused.text]).toEqual([200, expect.stringContaining('insufficient_amount')]);
    expect((await post({ way: 'gold' })).status).toBe(400);
    const done = await post({ holder: 'APRO' });
    expect([done.status, done.headers.get('location')]).toEqual([
      303,
      expect.stringMatching(/^https:\/\/shop\.example\/done\?n=1&.*&status=approved/),
    ]);
    expect((await post({ way: 'APRO' })).status).toBe(409);
    expect((await ask('GET', `${double.url}/checkout/v1/redirect?order_id=none`)).status).toBe(404);
    const waiting = String((await read(await create(online({ ...urls, auto_return: 'all' }))))['checkout_url']);
    expect((await post({ way: 'ticket' }, waiting)).headers.get('location')).toContain(`${urls.pending_url}?collection_id=`);
    const plain = String((await read(await create(online(urls))))['checkout_url']);
    expect((await post({ card: '4242424242424242' }, plain)).text).toContain('href="https://shop.example/done?n=1&amp;');
  });
});
