import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CaptureMode, CreateRequest, ExistingPayment } from '#payment/port';
import { getParser } from '#platform';
import { toMoney, type ProviderContext, type WebhookRequest } from '#provider-kit';
import { accountSettings, providerContext, webhookRequest } from '../../testing/builders.js';
import {
  invoiceItem,
  invoiceRequest,
  storedPayment,
  StripeDouble,
  stripeSignatureOf,
  stripeWebhookBodyOf,
  type StripeEvent,
} from '../../../lab/doubles/stripe/index.js';
import { StripeProvider } from './stripe.provider.js';
import { StripeSettings } from './stripe.settings.js';

/** Faults of a well-known public module for Stripe. Each is shown to be absent here. */

let double: StripeDouble;

beforeAll(async () => {
  double = await StripeDouble.start();
});
afterAll(() => double.close());
beforeEach(() => {
  double.reset();
  double.webhooks.mode = 'off';
});

function makeContext(): ProviderContext<StripeSettings> {
  const settings = getParser(StripeSettings).parse({
    shops: [{ code: 'main', name: 'Main', secretKey: 'sk_test_double', webhookSecret: 'whsec_double_secret' }],
  });
  const account = accountSettings({ language: 'en' });
  return providerContext(settings, { connectionId: randomUUID(), now: new Date(), signal: AbortSignal.timeout(5_000), account });
}

/** A freshly started module without any memory. */
function freshProvider(): StripeProvider {
  return new StripeProvider(double.url);
}

async function registered(changes: Partial<CreateRequest> = {}): Promise<ExistingPayment> {
  const request = invoiceRequest(changes);
  return storedPayment(request, await freshProvider().create(request, makeContext()));
}

async function paid(capture: CaptureMode): Promise<ExistingPayment> {
  const payment = await registered({ capture });
  double.book.pay(payment.memory.session ?? '');
  return storedPayment(payment.request, { status: 'pending', memory: payment.memory }, await freshProvider().get(payment, makeContext()));
}

function makeWebhook(event: StripeEvent | undefined, secret = 'whsec_double_secret', skew = 0): WebhookRequest {
  if (!event) throw new Error('there is no such event');
  const body = stripeWebhookBodyOf(event);
  return webhookRequest(body, { 'stripe-signature': stripeSignatureOf(body, secret, skew) });
}

describe('the signature of a webhook', () => {
  it('is verified, on the raw bytes and with their time', async () => {
    await paid('automatic');
    const event = double.book.events.at(-1);
    const { webhook } = freshProvider();
    expect(webhook.verify(makeWebhook(event), makeContext())).toBe(true);
    expect(webhook.verify(makeWebhook(event, 'whsec_forged'), makeContext())).toBe(false);
    expect(webhook.verify(makeWebhook(event, undefined, -301), makeContext())).toBe(false);
    const reformatted = { ...makeWebhook(event), rawBody: Buffer.from(JSON.stringify(event)) };
    expect(webhook.verify(reformatted, makeContext())).toBe(false);
    expect(webhook.verify({ ...makeWebhook(event), headers: {} }, makeContext())).toBe(false);
  });
});

describe('events', () => {
  it('have Stripe’s own id, are stored once, and only identify the payment: in any order the state is the same', async () => {
    const payment = await paid('manual');
    double.book.capture(payment.externalId ?? '', 100_000);
    double.book.refund(double.book.intent(payment.externalId ?? ''), 5_000);
    const provider = freshProvider();
    const parsed = double.book.events.flatMap((event) => provider.webhook.parse(makeWebhook(event)));
    expect(new Set(parsed.map(({ id }) => id)).size).toBe(parsed.length);
    expect(parsed.length).toBeGreaterThanOrEqual(5);
    expect(parsed.every(({ reference, externalId }) => reference === payment.id || externalId === payment.externalId)).toBe(true);
    // In any order, the stored state is the last read one.
    for (let i = 0; i < parsed.length; i++)
      expect(await provider.get(payment, makeContext())).toMatchObject({ status: 'succeeded', captured: toMoney(100_000, 'MXN') });
  });
});

describe('idempotency keys', () => {
  it('are on every call with an effect, and survive a restart: the repeat of each has its effect once', async () => {
    const key = randomUUID();
    const request = invoiceRequest({ capture: 'manual' });
    await freshProvider().create(request, makeContext());
    const created = await freshProvider().create(request, makeContext());
    expect(double.sessions(request.reference)).toHaveLength(1);

    const unpaid = storedPayment(request, created);
    double.book.advance(25 * 3_600);
    const { state } = await freshProvider().openCheckout(unpaid, { key }, makeContext());
    await freshProvider().openCheckout(unpaid, { key }, makeContext());
    expect(double.sessions(request.reference)).toHaveLength(2);

    double.book.pay(state.memory?.session ?? '');
    const held = storedPayment(request, state, await freshProvider().get(storedPayment(request, state), makeContext()));
    for (let i = 0; i < 2; i++) await freshProvider().approve(held, { key, amount: toMoney(200_000, 'MXN') }, makeContext());
    const taken = storedPayment(request, state, await freshProvider().get(held, makeContext()));
    for (let i = 0; i < 2; i++) await freshProvider().refund(taken, { key, amount: toMoney(5_000, 'MXN') }, makeContext());
    expect(double.book.refunds).toHaveLength(1);
    expect(double.intents()).toMatchObject([{ amount_received: 200_000 }]);

    const released = await paid('manual');
    for (let i = 0; i < 2; i++) await freshProvider().cancel(released, { key }, makeContext());
    const ended = await registered();
    for (let i = 0; i < 2; i++) await freshProvider().cancel(ended, { key: randomUUID() }, makeContext());

    const posts = double.calls.filter(({ call }) => /^(create|capture|cancel|expire)/.test(call));
    for (const { idempotencyKey } of posts) expect(idempotencyKey).toMatch(/^crossdock:(session|capture|cancel|expire|refund):/);
    // Repeats had the same key, and got the stored reply.
    for (const call of ['createSession', 'captureIntent', 'createRefund'] as const)
      expect(posts.some((one) => one.call === call && one.replayed)).toBe(true);
  });

  it('two refunds of the same amount are two', async () => {
    const payment = await paid('automatic');
    for (const key of [randomUUID(), randomUUID()])
      await freshProvider().refund(payment, { key, amount: toMoney(5_000, 'MXN') }, makeContext());
    expect(double.book.refunds.map(({ amount }) => amount)).toEqual([5_000, 5_000]);
  });
});

