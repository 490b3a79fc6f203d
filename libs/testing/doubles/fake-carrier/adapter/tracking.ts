import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsISO8601, IsOptional, IsString, ValidateNested } from 'class-validator';
import type { DeliveryWebhook, ExistingDelivery, CarrierReport, WebhookEvent } from '#delivery/port';
import { equalInConstantTime, hmacSha256Hex, getParser } from '#platform';
import { ProviderError, type WebhookRequest } from '#provider-kit';
import type { FakeCarrierClient } from './fake-carrier.client.js';
import { explainRefusal } from './fake-carrier.errors.js';
import type { FakeCarrierContext, FakeCarrierSettings } from './fake-carrier.settings.js';
import { readStatus } from './fake-carrier.statuses.js';
import { dropUndefined } from './parcels.js';

class WireEvent {
  @IsString() id!: string;
  @IsString() order!: string;
  @IsString() state!: string;
  @IsISO8601() at!: string;
  @IsOptional() @IsString() comment?: string;
  @IsOptional() @IsString() trackNumber?: string;
}

/** Events: of `GET /v1/events` and of a webhook. */
class WireEvents {
  @IsArray() @ArrayMaxSize(10_000) @ValidateNested({ each: true }) @Type(() => WireEvent) events!: WireEvent[];
}

/** The most orders that the carrier answers events of at once. */
const MOST_IDS = 50;
/** How far the signed time may be from ours, in seconds. */
const TOLERANCE = 300;

/** Asks for the events of these orders. Throws ProviderError. */
export async function trackOrders(
  client: FakeCarrierClient,
  deliveries: readonly ExistingDelivery[],
  context: FakeCarrierContext,
): Promise<CarrierReport[]> {
  const reports: CarrierReport[] = [];
  for (let start = 0; start < deliveries.length; start += MOST_IDS) {
    const ids = deliveries.slice(start, start + MOST_IDS).map(({ externalId }) => externalId);
    const call = { method: 'GET', path: '/v1/events', query: { orders: ids.join(',') }, effect: false } as const;
    reports.push(...(await explainRefusal(client.read(WireEvents, call, context))).events.map(toReport));
  }
  return reports;
}

/** Verifies HMAC-SHA256 of `{seconds since 1970}.{raw body}`; headers hold the time and the hex signature. */
export class FakeCarrierWebhook implements DeliveryWebhook<FakeCarrierSettings> {
  verify(request: WebhookRequest, context: FakeCarrierContext): boolean {
    const timestamp = request.headers['x-carrier-timestamp'];
    const signature = request.headers['x-carrier-signature'];
    const { webhookSecret } = context.settings;
    // An empty secret would let anyone sign.
    if (timestamp === undefined || signature === undefined || webhookSecret === '' || !/^\d{1,12}$/.test(timestamp)) return false;
    const signed = hmacSha256Hex(webhookSecret, Buffer.concat([Buffer.from(`${timestamp}.`), request.rawBody]));
    const isFresh = Math.abs(context.now.getTime() / 1_000 - Number(timestamp)) <= TOLERANCE;
    return equalInConstantTime(signature, signed) && isFresh;
  }

  /** Throws ProviderError `invalid` when the events cannot be read. */
  parse(request: WebhookRequest): WebhookEvent[] {
    try {
      const { events } = getParser(WireEvents).parseJson(Buffer.from(request.rawBody).toString('utf8'), 'body');
      return events.map((event) => ({ id: event.id, reports: [toReport(event)] }));
    } catch (error) {
      throw new ProviderError('invalid', 'The webhook cannot be read', { cause: error });
    }
  }
}

function toReport(event: WireEvent): CarrierReport {
  return dropUndefined({
    externalId: event.order,
    code: readStatus(event.state),
    updatedAt: new Date(event.at),
    comment: event.comment,
    trackNumber: event.trackNumber,
  });
}
