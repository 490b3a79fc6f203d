import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import Stripe from 'stripe';
import { ask, type Reply } from '../../../libs/testing/double/ask.js';
import { PostedWebhooks } from '../../../libs/testing/posted-webhooks.js';
import { StripeDouble } from './index.js';

let double: StripeDouble;
let stripe: Stripe;

/** The unchanged SDK, pointed at the double. */
function sdk(key = 'sk_test_double', maxNetworkRetries = 0): Stripe {
  const { hostname, port } = new URL(double.url);
  return new Stripe(key, { host: hostname, port, protocol: 'http', telemetry: false, maxNetworkRetries });
}

const params = (changes: Partial<Stripe.Checkout.SessionCreateParams> = {}): Stripe.Checkout.SessionCreateParams => ({
  mode: 'payment',
  client_reference_id: 'ref-1',
  line_items: [{ quantity: 2, price_data: { currency: 'eur', unit_amount: 1_050, product_data: { name: 'Té' } } }],
  payment_intent_data: { capture_method: 'manual', metadata: { paymentId: 'ref-1' } },
  success_url: 'https://shop.example/done',
  cancel_url: 'https://shop.example/back',
  ...changes,
});

async function refusal(call: Promise<unknown>): Promise<InstanceType<typeof Stripe.errors.StripeError>> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Stripe.errors.StripeError);
  return error as InstanceType<typeof Stripe.errors.StripeError>;
}

beforeAll(async () => {
  double = await StripeDouble.start();
});
afterAll(() => double.close());
beforeEach(() => {
  double.reset();
  stripe = sdk();
});

