import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsString, MaxLength, ValidateNested } from 'class-validator';
import { equalInConstantTime, getParser, hmacSha256Hex } from '#platform';
import { ProviderError, type ProviderWebhook, type WebhookRequest } from '#provider-kit';
import type { StockEvent } from '#store/port';
import type { FakeWarehouseContext, FakeWarehouseSettings } from './fake-warehouse.settings.js';
import { toOffer, WireGood } from './stocks.js';

class WireEvent {
  @IsString() @MaxLength(200) id!: string;
  @IsArray() @ArrayMaxSize(1_000) @ValidateNested({ each: true }) @Type(() => WireGood) goods!: WireGood[];
}

class WireEvents {
  @IsArray() @ArrayMaxSize(1_000) @ValidateNested({ each: true }) @Type(() => WireEvent) events!: WireEvent[];
}

/** How far the signed time may be from ours, in seconds. */
const TOLERANCE_S = 300;

/** Verifies HMAC-SHA256 of `{seconds since 1970}.{raw body}`; headers hold the time and the hex signature. */
export class FakeWarehouseWebhook implements ProviderWebhook<FakeWarehouseSettings, StockEvent> {
  verify({ headers, rawBody }: WebhookRequest, { settings, now }: FakeWarehouseContext): boolean {
    const timestamp = headers['x-warehouse-timestamp'] ?? '';
    // An empty secret would let anyone sign.
    if (settings.secret === '' || !/^\d{1,12}$/.test(timestamp)) return false;
    const signed = hmacSha256Hex(settings.secret, Buffer.concat([Buffer.from(`${timestamp}.`), rawBody]));
    const isFresh = Math.abs(now.getTime() / 1_000 - Number(timestamp)) <= TOLERANCE_S;
    return equalInConstantTime(headers['x-warehouse-signature'] ?? '', signed) && isFresh;
  }

  /** Throws ProviderError `invalid` when the events cannot be read. */
  parse({ rawBody }: WebhookRequest): StockEvent[] {
    try {
      const { events } = getParser(WireEvents).parseJson(Buffer.from(rawBody).toString('utf8'), 'body');
      return events.map(({ id, goods }) => ({ id, offers: goods.map(toOffer) }));
    } catch (error) {
      throw new ProviderError('invalid', 'The webhook cannot be read', { cause: error });
    }
  }
}
