import { describe, expect, it } from '@jest/globals';
import { ProviderError, type ProviderContext, type WebhookRequest } from '#provider-kit';
import { providerContext, webhookRequest } from '../../testing/builders.js';
import { stripeSignatureOf } from '../../../lab/doubles/stripe/index.js';
import type { StripeSettings } from './stripe.settings.js';
import { StripeWebhook } from './webhook.js';

const FIRST = 'whsec_first_secret';
const SECOND = 'whsec_second_secret';
const webhook = new StripeWebhook();
const shop = { name: 'Shop', active: true, capture: 'automatic', secretKey: 'sk_test_1' } as const;

function makeContext(...secrets: (string | undefined)[]): ProviderContext<StripeSettings> {
  const shops = secrets.map((webhookSecret, index) => ({
    ...shop,
    code: `s${index}`,
    ...(webhookSecret !== undefined && { webhookSecret }),
  }));
  return providerContext({ shops }, { now: new Date() });
}

const context = makeContext(FIRST, SECOND);
const event = {
  id: 'evt_1',
  object: 'event',
  type: 'payment_intent.succeeded',
  data: { object: { id: 'pi_1', object: 'payment_intent', metadata: { paymentId: 'ref-1' } } },
};

function makeRequest(
  body: unknown,
  { secret = FIRST, skew = 0, header }: { secret?: string; skew?: number; header?: string } = {},
): WebhookRequest {
  const text = typeof body === 'string' ? body : JSON.stringify(body, null, 2);
  return webhookRequest(text, { 'stripe-signature': header ?? stripeSignatureOf(text, secret, skew) });
}

/** An event of a type about an object. */
function about(type: string, object: object): WebhookRequest {
  return makeRequest({ ...event, type, data: { object } });
}

describe('a webhook of Stripe', () => {
  it.each(['created', 'updated', 'closed', 'funds_withdrawn', 'funds_reinstated'])(
    'about a dispute that is %s names the payment',
    (what) => {
      const dispute = { id: 'du_1', object: 'dispute', charge: 'ch_1', payment_intent: 'pi_1', metadata: {} };
      expect(webhook.parse(about(`charge.dispute.${what}`, dispute))).toEqual([{ id: 'evt_1', externalId: 'pi_1' }]);
    },
  );

  it('is accepted if the endpoint of any shop signed these bytes, also a shop without new payments', () => {
    expect(webhook.verify(makeRequest(event), context)).toBe(true);
    expect(webhook.verify(makeRequest(event, { secret: SECOND }), context)).toBe(true);
    const inactive = makeContext(FIRST);
    inactive.settings.shops = inactive.settings.shops.map((one) => ({ ...one, active: false }));
    expect(webhook.verify(makeRequest(event), inactive)).toBe(true);
  });

  it('is not believed when forged, changed, or not signed', () => {
    expect(webhook.verify(makeRequest(event, { secret: 'whsec_other' }), context)).toBe(false);
    const signed = makeRequest(event);
    expect(webhook.verify({ ...signed, rawBody: Buffer.concat([signed.rawBody, Buffer.from(' ')]) }, context)).toBe(false);
    expect(webhook.verify({ ...signed, rawBody: Buffer.from(JSON.stringify(event)) }, context)).toBe(false);
    expect(webhook.verify({ ...signed, headers: {} }, context)).toBe(false);
  });

  it.each(['', 'v1=00', 't=now,v1=00', 't=99999999999999,v1=00', 'null', 't=,v1='])('is not believed with the header %j', (header) => {
    expect(webhook.verify(makeRequest(event, { header }), context)).toBe(false);
  });

  it('is not believed without its time in the signature', () => {
    const header = String(makeRequest(event).headers['stripe-signature']);
    const later = header.replace(/t=(\d+)/, (_all, time: string) => `t=${Number(time) + 1}`);
    expect(webhook.verify(makeRequest(event, { header: later }), context)).toBe(false);
  });

  it.each([
    [-290, true],
    [290, true],
    [-320, false],
    [320, false],
  ])('signed %d seconds from now: %s', (skew, believed) => {
    expect(webhook.verify(makeRequest(event, { skew }), context)).toBe(believed);
  });

  it('is not believed where no secret is known: an empty one would let anyone sign', () => {
    for (const none of [makeContext(), makeContext(undefined), makeContext('')])
      for (const secret of [FIRST, ' ', 'undefined']) expect(webhook.verify(makeRequest(event, { secret }), none)).toBe(false);
  });

  it('in which the old and the new secret signed, while one is rolled, is believed', () => {
    const text = JSON.stringify(event);
    const [time, old] = stripeSignatureOf(text, 'whsec_old_secret').split(',');
    const header = `${time},${old},${stripeSignatureOf(text, FIRST).split(',')[1]}`;
    expect(webhook.verify(makeRequest(text, { header }), context)).toBe(true);
  });
});

