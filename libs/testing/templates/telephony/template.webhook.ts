import { IsIn, IsISO8601, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { equalInConstantTime, getParser, hmacSha256Hex } from '#platform';
import { ProviderError, type WebhookRequest } from '#provider-kit';
import type { CallDirection, CallEvent, TelephonyWebhook } from '#telephony/port';
import type { TemplateContext, TemplateSettings } from './template.settings.js';

/** What the service posts: how a call stands, all of it each time. */
export class WireCall {
  @IsString() @MaxLength(200) id!: string;
  @Matches(/^\S{1,200}$/) call!: string;
  @IsIn(['in', 'out']) direction!: CallDirection;
  @IsString() customer!: string;
  @IsString() extension!: string;
  @IsISO8601() startedAt!: string;
  @IsOptional() @IsISO8601() answeredAt?: string;
  @IsOptional() @IsISO8601() endedAt?: string;
  /** With `endedAt`. */
  @IsOptional() @IsString() result?: string;
}

/** How far the signed time may be from ours, in seconds. */
const TOLERANCE_S = 300;

/** Events of calls, signed with the token: HMAC-SHA256 of `{seconds since 1970}.{raw body}`. */
export class TemplateWebhook implements TelephonyWebhook<TemplateSettings> {
  verify({ headers, rawBody }: WebhookRequest, { settings, now }: TemplateContext): boolean {
    const timestamp = headers['x-timestamp'] ?? '';
    const signature = hmacSha256Hex(settings.token, Buffer.concat([Buffer.from(`${timestamp}.`), rawBody]));
    const isFresh = Math.abs(now.getTime() / 1_000 - Number(timestamp)) <= TOLERANCE_S;
    return equalInConstantTime(headers['x-signature'] ?? '', signature) && isFresh;
  }

  /** Throws ProviderError `invalid` when the event cannot be read. */
  parse({ rawBody }: WebhookRequest): CallEvent[] {
    try {
      const data = getParser(WireCall).parseJson(Buffer.from(rawBody).toString('utf8'), 'body');
      return [{ id: data.id, call: data.call, data }];
    } catch (error) {
      throw new ProviderError('invalid', 'The webhook cannot be read', { cause: error });
    }
  }
}
