import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { CreateRequest, ExistingPayment } from '#payment/port';
import { getParser } from '#platform';
import { toMoney, ProviderError, type ProviderContext } from '#provider-kit';
import { accountSettings, providerContext, webhookRequest } from '../../testing/builders.js';
import { type CapturedRequest, HttpDouble } from '../../testing/http-double.js';
import { YookassaProvider } from './yookassa.provider.js';
import { YookassaSettings, type YookassaShop } from './yookassa.settings.js';

let double: HttpDouble;
let provider: YookassaProvider;

beforeAll(async () => {
  double = await HttpDouble.start();
  provider = new YookassaProvider(double.url);
});
afterEach(() => {
  try {
    double.assertAllMet();
  } finally {
    double.reset();
  }
});
afterAll(() => double.close());

function contextOf(shop: Partial<YookassaShop> = {}, settings: Partial<YookassaSettings> = {}): ProviderContext<YookassaSettings> {
  const base = { code: 'main', name: 'Main', shopId: '100500', secretKey: 'test_secret' };
  const parsed = getParser(YookassaSettings).parse({ callsPerSecond: 1000, ...settings, shops: [{ ...base, ...shop }] });
  return providerContext(parsed, { now: new Date('2026-03-01T10:00:00Z'), account: accountSettings({ language: 'en' }) });
}

function invoice(changes: Partial<CreateRequest> = {}): CreateRequest {
  const reference = changes.reference ?? `0197f7a0-0000-7${randomUUID().slice(15)}`;
  return {
    ...{ reference, invoiceUuid: 'invoice-1', shop: 'main', capture: 'manual', amount: toMoney(1_000_50, 'RUB'), orderNumber: '1001' },
    ...{ payUrl: 'https://m.example/pay/1', doneUrl: 'https://m.example/pay/1?done=1' },
    items: [],
    buyer: { email: 'olga@example.com' },
    ...changes,
  };
}

const ID = '22e12f66-000f-5000-8000-18db351245c7';
const PAGE = 'https://yoomoney.ru/checkout/payments/v2/contract?orderId=22e12f66';

function payment(status: string, changes: object = {}): object {
  return {
    ...{ id: ID, status, paid: status !== 'pending', amount: { value: '1000.50', currency: 'RUB' }, test: true, refundable: false },
    ...{ created_at: '2026-03-01T10:00:00.000Z', recipient: { account_id: '100500', gateway_id: '1' } },
    ...(status === 'pending' && { confirmation: { type: 'redirect', confirmation_url: PAGE } }),
    ...changes,
  };
}

function stored(request: CreateRequest, changes: Partial<ExistingPayment> = {}): ExistingPayment {
  return {
    ...{ id: request.reference, externalId: ID, status: 'pending', refunds: [], memory: { attempt: '1', vatYear: '2026' } },
    ...{ createdAt: new Date('2026-03-01T10:00:00Z'), request },
    ...changes,
  };
}

async function fail(call: Promise<unknown>): Promise<ProviderError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ProviderError)) throw new Error('it should have failed', { cause: error });
  return error;
}

const refusal = (code: string, parameter?: string): object => ({
  ...{ type: 'error', id: 'ab5a11cd-13cc-4e33-af8b-75a74e18dd09', code, description: 'Something is wrong' },
  ...(parameter && { parameter }),
});

