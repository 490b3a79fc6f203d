import { randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MercadoPagoDouble, mercadoPagoSignatureOf, mercadoPagoSignedTextOf, type MercadoPagoSiteCode } from './index.js';

interface Json {
  [name: string]: unknown;
}

interface Reply {
  status: number;
  json: Json;
  headers: Headers;
}

let double: MercadoPagoDouble;

async function call(
  method: 'GET' | 'POST',
  path: string,
  { body, key = randomUUID(), token = 'APP_USR-double' }: { body?: unknown; key?: string; token?: string } = {},
): Promise<Reply> {
  const reply = await fetch(double.url + path, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      ...(method === 'POST' && key !== '' && { 'x-idempotency-key': key }),
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: reply.status, json: (await reply.json()) as Json, headers: reply.headers };
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
  return String(json['id']);
}

const read = async (id: string): Promise<Json> => (await call('GET', `/v1/orders/${id}`)).json;
const codeOf = ({ json }: Reply): unknown => (json['errors'] as Json[] | undefined)?.[0]?.['code'];
const detailOf = ({ json }: Reply): unknown => ((json['errors'] as Json[] | undefined)?.[0]?.['details'] as string[] | undefined)?.[0];
const paymentOf = (order: Json): Json => ((order['transactions'] as Json)['payments'] as Json[]).at(-1) ?? {};
const refundPart = (payment: unknown, amount: unknown): Json => ({ transactions: [{ id: payment, amount }] });

beforeAll(async () => {
  double = await MercadoPagoDouble.start();
});
afterAll(() => double.close());
beforeEach(() => double.reset());

