import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { v5 as uuidv5 } from 'uuid';
import type { CreateRequest, ExistingPayment } from '#payment/port';
import { buildSettingsForm, getParser } from '#platform';
import { ProviderError, toMoney } from '#provider-kit';
import { accountSettings, providerContext } from '../../testing/builders.js';
import { invoiceItem, invoiceRequest, storedPayment } from '../../../lab/doubles/stripe/index.js';
import { type CapturedRequest, type DoubleReply, HttpDouble } from '../../testing/http-double.js';
import { MemoryCache } from '../../testing/memory-cache.js';
import { MercadoPagoProvider } from './mercadopago.provider.js';
import { type MercadoPagoContext, MercadoPagoSettings } from './mercadopago.settings.js';

const TOKEN = 'APP_USR-1234567890-abcdef';
const NOW = new Date('2026-11-24T12:00:00.000Z');
const ORDER = 'ORD01JQ4S4KY8HWQ6NA5PXB65B3D3';
const URL_OF_ORDER = `https://www.mercadopago.com/checkout/v1/redirect?order_id=${ORDER}`;
const SELLER = { id: 7, site_id: 'MLM', nickname: 'TIENDA SUR', tags: ['normal'] };
const REFERENCE = '019ab0c0-0000-7000-8000-000000000001';
const PAYMENT = 'PAY01JQ4S4KY8HWQ6NA5PXB65B3D3';

let double: HttpDouble;
let provider: MercadoPagoProvider;
let context: MercadoPagoContext;

function makeContext(shop: object = {}, changes: Partial<MercadoPagoContext> = {}): MercadoPagoContext {
  const shops = [{ code: 'main', name: 'Main', accessToken: TOKEN, ...shop }];
  return providerContext(getParser(MercadoPagoSettings).parse({ shops }), {
    now: NOW,
    signal: AbortSignal.timeout(5_000),
    account: accountSettings({ language: 'en' }),
    ...changes,
  });
}

beforeEach(async () => {
  double = await HttpDouble.start();
  provider = new MercadoPagoProvider(`${double.url}/`);
  context = makeContext();
});
afterEach(() => double.close());

const makeInvoice = (changes: Partial<CreateRequest> = {}): CreateRequest => invoiceRequest({ reference: REFERENCE, ...changes });

/** An order in Mercado Pago's format. */
const makeOrder = (changes: object = {}): object => ({
  ...{ id: ORDER, type: 'online', status: 'created', status_detail: 'created', external_reference: REFERENCE, total_amount: '2499.00' },
  ...{ currency: 'MXN', country_code: 'MEX', user_id: '7', checkout_url: URL_OF_ORDER, expiration_time: 'P7D' },
  ...{ created_date: '2026-11-24T11:59:00.000Z', last_updated_date: '2026-11-24T12:30:00.000Z', client_token: 'secret', ...changes },
});
const paidOrder = (changes: object = {}, refunds?: object[]): object =>
  makeOrder({
    ...{ status: 'processed', status_detail: 'accredited', total_paid_amount: '2499.00' },
    transactions: {
      payments: [
        { id: 'PAY0', status: 'failed', amount: '2499.00' },
        { id: PAYMENT, status: 'processed', amount: '2499.00', paid_amount: '2499.00' },
      ],
      ...(refunds && { refunds }),
    },
    ...changes,
  });
const refuse = (status: number, code: string, ...details: string[]): DoubleReply => ({
  status,
  headers: { 'x-request-id': 'req-1' },
  json: { errors: [{ code, message: `Said ${code}`, ...(details.length > 0 && { details }) }] },
});

/** A payment of one order. */
function stored(changes: Partial<ExistingPayment> = {}): ExistingPayment {
  const memory = { order: ORDER, attempt: '1', url: URL_OF_ORDER };
  return { ...storedPayment(makeInvoice(), { status: 'pending', externalId: ORDER, memory }), ...changes };
}

const expectSeller = (): void =>
  void double.expect('GET', '/users/me').withHeader('authorization', `Bearer ${TOKEN}`).reply({ json: SELLER });
const expectOrder = (...orders: object[]): void => {
  for (const json of orders) double.expect('GET', `/v1/orders/${ORDER}`).reply({ json });
};
const sent = (path: string): CapturedRequest[] => double.requests.filter((one) => one.method === 'POST' && one.path === path);
const keyOf = (request: CapturedRequest | undefined): string => request?.headers['x-idempotency-key'] ?? '';

async function failure(call: Promise<unknown>): Promise<ProviderError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ProviderError);
  expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(TOKEN);
  return error as ProviderError;
}

