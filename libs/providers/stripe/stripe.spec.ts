import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CaptureMode, CreateRequest, ExistingPayment } from '#payment/port';
import { getParser } from '#platform';
import { type Money, toMoney, ProviderError, type ProviderContext, sayError } from '#provider-kit';
import { accountSettings, providerContext } from '../../testing/builders.js';
import {
  invoiceItem,
  invoiceRequest,
  storedPayment,
  StripeDouble,
  type StripeCall,
  type StripeFault,
  type StripeReceived,
} from '../../../lab/doubles/stripe/index.js';
import { StripeProvider } from './stripe.provider.js';
import { StripeSettings } from './stripe.settings.js';
import { toDisputeState } from './payment.js';

type Context = ProviderContext<StripeSettings>;

const SECOND = { key: 'sk_test_second', secret: 'whsec_second_secret' };
const KEYS = /sk_test_\w+|whsec_\w+|_secret_/;
const mxn = (minor: number): Money => toMoney(minor, 'MXN');

let double: StripeDouble;
let provider: StripeProvider;
let context: Context;

/** A context with its own connection, in English, with five seconds. */
function makeContext(changes: Partial<Context> = {}): Context {
  const settings = getParser(StripeSettings).parse({
    shops: [
      { code: 'main', name: 'Main', secretKey: 'sk_test_double', webhookSecret: 'whsec_double_secret' },
      { code: 'second', name: 'Second', secretKey: SECOND.key, webhookSecret: SECOND.secret },
    ],
  });
  return providerContext(settings, {
    connectionId: randomUUID(),
    now: new Date(),
    signal: AbortSignal.timeout(5_000),
    account: accountSettings({ language: 'en' }),
    ...changes,
  });
}

async function failure(call: Promise<unknown>): Promise<ProviderError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ProviderError);
  expect(inspect(error, { depth: 10, showHidden: true })).not.toMatch(KEYS);
  return error as ProviderError;
}

function lastCall(call: StripeCall): StripeReceived {
  const found = double.calls.findLast((one) => one.call === call);
  if (!found) throw new Error(`${call} was not made`);
  return found;
}

/** An address without a listener. */
async function deadAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

/** Registers an invoice and returns the stored payment. */
async function registered(changes: Partial<CreateRequest> = {}): Promise<ExistingPayment> {
  const request = invoiceRequest(changes);
  return storedPayment(request, await provider.create(request, context));
}

async function read(payment: ExistingPayment): Promise<ExistingPayment> {
  const next = storedPayment(payment.request, await provider.get(payment, context));
  return { ...next, memory: payment.memory };
}

/** Returns a payment that the buyer has paid. */
async function paid(capture: CaptureMode, changes: Partial<CreateRequest> = {}): Promise<ExistingPayment> {
  const payment = await registered({ capture, ...changes });
  double.bookWith(getSession(payment)).pay(getSession(payment));
  return read(payment);
}

function getSession(payment: ExistingPayment): string {
  const id = payment.memory.session;
  if (id === undefined) throw new Error('no session is remembered');
  return id;
}

function getIntent(payment: ExistingPayment): string {
  const id = payment.externalId;
  if (!id?.startsWith('pi_')) throw new Error(`${id} is no payment`);
  return id;
}

beforeAll(async () => {
  double = await StripeDouble.start();
});
afterAll(() => double.close());
beforeEach(() => {
  double.reset();
  double.webhooks.mode = 'off';
  double.addAccount(SECOND.key, SECOND.secret);
  provider = new StripeProvider(double.url);
  context = makeContext();
});

const callFailures: [name: string, fault: StripeFault, effect: string, read: string][] = [
  ['a refused key', { kind: 'unauthorized' }, 'auth', 'auth'],
  ['a key without the permission', { kind: 'forbidden' }, 'auth', 'auth'],
  ['a limited rate', { kind: 'rate-limit', retryAfterSeconds: 7 }, 'rate_limited', 'rate_limited'],
  ['an error of Stripe’s before it acted', { kind: 'error-before', status: 503 }, 'unknown_outcome', 'unavailable'],
  ['an error of Stripe’s after it acted', { kind: 'error-after' }, 'unknown_outcome', 'unavailable'],
  ['a connection lost before it acted', { kind: 'drop-before' }, 'unknown_outcome', 'unavailable'],
  ['an answer that is no JSON', { kind: 'invalid-json' }, 'unknown_outcome', 'unavailable'],
];

