import { equalInConstantTime, hmacSha256Hex, parserOf } from '#platform';
import { ProviderError, type ProviderContext, type WebhookRequest } from '#provider-kit';
import type { DeliveryWebhook, WebhookEvent } from '#delivery/port';
import { WireEvents } from './fake-carrier.client.js';
import { toReport } from './fake-carrier.mapper.js';
import type { FakeCarrierSettings } from './fake-carrier.settings.js';

/** How far the time signed may be from ours, in seconds. */
const TOLERANCE = 300;

/** The carrier signs `{seconds since 1970}.{raw body}` with HMAC-SHA256; time and hex signature come as headers. */
export class FakeCarrierWebhook implements DeliveryWebhook<FakeCarrierSettings> {
  verify(request: WebhookRequest, context: ProviderContext<FakeCarrierSettings>): boolean {
    const timestamp = request.headers['x-carrier-timestamp'];
    const signature = request.headers['x-carrier-signature'];
    const { webhookSecret } = context.settings;
    // An empty secret would let anyone sign.
    if (timestamp === undefined || signature === undefined || webhookSecret === '' || !/^\d{1,12}$/.test(timestamp)) return false;
    const signed = hmacSha256Hex(webhookSecret, Buffer.concat([Buffer.from(`${timestamp}.`), request.rawBody]));
    const isFresh = Math.abs(context.now.getTime() / 1_000 - Number(timestamp)) <= TOLERANCE;
    return equalInConstantTime(signature, signed) && isFresh;
  }

  parse(request: WebhookRequest): WebhookEvent[] {
    try {
      const { events } = parserOf(WireEvents).parseJson(Buffer.from(request.rawBody).toString('utf8'), 'body');
      return events.map((event) => ({ id: event.id, reports: [toReport(event)] }));
    } catch (error) {
      throw new ProviderError('invalid', 'The webhook cannot be read', { cause: error });
    }
  }
}
