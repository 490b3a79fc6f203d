import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import Stripe from 'stripe';
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
  it('a payment in two stages: session, hold, part taken, two refunds, all listed', async () => {
    const session = await stripe.checkout.sessions.create(params());
    expect(session).toMatchObject({
      object: 'checkout.session',
      amount_total: 2_100,
      currency: 'eur',
      status: 'open',
      payment_intent: null,
    });
    double.book.pay(session.id);
    const expanded = await stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent.latest_charge', 'payment_intent'] });
    const intent = expanded.payment_intent as Stripe.PaymentIntent;
    expect(intent).toMatchObject({ status: 'requires_capture', amount_capturable: 2_100, metadata: { paymentId: 'ref-1' } });
    expect((intent.latest_charge as Stripe.Charge).payment_method_details?.card?.capture_before).toBeGreaterThan(Date.now() / 1000);
    expect(await stripe.paymentIntents.capture(intent.id, { amount_to_capture: 2_000 })).toMatchObject({
      status: 'succeeded',
      amount_received: 2_000,
    });
    for (const amount of [500, 700]) await stripe.refunds.create({ payment_intent: intent.id, amount });
    const refunds = [];
    for await (const refund of stripe.refunds.list({ payment_intent: intent.id, limit: 1 })) refunds.push(refund.amount);
    expect(refunds).toEqual([700, 500]);
    expect(double.book.events.map(({ type }) => type)).toEqual([
      'payment_intent.created',
      'payment_intent.amount_capturable_updated',
      'checkout.session.completed',
      'charge.captured',
      'payment_intent.succeeded',
      'refund.created',
      'charge.refunded',
      'refund.created',
      'charge.refunded',
    ]);
  });

  it('a dispute: the charge says so, money goes and comes back, nothing can be refunded meanwhile', async () => {
    const session = await stripe.checkout.sessions.create(params({ payment_intent_data: { capture_method: 'automatic' } }));
    const { id } = double.book.pay(session.id);
    expect(() => double.book.closeDispute('du_none', 'won')).toThrow('No such dispute');
    const dispute = double.book.dispute(id, { reason: 'duplicate' });
    const intent = await stripe.paymentIntents.retrieve(id, { expand: ['latest_charge'] });
    expect((intent.latest_charge as Stripe.Charge).disputed).toBe(true);
    expect(await refusal(stripe.refunds.create({ payment_intent: id }))).toMatchObject({ code: 'charge_disputed' });
    expect((await stripe.disputes.list({ payment_intent: id })).data).toMatchObject([
      { id: dispute.id, status: 'needs_response', amount: 2_100, reason: 'duplicate', balance_transactions: [{ amount: -2_100 }] },
    ]);
    double.book.closeDispute(dispute.id, 'won');
    expect((await stripe.disputes.list({ payment_intent: id })).data).toMatchObject([
      { status: 'won', balance_transactions: [{}, { amount: 2_100 }] },
    ]);
    expect(() => double.book.closeDispute(dispute.id, 'lost')).toThrow('is won already');
    const types = double.book.events.map(({ type }) => type).filter((type) => type.startsWith('charge.dispute'));
    expect(types.map((type) => type.slice('charge.dispute.'.length))).toEqual(['created', 'funds_withdrawn', 'closed', 'funds_reinstated']);
    expect(double.kept(id)).toBe(2_100);
    expect(await stripe.refunds.create({ payment_intent: id })).toMatchObject({ amount: 2_100 });
    expect(double.kept(id)).toBe(0);
  });

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

  it('one account knows nothing of another’s', async () => {
    double.addAccount('sk_test_second', 'whsec_second_secret');
    const { id } = await stripe.checkout.sessions.create(params());
    expect(await refusal(sdk('sk_test_second').checkout.sessions.retrieve(id))).toMatchObject({ code: 'resource_missing' });
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

    it('a lost reply is made good by the SDK’s own repeat; a 500 after the act stays one', async () => {
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

  it('sessions and holds end by time', async () => {
    const first = await stripe.checkout.sessions.create(params());
    double.book.pay(first.id);
    const second = await stripe.checkout.sessions.create(params());
    expect((await stripe.checkout.sessions.list({ status: 'open' })).data.map(({ id }) => id)).toEqual([second.id]);
    double.book.advance(86_400);
    expect((await stripe.checkout.sessions.retrieve(second.id)).status).toBe('expired');
    expect((await stripe.paymentIntents.list()).data).toMatchObject([{ status: 'requires_capture' }]);
    double.book.advance(5 * 86_400);
    expect((await stripe.paymentIntents.list()).data).toMatchObject([{ status: 'canceled', cancellation_reason: 'automatic' }]);
  });

  describe('webhooks', () => {
    let server: Server;
    let heard: { valid: boolean }[];

    beforeAll(async () => {
      server = createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          const body = Buffer.concat(chunks);
          let valid = true;
          try {
            Stripe.webhooks.constructEvent(body, String(request.headers['stripe-signature']), 'whsec_double_secret');
          } catch {
            valid = false;
          }
          heard.push({ valid });
          response.end();
        });
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    });
    afterAll(() => new Promise<void>((resolve) => void server.close(() => resolve())));
    beforeEach(() => {
      heard = [];
      double.account.webhookUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
    });

    it('are signed over the bytes that are posted, and may be forged or stale', async () => {
      const { id } = await stripe.checkout.sessions.create(params());
      double.book.pay(id);
      await double.webhooks.idle();
      expect(heard.map(({ valid }) => valid)).toEqual([true, true, true]);
      double.webhooks.mode = 'hold';
      double.book.endHold(double.intents()[0]?.id ?? '');
      await double.webhooks.flush({ forge: true });
      await stripe.checkout.sessions.expire((await stripe.checkout.sessions.create(params())).id);
      await double.webhooks.flush({ skewSeconds: -400 });
      expect(heard.slice(3).map(({ valid }) => valid)).toEqual([false, false]);
    });
  });

  describe('webhook endpoints', () => {
    beforeEach(() => {
      double.account.webhookUrl = undefined;
    });
    const endpoint = (changes: object = {}): Stripe.WebhookEndpointCreateParams => ({
      ...{ url: 'https://shop.example/hook', enabled_events: ['checkout.session.completed'], ...changes },
    });

    it('are made, moved, switched off and deleted; the secret is answered to the creation and its repeat alone', async () => {
      const params = endpoint({ description: 'x', metadata: { a: 'b' }, api_version: Stripe.API_VERSION });
      const idempotencyKey = randomUUID();
      const made = await stripe.webhookEndpoints.create(params, { idempotencyKey });
      expect(made).toMatchObject({ object: 'webhook_endpoint', status: 'enabled', livemode: false, metadata: { a: 'b' }, ...params });
      expect(made.secret).toMatch(/^whsec_\w{16,}$/);
      expect((await stripe.webhookEndpoints.create(params, { idempotencyKey })).secret).toBe(made.secret);
      expect(await stripe.webhookEndpoints.retrieve(made.id)).not.toHaveProperty('secret');
      const { data } = await stripe.webhookEndpoints.list({ limit: 100 });
      expect(data).toHaveLength(1);
      expect(data[0]).not.toHaveProperty('secret');
      const url = 'https://moved.example/hook';
      const changed = await stripe.webhookEndpoints.update(made.id, { url, disabled: true, enabled_events: ['*'], metadata: { c: 'd' } });
      expect(changed).toMatchObject({ url, status: 'disabled', enabled_events: ['*'], metadata: { a: 'b', c: 'd' } });
      expect(changed).not.toHaveProperty('secret');
      expect(await stripe.webhookEndpoints.del(made.id)).toMatchObject({ id: made.id, deleted: true });
      expect(await refusal(stripe.webhookEndpoints.del(made.id))).toMatchObject({ code: 'resource_missing', statusCode: 404 });
      double.account.webhookUrl = url;
      await stripe.webhookEndpoints.del(double.account.endpoints.list()[0]?.id ?? '');
      expect(double.account.webhookUrl).toBeUndefined();
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

    it('are sixteen at most in an account', async () => {
      for (let n = 0; n < 16; n++) await stripe.webhookEndpoints.create(endpoint());
      expect(await refusal(stripe.webhookEndpoints.create(endpoint()))).toMatchObject({
        ...{ type: 'StripeInvalidRequestError', statusCode: 400, message: 'You have reached the maximum of 16 test webhook endpoints.' },
      });
      double.addAccount('sk_test_second', 'whsec_second_secret');
      await sdk('sk_test_second').webhookEndpoints.create(endpoint());
      expect(double.account.endpoints.list()).toHaveLength(16);
    });

    it('are not for a restricted key without the right', async () => {
      double.account.addRestrictedKey('rk_test_read', ['createEndpoint']);
      const restricted = sdk('rk_test_read');
      expect(await refusal(restricted.webhookEndpoints.create(endpoint()))).toMatchObject({ statusCode: 403 });
      expect((await restricted.webhookEndpoints.list()).data).toEqual([]);
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
    expect(await (await fetch(page)).text()).toContain('2100 eur');
    const post = (way: string): Promise<Response> =>
      fetch(page, { method: 'POST', body: new URLSearchParams({ way }), redirect: 'manual' });
    expect(await (await post('decline')).text()).toContain('Your card was declined.');
    const done = await post('pay');
    expect([done.status, done.headers.get('location')]).toEqual([303, 'https://shop.example/done']);
    expect((await post('pay')).status).toBe(409);
    expect((await fetch(`${double.url}/c/pay/none`)).status).toBe(404);
  });

  it('its control plays everybody else, as JSON', async () => {
    const control = async (path: string, body?: object): Promise<{ status: number; json: { [name: string]: unknown } }> => {
      const reply = await fetch(`${double.url}/control${path}`, {
        ...(body && { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      return { status: reply.status, json: (await reply.json()) as { [name: string]: unknown } };
    };
    await control('/modes', { refunds: 'pending', webhooks: 'off' });
    await stripe.checkout.sessions.create(params());
    for (const [act, status] of [
      ['open', 'requires_payment_method'],
      ['decline', 'requires_payment_method'],
      ['pay', 'requires_capture'],
    ] as const)
      expect((await control('/acts', { id: 'ref-1', act })).json).toMatchObject({ status });
    await stripe.paymentIntents.capture(double.intents()[0]?.id ?? '');
    const { json: refund } = await control('/acts', { id: 'ref-1', act: 'refund', amount: 100 });
    expect((await control('/acts', { id: refund['id'], act: 'fail-refund', code: 'declined' })).json).toMatchObject({ status: 'failed' });
    for (const list of ['sessions', 'payments', 'refunds'])
      expect((await control(`/${list}?reference=ref-1`)).json).toMatchObject({ count: 1 });
    expect((await control('/acts', { id: 'ref-1', act: 'pay' })).status).toBe(409);
    expect((await control('/acts', { id: 'none', act: 'pay' })).status).toBe(409);
    await control('/accounts', { key: 'sk_test_b', webhookSecret: 'whsec_bbbb' });
    await control('/webhook-url', { token: 'sk_test_b', url: 'http://127.0.0.1:9/' });
    await control('/restricted-keys', { key: 'rk_test_b', of: 'sk_test_b', forbidden: ['listEndpoints'] });
    expect((await refusal(sdk('rk_test_b').webhookEndpoints.list())).statusCode).toBe(403);
    const url = 'http://127.0.0.1:9/';
    expect((await control('')).json).toMatchObject({ accounts: [{ sessions: 1 }, { webhookUrl: url, endpoints: [{ url }] }] });
  });
});