describe('create', () => {
  it('opens a session with what leads back to us, in the shop’s account', async () => {
    const request = invoiceRequest({ shop: 'second', capture: 'manual' });
    await provider.create(request, context);
    const [session] = double.findAccount(SECOND.key)?.book.sessions ?? [];
    expect(session).toMatchObject({
      amount_total: 249_900,
      currency: 'mxn',
      client_reference_id: request.reference,
      metadata: { paymentId: request.reference, invoiceUuid: request.invoiceUuid, orderNumber: '1001A' },
      success_url: request.doneUrl,
      cancel_url: request.payUrl,
      customer_email: 'lucia@example.com',
    });
    expect(double.book.sessions).toEqual([]);
    expect(lastCall('createSession').body).toMatchObject({ 'payment_intent_data[capture_method]': 'manual' });
  });

  it('is one call, with a key of our reference', async () => {
    const { id } = await registered();
    expect(double.calls.map(({ call }) => call)).toEqual(['createSession']);
    expect(lastCall('createSession').idempotencyKey).toContain(id);
  });

  it('answers a pending payment and remembers the session', async () => {
    const request = invoiceRequest();
    const state = await provider.create(request, context);
    const [session] = double.sessions(request.reference);
    expect(state).toEqual({ status: 'pending', externalId: session?.id, memory: { session: session?.id } });
  });

  it.each([
    ['USD', 10, [invoiceItem('Sticker', 10, 1, 'USD')], 'below Stripe’s minimum'],
    ['KWD', 1_234, [], 'at most 2 digits'],
  ])('an amount in %s that Stripe does not take is refused, by its field', async (currency, minor, items, says) => {
    const error = await failure(provider.create(invoiceRequest({ amount: toMoney(minor, currency), items }), context));
    expect(error).toMatchObject({ kind: 'invalid', fields: { amount: { en: expect.stringContaining(says) } } });
  });

  // The address of such a session is unknown to all: its outcome does not matter.
  it.each(callFailures)('%s', async (_name, fault, _effect, kind) => {
    double.fail('createSession', fault, 2);
    const error = await failure(provider.create(invoiceRequest(), context));
    expect(error.kind).toBe(kind);
    if (fault.kind === 'rate-limit') expect(error.retryAfterMs).toBe(7_000);
  });

  it('an unreachable server and a spent time budget are unavailable', async () => {
    const nobody = new StripeProvider(await deadAddress());
    expect((await failure(nobody.create(invoiceRequest(), context))).kind).toBe('unavailable');
    double.fail('createSession', { kind: 'hang' });
    const late = makeContext({ signal: AbortSignal.timeout(150) });
    expect((await failure(provider.create(invoiceRequest(), late))).kind).toBe('unavailable');
    expect((await failure(provider.create(invoiceRequest(), makeContext({ signal: AbortSignal.abort() })))).kind).toBe('unavailable');
    expect(double.countCalls('createSession')).toBe(1);
  });

  it('a shop that was removed from the settings cannot be queried', async () => {
    expect(await failure(provider.create(invoiceRequest({ shop: 'gone' }), context))).toMatchObject({
      kind: 'auth',
      message: expect.stringContaining('"gone"'),
    });
    expect(double.calls).toEqual([]);
  });

  it.each([
    ['MXN', 123_450, 123_450],
    ['JPY', 1_980, 1_980],
    ['CLP', 19_990, 19_990],
    ['KWD', 1_250, 1_250],
    ['COP', 4_500_000, 4_500_000],
  ])('%s through hold, part and refund, exactly', async (currency, minor, stripe) => {
    const amount = toMoney(minor, currency);
    const payment = await paid('manual', { amount, items: [invoiceItem('A', minor, 1, currency)] });
    expect(double.intents()[0]).toMatchObject({ amount: stripe, currency: currency.toLowerCase() });
    expect(payment.status).toBe('waitingForCapture');
    const half = toMoney(minor - 100, currency);
    const taken = storedPayment(
      payment.request,
      await provider.get(payment, context),
      await provider.approve(payment, { key: 'a', amount: half }, context),
    );
    expect(taken.captured).toEqual(half);
    const { refunds } = await provider.refund(taken, { key: 'r', amount: toMoney(50, currency) }, context);
    expect(refunds).toEqual([expect.objectContaining({ amount: toMoney(50, currency), reference: 'r' })]);
  });
});