describe('create', () => {
  it('makes a payment of two stages, with a key that covers what is sent', async () => {
    const request = invoice();
    double
      .expect('POST', '/v3/payments')
      .withHeader('authorization', `Basic ${Buffer.from('100500:test_secret').toString('base64')}`)
      .withHeader('content-type', 'application/json')
      .withHeader('idempotence-key', new RegExp(`^${request.reference}-1-[0-9a-f]{16}$`))
      .withJson({
        amount: { value: '1000.50', currency: 'RUB' },
        capture: false,
        confirmation: { type: 'redirect', return_url: request.doneUrl, locale: 'en_US' },
        description: 'Order 1001',
        metadata: { paymentId: request.reference, invoiceUuid: 'invoice-1', orderNumber: '1001', attempt: '1' },
      })
      .reply({ json: payment('pending') });
    expect(await provider.create(request, contextOf())).toEqual({
      ...{ externalId: ID, status: 'pending', memory: { attempt: '1', vatYear: '2026' } },
    });
    expect(double.requests[0]?.headers['idempotence-key']?.length).toBeLessThanOrEqual(64);
  });

  it('names the way to pay and the receipt that the shop is set to', async () => {
    double
      .expect('POST', '/v3/payments')
      .withJson((body: { capture: boolean; payment_method_data: object; receipt: { items: object[] } }) => {
        expect(body).toMatchObject({ capture: true, payment_method_data: { type: 'sbp' }, receipt: { items: [{ vat_code: 1 }] } });
        return true;
      })
      .reply({ json: payment('pending') });
    await provider.create(invoice({ capture: 'automatic' }), contextOf({ method: 'sbp', receipts: 'register' }));
  });

  it('gets the field that YooKassa rejects', async () => {
    double.expect('POST', '/v3/payments').reply({ status: 400, json: refusal('invalid_request', 'receipt.customer.phone') });
    const error = await fail(provider.create(invoice(), contextOf()));
    expect([error.kind, error.message, error.fields]).toEqual([
      'invalid',
      'YooKassa: “Something is wrong”',
      { 'customer.phones': 'Something is wrong' },
    ]);
  });

  it('rejects payments that the shop cannot accept, without a call', async () => {
    const kinds = await Promise.all(
      [
        provider.create(invoice({ amount: toMoney(99, 'RUB') }), contextOf()),
        provider.create(invoice(), contextOf({ highestAmount: 1_000 })),
        provider.create(invoice({ amount: toMoney(1_000, 'USD') }), contextOf()),
      ].map(async (call) => Object.keys((await fail(call)).fields ?? {})),
    );
    expect(kinds).toEqual([['amount'], ['amount'], ['currency']]);
  });

  it.each([
    ['an error of its own', { status: 500, json: refusal('internal_server_error') }],
    ['word that it is still busy', { status: 202, json: { type: 'processing', retry_after: 1800 } }],
  ])('is repeated under the same key after %s', async (_name, reply) => {
    double.expect('POST', '/v3/payments').reply(reply);
    double.expect('POST', '/v3/payments').reply({ json: payment('pending') });
    expect(await provider.create(invoice(), contextOf())).toMatchObject({ externalId: ID });
    expect(new Set(double.requests.map(({ headers }) => headers['idempotence-key'])).size).toBe(1);
  });

  it('has an unknown outcome when no answer comes', async () => {
    double
      .expect('POST', '/v3/payments')
      .times(3)
      .reply({ status: 500, json: refusal('internal_server_error') });
    expect((await fail(provider.create(invoice(), contextOf()))).kind).toBe('unknown_outcome');
  });

  it.each([
    [401, 'auth'],
    [403, 'auth'],
    [404, 'rejected'],
  ])('takes %d for %s', async (status, kind) => {
    double.expect('POST', '/v3/payments').reply({ status, json: refusal('x') });
    expect((await fail(provider.create(invoice(), contextOf()))).kind).toBe(kind);
  });
});

describe('a limit of calls', () => {
  it('ends at YooKassa’s time, and until then no call is made for the shop', async () => {
    double.expect('POST', '/v3/payments').reply({ status: 429, json: { ...refusal('too_many_requests'), retry_after: 400 } });
    const context = contextOf();
    const error = await fail(provider.create(invoice(), context));
    expect([error.kind, error.retryAfterMs]).toEqual(['rate_limited', 400]);
    // Another process, which has the cache in common.
    const other = new YookassaProvider(double.url);
    expect((await fail(other.get(stored(invoice()), { ...context, signal: AbortSignal.timeout(50) }))).kind).toBe('rate_limited');
    double.expect('GET', `/v3/payments/${ID}`).reply({ json: payment('pending') });
    expect((await other.get(stored(invoice()), context)).status).toBe('pending');
  });

  it.each([
    ['without a time', { status: 429, json: refusal('too_many_requests') }],
    ['of a proxy', { status: 429, text: 'slow down' }],
    ['with a time that is none', { status: 429, json: { ...refusal('too_many_requests'), retry_after: 'soon' } }],
  ])('%s is one as well', async (_name, reply) => {
    double.expect('GET', `/v3/payments/${ID}`).reply(reply);
    const error = await fail(new YookassaProvider(double.url).get(stored(invoice()), contextOf()));
    expect([error.kind, error.retryAfterMs]).toEqual(['rate_limited', undefined]);
  });
});