describe('create', () => {
  it('opens an order of Checkout Pro, with nothing that it is not known to take', async () => {
    expectSeller();
    double.expect('POST', '/v1/orders').reply({ status: 201, json: makeOrder() });
    const request = makeInvoice();
    expect(await provider.create(request, context)).toEqual({
      status: 'pending',
      externalId: ORDER,
      memory: { order: ORDER, attempt: '1', url: URL_OF_ORDER },
    });
    const [call] = sent('/v1/orders');
    expect(call?.json()).toEqual({
      type: 'online',
      processing_mode: 'manual',
      capture_mode: 'automatic_async',
      total_amount: '2499.00',
      external_reference: REFERENCE,
      expiration_time: 'P7D',
      description: 'Order 1001A',
      items: [
        { title: 'Camiseta', quantity: 2, unit_price: '999.50' },
        { title: 'Entrega', quantity: 1, unit_price: '500.00' },
      ],
      payer: { email: 'lucia@example.com' },
      config: {
        online: { success_url: request.doneUrl, pending_url: request.doneUrl, failure_url: request.payUrl, auto_return: 'approved' },
      },
    });
    expect(keyOf(call)).toBe(uuidv5(`1 ${call?.text()}`, REFERENCE));
  });

  it('follows the shop’s settings', async () => {
    const settings = { binary: true, expirationDays: 3, maxInstallments: 6, excludedTypes: ['ticket'], excludedMethods: ['amex'] };
    expectSeller();
    double.expect('POST', '/v1/orders').reply({ status: 201, json: makeOrder() });
    await provider.create(makeInvoice(), makeContext({ ...settings, statementDescriptor: 'TIENDA 1' }));
    expect(sent('/v1/orders')[0]?.json()).toMatchObject({
      capture_mode: 'automatic',
      expiration_time: 'P3D',
      config: {
        payment_method: { max_installments: 6, not_allowed_ids: ['amex'], not_allowed_types: ['ticket'] },
        statement_descriptor: 'TIENDA 1',
      },
    });
  });

  it('sends the same body and key again, however often', async () => {
    expectSeller();
    double.expect('POST', '/v1/orders').times(2).reply({ status: 201, json: makeOrder() });
    await provider.create(makeInvoice(), context);
    await provider.create(makeInvoice(), { ...context, now: new Date(NOW.getTime() + 60_000) });
    const [first, second] = sent('/v1/orders');
    expect([second?.text(), keyOf(second)]).toEqual([first?.text(), keyOf(first)]);
  });

  it('leaves the buyer out for a test account, an odd address, and none', async () => {
    double.expect('GET', '/users/me').reply({ json: { ...SELLER, tags: ['test_user'] } });
    double.expect('POST', '/v1/orders').times(3).reply({ status: 201, json: makeOrder() });
    await provider.create(makeInvoice(), context);
    expectSeller();
    const live = makeContext();
    for (const buyer of [{ email: 'señora@example' }, {}]) await provider.create(makeInvoice({ buyer }), live);
    for (const call of sent('/v1/orders')) expect(call.json()).not.toHaveProperty('payer');
  });

  it.each(['http://module.example', 'https://127.0.0.1', 'https://[::1]:3000', 'https://localhost', 'https://module.local'])(
    'does not request an automatic return to %s',
    async (origin) => {
      expectSeller();
      double.expect('POST', '/v1/orders').reply({ status: 201, json: makeOrder() });
      await provider.create(makeInvoice({ doneUrl: `${origin}/pay/1?done=1` }), context);
      expect(sent('/v1/orders')[0]?.json()).toMatchObject({ config: { online: { success_url: `${origin}/pay/1?done=1` } } });
      expect(sent('/v1/orders')[0]?.json()).not.toHaveProperty('config.online.auto_return');
    },
  );

  const cop = (name: string, price: number, quantity: number) => invoiceItem(name, price, quantity, 'COP');
  it.each<[string, Partial<CreateRequest>, string, string]>([
    ['weighed goods', { items: [invoiceItem('Té', 100_000, 2.499)] }, 'Order 1001A', '2499.00'],
    ['a nameless item', { items: [invoiceItem(' ', 249_900, 1)] }, 'Order 1001A', '2499.00'],
    ['a discount on a line', { items: [{ ...invoiceItem('Té', 260_000, 1), total: toMoney(249_900, 'MXN') }] }, 'Order 1001A', '2499.00'],
    ['no items', { items: [], orderNumber: undefined }, 'Payment', '2499.00'],
    ['items that make less', { items: [invoiceItem('Té', 100, 1)] }, 'Order 1001A', '2499.00'],
    [
      'parts of whole pesos',
      { amount: toMoney(300_000, 'COP'), items: [cop('A', 150_050, 1), cop('B', 149_950, 1)] },
      'Order 1001A',
      '3000',
    ],
  ])('makes one line of %s', async (_name, changes, title, price) => {
    double.expect('GET', '/users/me').reply({ json: { ...SELLER, site_id: changes.amount ? 'MCO' : 'MLM' } });
    const { currency } = changes.amount ?? { currency: 'MXN' };
    double.expect('POST', '/v1/orders').reply({ status: 201, json: makeOrder({ currency }) });
    await provider.create(makeInvoice(changes), context);
    expect(sent('/v1/orders')[0]?.json()).toMatchObject({ total_amount: price, items: [{ title, quantity: 1, unit_price: price }] });
    expect((sent('/v1/orders')[0]?.json() as { items: object[] }).items).toHaveLength(1);
  });

  it('refuses another currency than the account’s before anything is made', async () => {
    expectSeller();
    const error = await failure(provider.create(makeInvoice({ amount: toMoney(100, 'BRL') }), context));
    expect(error).toMatchObject({ kind: 'invalid', fields: { currency: { en: 'this account of Mercado Pago takes only MXN' } } });
  });

  it('cancels an order that came in another currency', async () => {
    double.expect('GET', '/users/me').reply({ json: { ...SELLER, site_id: 'MLX' } });
    double.expect('POST', '/v1/orders').reply({ status: 201, json: makeOrder({ currency: 'VES' }) });
    double.expect('POST', `/v1/orders/${ORDER}/cancel`).reply({ json: makeOrder({ status: 'canceled', status_detail: 'canceled' }) });
    expect(await failure(provider.create(makeInvoice(), context))).toMatchObject({
      kind: 'invalid',
      fields: { currency: expect.anything() },
    });
  });

  it('names the amount when it has cents of whole pesos', async () => {
    double.expect('GET', '/users/me').reply({ json: { ...SELLER, site_id: 'MCO' } });
    const error = await failure(provider.create(makeInvoice({ amount: toMoney(150_050, 'COP') }), context));
    expect(error).toMatchObject({ kind: 'invalid', fields: { amount: { en: expect.stringContaining('COP') } } });
  });

  it('tells an application of another product from a wrong token', async () => {
    double.expect('GET', '/users/me').times(2).reply({ json: SELLER });
    double.expect('POST', '/v1/orders').reply({ status: 403, json: { code: 'PA_UNAUTHORIZED_RESULT_FROM_POLICIES', status: 403 } });
    const error = await failure(provider.create(makeInvoice(), context));
    expect([error.kind, error.message]).toEqual(['auth', expect.stringContaining('Checkout Pro')]);
    double.reset();
    double.expect('GET', '/users/me').reply({ status: 401, json: { message: 'invalid access token', status: 401 } });
    expect((await failure(provider.create(makeInvoice(), makeContext()))).message).toContain('does not accept the access token');
  });

  it('of a shop that is gone is a matter of the settings', async () => {
    expect(await failure(provider.create(makeInvoice({ shop: 'gone' }), context))).toMatchObject({ kind: 'auth' });
  });

  it.each<[string, DoubleReply, string, string | undefined]>([
    ['a field', refuse(400, 'property_value', "'$.items[0].title' - length must be <= 150"), 'invalid', 'items'],
    ['the buyer', refuse(400, 'property_value', "'$.payer.email' - must be an e-mail"), 'invalid', 'customer.email'],
    ['the sum', refuse(400, 'order_items_total_amount_mismatch'), 'invalid', 'amount'],
    ['an address of a test', refuse(400, 'invalid_email_for_sandbox'), 'invalid', 'customer.email'],
    ['something else', refuse(400, 'json_syntax_error'), 'rejected', undefined],
    ['a tried payment', refuse(402, 'failed'), 'rejected', undefined],
    ['a key with another body', refuse(409, 'idempotency_key_already_used'), 'unknown_outcome', undefined],
    ['a call under way', refuse(423, 'resource_locked'), 'unknown_outcome', undefined],
    ['too many calls', { status: 429, headers: { 'retry-after': '7' }, json: {} }, 'rate_limited', undefined],
    ['an error of its own', { status: 500, json: {} }, 'unknown_outcome', undefined],
    ['a lost reply', { fault: 'drop-after', json: {} }, 'unknown_outcome', undefined],
    ['no JSON', { status: 201, text: 'Created' }, 'unknown_outcome', undefined],
    [
      'an old kind of refusal',
      { status: 400, json: { message: 'bad thing', error: 'bad_request', status: 400, cause: [] } },
      'rejected',
      undefined,
    ],
  ])('reports what Mercado Pago rejected: %s', async (_name, reply, kind, field) => {
    expectSeller();
    double.expect('POST', '/v1/orders').reply(reply);
    const error = await failure(provider.create(makeInvoice(), context));
    expect([error.kind, Object.keys(error.fields ?? {})]).toEqual([kind, field === undefined ? [] : [field]]);
    if (kind === 'rate_limited') expect(error.retryAfterMs).toBe(7_000);
  });
});

