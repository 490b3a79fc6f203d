import { IsIn, IsNotEmpty, IsOptional, IsString, IsUUID, ValidateNested } from 'class-validator';
import { Type } from 'class-transformer';
import type { PaymentEvent } from '#payment/port';
import { BadInputError, equalInConstantTime, hmacSha256Hex, getParser } from '#platform';
import { ProviderError, type ProviderContext, type ProviderWebhook, type WebhookRequest } from '#provider-kit';
import type { TestpaySettings } from './testpay.settings.js';

/** Header of the signature: `t=<Unix seconds>,v1=<hex HMAC-SHA256 of "<t>.<body>">`. */
export const SIGNATURE_HEADER = 'testpay-signature';

/** Maximum difference between the signature's time and ours, in seconds. */
const TOLERANCE = 300;

/** The payment of a webhook. */
export class TestpayEventPaymentDto {
  /** The reference under which it was created. */
  @IsUUID() id!: string;
}

/** Body of a webhook. It reports that a payment changed. The change itself is read from the gateway. */
export class TestpayEventDto {
  @IsString() @IsNotEmpty() id!: string;
  @IsString() @IsNotEmpty() type!: string;
  @IsOptional() @IsString() createdAt?: string;
  @IsOptional() @IsIn(['test']) mode?: string;
  @ValidateNested() @Type(() => TestpayEventPaymentDto) payment!: TestpayEventPaymentDto;
}

/** Returns the header's value for a body at a moment. */
export function signBody(body: string | Uint8Array, key: string, at: Date): string {
  const seconds = Math.floor(at.getTime() / 1000);
  return `t=${seconds},v1=${computeHmac(seconds, body, key)}`;
}

/** The webhook steps of the test gateway. `getKey` returns the key that signs a connection's webhooks. */
export function buildWebhook(
  getKey: (connectionId: string, settings: TestpaySettings) => string,
): ProviderWebhook<TestpaySettings, PaymentEvent> {
  return {
    verify: (request: WebhookRequest, context: ProviderContext<TestpaySettings>): boolean => {
      const match = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(request.headers[SIGNATURE_HEADER] ?? '');
      const [, seconds = '', signature = ''] = match ?? [];
      const key = getKey(context.connectionId, context.settings);
      if (!equalInConstantTime(computeHmac(Number(seconds), request.rawBody, key), signature)) return false;
      return Math.abs(context.now.getTime() / 1000 - Number(seconds)) <= TOLERANCE;
    },
    parse: (request: WebhookRequest): PaymentEvent[] => {
      try {
        const event = events.parseJson(new TextDecoder().decode(request.rawBody), 'body');
        return [{ id: event.id, reference: event.payment.id }];
      } catch (error) {
        if (error instanceof BadInputError) throw new ProviderError('invalid', error.message, { fields: { ...error.errors } });
        throw error;
      }
    },
  };
}

const events = getParser(TestpayEventDto);

function computeHmac(seconds: number, body: string | Uint8Array, key: string): string {
  return hmacSha256Hex(key, Buffer.concat([Buffer.from(`${seconds}.`), Buffer.from(body)]));
}