describe('the page to pay on', () => {
  it('is that of the payment which is open', async () => {
    double.expect('GET', `/v3/payments/${ID}`).reply({ json: payment('pending') });
    const { url, state } = await provider.openCheckout(stored(invoice()), { key: randomUUID() }, contextOf());
    expect([url, state.status]).toEqual([PAGE, 'pending']);
  });

  it('belongs to another payment after a decline, whose current state is read', async () => {
    const next = 'a'.repeat(8) + ID.slice(8);
    const declined = payment('canceled', { cancellation_details: { party: 'payment_network', reason: 'insufficient_funds' } });
    const request = invoice();
    double.expect('GET', `/v3/payments/${ID}`).reply({ json: declined });
    double
      .expect('POST', '/v3/payments')
      .withHeader('idempotence-key', new RegExp(`^${request.reference}-2-`))
      .reply({ json: payment('pending', { id: next }) });
    double.expect('GET', `/v3/payments/${next}`).reply({ json: payment('pending', { id: next }) });
    const { url, state } = await provider.openCheckout(stored(request), { key: randomUUID() }, contextOf());
    expect([url, state]).toEqual([PAGE, { externalId: next, status: 'pending', memory: { attempt: '2', vatYear: '2026' } }]);
  });

  it('belongs to the third if the first reply about the second is repeated after its end', async () => {
    const [second, third] = ['b'.repeat(8) + ID.slice(8), 'c'.repeat(8) + ID.slice(8)];
    const ended = { cancellation_details: { party: 'yoo_money', reason: 'expired_on_confirmation' } };
    double.expect('GET', `/v3/payments/${ID}`).reply({ json: payment('canceled', ended) });
    double.expect('POST', '/v3/payments').reply({ json: payment('pending', { id: second }) });
    double.expect('GET', `/v3/payments/${second}`).reply({ json: payment('canceled', { id: second, ...ended }) });
    double.expect('POST', '/v3/payments').reply({ json: payment('pending', { id: third }) });
    double.expect('GET', `/v3/payments/${third}`).reply({ json: payment('pending', { id: third }) });
    const { state } = await provider.openCheckout(stored(invoice()), { key: randomUUID() }, contextOf());
    expect(state).toMatchObject({ externalId: third, memory: { attempt: '3' } });
  });

  it.each(['waiting_for_capture', 'succeeded'])('is missing once the payment is %s', async (status) => {
    double.expect('GET', `/v3/payments/${ID}`).reply({ json: payment(status) });
    expect((await provider.openCheckout(stored(invoice()), { key: randomUUID() }, contextOf())).url).toBeUndefined();
  });
});