describe('openCheckout', () => {
  const KEY = '019ab0c0-0000-7000-8000-00000000000a';
  const open = (payment = stored()) => provider.openCheckout(payment, { key: KEY }, context);
  const expectNext = (...orders: object[]): void => {
    double.expect('GET', '/v1/orders').reply({ json: { data: orders } });
    expectSeller();
    double.expect('POST', '/v1/orders').reply({ status: 201, json: makeOrder({ id: 'ORD2', checkout_url: 'https://mp.example/2' }) });
  };

  it.each([
    ['created', 'created'],
    ['action_required', 'waiting_retry'],
  ])('leads to the page of the order while it is %s/%s', async (status, detail) => {
    expectOrder(makeOrder({ status, status_detail: detail }));
    expect(await open()).toEqual({ url: URL_OF_ORDER, state: { externalId: ORDER, status: 'pending' } });
  });

  it('knows the address itself when the order does not tell it', async () => {
    expectOrder(makeOrder({ checkout_url: undefined }));
    expect((await open()).url).toBe(URL_OF_ORDER);
  });

  it.each([
    ['action_required', 'waiting_payment'],
    ['action_required', 'waiting_transfer'],
    ['action_required', 'pending_challenge'],
    ['processing', 'in_review'],
    ['something', 'new'],
  ])('opens no second order next to an order that is %s/%s', async (status, detail) => {
    expectOrder(makeOrder({ status, status_detail: detail }));
    expect(await open()).toEqual({ state: { externalId: ORDER, status: 'pending' } });
  });

  it.each([
    ['failed', 'high_risk'],
    ['expired', 'expired'],
    ['canceled', 'canceled'],
  ])('opens the next order after an order that %s', async (status, detail) => {
    expectOrder(makeOrder({ status, status_detail: detail }));
    expectNext();
    expect(await open()).toEqual({
      url: 'https://mp.example/2',
      state: { status: 'pending', externalId: 'ORD2', memory: { order: 'ORD2', attempt: '2', url: 'https://mp.example/2' } },
    });
    expect(keyOf(sent('/v1/orders')[0])).toBe(uuidv5(`2 ${sent('/v1/orders')[0]?.text()}`, REFERENCE));
  });

  it('reports that it is paid', async () => {
    expectOrder(paidOrder());
    const { url, state } = await open();
    expect([url, state.status]).toEqual([undefined, 'succeeded']);
  });

  it('cancels an order whose time is up, and only then opens the next', async () => {
    const overdue = { status: 'action_required', status_detail: 'waiting_retry', created_date: '2026-11-17T11:59:59.000Z' };
    expectOrder(makeOrder(overdue));
    double.expect('POST', `/v1/orders/${ORDER}/cancel`).reply({ json: makeOrder({ status: 'canceled', status_detail: 'canceled' }) });
    expectNext();
    expect((await open()).url).toBe('https://mp.example/2');
    expect(double.requests.map(({ method, path }) => `${method} ${path}`).slice(0, 2)).toEqual([
      `GET /v1/orders/${ORDER}`,
      `POST /v1/orders/${ORDER}/cancel`,
    ]);
    expect(keyOf(sent(`/v1/orders/${ORDER}/cancel`)[0])).toBe(uuidv5(ORDER, KEY));
  });

  it('takes an overdue order that was paid at this moment for paid', async () => {
    expectOrder(makeOrder({ created_date: '2026-11-01T00:00:00.000Z' }), paidOrder());
    double.expect('POST', `/v1/orders/${ORDER}/cancel`).reply(refuse(409, 'cannot_cancel_order'));
    expect((await open()).state.status).toBe('succeeded');
  });

  it('opens nothing while it is not known whether the overdue one was cancelled', async () => {
    expectOrder(makeOrder({ created_date: '2026-11-01T00:00:00.000Z' }));
    double.expect('POST', `/v1/orders/${ORDER}/cancel`).reply({ status: 500, json: {} });
    expect((await failure(open())).kind).toBe('unknown_outcome');
  });

  it('finds the order that was opened by a call whose reply was lost', async () => {
    const ended = makeOrder({ status: 'expired', status_detail: 'expired', created_date: '2026-11-01T00:00:00.000Z' });
    const data = [makeOrder({ id: 'ORD2', checkout_url: 'https://mp.example/2' }), ended];
    expectOrder(ended);
    double.expect('GET', '/v1/orders').reply({ json: { data } });
    const memory = { order: 'ORD2', attempt: '2', url: 'https://mp.example/2' };
    expect(await open()).toEqual({ url: memory.url, state: { status: 'pending', externalId: 'ORD2', memory } });
  });

  it('cancels the found order if its address was not handed out', async () => {
    const ended = makeOrder({ status: 'expired', status_detail: 'expired', created_date: '2026-11-01T00:00:00.000Z' });
    expectOrder(ended);
    expectNext(ended, makeOrder({ id: 'ORD3', checkout_url: undefined }));
    double
      .expect('POST', '/v1/orders/ORD3/cancel')
      .reply({ json: makeOrder({ id: 'ORD3', status: 'canceled', status_detail: 'canceled' }) });
    expect((await open()).state.memory).toMatchObject({ attempt: '3' });
    expect(keyOf(sent('/v1/orders')[0])).toBe(uuidv5(`3 ${sent('/v1/orders')[0]?.text()}`, REFERENCE));
  });

  it('automatically repeats a call whose reply was lost, with the same key', async () => {
    expectOrder(makeOrder({ status: 'expired', status_detail: 'expired' }));
    double.expect('GET', '/v1/orders').reply({ json: { data: [] } });
    expectSeller();
    double.expect('POST', '/v1/orders').reply({ status: 500, json: {} });
    double.expect('POST', '/v1/orders').reply({ status: 201, json: makeOrder({ id: 'ORD2' }) });
    expect((await open()).state.externalId).toBe('ORD2');
    const [first, second] = sent('/v1/orders');
    expect(keyOf(second)).toBe(keyOf(first));
  });
});