describe('the contents of a webhook', () => {
  const marked = { metadata: { paymentId: 'ref-1', invoiceUuid: 'inv-1' } };

  it.each([
    ['checkout.session.completed', { id: 'cs_1', object: 'checkout.session', payment_intent: 'pi_1', ...marked }, 'pi_1'],
    ['checkout.session.expired', { id: 'cs_1', object: 'checkout.session', payment_intent: null, ...marked }, 'cs_1'],
    ['checkout.session.async_payment_succeeded', { id: 'cs_1', object: 'checkout.session', payment_intent: 'pi_1', ...marked }, 'pi_1'],
    ['checkout.session.async_payment_failed', { id: 'cs_1', object: 'checkout.session', payment_intent: 'pi_1', ...marked }, 'pi_1'],
    ['payment_intent.amount_capturable_updated', { id: 'pi_1', object: 'payment_intent', ...marked }, 'pi_1'],
    ['payment_intent.succeeded', { id: 'pi_1', object: 'payment_intent', ...marked }, 'pi_1'],
    ['payment_intent.canceled', { id: 'pi_1', object: 'payment_intent', ...marked }, 'pi_1'],
    ['payment_intent.payment_failed', { id: 'pi_1', object: 'payment_intent', ...marked }, 'pi_1'],
    ['charge.refunded', { id: 'ch_1', object: 'charge', payment_intent: 'pi_1', ...marked }, 'pi_1'],
    ['refund.updated', { id: 're_1', object: 'refund', payment_intent: 'pi_1', metadata: { ...marked.metadata, refundId: 'x' } }, 'pi_1'],
  ])('%s names the payment, by our reference and Stripe’s id', (type, object, externalId) => {
    expect(webhook.parse(about(type, object))).toEqual([{ id: 'evt_1', reference: 'ref-1', externalId }]);
  });

  it('a refund from the dashboard has no mark: Stripe’s id identifies its payment', () => {
    expect(webhook.parse(about('refund.updated', { id: 're_1', object: 'refund', payment_intent: 'pi_9', metadata: {} }))).toEqual([
      { id: 'evt_1', externalId: 'pi_9' },
    ]);
  });

  it.each([
    ['another kind of event', about('customer.created', { id: 'cus_1', object: 'customer', metadata: null })],
    ['an event of which nothing is known', about('tax.form.ready', { object: 'form' })],
    ['a refund of no payment', about('refund.updated', { id: 're_1', object: 'refund', payment_intent: null, metadata: null })],
  ])('%s is acknowledged and forgotten', (_what, request) => {
    expect(webhook.parse(request)).toEqual([]);
  });

  it.each([
    ['no JSON', makeRequest('{"id":')],
    ['no event', makeRequest([1, 2])],
    ['no object', makeRequest({ ...event, data: {} })],
    ['no id', makeRequest({ ...event, id: undefined })],
  ])('%s cannot be read', (_what, request) => {
    expect(() => webhook.parse(request)).toThrow(ProviderError);
  });
});
