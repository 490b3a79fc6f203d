import { Type } from 'class-transformer';
import { IsNotEmpty, IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';
import Stripe from 'stripe';
import type { PaymentEvent } from '#payment/port';
import { parserOf } from '#platform';
import { ProviderError, type ProviderContext, type ProviderWebhook, type WebhookRequest } from '#provider-kit';
import type { StripeSettings } from './stripe.settings.js';

/** How far the signed time may be from ours, in seconds, either way. */
const TOLERANCE = 300;

/** Events that tell of a payment's life; others are acknowledged and forgotten. What they say is not believed: the payment is read instead. */
const TYPES: ReadonlySet<string> = new Set([
  'checkout.session.completed',
  'checkout.session.expired',
  'checkout.session.async_payment_succeeded',
  'checkout.session.async_payment_failed',
  'payment_intent.amount_capturable_updated',
  'payment_intent.succeeded',
  'payment_intent.canceled',
  'payment_intent.payment_failed',
  'charge.refunded',
  'charge.refund.updated',
  'refund.created',
  'refund.updated',
  'refund.failed',
  'charge.dispute.created',
  'charge.dispute.updated',
  'charge.dispute.closed',
  'charge.dispute.funds_withdrawn',
  'charge.dispute.funds_reinstated',
]);

class WireMetadata {
  @IsOptional() @IsString() @MaxLength(500) paymentId?: string;
}

/** A session, a payment, a charge, a refund or a dispute, as far as it leads to a payment of ours. */
class WireObject {
  @IsString() @IsNotEmpty() @MaxLength(255) id!: string;
  @IsString() object!: string;
  @IsOptional() @IsString() @MaxLength(255) payment_intent?: string;
  @IsOptional() @ValidateNested() @Type(() => WireMetadata) metadata?: WireMetadata;
}

class WireData {
  @ValidateNested() @Type(() => WireObject) object!: WireObject;
}

class WireHead {
  @IsString() @IsNotEmpty() @MaxLength(255) id!: string;
  @IsString() type!: string;
}

class WireEvent extends WireHead {
  @ValidateNested() @Type(() => WireData) data!: WireData;
}

const heads = parserOf(WireHead);
const events = parserOf(WireEvent);

/** Stripe's webhooks: signed over `{time}.{raw body}` with the secret of the endpoint, of which each shop has its own. */
export class StripeWebhook implements ProviderWebhook<StripeSettings, PaymentEvent> {
  verify(request: WebhookRequest, context: ProviderContext<StripeSettings>): boolean {
    const header = request.headers['stripe-signature'];
    if (header === undefined || !isDated(header, context.now)) return false;
    // All of them are tried, so that the time it takes does not tell which one fits.
    return context.settings.shops.map(({ webhookSecret }) => isSigned(request.rawBody, header, webhookSecret, context.now)).includes(true);
  }

  parse(request: WebhookRequest): PaymentEvent[] {
    const text = Buffer.from(request.rawBody).toString('utf8');
    try {
      if (!TYPES.has(heads.parseJson(text, 'body').type)) return [];
      const { id, data } = events.parseJson(text, 'body');
      return eventOf(id, data.object);
    } catch (error) {
      throw new ProviderError('invalid', 'The webhook cannot be read', { cause: error });
    }
  }
}

function eventOf(id: string, object: WireObject): PaymentEvent[] {
  const reference = object.metadata?.paymentId;
  // Refunds made in Stripe's dashboard bear no mark of ours; their payment is known by its id.
  const externalId =
    object.payment_intent ?? (object.object === 'payment_intent' || object.object === 'checkout.session' ? object.id : undefined);
  if (reference === undefined && externalId === undefined) return [];
  return [{ id, ...(reference !== undefined && { reference }), ...(externalId !== undefined && { externalId }) }];
}

function isSigned(rawBody: Uint8Array, header: string, secret: string | undefined, now: Date): boolean {
  try {
    Stripe.webhooks.constructEvent(Buffer.from(rawBody), header, secret ?? '', TOLERANCE, undefined, now.getTime());
    return true;
  } catch {
    return false;
  }
}

/** The SDK only looks for old ones. */
function isDated(header: string, now: Date): boolean {
  const time = /(?:^|,)t=(\d{1,12})(?:,|$)/.exec(header)?.[1];
  return time !== undefined && Math.abs(now.getTime() / 1000 - Number(time)) <= TOLERANCE;
}