describe('get', () => {
  const get = async (order: object, payment = stored()) => {
    expectOrder(order);
    return provider.get(payment, context);
  };

  it.each([
    ['created', 'created'],
    ['action_required', 'waiting_capture'],
    ['processing', 'in_process'],
    ['failed', 'cc_rejected_other_reason'],
    ['expired', 'expired'],
    ['canceled', 'canceled'],
    ['processed', 'something_new'],
    ['constructor', '__proto__'],
  ])('takes %s/%s for pending', async (status, detail) => {
    expect(await get(makeOrder({ status, status_detail: detail }))).toEqual({ status: 'pending', externalId: ORDER });
  });

  it('takes a cancelled order for cancelled only when the invoice was', async () => {
    const order = makeOrder({ status: 'canceled', status_detail: 'canceled' });
    expect((await get(order, stored({ status: 'canceled' }))).status).toBe('canceled');
    expect((await get(paidOrder(), stored({ status: 'canceled' }))).status).toBe('succeeded');
  });

  it('reports the paid amount, and the time if it is known', async () => {
    expect(await get(paidOrder())).toEqual({
      ...{ status: 'succeeded', externalId: ORDER, captured: toMoney(249_900, 'MXN'), refunds: [] },
      paidAt: new Date('2026-11-24T12:30:00.000Z'),
    });
  });

  it('is not stopped by a time that cannot be read', async () => {
    const state = await get(paidOrder({ last_updated_date: 'yesterday', created_date: '' }));
    expect([state.status, state.paidAt]).toEqual(['succeeded', undefined]);
  });

  it.each([
    ['a coupon’s rest', { total_paid_amount: '2400.00' }, 240_000],
    ['interest, which is not the shop’s', { total_paid_amount: '2600.00' }, 249_900],
    ['the sum of payments', { total_paid_amount: undefined }, 249_900],
    ['nothing said', { total_paid_amount: undefined, transactions: undefined }, 249_900],
  ])('counts what was taken: %s', async (_name, changes, minor) => {
    expect((await get(paidOrder(changes))).captured).toEqual(toMoney(minor, 'MXN'));
  });

  it.each([
    ['refunded', 'refunded'],
    ['processed', 'refunded'],
    ['processed', 'partially_refunded'],
  ])('keeps %s/%s succeeded, with its refunds', async (status, detail) => {
    const refunds = [
      { id: 'REF1', amount: '100.00', status: 'processed' },
      { id: 'REF2', amount: '50.00', status: 'failed' },
      { id: 'REF3', amount: '5.5', status: 'processing' },
      { id: 'REF4', amount: '1', status: 'odd' },
      { id: 'REF5', amount: '2', status: 'cancelled' },
    ];
    const state = await get(paidOrder({ status, status_detail: detail }, refunds));
    expect([state.status, state.paidAt]).toEqual(['succeeded', undefined]);
    expect(state.refunds).toEqual([
      { externalId: 'REF1', amount: toMoney(10_000, 'MXN'), status: 'succeeded' },
      { externalId: 'REF2', amount: toMoney(5_000, 'MXN'), status: 'canceled', comment: 'The refund did not come about' },
      { externalId: 'REF3', amount: toMoney(550, 'MXN'), status: 'pending' },
      { externalId: 'REF4', amount: toMoney(100, 'MXN'), status: 'pending' },
      { externalId: 'REF5', amount: toMoney(200, 'MXN'), status: 'canceled', comment: 'The refund did not come about' },
    ]);
  });

  it.each([
    ['reference', { external_reference: 'other' }],
    ['amount', { total_amount: '2498.00' }],
    ['currency', { currency: 'ARS' }],
  ])('does not believe a paid order of another %s', async (_name, changes) => {
    expect(await failure(get(paidOrder(changes)))).toMatchObject({
      ...{ kind: 'unavailable', localText: { es: expect.any(String), ru: expect.any(String) } },
    });
  });

  it.each([
    ['in_process', 'open'],
    ['settled', 'lost'],
    ['reimbursed', 'won'],
    ['odd', 'open'],
  ])('reports a chargeback that is %s', async (status, told) => {
    const chargebacks = [{ id: 'CHB1', transaction_id: PAYMENT, case_id: '2330', status }];
    double.expect('GET', '/v1/chargebacks/2330').reply({ json: { id: '2330', amount: 400.5, currency: 'MXN' } });
    const state = await get(paidOrder({ status: 'charged_back', status_detail: 'in_process', transactions: { chargebacks } }));
    expect(state).toMatchObject({ status: 'succeeded', captured: toMoney(249_900, 'MXN') });
    expect(state.disputes).toEqual([
      { externalId: 'CHB1', status: told, amount: toMoney(40_050, 'MXN'), reason: expect.stringContaining('Disputed') },
    ]);
  });

  it('reports a chargeback whose case has its other id, or no id', async () => {
    const chargebacks = [{ id: 'CHB1', case_id: '2330', status: 'in_process' }];
    const order = paidOrder({ status: 'charged_back', status_detail: 'in_process', transactions: { chargebacks } });
    double.expect('GET', '/v1/chargebacks/2330').times(2).reply(refuse(404, 'not_found'));
    double.expect('GET', '/v1/chargebacks/CHB1').reply({ json: { id: 'CHB1', amount: 1, currency: 'MXN' } });
    expect((await get(order)).disputes).toMatchObject([{ amount: toMoney(100, 'MXN') }]);
    double.expect('GET', '/v1/chargebacks/CHB1').reply(refuse(404, 'not_found'));
    expect((await get(order)).disputes?.[0]).not.toHaveProperty('amount');
  });

  it('of another account’s token is refused in plain words', async () => {
    double.expect('GET', `/v1/orders/${ORDER}`).reply(refuse(404, 'order_not_found'));
    const error = await failure(provider.get(stored(), context));
    expect([error.kind, error.message]).toEqual(['rejected', expect.stringContaining('was the access token of the shop changed')]);
    expect(inspect(error.cause)).toContain('req-1');
  });

  it('is unavailable if nothing can be read', async () => {
    double.expect('GET', `/v1/orders/${ORDER}`).times(3).reply({ status: 503, json: {} });
    expect((await failure(provider.get(stored(), context))).kind).toBe('unavailable');
  });
});