describe('the MercadoPago double', () => {
  it('an order: opened, paid, given back in parts, found by our reference', async () => {
    const created = await call('POST', '/v1/orders', { body: orderBody({ expiration_time: 'P7D' }) });
    expect(created).toMatchObject({
      status: 201,
      json: {
        ...{ id: expect.stringMatching(/^ORD[0-9A-Z]{26}$/), status: 'created', status_detail: 'created', total_amount: '249.90' },
        ...{ currency: 'MXN', country_code: 'MEX', external_reference: 'ref-1', expiration_time: 'P7D' },
        ...{ checkout_url: expect.stringContaining('?order_id=ORD'), client_token: expect.any(String), user_id: expect.any(String) },
      },
    });
    expect(created.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    const id = String(created.json['id']);
    expect(await read(id)).not.toHaveProperty('transactions');
    double.book.pay(id, 'FUND');
    const refused = { status: 'action_required', status_detail: 'waiting_retry' };
    expect(await read(id)).toMatchObject({ ...refused, transactions: { payments: [{ ...refused }] } });
    double.book.pay(id);
    const paid = await read(id);
    expect(paid).toMatchObject({
      ...{ status: 'processed', status_detail: 'accredited', total_paid_amount: '249.90' },
      transactions: {
        payments: [
          {
            ...{ id: expect.stringMatching(/^PAY/), status: 'processed', amount: '249.90', paid_amount: '249.90' },
            attempts: [{ status: 'failed', status_detail: 'insufficient_amount' }, { status: 'processed' }],
          },
        ],
      },
    });
    const payment = paymentOf(paid)['id'];
    const part = await call('POST', `/v1/orders/${id}/refund`, { body: refundPart(payment, '30.00') });
    expect(part).toMatchObject({
      status: 201,
      json: {
        status_detail: 'partially_refunded',
        transactions: { refunds: [{ amount: '30.00', transaction_id: payment, status: 'processed' }] },
      },
    });
    expect(part.json['transactions']).not.toHaveProperty('payments');
    const rest = await call('POST', `/v1/orders/${id}/refund`, { body: refundPart(payment, '219.90') });
    expect(rest.json).toMatchObject({
      ...{ status: 'processed', status_detail: 'refunded' },
      transactions: { refunds: [{ amount: '30.00' }, { amount: '219.90' }] },
    });
    expect(codeOf(await call('POST', `/v1/orders/${id}/refund`))).toBe('order_already_refunded');
    const range = 'begin_date=2020-01-01T00:00:00Z&end_date=2100-01-01T00:00:00Z';
    const other = await create({ external_reference: 'ref-2' });
    const found = await call('GET', `/v1/orders?${range}&external_reference=ref-1&type=online&page=1&page_size=10`);
    expect(found.json).toMatchObject({ data: [{ id }], paging: { total: '1' } });
    expect((await call('GET', `/v1/orders?${range}&limit=1&offset=0`)).json).toMatchObject({
      data: [{ id: other }],
      paging: { total: '2' },
    });
  });

  it('tells who the seller is, and how one pays there', async () => {
    expect((await call('GET', '/users/me')).json).toMatchObject({ site_id: 'MLM', country_id: 'MX', tags: ['normal'] });
    double.addAccount({ token: 'APP_USR-test', site: 'MLC', webhookSecret: 's', isTest: true });
    expect((await call('GET', '/users/me', { token: 'APP_USR-test' })).json).toMatchObject({
      site_id: 'MLC',
      tags: ['normal', 'test_user'],
    });
    expect((await call('GET', '/v1/payment_methods')).json).toContainEqual(
      expect.objectContaining({ id: 'oxxo', payment_type_id: 'ticket', min_allowed_amount: expect.any(Number) }),
    );
    expect(await call('GET', '/users/me', { token: 'TEST-none' })).toMatchObject({
      status: 401,
      json: { status: 401, error: 'unauthorized' },
    });
    expect(await create({ total_amount: '10000', items: [{ title: 'x', quantity: 1, unit_price: '10000' }] }, 'APP_USR-test')).toMatch(
      /^ORDTST[0-9A-Z]{26}$/,
    );
  });

  const items = (...changes: Json[]): Json => ({
    items: changes.map((one) => ({ title: 'x', quantity: 1, unit_price: '249.90', ...one })),
  });
  const online = (changes: Json): Json => ({ config: { online: changes } });
  const method = (changes: Json): Json => ({ config: { payment_method: changes } });

  it.each<[string, Json, string, string?]>([
    ['a field it does not know', { colour: 'red' }, 'unsupported_properties', "'$.colour'"],
    [
      'a field of the older API',
      { config: { notification_url: 'https://a.example' } },
      'unsupported_properties',
      "'$.config.notification_url'",
    ],
    ['a unit of measure', items({ unit_measure: 'kg' }), 'unsupported_properties', "'$.items[0].unit_measure'"],
    ['a total of a line', items({ total_amount: '249.90' }), 'unsupported_properties', "'$.items[0].total_amount'"],
    ['shipments', { shipments: {} }, 'unsupported_properties'],
    ['no total', { total_amount: undefined }, 'required_properties', "'$.total_amount'"],
    ['a number for an amount', { total_amount: 249.9 }, 'property_type', "'$.total_amount'"],
    ['three digits after the point', { total_amount: '249.900' }, 'property_value'],
    ['nothing to pay', { total_amount: '0.00', items: undefined }, 'property_value'],
    ['lines of another sum', items({ unit_price: '249.89' }), 'order_items_total_amount_mismatch'],
    ['a line of nothing', items({}, { unit_price: '0.00' }), 'invalid_items'],
    ['a discount', items({ unit_price: '259.90' }, { unit_price: '-10.00' }), 'invalid_items'],
    ['no lines', { items: [] }, 'minimum_items'],
    ['another currency', { currency: 'ARS' }, 'property_value'],
    ['a hold', { capture_mode: 'manual' }, 'property_value', "'$.capture_mode'"],
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
    ['MLC', '15000', 201],
    ['MLC', '15000.00', 400],
    ['MCO', '15000', 201],
    ['MCO', '15000.50', 400],
    ['MLA', '15000', 201],
    ['MLB', '15000.5', 400],
    ['MPE', '15000.50', 201],
    ['MLU', '15000.50', 201],
  ])('in %s the amount %s answers %i', async (site, amount, status) => {
    double.addAccount({ token: 'APP_USR-other', site, webhookSecret: 's' });
    const body = orderBody({ total_amount: amount, items: [{ title: 'x', quantity: 1, unit_price: amount }] });
    expect((await call('POST', '/v1/orders', { body, token: 'APP_USR-other' })).status).toBe(status);
  });

  it('a test account takes test users only; documents of Brazil have digits only', async () => {
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
      [call('POST', '/v1/orders', {}), 400, 'required_properties'],
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
      [call('GET', '/v1/orders?external_reference=ref-1'), 400, 'required_properties'],
      [call('GET', '/v1/orders?begin_date=yesterday&end_date=2100-01-01'), 400, 'property_value'],
      [call('GET', `/v1/orders?${range}&colour=red`), 400, 'unsupported_properties'],
      [call('GET', `/v1/orders?${range}&limit=101`), 400, 'property_value'],
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
    expect(() => double.book.pay(id)).toThrow('takes no payment');
    for (const way of ['APRO', 'CONT'] as const) {
      const other = await create();
      double.book.pay(other, way);
      expect(codeOf(await call('POST', `/v1/orders/${other}/cancel`))).toBe('cannot_cancel_order');
    }
  });

  it('a slip is awaited, may be cancelled, and its late money goes back', async () => {
    const id = await create();
    double.book.pay(id, 'ticket');
    expect(await read(id)).toMatchObject({
      ...{ status: 'action_required', status_detail: 'waiting_payment' },
      transactions: {
        payments: [
          { payment_method: { id: 'oxxo', type: 'ticket', ticket_url: expect.any(String) }, date_of_expiration: expect.any(String) },
        ],
      },
    });
    double.setModes({ cancelsWaiting: false });
    expect(codeOf(await call('POST', `/v1/orders/${id}/cancel`))).toBe('cannot_cancel_order');
    double.setModes({ cancelsWaiting: true });
    await call('POST', `/v1/orders/${id}/cancel`);
    double.book.settle(id);
    expect(await read(id)).toMatchObject({
      status: 'canceled',
      transactions: { payments: [{ status: 'refunded', paid_amount: '249.90' }] },
    });
    double.setModes({ lateSlips: 'accepted' });
    const other = await create();
    double.book.pay(other, 'ticket');
    await call('POST', `/v1/orders/${other}/cancel`);
    expect(double.book.settle(other)).toMatchObject({ status: 'processed' });
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

  it('an order past its time takes nothing, and stays as it was unless it is to expire', async () => {
    const id = await create({ expiration_time: 'PT10M' });
    double.book.pay(id, 'FUND');
    double.advance(601);
    expect(await read(id)).toMatchObject({ status: 'action_required', status_detail: 'waiting_retry' });
    expect(() => double.book.pay(id)).toThrow('takes no payment');
    expect((await call('POST', `/v1/orders/${id}/cancel`)).json).toMatchObject({ status: 'canceled' });
    double.setModes({ expiry: 'expires' });
    const other = await create({ expiration_time: 'PT10M' });
    double.advance(601);
    expect(await read(other)).toMatchObject({ status: 'expired', status_detail: 'expired' });
  });

  it('refunds: what is refused, what is under way, what is another reading', async () => {
    const id = await create();
    double.book.pay(id);
    const payment = paymentOf(await read(id))['id'];
    const refund = (body?: unknown, key?: string): Promise<Reply> =>
      call('POST', `/v1/orders/${id}/refund`, { ...(body !== undefined && { body }), ...(key !== undefined && { key }) });
    for (const [body, status, code] of [
      [refundPart(payment, '249.91'), 400, 'refund_amount_exceeds'],
      [refundPart(payment, '0.00'), 400, 'refund_amount_exceeds'],
      [{ transactions: ['150.00', '100.00'].map((amount) => ({ id: payment, amount })) }, 400, 'maximum_items'],
      [refundPart(payment, 30), 400, 'property_type'],
      [refundPart('PAY0', '30.00'), 404, 'transaction_not_found'],
      [{ amount: '30.00' }, 400, 'required_properties'],
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

  it('a chargeback holds the money, and is not refunded beside', async () => {
    const id = await create();
    double.book.pay(id);
    const { id: chargeback } = double.book.dispute(id);
    expect(await read(id)).toMatchObject({
      ...{ status: 'charged_back', status_detail: 'in_process', transactions: { chargebacks: [{ id: chargeback, status: 'in_process' }] } },
    });
    expect(codeOf(await call('POST', `/v1/orders/${id}/refund`))).toBe('cannot_refund_order');
    double.book.closeDispute(id, 'settled');
    expect((await call('GET', `/v1/chargebacks/${chargeback}`)).json).toMatchObject({
      amount: 249.9,
      currency: 'MXN',
      coverage_applied: false,
    });
  });

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

  it('has its own refusals of calls', async () => {
    const cases: [Parameters<MercadoPagoDouble['fail']>[1], number, Json][] = [
      [{ kind: 'policy' }, 403, { code: 'PA_UNAUTHORIZED_RESULT_FROM_POLICIES', blocked_by: 'PolicyAgent' }],
      [{ kind: 'locked' }, 423, { errors: [{ code: 'resource_locked' }] }],
      [{ kind: 'refuse', code: 'failed' }, 409, { errors: [{ code: 'failed' }] }],
    ];
    for (const [fault, status, json] of cases) {
      double.fail('createOrder', fault);
      expect(await call('POST', '/v1/orders', { body: orderBody() })).toMatchObject({ status, json });
    }
    expect(double.orders()).toEqual([]);
  });

  it('what it hides in other modes', async () => {
    double.setModes({ checkoutUrls: 'creation', tries: 'payments', paymentNumbers: false, totalPaid: false, searchLagSeconds: 60 });
    const id = await create();
    double.book.pay(id, 'FUND');
    double.book.pay(id);
    const order = await read(id);
    expect(order).not.toHaveProperty('checkout_url');
    expect(order).not.toHaveProperty('total_paid_amount');
    expect(order).toMatchObject({ transactions: { payments: [{ status: 'failed' }, { status: 'processed', paid_amount: '249.90' }] } });
    expect(paymentOf(order)).not.toHaveProperty('reference_id');
    const search = '/v1/orders?begin_date=2020-01-01&end_date=2100-01-01';
    expect((await call('GET', search)).json).toMatchObject({ data: [] });
    double.advance(61);
    expect((await call('GET', search)).json).toMatchObject({ data: [{ id }] });
    double.setModes({ searchPages: 'pages' });
    expect((await call('GET', `${search}&limit=5`)).status).toBe(400);
  });

  describe('webhooks', () => {
    interface Received {
      url: URL;
      headers: IncomingHttpHeaders;
      body: Json;
    }
    let server: Server;
    let received: Received[];
    let answers: number[];

    beforeEach(async () => {
      received = [];
      answers = [];
      server = createServer((request, response) => {
        let text = '';
        request.on('data', (chunk: Buffer) => (text += chunk.toString()));
        request.on('end', () => {
          received.push({ url: new URL(request.url ?? '', 'http://hook'), headers: request.headers, body: JSON.parse(text) as Json });
          response.writeHead(answers.shift() ?? 200).end();
        });
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      double.account.webhookUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?client=7`;
      double.webhooks.retryMs = 5;
    });
    afterEach(() => {
      double.account.webhookUrl = undefined;
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    });

    const signatureOf = ({ headers }: Received): { ts: string; v1: string } => {
      const [, ts = '', v1 = ''] = /^ts=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['x-signature'])) ?? [];
      return { ts, v1 };
    };
    const signs = (one: Received, id: string | undefined, secret = 'mercadopago-double-secret'): boolean => {
      const requestId = String(one.headers['x-request-id']);
      return mercadoPagoSignatureOf({ id, requestId, ts: signatureOf(one).ts }, secret) === one.headers['x-signature'];
    };

    it('tell of each change, in the address and the body, signed in the letters of the mode', async () => {
      const id = await create();
      double.book.pay(id);
      await double.webhooks.idle();
      expect(received.map(({ body }) => body['action'])).toEqual(['order.created', 'order.processed']);
      const last = received.at(-1);
      if (!last) throw new Error('nothing came');
      expect(last.url.search).toBe(`?client=7&data.id=${id}&type=order`);
      expect(last.body).toMatchObject({
        ...{ type: 'order', live_mode: true, data: { id, external_reference: 'ref-1', status: 'processed', total_paid_amount: '249.90' } },
      });
      expect(last.body).not.toHaveProperty('id');
      expect([signs(last, id.toLowerCase()), signs(last, id)]).toEqual([true, false]);
      expect(signatureOf(last).ts).toMatch(/^\d{10}$/);
      for (const [signedId, signed] of [
        ['exact', id],
        ['by-token', id.toLowerCase()],
        ['neither', undefined],
      ] as const) {
        double.setModes({ signedId, signedTime: 'milliseconds', eventIds: true });
        double.notify('payment', id);
        await create();
        await double.webhooks.idle();
        const one = received.at(-1);
        if (!one) throw new Error('nothing came');
        const its = String((one.body['data'] as Json)['id']);
        expect(signatureOf(one).ts).toMatch(/^\d{13}$/);
        expect(one.body).toHaveProperty('id');
        if (signed === undefined) expect([signs(one, its), signs(one, its.toLowerCase())]).toEqual([false, false]);
        else expect(signs(one, signed === id ? its : its.toLowerCase())).toBe(true);
      }
    });

    it('are repeated until a 200 or 201, a refusal too, and keep of the first what the mode says', async () => {
      answers = [500, 400, 201];
      await create();
      await double.webhooks.idle();
      expect(double.webhooks.attempts.map(({ status }) => status)).toEqual([500, 400, 201]);
      expect(new Set(double.webhooks.attempts.map(({ requestId }) => requestId)).size).toBe(1);
      double.setModes({ repeats: 'new-request' });
      double.webhooks.attempts.length = 0;
      answers = [500];
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
      const [forged, bare] = received;
      if (!forged || !bare) throw new Error('nothing came');
      expect(signs(forged, forged.url.searchParams.get('data.id')?.toLowerCase())).toBe(false);
      const id = (bare.body['data'] as Json)['id'];
      expect([bare.url.searchParams.has('data.id'), id, signs(bare, undefined)]).toEqual([false, 'ORD0', true]);
    });

    it('old notices come unsigned, and other topics signed', async () => {
      const id = await create();
      double.book.pay(id);
      double.notify('ipn', id);
      double.notify('stop_delivery_op_wh', id);
      await double.webhooks.idle();
      const [ipn, fraud] = received.slice(-2);
      expect([ipn?.url.searchParams.get('topic'), ipn?.headers['x-signature']]).toEqual(['payment', undefined]);
      const { number } = double.book.order(id).payments[0] ?? {};
      expect(fraud?.body).toMatchObject({ type: 'stop_delivery_op_wh', data: { payment_id: number } });
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
    expect(await (await fetch(page)).text()).toContain('249.90 MXN');
    const post = (form: Record<string, string>, url = page): Promise<Response> =>
      fetch(url, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });
    const refused = await post({ card: '4000 0000 0000 0002' });
    expect([refused.status, await refused.text()]).toEqual([200, expect.stringContaining('insufficient_amount')]);
    expect((await post({ way: 'gold' })).status).toBe(400);
    const done = await post({ holder: 'APRO' });
    expect([done.status, done.headers.get('location')]).toEqual([
      303,
      expect.stringMatching(/^https:\/\/shop\.example\/done\?n=1&.*&status=approved/),
    ]);
    expect((await post({ way: 'APRO' })).status).toBe(409);
    expect((await fetch(`${double.url}/checkout/v1/redirect?order_id=none`)).status).toBe(404);
    const waiting = String((await read(await create(online({ ...urls, auto_return: 'all' }))))['checkout_url']);
    expect((await post({ way: 'ticket' }, waiting)).headers.get('location')).toContain(`${urls.pending_url}?collection_id=`);
    const plain = String((await read(await create(online(urls))))['checkout_url']);
    expect(await (await post({ card: '4242424242424242' }, plain)).text()).toContain('href="https://shop.example/done?n=1&amp;');
  });

  it('its control plays everybody else, as JSON', async () => {
    const control = async (path: string, body?: object): Promise<{ status: number; json: Json }> => {
      const reply = await fetch(`${double.url}/control${path}`, {
        ...(body && { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      return { status: reply.status, json: (await reply.json()) as Json };
    };
    const act = (one: string, more: object = {}, id = 'ref-1'): Promise<{ status: number; json: Json }> =>
      control('/acts', { id, act: one, ...more });
    await control('/modes', { refunds: 'processing', webhooks: 'hold' });
    const id = await create();
    expect((await act('pay', { code: 'CONT' })).json).toMatchObject({ id, status: 'processing' });
    expect((await act('refuse', { code: 'high_risk' })).json).toMatchObject({ status_detail: 'waiting_retry' });
    await act('pay', { code: 'transfer' });
    expect((await act('settle')).json).toMatchObject({ status: 'processed' });
    expect((await act('refund', { amount: '1,5' })).status).toBe(400);
    const { json: refunding } = await act('refund', { amount: '30.00' });
    const refund = ((refunding['transactions'] as Json)['refunds'] as Json[])[0]?.['id'];
    expect((await act('settle-refund', {}, String(refund))).json).toMatchObject({ status_detail: 'partially_refunded' });
    expect((await act('dispute')).json).toMatchObject({ status: 'charged_back' });
    expect((await act('win-dispute')).json).toMatchObject({ status_detail: 'reimbursed' });
    expect((await act('pay', { code: 'gold' })).status).toBe(409);
    expect((await act('pay', {}, 'none')).status).toBe(409);
    expect((await control('/notices', { topic: 'payment', id: 'ref-1' })).status).toBe(200);
    await control('/accounts', { token: 'APP_USR-b', site: 'MLA', webhookSecret: 's' });
    await control('/webhook-url', { token: 'APP_USR-b', url: 'http://127.0.0.1:9/' });
    expect((await control('/orders?reference=ref-1')).json).toMatchObject({ count: 1, items: [{ id }] });
    expect((await control('')).json).toMatchObject({
      accounts: [{ orders: 1, paid: 1, refunds: 1 }, { webhookUrl: 'http://127.0.0.1:9/' }],
    });
  });
});
