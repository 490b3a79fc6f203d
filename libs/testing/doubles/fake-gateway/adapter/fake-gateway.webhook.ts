import { IsNotEmpty, IsString, MaxLength } from 'class-validator';
import type { PaymentEvent } from '#payment/port';
import { equalInConstantTime, getParser, hmacSha256Hex } from '#platform';
import { ProviderError, type ProviderWebhook, type WebhookRequest } from '#provider-kit';
import type { FakeGatewayContext, FakeGatewaySettings } from './fake-gateway.settings.js';

/** There is news of a payment; what it is has to be asked. */
class WireEvent {
  @IsString() @IsNotEmpty() @MaxLength(200) id!: string;
  /** Our reference. */
  @IsString() @IsNotEmpty() payment!: string;
}

/** How far the signed time may be from ours, in seconds. */
const TOLERANCE_S = 300;

/** Events, signed with the token: HMAC-SHA256 of `{seconds since 1970}.{raw body}`. */
export class FakeGatewayWebhook implements ProviderWebhook<FakeGatewaySettings, PaymentEvent> {
  verify({ headers, rawBody }: WebhookRequest, { settings, now }: FakeGatewayContext): boolean {
    const timestamp = headers['x-timestamp'] ?? '';
    const signature = hmacSha256Hex(settings.token, Buffer.concat([Buffer.from(`${timestamp}.`), rawBody]));
    const isFresh = Math.abs(now.getTime() / 1_000 - Number(timestamp)) <= TOLERANCE_S;
    return equalInConstantTime(headers['x-signature'] ?? '', signature) && isFresh;
  }

  /** Throws ProviderError `invalid` when the event cannot be read. */
  parse({ rawBody }: WebhookRequest): PaymentEvent[] {
    try {
      const { id, payment } = getParser(WireEvent).parseJson(Buffer.from(rawBody).toString('utf8'), 'body');
      return [{ id, reference: payment }];
    } catch (error) {
      throw new ProviderError('invalid', 'The webhook cannot be read', { cause: error });
    }
  }
}