describe('find', () => {
  const find = () => provider.find(REFERENCE, context);
  const list = (...data: object[]): void =>
    void double.expect('GET', '/v1/orders').reply({ json: { data, paging: { total: data.length } } });

  it('asks from the reference’s time on, and finds nothing', async () => {
    list(makeOrder({ external_reference: 'other' }));
    expect(await find()).toBeUndefined();
    const { query } = double.requests[0] ?? {};
    const made = Number.parseInt('019ab0c00000', 16);
    expect(query?.get('external_reference')).toBe(REFERENCE);
    expect(Date.parse(query?.get('begin_date') ?? '')).toBe(made - 600_000);
    expect(Date.parse(query?.get('end_date') ?? '')).toBe(NOW.getTime() + 86_400_000);
  });

  it('takes the newest order, and reads it', async () => {
    list(
      makeOrder({ id: 'ORD9', created_date: '2026-11-25T00:00:00.000Z' }),
      makeOrder({ id: 'ORD8', created_date: '2026-11-24T00:00:00.000Z' }),
    );
    double.expect('GET', '/v1/orders/ORD9').reply({ json: makeOrder({ id: 'ORD9' }) });
    expect(await find()).toEqual({ externalId: 'ORD9', status: 'pending', memory: { order: 'ORD9', attempt: '2', url: URL_OF_ORDER } });
  });

  it('takes the paid order before a newer one', async () => {
    list(paidOrder(), makeOrder({ id: 'ORD9', created_date: '2026-11-25T00:00:00.000Z' }));
    expectOrder(paidOrder());
    expect(await find()).toMatchObject({ externalId: ORDER, status: 'succeeded', captured: toMoney(249_900, 'MXN') });
  });
});