describe('the Stripe double, by the official SDK', () => {
  it('refuses as the API does', async () => {
    const { id } = await stripe.checkout.sessions.create(params());
    const intent = double.book.begin(id);
    const cases: [Promise<unknown>, object][] = [
      [sdk('sk_test_other').checkout.sessions.retrieve(id), { type: 'StripeAuthenticationError', statusCode: 401 }],
      [stripe.checkout.sessions.retrieve('cs_none'), { type: 'StripeInvalidRequestError', code: 'resource_missing', statusCode: 404 }],
      [stripe.paymentIntents.capture(intent.id), { type: 'StripeInvalidRequestError', code: 'payment_intent_unexpected_state' }],
      [stripe.paymentIntents.cancel(intent.id), { code: 'payment_intent_unexpected_state' }],
      [stripe.refunds.create({ payment_intent: intent.id }), { code: 'payment_intent_unexpected_state' }],
      [stripe.checkout.sessions.create(params({ line_items: [] })), { code: 'parameter_missing', param: 'line_items' }],
      [stripe.checkout.sessions.create(params({ customer_email: 'nobody' })), { code: 'email_invalid', param: 'customer_email' }],
      [stripe.checkout.sessions.create(params({ success_url: 'shop' })), { code: 'url_invalid' }],
      [stripe.checkout.sessions.create({ ...params(), colour: 'red' } as object), { code: 'parameter_unknown', param: 'colour' }],
      [stripe.checkout.sessions.create(params({ expires_at: 1 })), { param: 'expires_at' }],
      [stripe.checkout.sessions.list({ limit: 101 }), { param: 'limit' }],
      [stripe.checkout.sessions.retrieve(id, { expand: ['customer.sources'] }), { param: 'expand' }],
      [stripe.customers.list(), { statusCode: 404 }],
    ];
    for (const [call, expected] of cases) expect(await refusal(call)).toMatchObject(expected);
    const small = [{ quantity: 1, price_data: { currency: 'eur', unit_amount: 49, product_data: { name: 'x' } } }];
    expect(await refusal(stripe.checkout.sessions.create(params({ line_items: small })))).toMatchObject({ code: 'amount_too_small' });
    const dinar = [{ quantity: 1, price_data: { currency: 'kwd', unit_amount: 1_234, product_data: { name: 'x' } } }];
    expect((await refusal(stripe.checkout.sessions.create(params({ line_items: dinar })))).message).toContain('divisible by 10');
    const long = { idempotencyKey: 'k'.repeat(256) };
    expect((await refusal(stripe.checkout.sessions.create(params(), long))).message).toContain('at most 255');
    await stripe.checkout.sessions.expire(id);
    expect((await refusal(stripe.checkout.sessions.expire(id))).message).toContain('Only Checkout Sessions with a status in ["open"]');
  });

  it('pays out what was captured, less refunds, disputes and fees', async () => {
    const { id } = await stripe.checkout.sessions.create(params({ payment_intent_data: { metadata: { paymentId: 'ref-1' } } }));
    const intent = double.book.pay(id);
    await stripe.refunds.create({ payment_intent: intent.id, amount: 500 });
    double.book.dispute(intent.id, { amount: 300 });
    const day = Date.parse(double.book.payOut()) / 1_000;
    const { data: payouts } = await stripe.payouts.list({ arrival_date: { gte: day, lt: day + 86_400 }, status: 'paid' });
    const [payout] = payouts;
    expect(payouts).toHaveLength(1);
    const { data } = await stripe.balanceTransactions.list({ payout: payout?.id ?? '', expand: ['data.source'] });
    expect(data.map(({ type, amount, fee, net }) => [type, amount, fee, net])).toEqual([
      ['payout', 277, 0, 277],
      ['stripe_fee', -20, 0, -20],
      ['adjustment', -300, 1_500, -1_800],
      ['refund', -500, 0, -500],
      ['charge', 2_100, 57, 2_043],
    ]);
    expect([payout?.amount, data.at(-1)?.source]).toMatchObject([-277, { object: 'charge', payment_intent: intent.id }]);
    expect((await stripe.payouts.list({ arrival_date: { lt: day } })).data).toEqual([]);
  });

  it('refuses captures and refunds that the state of the money does not allow', async () => {
    const held = await stripe.checkout.sessions.create(params());
    const { id } = double.book.pay(held.id);
    const code = 'payment_intent_unexpected_state';
    expect(await refusal(stripe.refunds.create({ payment_intent: id }))).toMatchObject({ code });
    expect(await refusal(stripe.paymentIntents.capture(id, { amount_to_capture: 2_101 }))).toMatchObject({ code: 'amount_too_large' });
    await stripe.paymentIntents.capture(id, { amount_to_capture: 2_000 });
    expect(await refusal(stripe.paymentIntents.capture(id))).toMatchObject({ code });
    const param = (name: string): object => ({ type: 'StripeInvalidRequestError', param: name });
    expect(await refusal(stripe.refunds.create({ payment_intent: id, amount: 2_001 }))).toMatchObject(param('amount'));
    expect(await refusal(stripe.refunds.create({ payment_intent: id, reason: 'other' as 'duplicate' }))).toMatchObject(param('reason'));
    const ended = double.book.pay((await stripe.checkout.sessions.create(params())).id).id;
    const reason = 'expired' as 'abandoned';
    expect(await refusal(stripe.paymentIntents.cancel(ended, { cancellation_reason: reason }))).toMatchObject(param('cancellation_reason'));
    double.book.advance(6 * 86_400);
    for (const call of [stripe.paymentIntents.capture(ended), stripe.refunds.create({ payment_intent: ended })])
      expect(await refusal(call)).toMatchObject({ code });
  });

  describe('idempotency keys', () => {
    it('binds a refusal, too, until a day has passed', async () => {
      const { id } = await stripe.checkout.sessions.create(params());
      await stripe.checkout.sessions.expire(id);
      const idempotencyKey = randomUUID();
      for (let i = 0; i < 2; i++)
        expect(await refusal(stripe.checkout.sessions.expire(id, {}, { idempotencyKey }))).toMatchObject({ param: 'session' });
      expect(double.calls.map(({ replayed }) => replayed)).toEqual([false, false, false, true]);
      double.advance(86_400);
      await refusal(stripe.checkout.sessions.expire(id, {}, { idempotencyKey }));
      expect(double.calls.at(-1)?.replayed).toBe(false);
    });

    it('a lost reply is compensated by the SDK’s own repeat, and a 500 after the effect stays a 500', async () => {
      double.fail('createSession', { kind: 'drop-after' });
      await sdk('sk_test_double', 1).checkout.sessions.create(params());
      expect(double.book.sessions).toHaveLength(1);
      double.fail('createSession', { kind: 'error-after' });
      const idempotencyKey = randomUUID();
      for (let i = 0; i < 2; i++)
        expect((await refusal(stripe.checkout.sessions.create(params(), { idempotencyKey }))).statusCode).toBe(500);
      expect(double.book.sessions).toHaveLength(2);
    });

    it('parameters that were refused, and calls that were never begun, leave the key free', async () => {
      const idempotencyKey = randomUUID();
      await refusal(stripe.checkout.sessions.create(params({ customer_email: 'nobody' }), { idempotencyKey }));
      double.fail('createSession', { kind: 'rate-limit' });
      expect(await refusal(stripe.checkout.sessions.create(params(), { idempotencyKey }))).toMatchObject({ type: 'StripeRateLimitError' });
      await stripe.checkout.sessions.create(params(), { idempotencyKey });
    });
  });

  it('posts webhooks over the bytes that are signed, and may forge them or make them stale', async () => {
    const posted = await PostedWebhooks.start();
    double.account.webhookUrl = posted.url;
    double.webhooks.mode = 'hold';
    const isValid = async (flush: object): Promise<boolean> => {
      await stripe.checkout.sessions.expire((await stripe.checkout.sessions.create(params())).id);
      await double.webhooks.flush(flush);
      const { text = '', headers } = posted.received.at(-1) ?? {};
      try {
        return Boolean(Stripe.webhooks.constructEvent(text, String(headers?.['stripe-signature']), 'whsec_double_secret'));
      } catch {
        return false;
      }
    };
    expect([await isValid({}), await isValid({ forge: true }), await isValid({ skewSeconds: -400 })]).toEqual([true, false, false]);
    await posted.close();
  });

  describe('webhook endpoints', () => {
    beforeEach(() => {
      double.account.webhookUrl = undefined;
    });
    const endpoint = (changes: object = {}): Stripe.WebhookEndpointCreateParams => ({
      ...{ url: 'https://shop.example/hook', enabled_events: ['checkout.session.completed'], ...changes },
    });

    it('are refused as the API does, and none is made', async () => {
      double.addAccount('sk_live_second', 'whsec_second_secret');
      const { id } = double.account.endpoints.add({ url: 'https://shop.example/first', secret: 'whsec_first' });
      const cases: [Promise<unknown>, object][] = [
        [stripe.webhookEndpoints.create(endpoint({ enabled_events: [] })), { code: 'parameter_missing', param: 'enabled_events' }],
        [stripe.webhookEndpoints.create(endpoint({ url: undefined })), { code: 'parameter_missing', param: 'url' }],
        [stripe.webhookEndpoints.create(endpoint({ url: 'shop' })), { code: 'url_invalid', param: 'url' }],
        [stripe.webhookEndpoints.create(endpoint({ enabled_events: ['order.paid'] })), { param: 'enabled_events[0]' }],
        [stripe.webhookEndpoints.create(endpoint({ api_version: '2026-01-01' })), { param: 'api_version' }],
        [stripe.webhookEndpoints.create(endpoint({ secret: 'mine' })), { code: 'parameter_unknown', param: 'secret' }],
        [stripe.webhookEndpoints.update(id, { api_version: Stripe.API_VERSION } as object), { code: 'parameter_unknown' }],
        [stripe.webhookEndpoints.update('we_none', { disabled: true }), { code: 'resource_missing' }],
        [sdk('sk_live_second').webhookEndpoints.create(endpoint({ url: 'http://shop.example/hook' })), { code: 'url_invalid' }],
        [stripe.webhookEndpoints.list({ limit: 1 }, { apiVersion: '2020-08-27' }), { statusCode: 400 }],
      ];
      for (const [call, expected] of cases) expect(await refusal(call)).toMatchObject(expected);
      expect(double.account.endpoints.list()).toHaveLength(1);
    });

    it('get the events they are for, each signed with its own secret, unless they are switched off', async () => {
      double.webhooks.mode = 'hold';
      const { id } = await stripe.checkout.sessions.create(params());
      const url = 'http://127.0.0.1:9/';
      await stripe.webhookEndpoints.create(endpoint({ url: `${url}some` }));
      await stripe.webhookEndpoints.create(endpoint({ url: `${url}all`, enabled_events: ['*'] }));
      const off = await stripe.webhookEndpoints.create(endpoint({ url: `${url}off` }));
      await stripe.webhookEndpoints.update(off.id, { disabled: true });
      double.webhooks.retryMs = 1;
      double.book.pay(id);
      await double.webhooks.flush();
      const heard = (path: string): Set<string> =>
        new Set(double.webhooks.attempts.filter((one) => one.url === url + path).map(({ action }) => action));
      expect([...heard('some')]).toEqual(['checkout.session.completed']);
      expect(heard('all').size).toBe(3);
      expect(heard('off').size).toBe(0);
    });
  });

  it('its page lets a buyer pay, be declined, and come back', async () => {
    const session = await stripe.checkout.sessions.create(params());
    const page = session.url ?? '';
    expect((await ask('GET', page)).text).toContain('2100 eur');
    const post = (form: Record<string, string>): Promise<Reply> => ask('POST', page, new URLSearchParams(form));
    expect((await post({ card: '4000 0000 0000 0002' })).text).toContain('Your card was declined.');
    const done = await post({ way: 'pay' });
    expect([done.status, done.headers.get('location')]).toEqual([303, 'https://shop.example/done']);
    expect((await post({ way: 'pay' })).status).toBe(409);
    expect((await ask('GET', `${double.url}/c/pay/none`)).status).toBe(404);
  });
});
