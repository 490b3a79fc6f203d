import type { PaymentEvent } from '#payment/port';
import {
  id,
  maybe,
  type ProviderWebhook,
  readSignatureParts,
  readWebhook,
  shape,
  signedBody,
  text,
  type WebhookRequest,
} from '#provider-kit';
import { EVENTS, listSecrets } from './endpoints.js';
import type { StripeContext, StripeSettings } from './stripe.settings.js';

/** Others are acknowledged and dropped. */
const TYPES: ReadonlySet<string> = new Set(EVENTS);
const HEADER = 'stripe-signature';

const head = shape({ id: id(), type: text });
/** A session, payment, charge, refund or dispute, with the fields that lead to our payment. */
const event = shape({
  data: shape({
    object: shape({ id: id(), object: text, payment_intent: maybe(id()), metadata: maybe(shape({ paymentId: maybe(id(500)) })) }),
  }),
});

const readParts = ({ headers }: WebhookRequest): URLSearchParams => readSignatureParts(headers[HEADER]);

/**
 * Stripe's webhooks: signed over `{time}.{raw body}` with the endpoint's secret. Each account has its own: of
 * the endpoint that `connect` made, or of one made by hand.
 */
export class StripeWebhook implements ProviderWebhook<StripeSettings, PaymentEvent> {
  readonly verify = signedBody<StripeContext>({
    header: HEADER,
    // While a secret is rolled, the old and the new one sign.
    signatures: (header) => readSignatureParts(header).getAll('v1'),
    time: (request) => readParts(request).get('t') ?? undefined,
    text: (request) => Buffer.concat([Buffer.from(`${readParts(request).get('t')}.`), request.rawBody]),
    keys: ({ settings, memory }) => [
      ...settings.shops.flatMap(({ webhookSecret = [] }) => webhookSecret),
      ...listSecrets(memory).map(([, secret]) => secret),
    ],
  });

  parse(request: WebhookRequest): PaymentEvent[] {
    const { id, type } = readWebhook(request, head);
    if (!TYPES.has(type)) return [];
    const { object } = readWebhook(request, event).data;
    const reference = object.metadata?.paymentId;
    // Refunds made in Stripe's dashboard lack our metadata. Their payment is found by its id.
    const isPayment = object.object === 'payment_intent' || object.object === 'checkout.session';
    const externalId = object.payment_intent ?? (isPayment ? object.id : undefined);
    if (reference === undefined && externalId === undefined) return [];
    return [{ id, ...(reference !== undefined && { reference }), ...(externalId !== undefined && { externalId }) }];
  }
}