describe('what a payment is', () => {
  it.each([
    ['a hold', payment('waiting_for_capture', { expires_at: '2026-03-08T10:00:00.000Z' }), 'pending', 'waitingForCapture'],
    ['cancelled by the shop', payment('canceled', { cancellation_details: { reason: 'canceled_by_merchant' } }), 'pending', 'canceled'],
    ['a hold that ran out', payment('canceled', { cancellation_details: { reason: 'expired_on_capture' } }), 'pending', 'canceled'],
    ['a decline', payment('canceled', { cancellation_details: { reason: 'card_expired' } }), 'pending', 'pending'],
    ['a decline with a new reason', payment('canceled', { cancellation_details: { reason: 'moon_phase' } }), 'pending', 'pending'],
    [
      'a hold that the bank ended',
      payment('canceled', { cancellation_details: { reason: 'fraud_suspected' } }),
      'waitingForCapture',
      'canceled',
    ],
    ['a new status', payment('frozen'), 'pending', 'pending'],
  ] as const)('%s', async (_name, json, before, status) => {
    double.expect('GET', `/v3/payments/${ID}`).reply({ json });
    const state = await provider.get(stored(invoice(), { status: before }), contextOf());
    expect(state.status).toBe(status);
    if (status === 'waitingForCapture')
      expect(state).toMatchObject({ held: toMoney(1_000_50, 'RUB'), expiresAt: new Date('2026-03-08T10:00:00Z') });
  });

  it('is read with all refunds, page by page, those made elsewhere too', async () => {
    const key = randomUUID();
    const refund = (id: string, changes: object): object => ({
      ...{ id, payment_id: ID, status: 'succeeded', amount: { value: '1.00', currency: 'RUB' }, created_at: '2026-03-01T10:00:00Z' },
      ...changes,
    });
    double.expect('GET', `/v3/payments/${ID}`).reply({ json: payment('succeeded', { captured_at: '2026-03-01T11:00:00.000Z' }) });
    double
      .expect('GET', '/v3/refunds')
      .withQuery({ payment_id: ID, limit: '100' })
      .when('first page', ({ query }) => !query.has('cursor'))
      .reply({ json: { type: 'list', items: [refund('r1', { metadata: { refundId: key } })], next_cursor: 'p2' } });
    double
      .expect('GET', '/v3/refunds')
      .withQuery({ payment_id: ID, cursor: 'p2' })
      .reply({
        json: {
          type: 'list',
          items: [
            refund('r2', { description: `${key} Order 1001`, status: 'pending' }),
            refund('r3', { status: 'canceled', cancellation_details: { party: 'yoo_money', reason: 'insufficient_funds' } }),
          ],
        },
      });
    const state = await provider.get(stored(invoice()), contextOf());
    expect(state).toMatchObject({ status: 'succeeded', captured: toMoney(1_000_50, 'RUB'), paidAt: new Date('2026-03-01T11:00:00Z') });
    expect(state.refunds?.map(({ externalId, reference, status }) => [externalId, reference, status])).toEqual([
      ['r1', key, 'succeeded'],
      ['r2', key, 'pending'],
      ['r3', undefined, 'canceled'],
    ]);
    expect(state.refunds?.[2]?.comment).toMatch(/not enough money/);
  });

  it('is read with the state of its receipts: a receipt that waits for three days has failed', async () => {
    const rub = (value: string): object => ({ value, currency: 'RUB' });
    const refund = (id: string, receipt_registration: string | undefined, created_at: string, status = 'succeeded'): object => ({
      ...{ id, payment_id: ID, status, amount: rub('1.00'), created_at, receipt_registration },
    });
    const taken = { captured_at: '2026-02-26T10:00:00.000Z', created_at: '2026-02-20T10:00:00.000Z', receipt_registration: 'pending' };
    const items = [
      refund('r1', 'canceled', '2026-03-01T09:00:00Z'),
      refund('r2', 'pending', '2026-02-26T10:00:01Z'),
      refund('r3', 'pending', '2026-02-26T10:00:00Z'),
      refund('r4', 'succeeded', '2026-02-01T10:00:00Z'),
      refund('r5', undefined, '2026-02-01T10:00:00Z'),
      refund('r6', 'canceled', '2026-02-01T10:00:00Z', 'canceled'),
    ];
    double.expect('GET', `/v3/payments/${ID}`).reply({ json: payment('succeeded', taken) });
    double.expect('GET', '/v3/refunds').reply({ json: { type: 'list', items } });
    const { status, receipts } = await provider.get(stored(invoice()), contextOf());
    expect([status, receipts?.map((one) => [one.externalId, one.status, one.amount.minor])]).toEqual([
      'succeeded',
      [
        [ID, 'failed', 1_000_50],
        ['r1', 'failed', 1_00],
        ['r2', 'pending', 1_00],
        ['r3', 'failed', 1_00],
        ['r4', 'registered', 1_00],
      ],
    ]);
  });

  it('is a matter of the key when this shop does not know it', async () => {
    double.expect('GET', `/v3/payments/${ID}`).reply({ status: 404, json: refusal('not_found') });
    expect((await fail(provider.get(stored(invoice()), contextOf()))).kind).toBe('auth');
  });

  it.each(['1000.5x', '1000.505', ''])('is not read from the amount %j', async (value) => {
    double.expect('GET', `/v3/payments/${ID}`).reply({ json: payment('succeeded', { amount: { value, currency: 'RUB' } }) });
    expect((await fail(provider.get(stored(invoice()), contextOf()))).kind).toBe('unavailable');
  });

  it('is found by our reference among the payments since, the last one made', async () => {
    const request = invoice();
    const made = (id: string, attempt: string): object => payment('pending', { id, metadata: { paymentId: request.reference, attempt } });
    double
      .expect('GET', '/v3/payments')
      .withQuery({ limit: '100' })
      .when('since', ({ query }) => /^20\d\d-.*Z$/.test(query.get('created_at.gte') ?? ''))
      .reply({ json: { type: 'list', items: [made('p1', '1'), payment('pending', { id: 'other', metadata: null }), made('p2', '2')] } });
    expect(await provider.find(request.reference, contextOf())).toEqual({
      ...{ externalId: 'p2', status: 'pending', memory: { attempt: '2' } },
    });
  });
});