describe('cancel', () => {
  const cancel = (payment = stored()) => provider.cancel(payment, { key: '019ab0c0-0000-7000-8000-00000000000b' }, context);
  const canceled = makeOrder({ status: 'canceled', status_detail: 'canceled' });

  it.each([
    ['created', 'created'],
    ['action_required', 'waiting_payment'],
  ])('closes an order that is %s/%s', async (status, detail) => {
    expectOrder(makeOrder({ status, status_detail: detail }), canceled);
    double
      .expect('POST', `/v1/orders/${ORDER}/cancel`)
      .when('no body', (call) => call.text() === '')
      .reply({ json: canceled });
    expect(await cancel()).toEqual({ status: 'canceled', externalId: ORDER, cancellation: 'Cancelled by the shop' });
  });

  it.each([['canceled'], ['expired'], ['failed']])('does nothing with an order that %s', async (status) => {
    expectOrder(makeOrder({ status, status_detail: status }));
    expect((await cancel()).status).toBe('canceled');
  });

  it('decides again if the order was paid or ended at this moment', async () => {
    double.expect('POST', `/v1/orders/${ORDER}/cancel`).times(2).reply(refuse(409, 'cannot_cancel_order'));
    expectOrder(makeOrder(), canceled);
    expect((await cancel()).status).toBe('canceled');
    expectOrder(makeOrder(), paidOrder());
    expect(await failure(cancel())).toMatchObject({ kind: 'rejected', message: expect.stringContaining('can be refunded') });
  });

  it('cannot stop what is being examined', async () => {
    expectOrder(makeOrder({ status: 'processing', status_detail: 'in_review' }));
    expect(await failure(cancel())).toMatchObject({ kind: 'rejected', message: expect.stringContaining('is examining') });
  });
});