describe('get', () => {
  it('reads the session with all it needs, in one call', async () => {
    const payment = await registered();
    expect(await provider.get(payment, context)).toEqual({ status: 'pending', externalId: getSession(payment), memory: payment.memory });
    expect(double.calls.map(({ call }) => call)).toEqual(['createSession', 'getSession']);
    const { url, idempotencyKey } = lastCall('getSession');
    const query = 'expand[0]=payment_intent&expand[1]=payment_intent.latest_charge';
    expect(decodeURIComponent(url)).toBe(`/v1/checkout/sessions/${getSession(payment)}?${query}`);
    expect(idempotencyKey).toBeUndefined();
  });

  it('an immediate payment: amount, moment, no refunds yet', async () => {
    const payment = await registered();
    double.book.pay(getSession(payment));
    expect(await provider.get(payment, context)).toEqual({
      status: 'succeeded',
      externalId: expect.stringMatching(/^pi_/),
      memory: payment.memory,
      captured: mxn(249_900),
      paidAt: new Date((double.book.charges[0]?.created ?? 0) * 1000),
      refunds: [],
    });
  });

  it('a held payment: amount, and the charge’s deadline', async () => {
    double.setModes({ holdSeconds: 123_456 });
    const payment = await registered({ capture: 'manual' });
    double.book.pay(getSession(payment));
    const { created = 0 } = double.book.charges[0] ?? {};
    expect(await provider.get(payment, context)).toMatchObject({
      status: 'waitingForCapture',
      held: mxn(249_900),
      expiresAt: new Date((created + 123_456) * 1000),
    });
  });

  it('once paid the payment is read, not the session, and its refunds', async () => {
    const payment = await paid('automatic');
    double.calls.length = 0;
    await provider.get(payment, context);
    expect(double.calls.map(({ call }) => call)).toEqual(['getIntent', 'listRefunds']);
  });

  it('requests data that the session does not contain', async () => {
    const payment = await registered({ capture: 'manual' });
    double.book.pay(getSession(payment));
    double.setModes({ expands: false });
    expect(await provider.get(payment, context)).toMatchObject({ status: 'waitingForCapture', expiresAt: expect.any(Date) });
    expect(double.calls.slice(1).map(({ call }) => call)).toEqual(['getSession', 'getIntent', 'getCharge']);
    double.fail('getCharge', { kind: 'forbidden' });
    expect(await provider.get(payment, context)).not.toHaveProperty('expiresAt');
  });

  it('a hold that ended, and why', async () => {
    const payment = await paid('manual');
    double.book.advance(6 * 86_400);
    expect(await provider.get(payment, context)).toMatchObject({
      status: 'canceled',
      cancellation: 'The hold expired before it was confirmed',
    });
  });

  it('a decline leaves it pending: the buyer may try another card', async () => {
    const payment = await registered();
    double.book.pay(getSession(payment), { declined: 'insufficient_funds' });
    expect(await provider.get(payment, context)).toMatchObject({ status: 'pending' });
    double.book.pay(getSession(payment));
    expect(await provider.get(payment, context)).toMatchObject({ status: 'succeeded' });
  });

  it('what is on its way at the bank is pending, and then one or the other', async () => {
    for (const [outcome, status] of [
      ['succeeds', 'succeeded'],
      [{ fails: 'generic_decline' }, 'pending'],
    ] as const) {
      const payment = await registered();
      const { id } = double.book.pay(getSession(payment), 'processing');
      expect(await provider.get(payment, context)).toMatchObject({ status: 'pending', externalId: id });
      double.book.settle(id, outcome);
      expect(await provider.get(payment, context)).toMatchObject({ status });
    }
  });

  it.each(callFailures)('%s', async (_name, fault, _effect, kind) => {
    const payment = await registered();
    double.fail('getSession', fault, 3);
    expect((await failure(provider.get(payment, context))).kind).toBe(kind);
  });

  it('is repeated when the connection breaks', async () => {
    const payment = await registered();
    double.fail('getSession', { kind: 'drop-before' });
    expect(await provider.get(payment, context)).toMatchObject({ status: 'pending' });
  });

  it('a payment of another account is rejected in plain words', async () => {
    const payment = await registered();
    const moved = { ...payment, request: { ...payment.request, shop: 'second' } };
    expect(await failure(provider.get(moved, context))).toMatchObject({
      kind: 'rejected',
      message: expect.stringContaining('was not found in this Stripe account'),
    });
  });
});