describe('approve', () => {
  const held = (): ExistingPayment => stored(invoice(), { status: 'waitingForCapture' });

  it('captures all of a hold without a receipt, and a part with a receipt of the same sum', async () => {
    const context = contextOf({ receipts: 'register' });
    const key = randomUUID();
    double
      .expect('POST', `/v3/payments/${ID}/capture`)
      .withHeader('idempotence-key', key)
      .withJson({ amount: { value: '1000.50', currency: 'RUB' } })
      .reply({ json: payment('succeeded') });
    await provider.approve(held(), { key, amount: toMoney(1_000_50, 'RUB') }, context);
    double
      .expect('POST', `/v3/payments/${ID}/capture`)
      .withJson((body: { amount: object; receipt: { items: { amount: { value: string } }[] } }) => {
        expect(body.amount).toEqual({ value: '600.25', currency: 'RUB' });
        expect(body.receipt.items.map(({ amount }) => amount.value)).toEqual(['600.25']);
        return true;
      })
      .reply({ json: payment('succeeded') });
    const state = await provider.approve(held(), { key: randomUUID(), amount: toMoney(600_25, 'RUB') }, context);
    // Regardless of the object's later amount.
    expect(state).toMatchObject({ status: 'succeeded', captured: toMoney(600_25, 'RUB'), memory: { captured: '60025' } });
  });

  it('is done when the same was taken, and refused when another amount was', async () => {
    double
      .expect('POST', `/v3/payments/${ID}/capture`)
      .times(2)
      .reply({ status: 400, json: refusal('invalid_request') });
    double
      .expect('GET', `/v3/payments/${ID}`)
      .times(2)
      .reply({ json: payment('succeeded', { amount: { value: '600.25', currency: 'RUB' } }) });
    expect(await provider.approve(held(), { key: randomUUID(), amount: toMoney(600_25, 'RUB') }, contextOf())).toMatchObject({
      captured: toMoney(600_25, 'RUB'),
    });
    expect((await fail(provider.approve(held(), { key: randomUUID(), amount: toMoney(600_24, 'RUB') }, contextOf()))).kind).toBe(
      'rejected',
    );
  });
});

describe('cancel', () => {
  it('releases a hold', async () => {
    const key = randomUUID();
    double.expect('GET', `/v3/payments/${ID}`).reply({ json: payment('waiting_for_capture') });
    double
      .expect('POST', `/v3/payments/${ID}/cancel`)
      .withHeader('idempotence-key', key)
      .withJson({})
      .reply({ json: payment('canceled', { cancellation_details: { reason: 'canceled_by_merchant' } }) });
    expect(await provider.cancel(stored(invoice()), { key }, contextOf())).toMatchObject({ status: 'canceled' });
  });

  it('ends the invoice of a pending payment, and reports the deadline for its money', async () => {
    double
      .expect('GET', `/v3/payments/${ID}`)
      .times(2)
      .reply({ json: payment('pending') });
    const state = await provider.cancel(stored(invoice()), { key: randomUUID() }, contextOf());
    expect(state).toMatchObject({ status: 'canceled', expiresAt: new Date('2026-03-04T10:00:00Z'), cancellation: 'Cancelled by the shop' });
    expect(await provider.get(stored(invoice(), { status: 'canceled' }), contextOf())).toMatchObject({ status: 'canceled' });
  });

  it('of an invoice whose payment has ended waits for nothing more', async () => {
    double
      .expect('GET', `/v3/payments/${ID}`)
      .reply({ json: payment('canceled', { cancellation_details: { reason: 'general_decline' } }) });
    const state = await provider.cancel(stored(invoice()), { key: randomUUID() }, contextOf());
    expect([state.status, state.expiresAt]).toEqual(['canceled', undefined]);
  });

  it('is refused once it was paid', async () => {
    double.expect('GET', `/v3/payments/${ID}`).reply({ json: payment('succeeded') });
    expect((await fail(provider.cancel(stored(invoice()), { key: randomUUID() }, contextOf()))).kind).toBe('rejected');
  });
});

