import { Type } from 'class-transformer';
import { IsNotEmpty, IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';
import Stripe from 'stripe';
import type { PaymentEvent } from '#payment/port';
import { getParser } from '#platform';
import { ProviderError, type ProviderWebhook, type WebhookRequest } from '#provider-kit';
import { listSecrets } from './endpoints.js';
import { EVENTS } from './stripe.events.js';
import type { StripeContext, StripeSettings } from './stripe.settings.js';

/** How far the signed time may be from ours, either way. */
const TOLERANCE_SECONDS = 300;

/** Others are acknowledged and dropped. */
const TYPES: ReadonlySet<string> = new Set(EVENTS);

class WireMetadata {
  @IsOptional() @IsString() @MaxLength(500) paymentId?: string;
}

/** A session, payment, charge, refund or dispute, with the fields that lead to our payment. */
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

const heads = getParser(WireHead);
const events = getParser(WireEvent);

/**
 * Stripe's webhooks: signed over `{time}.{raw body}` with the endpoint's secret. Each account has its own: of
 * the endpoint that `connect` made, or of one made by hand.
 */
export class StripeWebhook implements ProviderWebhook<StripeSettings, PaymentEvent> {
  verify(request: WebhookRequest, context: StripeContext): boolean {
    const header = request.headers['stripe-signature'];
    if (header === undefined || !isDated(header, context.now)) return false;
    // All secrets are tried, so that the time it takes does not show which one fits.
    const secrets = [
      ...context.settings.shops.map(({ webhookSecret }) => webhookSecret),
      ...listSecrets(context.memory).map(([, secret]) => secret),
    ];
    return secrets.map((secret) => isSigned(request.rawBody, header, secret, context.now)).includes(true);
  }

  parse(request: WebhookRequest): PaymentEvent[] {
    const text = Buffer.from(request.rawBody).toString('utf8');
    try {
      if (!TYPES.has(heads.parseJson(text, 'body').type)) return [];
      const { id, data } = events.parseJson(text, 'body');
      return toEvents(id, data.object);
    } catch (error) {
      throw new ProviderError('invalid', 'The webhook cannot be read', { cause: error });
    }
  }
}

function toEvents(id: string, object: WireObject): PaymentEvent[] {
  const reference = object.metadata?.paymentId;
  // Refunds made in Stripe's dashboard lack our metadata; their payment is found by its id.
  const externalId =
    object.payment_intent ?? (object.object === 'payment_intent' || object.object === 'checkout.session' ? object.id : undefined);
  if (reference === undefined && externalId === undefined) return [];
  return [{ id, ...(reference !== undefined && { reference }), ...(externalId !== undefined && { externalId }) }];
}

function isSigned(rawBody: Uint8Array, header: string, secret: string | undefined, now: Date): boolean {
  try {
    Stripe.webhooks.constructEvent(Buffer.from(rawBody), header, secret ?? '', TOLERANCE_SECONDS, undefined, now.getTime());
    return true;
  } catch {
    return false;
  }
}

/** Whether the signed time is near ours; the SDK refuses only old ones. */
function isDated(header: string, now: Date): boolean {
  const time = /(?:^|,)t=(\d{1,12})(?:,|$)/.exec(header)?.[1];
  return time !== undefined && Math.abs(now.getTime() / 1000 - Number(time)) <= TOLERANCE_SECONDS;
}