describe('find', () => {
  const v7 = (at = Date.now()): string => {
    const time = at.toString(16).padStart(12, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
  };

  it('finds the session immediately, in any account, and does not use the search, which lags', async () => {
    const request = invoiceRequest({ reference: v7(), shop: 'second' });
    const { memory } = await provider.create(request, context);
    expect(await provider.find(request.reference, context)).toEqual({ status: 'pending', externalId: memory?.session, memory });
  });

  it('gives what was paid', async () => {
    const payment = await paid('automatic', { reference: v7() });
    expect(await provider.find(payment.id, context)).toMatchObject({
      status: 'succeeded',
      externalId: payment.externalId,
      captured: mxn(249_900),
    });
  });

  it('asks from a little before the reference was made', async () => {
    const at = Date.UTC(2026, 4, 1);
    expect(await provider.find(v7(at), context)).toBeUndefined();
    expect(decodeURIComponent(lastCall('listSessions').url)).toContain(`created[gte]=${at / 1000 - 600}`);
  });

  it('reads all pages, also if another shop’s key is bad', async () => {
    double.setModes({ pageSize: 2 });
    const first = await registered({ reference: v7() });
    for (let i = 0; i < 4; i++) await registered();
    double.calls.length = 0;
    expect(await provider.find(first.id, context)).toMatchObject({ memory: first.memory });
    expect(double.countCalls('listSessions')).toBe(3);
    double.fail('listSessions', { kind: 'unauthorized' });
    const none = await provider.find(first.id, context);
    expect(none).toBeUndefined();
    double.fail('listSessions', { kind: 'unauthorized' });
    const other = await registered({ reference: v7(), shop: 'second' });
    expect(await provider.find(other.id, context)).toMatchObject({ memory: other.memory });
  });

  it.each(callFailures.slice(2))('%s', async (_name, fault, _effect, kind) => {
    double.fail('listSessions', fault, 3);
    expect((await failure(provider.find(v7(), context))).kind).toBe(kind);
  });
});

describe('checkout', () => {
  it('leads to the session that is open, however often', async () => {
    const payment = await registered();
    const first = await provider.openCheckout(payment, { key: randomUUID() }, context);
    const again = await provider.openCheckout(payment, { key: randomUUID() }, context);
    expect(first.url).toBe(double.book.sessions[0]?.url);
    expect(again).toEqual(first);
    expect(double.countCalls('createSession')).toBe(1);
  });

  it('opens a new session after the old one has ended, the same session for the same key', async () => {
    const payment = await registered();
    double.book.begin(getSession(payment));
    double.book.advance(25 * 3_600);
    const request = { key: randomUUID() };
    const first = await provider.openCheckout(payment, request, context);
    const again = await provider.openCheckout(payment, request, context);
    expect(again).toEqual(first);
    const [old, next] = double.sessions(payment.id);
    expect(double.sessions(payment.id)).toHaveLength(2);
    expect(old?.status).toBe('expired');
    expect(first).toEqual({ url: next?.url, state: { status: 'pending', externalId: next?.id, memory: { session: next?.id } } });
    expect(lastCall('createSession').idempotencyKey).toContain(request.key);
    // From now on it is the new one that counts.
    const after = storedPayment(payment.request, first.state);
    double.book.pay(getSession(after));
    expect(await provider.get(after, context)).toMatchObject({ status: 'succeeded' });
  });

  it('has nothing to pay once it was paid, held or is on its way', async () => {
    for (const [capture, how, status] of [
      ['automatic', 'pays', 'succeeded'],
      ['manual', 'pays', 'waitingForCapture'],
      ['automatic', 'processing', 'pending'],
    ] as const) {
      const payment = await registered({ capture });
      double.book.pay(getSession(payment), how);
      const checkout = await provider.openCheckout(payment, { key: randomUUID() }, context);
      expect(checkout.url).toBeUndefined();
      expect(checkout.state).toMatchObject({ status, externalId: double.book.intents.at(-1)?.id });
      expect(double.sessions(payment.id)).toHaveLength(1);
    }
  });

  it('opens a new one when what was on its way came to nothing', async () => {
    const payment = await registered();
    double.book.settle(double.book.pay(getSession(payment), 'processing').id, { fails: 'generic_decline' });
    const { url } = await provider.openCheckout(payment, { key: randomUUID() }, context);
    expect(url).toBe(double.sessions(payment.id)[1]?.url);
  });

  it('an account’s new language or a new address does not prevent a repeat', async () => {
    const payment = await registered();
    double.book.advance(25 * 3_600);
    const request = { key: randomUUID() };
    await provider.openCheckout(payment, request, context);
    const moved = { ...payment, request: { ...payment.request, payUrl: 'https://new.example/pay/1' } };
    expect((await provider.openCheckout(moved, request, context)).url).toBeDefined();
    expect(
      (await provider.openCheckout(payment, request, makeContext({ account: accountSettings({ language: 'es' }) }))).url,
    ).toBeDefined();
  });

  it.each(callFailures)('%s', async (_name, fault, _effect, kind) => {
    const payment = await registered();
    double.book.advance(25 * 3_600);
    double.fail('createSession', fault, 2);
    expect((await failure(provider.openCheckout(payment, { key: 'k' }, context))).kind).toBe(kind);
  });
});

describe('approve', () => {
  it.each([249_900, 100_000])('takes %d of the hold', async (minor) => {
    const payment = await paid('manual');
    double.calls.length = 0;
    const state = await provider.approve(payment, { key: 'op-1', amount: mxn(minor) }, context);
    expect(state).toEqual({ status: 'succeeded', externalId: payment.externalId, captured: mxn(minor) });
    expect(double.calls).toEqual([
      expect.objectContaining({
        call: 'captureIntent',
        url: `/v1/payment_intents/${getIntent(payment)}/capture`,
        body: { amount_to_capture: String(minor), 'expand[0]': 'latest_charge' },
        idempotencyKey: 'crossdock:capture:op-1',
      }),
    ]);
    expect(double.book.intent(getIntent(payment))).toMatchObject({ status: 'succeeded', amount_received: minor });
  });

  it('a payment that already captured the same amount is a success', async () => {
    const payment = await paid('manual');
    await provider.approve(payment, { key: 'op-1', amount: mxn(100_000) }, context);
    expect(await provider.approve(payment, { key: 'op-2', amount: mxn(100_000) }, context)).toMatchObject({ captured: mxn(100_000) });
  });

  it('a payment that captured another amount, or whose hold has ended, is rejected with the reason', async () => {
    const payment = await paid('manual');
    await provider.approve(payment, { key: 'op-1', amount: mxn(100_000) }, context);
    expect(await failure(provider.approve(payment, { key: 'op-2', amount: mxn(5) }, context))).toMatchObject({
      kind: 'rejected',
      message: expect.stringContaining('taken already (1000 MXN)'),
    });
    const other = await paid('manual');
    double.book.endHold(getIntent(other));
    expect(await failure(provider.approve(other, { key: 'op-3', amount: mxn(5) }, context))).toMatchObject({
      kind: 'rejected',
      message: expect.stringContaining('The hold expired'),
    });
  });

  it('more than is held, or before it was paid, is refused', async () => {
    const payment = await paid('manual');
    expect(await failure(provider.approve(payment, { key: 'a', amount: mxn(249_901) }, context))).toMatchObject({
      kind: 'invalid',
      fields: { amount: { en: expect.any(String) } },
    });
    expect((await failure(provider.approve(await registered(), { key: 'b', amount: mxn(5) }, context))).kind).toBe('rejected');
  });

  it('a decline is reported in plain words in the account’s language', async () => {
    const payment = await paid('manual');
    double.fail('captureIntent', { kind: 'decline', code: 'insufficient_funds' });
    const error = await failure(
      provider.approve(payment, { key: 'a', amount: mxn(5) }, makeContext({ account: accountSettings({ language: 'es' }) })),
    );
    expect(error).toMatchObject({
      kind: 'rejected',
      localText: { es: expect.stringContaining('no hay fondos suficientes en la tarjeta') },
    });
  });

  it.each(callFailures)('%s', async (_name, fault, kind) => {
    const payment = await paid('manual');
    double.fail('captureIntent', fault, 2);
    expect((await failure(provider.approve(payment, { key: 'a', amount: mxn(5) }, context))).kind).toBe(kind);
  });
});

describe('cancel', () => {
  it('ends the session of an unpaid payment', async () => {
    const payment = await registered();
    double.book.begin(getSession(payment));
    double.calls.length = 0;
    expect(await provider.cancel(payment, { key: 'op-1' }, context)).toMatchObject({
      status: 'canceled',
      cancellation: 'Cancelled by the shop',
    });
    expect(double.book.session(getSession(payment)).status).toBe('expired');
    expect(double.calls.map(({ call }) => call)).toEqual(['getSession', 'expireSession']);
    expect(lastCall('expireSession')).toMatchObject({
      url: `/v1/checkout/sessions/${getSession(payment)}/expire`,
      idempotencyKey: 'crossdock:expire:op-1',
    });
  });

  it('releases a hold', async () => {
    const payment = await paid('manual');
    double.calls.length = 0;
    expect(await provider.cancel(payment, { key: 'op-1' }, context)).toEqual({
      status: 'canceled',
      externalId: payment.externalId,
      cancellation: 'Cancelled by the shop',
    });
    expect(double.book.intent(getIntent(payment)).status).toBe('canceled');
    expect(lastCall('cancelIntent')).toMatchObject({ body: { 'expand[0]': 'latest_charge' }, idempotencyKey: 'crossdock:cancel:op-1' });
    expect(double.countCalls('expireSession')).toBe(0);
  });

  it('releases the hold of a payment that was paid unnoticed a moment before', async () => {
    const payment = await registered({ capture: 'manual' });
    double.book.pay(getSession(payment));
    expect(await provider.cancel(payment, { key: 'op-1' }, context)).toMatchObject({ status: 'canceled' });
    expect(double.book.intents[0]?.status).toBe('canceled');
  });

  it.each([
    ['manual', { status: 'canceled' }],
    ['automatic', undefined],
  ] as const)('paid while its session is being ended, with %s capture: the payment counts', async (capture, expected) => {
    const payment = await registered({ capture });
    double.fail('expireSession', { kind: 'delay', ms: 200 });
    const call = provider.cancel(payment, { key: 'op-1' }, context);
    for (let waited = 0; double.countCalls('expireSession') === 0 && waited < 400; waited++)
      await new Promise((resolve) => setTimeout(resolve, 5));
    double.book.pay(getSession(payment));
    if (expected) expect(await call).toMatchObject(expected);
    else expect(await failure(call)).toMatchObject({ kind: 'rejected', message: expect.stringContaining('taken already') });
    expect(double.book.intents[0]?.status).toBe(expected?.status ?? 'succeeded');
  });

  it('one cancelled or ended already is a success, however often', async () => {
    const ended = await registered();
    double.book.advance(25 * 3_600);
    expect(await provider.cancel(ended, { key: 'op-1' }, context)).toMatchObject({ status: 'canceled' });
    const held = await paid('manual');
    await provider.cancel(held, { key: 'op-2' }, context);
    expect(await provider.cancel(held, { key: 'op-3' }, context)).toMatchObject({ status: 'canceled' });
    const cancelled: ExistingPayment = { ...ended, status: 'canceled' };
    expect(await provider.cancel(cancelled, { key: 'op-4' }, context)).toMatchObject({ status: 'canceled' });
    expect(await provider.get(cancelled, context)).toMatchObject({ status: 'canceled' });
  });

  it('a captured or pending payment is rejected', async () => {
    expect(await failure(provider.cancel(await paid('automatic'), { key: 'a' }, context))).toMatchObject({
      kind: 'rejected',
      message: expect.stringContaining('can be refunded'),
    });
    const underway = await registered();
    double.book.pay(getSession(underway), 'processing');
    expect(await failure(provider.cancel(underway, { key: 'b' }, context))).toMatchObject({
      kind: 'rejected',
      message: expect.stringContaining('on its way'),
    });
  });

  it.each(callFailures)('%s', async (_name, fault, kind) => {
    const unpaid = await registered();
    double.fail('expireSession', fault, 2);
    expect((await failure(provider.cancel(unpaid, { key: 'a' }, context))).kind).toBe(kind);
    context = makeContext();
    const held = await paid('manual');
    double.fail('cancelIntent', fault, 2);
    expect((await failure(provider.cancel(held, { key: 'b' }, context))).kind).toBe(kind);
  });
});

describe('refund', () => {
  it('refunds a part, marked with our id', async () => {
    const payment = await paid('automatic');
    double.calls.length = 0;
    const state = await provider.refund(payment, { key: 'refund-1', amount: mxn(10_000) }, context);
    expect(state).toEqual({
      status: 'succeeded',
      externalId: payment.externalId,
      captured: mxn(249_900),
      refunds: [{ externalId: double.book.refunds[0]?.id, reference: 'refund-1', amount: mxn(10_000), status: 'succeeded' }],
    });
    expect(lastCall('createRefund').idempotencyKey).toBe('crossdock:refund:refund-1');
    expect(double.book.refunds[0]).toMatchObject({
      amount: 10_000,
      payment_intent: payment.externalId,
      metadata: { refundId: 'refund-1', paymentId: payment.id, invoiceUuid: payment.request.invoiceUuid },
    });
  });

  it('a pending refund is reported as pending, and later with its result', async () => {
    double.setModes({ refunds: 'pending' });
    const payment = await paid('automatic');
    const state = await provider.refund(payment, { key: 'refund-1', amount: mxn(10_000) }, context);
    expect(state.refunds).toMatchObject([{ status: 'pending' }]);
    double.book.settleRefund(double.book.refunds[0]?.id ?? '', { fails: 'expired_or_canceled_card' });
    expect((await provider.get(payment, context)).refunds).toMatchObject([
      { reference: 'refund-1', status: 'canceled', comment: 'The card has expired or was closed' },
    ]);
  });

  it('is known although the others cannot be read at that moment', async () => {
    const payment = await paid('automatic');
    double.fail('listRefunds', { kind: 'error-before' }, 3);
    expect((await provider.refund(payment, { key: 'refund-1', amount: mxn(5) }, context)).refunds).toHaveLength(1);
  });

  it('more than the remaining amount, or after a full refund, is rejected', async () => {
    const payment = await paid('automatic');
    expect(await failure(provider.refund(payment, { key: 'a', amount: mxn(249_901) }, context))).toMatchObject({
      kind: 'invalid',
      fields: { amount: expect.any(String) },
    });
    await provider.refund(payment, { key: 'b', amount: mxn(249_900) }, context);
    expect(await failure(provider.refund(payment, { key: 'c', amount: mxn(1) }, context))).toMatchObject({
      kind: 'rejected',
      message: expect.stringContaining('already refunded'),
    });
    expect((await failure(provider.refund(await paid('manual'), { key: 'd', amount: mxn(1) }, context))).kind).toBe('rejected');
  });

  it.each(callFailures)('%s', async (_name, fault, kind) => {
    const payment = await paid('automatic');
    double.fail('createRefund', fault, 2);
    expect((await failure(provider.refund(payment, { key: 'a', amount: mxn(5) }, context))).kind).toBe(kind);
  });
});

describe('what people read', () => {
  it.each([
    ['es', 'Stripe: ya se devolvió todo.', 'El dinero ya se cobró (2499 MXN): se puede devolver.', 'El comprador aún no ha pagado.'],
    ['ru', 'Stripe: всё уже возвращено.', 'Деньги уже списаны (2499 MXN): их можно вернуть.', 'Покупатель ещё не заплатил.'],
  ] as const)('is in the account’s language: %s', async (language, refunded, taken, unpaid) => {
    const own = makeContext({ account: accountSettings({ language }) });
    const read = async (call: Promise<unknown>): Promise<string> => sayError(await failure(call), language);
    const payment = await paid('automatic');
    expect(await read(provider.cancel(payment, { key: 'a' }, own))).toBe(taken);
    await provider.refund(payment, { key: 'b', amount: mxn(249_900) }, own);
    expect(await read(provider.refund(payment, { key: 'c', amount: mxn(1) }, own))).toBe(refunded);
    expect(await read(provider.approve(await registered(), { key: 'd', amount: mxn(5) }, own))).toBe(unpaid);
  });

  it.each([
    [true, 'unknown_outcome', /^Stripe no respondió a tiempo/],
    [false, 'unavailable', /^Stripe no responde/],
  ])('about a reply without its required fields is in each language: with an effect %s', async (effect, kind, es) => {
    const localText = { en: expect.any(String), es: expect.stringMatching(es), ru: expect.stringContaining('Stripe') };
    const payment = await paid('automatic');
    double.fail(effect ? 'createRefund' : 'getIntent', { kind: 'invalid-json' }, 2);
    const call = effect ? provider.refund(payment, { key: 'r', amount: mxn(5) }, context) : provider.get(payment, context);
    expect(await failure(call)).toMatchObject({ kind, localText });
  });
});

describe('a lost reply', () => {
  it.each<StripeFault>([{ kind: 'drop-after' }, { kind: 'drop-before' }, { kind: 'error-before' }])(
    'of a call is corrected by an immediate repeat with the same key: %j',
    async (fault) => {
      const payment = await paid('automatic');
      double.fail('createRefund', fault);
      expect((await provider.refund(payment, { key: 'refund-1', amount: mxn(5) }, context)).refunds).toHaveLength(1);
      const calls = double.calls.filter(({ call }) => call === 'createRefund');
      expect(calls).toHaveLength(2);
      expect(new Set(calls.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
      expect(double.book.refunds).toHaveLength(1);
    },
  );

  it('that the repeat does not settle stays unknown, whatever the repeat is answered', async () => {
    const payment = await paid('automatic');
    for (const second of [{ kind: 'rate-limit' }, { kind: 'unauthorized' }, { kind: 'forbidden' }] as const) {
      double.fail('createRefund', { kind: 'drop-after' });
      double.fail('createRefund', second);
      const call = provider.refund(payment, { key: `after ${second.kind}`, amount: mxn(5) }, context);
      expect((await failure(call)).kind).toBe('unknown_outcome');
    }
    expect(double.book.refunds).toHaveLength(3);
    expect((await provider.get(payment, context)).refunds).toHaveLength(3);
  });

  it('a refusal is not repeated', async () => {
    double.fail('createSession', { kind: 'unauthorized' });
    await failure(provider.create(invoiceRequest(), context));
    expect(double.countCalls('createSession')).toBe(1);
  });

  it('while the first call is running a second one with its key is unknown, and nothing happens twice', async () => {
    const payment = await paid('automatic');
    double.fail('createRefund', { kind: 'delay', ms: 1_500 });
    const first = provider.refund(payment, { key: 'r', amount: mxn(5) }, context);
    for (let waited = 0; double.countCalls('createRefund') === 0 && waited < 400; waited++)
      await new Promise((resolve) => setTimeout(resolve, 5));
    expect((await failure(provider.refund(payment, { key: 'r', amount: mxn(5) }, context))).kind).toBe('unknown_outcome');
    await first;
    expect(double.book.refunds).toHaveLength(1);
  });

  it('a 4xx that is not in Stripe’s words, such as of a proxy, is unknown, not a refusal', async () => {
    const payment = await paid('automatic');
    const proxy = createHttpServer((_request, reply) => void reply.writeHead(404).end('<html>Not found</html>'));
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as AddressInfo;
    const behind = new StripeProvider(`http://127.0.0.1:${port}`);
    const refund = behind.refund(payment, { key: 'r', amount: mxn(5) }, context);
    expect((await failure(refund)).kind).toBe('unknown_outcome');
    expect((await failure(behind.get(payment, context))).kind).toBe('unavailable');
    proxy.closeAllConnections();
    await new Promise((resolve) => proxy.close(resolve));
  });

  it('a key that was used for another call is unknown, not a refusal', async () => {
    const payment = await paid('automatic');
    await provider.refund(payment, { key: 'r', amount: mxn(5) }, context);
    expect((await failure(provider.refund(payment, { key: 'r', amount: mxn(6) }, context))).kind).toBe('unknown_outcome');
  });

  it('never answered: the time budget ends, and what was done is found', async () => {
    const payment = await paid('manual');
    double.fail('captureIntent', { kind: 'hang' });
    const short = makeContext({ signal: AbortSignal.timeout(150) });
    expect((await failure(provider.approve(payment, { key: 'a', amount: mxn(100) }, short))).kind).toBe('unknown_outcome');
    expect(await provider.get(payment, context)).toMatchObject({ status: 'succeeded', captured: mxn(100) });
  });
});

it('declares what the port requires', () => {
  const { manifest } = provider;
  expect(manifest).toMatchObject({ code: 'stripe', recovery: { kind: 'idempotency-key' }, invoiceTypes: ['link'] });
  for (const currency of ['MXN', 'EUR', 'JPY', 'CLP', 'KWD', 'COP']) expect(manifest.currencies).toContain(currency);
  expect(manifest.logo).toMatch(/^<svg /);
});

describe('disputes', () => {
  it('are read with the payment each time its charge reports them', async () => {
    const payment = await paid('automatic');
    const before = double.countCalls('listDisputes');
    expect((await provider.get(payment, context)).disputes).toBeUndefined();
    expect(double.countCalls('listDisputes')).toBe(before);
    const intent = payment.externalId ?? '';
    const asked = double.book.dispute(intent, { inquiry: true, reason: 'product_not_received', amount: 1_000 });
    const told = async (): Promise<object[] | undefined> => (await provider.get(payment, context)).disputes;
    const one = { externalId: asked.id, amount: mxn(1_000), reason: 'Disputed: the goods did not arrive' };
    expect(await told()).toEqual([{ ...one, status: 'inquiry' }]);
    double.book.escalate(asked.id);
    expect(await told()).toEqual([{ ...one, status: 'open' }]);
    double.book.closeDispute(asked.id, 'lost');
    expect(await told()).toEqual([{ ...one, status: 'lost' }]);
    const state = await provider.get(payment, context);
    expect([state.status, state.refunds]).toEqual(['succeeded', []]);
  });

  it('are looked for where the charge does not come along', async () => {
    const payment = await paid('automatic');
    double.book.dispute(payment.externalId ?? '');
    double.setModes({ expands: false });
    expect((await provider.get(payment, context)).disputes).toMatchObject([{ status: 'open' }]);
    double.setModes({ expands: true });
  });

  it('keep the payment from being refunded', async () => {
    const payment = await paid('automatic');
    double.book.dispute(payment.externalId ?? '');
    const error = await failure(provider.refund(payment, { key: randomUUID(), amount: mxn(100) }, context));
    expect([error.kind, error.message]).toEqual(['rejected', expect.stringContaining('disputed')]);
  });

  it('that the key may not read are a refusal of the key', async () => {
    const payment = await paid('automatic');
    double.book.dispute(payment.externalId ?? '');
    double.fail('listDisputes', { kind: 'forbidden' });
    expect((await failure(provider.get(payment, context))).kind).toBe('auth');
  });

  it.each([
    'warning_needs_response',
    'warning_under_review',
    'warning_closed',
    'needs_response',
    'under_review',
    'appeal_needs_response',
    'appeal_under_review',
    'won',
    'lost',
    'prevented',
    'something_new',
  ])(
    // oxfmt-ignore
    'of status %s are never taken for lost unless they are',
    (status) => {
      const state = toDisputeState({ id: 'du', amount: 1, currency: 'usd', reason: 'x', status }, 'MXN', 'ru');
      expect(state.status === 'lost').toBe(status === 'lost');
      expect([state.amount, state.reason]).toEqual([undefined, 'Оспорено покупателем в банке']);
    },
  );
});