describe('refund', () => {
  const taken = (): ExistingPayment => stored(invoice(), { status: 'succeeded', captured: toMoney(1_000_50, 'RUB') });

  it('refunds a part with its receipt, under the refund’s id', async () => {
    const key = randomUUID();
    const made = {
      ...{
        id: 'r1',
        payment_id: ID,
        status: 'succeeded',
        amount: { value: '100.00', currency: 'RUB' },
        created_at: '2026-03-01T10:00:00Z',
      },
    };
    double.expect('GET', `/v3/payments/${ID}`).reply({ json: payment('succeeded') });
    double
      .expect('POST', '/v3/refunds')
      .withHeader('idempotence-key', key)
      .withJson((body: { receipt: { items: object[] }; metadata: object }) => {
        expect(body).toMatchObject({
          ...{ payment_id: ID, amount: { value: '100.00', currency: 'RUB' }, description: `${key} Order 1001` },
          ...{ metadata: { refundId: key }, receipt: { items: [{ amount: { value: '100.00' } }] } },
        });
        return true;
      })
      .reply({ json: made });
    double.expect('GET', '/v3/refunds').reply({ json: { type: 'list', items: [made] } });
    const { refunds } = await provider.refund(taken(), { key, amount: toMoney(100_00, 'RUB') }, contextOf({ receipts: 'register' }));
    expect(refunds).toEqual([{ externalId: 'r1', reference: key, amount: toMoney(100_00, 'RUB'), status: 'succeeded' }]);
  });

  it('gives all back without a receipt, and is known to be made when the list cannot be read', async () => {
    const key = randomUUID();
    const made = { id: 'r1', payment_id: ID, status: 'pending', amount: { value: '1000.50', currency: 'RUB' } };
    double.expect('GET', `/v3/payments/${ID}`).reply({ json: payment('succeeded') });
    double
      .expect('POST', '/v3/refunds')
      .when('no receipt', (request: CapturedRequest) => !('receipt' in (request.json() as object)))
      .reply({ json: made });
    double
      .expect('GET', '/v3/refunds')
      .times(3)
      .reply({ status: 500, json: refusal('internal_server_error') });
    const { refunds } = await provider.refund(taken(), { key, amount: toMoney(1_000_50, 'RUB') }, contextOf({ receipts: 'register' }));
    expect(refunds).toMatchObject([{ reference: key, status: 'pending' }]);
  });

  it('is refused before anything was taken', async () => {
    double.expect('GET', `/v3/payments/${ID}`).reply({ json: payment('pending') });
    const call = provider.refund(stored(invoice()), { key: randomUUID(), amount: toMoney(100, 'RUB') }, contextOf());
    expect((await fail(call)).kind).toBe('rejected');
  });
});