describe('refund', () => {
  const KEY = '019ab0c0-0000-7000-8000-00000000000c';
  const path = `/v1/orders/${ORDER}/refund`;
  const paid = (): ExistingPayment => stored({ status: 'succeeded', captured: toMoney(249_900, 'MXN') });
  const refund = (minor: number, payment = paid(), key = KEY) => provider.refund(payment, { key, amount: toMoney(minor, 'MXN') }, context);
  const answer = (...refunds: object[]): DoubleReply => ({
    status: 201,
    json: { id: ORDER, status: 'processed', status_detail: 'partially_refunded', transactions: { refunds } },
  });
  const made = (id: string, amount: string) => ({ id, transaction_id: PAYMENT, amount, status: 'processed' });

  it('returns all without a body', async () => {
    expectOrder(paidOrder());
    double
      .expect('POST', path)
      .when('no body', (call) => call.text() === '')
      .reply(answer(made('REF1', '2499.00')));
    expect((await refund(249_900)).refunds).toEqual([
      { externalId: 'REF1', reference: KEY, amount: toMoney(249_900, 'MXN'), status: 'succeeded' },
    ]);
    expect(keyOf(sent(path)[0])).toBe(KEY);
  });

  it('refunds a part of the successful payment, and finds it by comparison with earlier refunds', async () => {
    const before = [made('REF1', '30.00')];
    expectOrder(paidOrder({ status_detail: 'partially_refunded' }, before));
    double
      .expect('POST', path)
      .withJson({ transactions: [{ id: PAYMENT, amount: '30.00' }] })
      .reply(answer(made('REF2', '30.00'), ...before));
    expect((await refund(3_000)).refunds?.map(({ externalId, reference }) => [externalId, reference])).toEqual([
      ['REF2', KEY],
      ['REF1', undefined],
    ]);
  });

  it('is recognized by the first reading of the order, although the reply was lost', async () => {
    expectOrder(paidOrder());
    double.expect('POST', path).reply({ status: 500, json: {} });
    expect((await failure(refund(3_000))).kind).toBe('unknown_outcome');
    expectOrder(paidOrder({}, [made('REF1', '30.00')]), paidOrder({}, [made('REF1', '30.00')]));
    expect((await provider.get(paid(), context)).refunds).toMatchObject([{ externalId: 'REF1', reference: KEY }]);
    // A repeated request sends nothing.
    expect((await refund(3_000)).refunds).toMatchObject([{ externalId: 'REF1', reference: KEY }]);
    expect(sent(path)).toHaveLength(1);
  });

  it('is repeated with the same key and body when it was not made', async () => {
    expectOrder(paidOrder(), paidOrder());
    double.expect('POST', path).reply({ status: 500, json: {} });
    double.expect('POST', path).reply(answer(made('REF1', '30.00')));
    await failure(refund(3_000));
    expect((await refund(3_000)).refunds).toMatchObject([{ reference: KEY }]);
    const [first, second] = sent(path);
    expect([second?.text(), keyOf(second)]).toEqual([first?.text(), keyOf(first)]);
  });

  it('is found next to an equal earlier one, also if the note is lost', async () => {
    const cache = new MemoryCache();
    cache.fetch = (_key, _options, load) => load();
    context = makeContext({}, { cache });
    expectOrder(paidOrder({}, [made('REF1', '30.00')]));
    double.expect('POST', path).reply(answer(made('REF1', '30.00'), made('REF2', '30.00')));
    expect((await refund(3_000)).refunds?.map(({ externalId, reference }) => [externalId, reference])).toEqual([
      ['REF1', undefined],
      ['REF2', KEY],
    ]);
  });

  it('is found in the first answer again when what was noted is lost', async () => {
    expectOrder(paidOrder({}, [made('REF1', '30.00')]));
    double.expect('POST', path).reply(answer(made('REF1', '30.00')));
    expect((await refund(3_000)).refunds).toMatchObject([{ externalId: 'REF1', reference: KEY }]);
  });

  it.each<[string, DoubleReply, string]>([
    ['more than is left', refuse(400, 'refund_amount_exceeds'), 'rejected'],
    ['already refunded', refuse(409, 'order_already_refunded'), 'rejected'],
    ['disputed', refuse(409, 'cannot_refund_order'), 'rejected'],
    ['parts are not possible', refuse(400, 'unsupported_partially_refunds'), 'rejected'],
    ['another one under way', refuse(409, 'order_refund_already_in_process'), 'unknown_outcome'],
    ['paid a moment ago', refuse(422, 'unprocessable_content'), 'unavailable'],
  ])('fails with the reason: %s', async (_name, reply, kind) => {
    expectOrder(paidOrder());
    double.expect('POST', path).reply(reply);
    expect((await failure(refund(3_000))).kind).toBe(kind);
    if (kind !== 'rejected') return;
    // A later one of the panel is not taken for the one that was refused.
    expectOrder(paidOrder({}, [made('REF1', '30.00')]));
    expect((await provider.get(paid(), context)).refunds?.[0]).not.toHaveProperty('reference');
  });

  it('needs money that was taken', async () => {
    expectOrder(makeOrder());
    expect(await failure(refund(1))).toMatchObject({ kind: 'rejected', message: 'The buyer has not paid yet.' });
  });
});