describe('amounts', () => {
  it.each([
    ['MXN', 123_450, 123_450],
    ['JPY', 5_000, 5_000],
    ['CLP', 19_990, 19_990],
    ['KWD', 12_340, 12_340],
  ])('of %s are in the currency’s own unit, not always hundredths', async (currency, minor, stripe) => {
    const payment = await registered({ amount: toMoney(minor, currency), items: [invoiceItem('A', minor, 1, currency)] });
    expect(double.sessions(payment.id)).toMatchObject([{ amount_total: stripe, currency: currency.toLowerCase() }]);
    double.book.pay(payment.memory.session ?? '');
    expect(await freshProvider().get(payment, makeContext())).toMatchObject({ captured: toMoney(minor, currency) });
  });
});

describe('cancelling an unpaid link', () => {
  it('expires the session, so that it can no longer be paid', async () => {
    const payment = await registered();
    await freshProvider().cancel(payment, { key: randomUUID() }, makeContext());
    expect(double.sessions(payment.id)).toMatchObject([{ status: 'expired', url: null }]);
    expect(() => double.book.pay(payment.memory.session ?? '')).toThrow('nothing can be paid');
  });
});

describe('a hold’s end', () => {
  it.each([3_600, 172_800, 2_505_600])('comes from the charge: %d seconds', async (seconds) => {
    double.setModes({ holdSeconds: seconds });
    const payment = await paid('manual');
    const { payment_method_details: details } = double.book.charges[0] ?? {};
    const state = await freshProvider().get(payment, makeContext());
    expect(state.expiresAt).toEqual(new Date((details?.card.capture_before ?? 0) * 1000));
    expect(Math.round((Number(state.expiresAt) - Date.now()) / 10_000)).toBe(Math.round(seconds / 10));
  });
});

describe('refunds', () => {
  it('are all read, page by page, including refunds from the dashboard', async () => {
    double.setModes({ pageSize: 7 });
    const payment = await paid('automatic');
    const provider = freshProvider();
    const ours = randomUUID();
    double.calls.length = 0;
    await provider.refund(payment, { key: ours, amount: toMoney(1_000, 'MXN') }, makeContext());
    for (let i = 1; i <= 30; i++) double.book.refund(double.book.intent(payment.externalId ?? ''), i);
    const { refunds = [] } = await provider.get(payment, makeContext());
    expect(refunds).toHaveLength(31);
    expect(refunds.reduce((sum, one) => sum + one.amount.minor, 0)).toBe(1_000 + (30 * 31) / 2);
    expect(refunds.filter((one) => one.reference !== undefined)).toMatchObject([{ reference: ours }]);
    expect(double.countCalls('listRefunds')).toBe(1 + 5);
  });
});

describe('the link', () => {
  it('outlives its session: our own address always leads to a payable one', async () => {
    let payment = await registered();
    for (let day = 0; day < 5; day++) {
      const { url, state } = await freshProvider().openCheckout(payment, { key: randomUUID() }, makeContext());
      const open = double.sessions(payment.id).filter(({ status }) => status === 'open');
      expect(open).toHaveLength(1);
      expect(url).toBe(open[0]?.url);
      payment = storedPayment(payment.request, state);
      if (day === 4) break;
      // The buyer begins and leaves: the attempt ends with the session, the invoice does not.
      double.book.begin(payment.memory.session ?? '');
      double.book.advance(25 * 3_600);
      const read = await freshProvider().get(payment, makeContext());
      expect(read.status).toBe('pending');
      payment = storedPayment(payment.request, state, read);
    }
    expect(double.sessions(payment.id)).toHaveLength(5);
    double.book.pay(payment.memory.session ?? '');
    expect(await freshProvider().get(payment, makeContext())).toMatchObject({ status: 'succeeded' });
  });
});

describe('lost webhooks', () => {
  it('are compensated: the state is read with or without an event', async () => {
    const payment = await registered({ capture: 'manual' });
    const { webhooks } = double;
    expect(webhooks.mode).toBe('off');
    double.book.pay(payment.memory.session ?? '');
    const held = await freshProvider().get(payment, makeContext());
    expect(held).toMatchObject({ status: 'waitingForCapture' });
    double.book.endHold(held.externalId ?? '', 'requested_by_customer');
    expect(
      await freshProvider().get(storedPayment(payment.request, { status: 'pending', memory: payment.memory }, held), makeContext()),
    ).toMatchObject({
      status: 'canceled',
      cancellation: 'Cancelled at the buyer’s request',
    });
  });
});