describe('notifications', () => {
  const body = (event: string, object: object): string => JSON.stringify({ type: 'notification', event, object });
  const from = (remoteAddress: string | undefined, text = '{}'): ReturnType<typeof webhookRequest> => ({
    ...webhookRequest(text, {}),
    ...(remoteAddress !== undefined && { remoteAddress }),
  });

  it.each([
    ['185.71.76.1', true],
    ['185.71.76.32', false],
    ['::ffff:77.75.156.11', true],
    ['77.75.154.255', true],
    ['77.75.154.1', false],
    ['2a02:5180:0:1509::1', true],
    ['2a03:5180::1', false],
    ['127.0.0.1', false],
    ['', false],
    [undefined, false],
  ])('from %s are taken: %s', (address, isTaken) => expect(provider.webhook.verify(from(address), contextOf())).toBe(isTaken));

  it('are accepted from any sender if the account allows it', () =>
    expect(provider.webhook.verify(from('203.0.113.9'), contextOf({}, { senders: [] }))).toBe(true));

  it('name a payment by our reference and its id, and a refund’s payment', () => {
    const reference = randomUUID();
    const parse = (text: string): unknown => provider.webhook.parse(from('185.71.76.1', text));
    expect(parse(body('payment.succeeded', payment('succeeded', { metadata: { paymentId: reference } })))).toEqual([
      { id: `payment.succeeded:${ID}`, reference, externalId: ID },
    ]);
    expect(parse(body('payment.canceled', payment('canceled', { metadata: { paymentId: 'of other software' } })))).toEqual([
      { id: `payment.canceled:${ID}`, externalId: ID },
    ]);
    expect(parse(body('refund.succeeded', { id: 'r1', payment_id: ID, status: 'succeeded' }))).toEqual([
      { id: 'refund.succeeded:r1', externalId: ID },
    ]);
    expect(parse(body('payment_method.active', { id: 'pm' }))).toEqual([]);
  });
});

describe('settings', () => {
  it('are checked by reading the shop, and mismatches are reported', async () => {
    double.expect('GET', '/v3/me').reply({
      json: {
        ...{ account_id: '100500', status: 'enabled', test: true, fiscalization: { enabled: true, provider: 'avanpost' } },
        payment_methods: ['bank_card', 'sbp'],
      },
    });
    const context = contextOf({ capture: 'manual' });
    const report = await provider.check(context.settings, context);
    expect(report.account).toBe('YooKassa 100500, test');
    expect(Object.keys(report.warnings ?? {}).sort()).toEqual(['hasNotifications', 'shops[0].capture', 'shops[0].receipts']);
  });

  it('are checked with a list of payments if YooKassa does not identify the shop', async () => {
    double
      .expect('GET', '/v3/me')
      .times(2)
      .reply({ status: 403, json: refusal('forbidden') });
    double
      .expect('GET', '/v3/payments')
      .withQuery({ limit: '1' })
      .reply({ json: { type: 'list', items: [] } });
    double.expect('GET', '/v3/payments').reply({ status: 401, json: refusal('invalid_credentials') });
    const context = contextOf();
    expect(await provider.check(context.settings, context)).toMatchObject({ account: 'YooKassa 100500', errors: {} });
    expect(Object.keys((await provider.check(context.settings, context)).errors ?? {})).toEqual(['shops[0].secretKey']);
  });

  it('offer the shop’s ways to pay, and mark the disabled ones', async () => {
    double
      .expect('GET', '/v3/me')
      .times(2)
      .reply({ json: { account_id: '1', payment_methods: ['bank_card', 'new_way'] } });
    const found = await provider.lookUp('methods', '', contextOf());
    expect(found.slice(0, 2).map(({ value, hint }) => [value, hint])).toEqual([
      ['bank_card', undefined],
      ['new_way', undefined],
    ]);
    expect(await provider.lookUp('methods', 'sberp', contextOf())).toEqual([
      { value: 'sberbank', label: 'SberPay', hint: 'is not switched on in the shop at YooKassa' },
    ]);
  });

  it('report a way to pay that needs more than an order has, and marking codes without their required data', () => {
    const check = (shop: Partial<YookassaShop>) => provider.manifest.checkSettings?.(contextOf(shop).settings, 'en') ?? {};
    expect(check({ method: 'b2b_sberbank' })).toEqual({ 'shops[0].method': expect.stringContaining('cannot be chosen') });
    expect(check({ method: 'sbp' })).toEqual({});
    expect(Object.keys(check({ marking: 'gs_1m', timezone: 2 }))).toEqual(['shops[0].marking']);
    expect(check({ marking: 'mark_code_raw' })).toEqual({});
  });

  it('report invalid senders', () => {
    const { settings } = contextOf({}, { senders: ['185.71.76.0/27', '999.1.1.1'] });
    expect(provider.manifest.checkSettings?.(settings, 'en')?.senders).toMatch(/999\.1\.1\.1$/);
    expect(provider.manifest.bySettings?.(contextOf({ currency: 'KZT' }).settings)).toEqual({ currencies: ['KZT'], hasEvents: false });
  });
});