describe('the settings page', () => {
  it('names each account once, with country, currency and whether it is a test', async () => {
    double.expect('GET', '/users/me').withHeader('authorization', `Bearer ${TOKEN}`).reply({ json: SELLER });
    double
      .expect('GET', '/users/me')
      .withHeader('authorization', 'Bearer TEST-2')
      .reply({ json: { ...SELLER, id: 8, site_id: 'MLB', nickname: undefined } });
    double.expect('GET', '/users/me').withHeader('authorization', 'Bearer APP_USR-bad').reply({ status: 401, json: {} });
    const shop = { name: 'Shop', webhookSecret: 'secret-of-webhook' };
    const settings = getParser(MercadoPagoSettings).parse({
      shops: [
        { ...shop, code: 'a', accessToken: TOKEN },
        { ...shop, code: 'b', accessToken: TOKEN, webhookSecret: undefined },
        { ...shop, code: 'c', accessToken: 'TEST-2' },
        { ...shop, code: 'd', accessToken: 'APP_USR-bad' },
        { ...shop, code: 'e', accessToken: 'APP_USR-off', active: false },
      ],
    });
    expect(await provider.check(settings, { ...context, settings })).toEqual({
      account: 'TIENDA SUR, MX, MXN; 8, BR, BRL, test',
      errors: { 'shops[3].accessToken': expect.stringContaining('is not accepted') },
      warnings: {
        'shops[1].webhookSecret': expect.stringContaining('with a delay'),
        'shops[2].accessToken': expect.stringContaining('test account'),
      },
    });
  });

  it.each<[string, string[], boolean, object]>([
    ['live', ['normal'], true, { errors: { 'shops[0].test': expect.stringContaining('live account') }, warnings: {} }],
    ['live', ['normal'], false, { errors: {}, warnings: {} }],
    ['test', ['normal', 'test_user'], true, { errors: {}, warnings: {} }],
    ['test', ['normal', 'test_user'], false, { errors: {}, warnings: { 'shops[0].test': expect.stringContaining('can be ticked') } }],
  ])('compares the shop’s choice of test or live credentials with the account: %s, %j, %j', async (_name, tags, test, expected) => {
    double.expect('GET', '/users/me').reply({ json: { ...SELLER, tags } });
    const own = makeContext({ test, webhookSecret: 'secret-of-webhook' });
    expect(await provider.check(own.settings, own)).toMatchObject(expected);
  });

  it('never opens an order of a live account in a shop that is marked as a test', async () => {
    expectSeller();
    const error = await failure(provider.create(makeInvoice(), makeContext({ test: true })));
    expect([error.kind, sent('/v1/orders')]).toEqual(['auth', []]);
  });

  it('warns while there is no active shop', async () => {
    const settings = provider.manifest.createDefaultSettings();
    expect(await provider.check(settings, context)).toEqual({ warnings: { shops: expect.stringContaining('nobody can pay') } });
  });

  it('finds the ways to pay of all accounts, but for what cannot be left out', async () => {
    const method = (id: string, name: string, type: string, status = 'active') => ({ id, name, payment_type_id: type, status });
    const json = [
      method('visa', 'Visa', 'credit_card'),
      method('oxxo', 'OXXO', 'ticket'),
      method('account_money', 'Dinero en mi cuenta', 'account_money'),
      method('old', 'Old', 'ticket', 'deactive'),
    ];
    double.expect('GET', '/v1/payment_methods').reply({ json });
    expect(await provider.lookUp('paymentMethods', 'oxx', context)).toEqual([{ value: 'oxxo', label: 'OXXO', hint: 'ticket' }]);
    // From the cache.
    expect(await provider.lookUp('paymentMethods', '', context)).toHaveLength(2);
    expect((await failure(provider.lookUp('other', '', context))).kind).toBe('invalid');
  });

  it('offers the kinds of payment by name, and asks for no stages', () => {
    const [shops] = buildSettingsForm(MercadoPagoSettings).fields;
    const fields = new Map(shops?.fields?.map((field) => [field.path, field]));
    expect(fields.get('shops[].excludedTypes')?.item?.choices).toHaveLength(9);
    expect(fields.get('shops[].excludedMethods')?.item).toMatchObject({ lookup: 'paymentMethods' });
    expect(fields.has('shops[].capture')).toBe(false);
    const shop = { code: 'main', name: 'Main', active: true, capture: 'automatic' };
    expect(provider.manifest.listShops(context.settings)).toEqual([{ ...shop, isTest: false }]);
  });

  it('offers a test payment where the token itself is a test one', () => {
    const { settings } = makeContext({ accessToken: 'TEST-1234567890-abcdef' });
    expect(provider.manifest.listShops(settings)).toMatchObject([{ isTest: true }]);
    expect(provider.manifest.listShops(makeContext({ test: true }).settings)).toMatchObject([{ isTest: true }]);
  });
});
