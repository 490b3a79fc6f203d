import { Type } from 'class-transformer';
import { IsISO8601, IsNotEmpty, IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';
import type { MessengerEvent } from '#chat/port';
import { equalInConstantTime, getParser, hmacSha256Hex } from '#platform';
import { ProviderError, type ProviderWebhook, type WebhookRequest } from '#provider-kit';
import type { TemplateContext, TemplateSettings } from '../common/template.settings.js';

class WirePerson {
  @IsString() @IsNotEmpty() @MaxLength(64) id!: string;
  @IsString() @IsNotEmpty() @MaxLength(255) name!: string;
}

/** What the service posts when a customer writes. */
class WireMessage {
  @IsString() @IsNotEmpty() @MaxLength(200) id!: string;
  @IsString() @IsNotEmpty() bot!: string;
  @IsString() @IsNotEmpty() chat!: string;
  @IsISO8601() at!: string;
  @ValidateNested() @Type(() => WirePerson) person!: WirePerson;
  @IsString() text!: string;
  /** Id of the message that it answers. */
  @IsOptional() @IsString() answers?: string;
}

/** How far the signed time may be from ours, in seconds. */
const TOLERANCE_S = 300;

/** Messages of customers, signed with the token: HMAC-SHA256 of `{seconds since 1970}.{raw body}`. */
export class TemplateWebhook implements ProviderWebhook<TemplateSettings, MessengerEvent> {
  verify({ headers, rawBody }: WebhookRequest, { settings, now }: TemplateContext): boolean {
    const timestamp = headers['x-timestamp'] ?? '';
    const signature = hmacSha256Hex(settings.token, Buffer.concat([Buffer.from(`${timestamp}.`), rawBody]));
    const isFresh = Math.abs(now.getTime() / 1_000 - Number(timestamp)) <= TOLERANCE_S;
    return equalInConstantTime(headers['x-signature'] ?? '', signature) && isFresh;
  }

  /** Throws ProviderError `invalid` when the event cannot be read. */
  parse({ rawBody }: WebhookRequest): MessengerEvent[] {
    try {
      return [toEvent(getParser(WireMessage).parseJson(Buffer.from(rawBody).toString('utf8'), 'body'))];
    } catch (error) {
      throw new ProviderError('invalid', 'The webhook cannot be read', { cause: error });
    }
  }
}

function toEvent({ id, bot, chat, at, person, text, answers }: WireMessage): MessengerEvent {
  return {
    ...{ id, account: bot, chat, at: new Date(at), type: 'message' },
    message: { id, kind: 'text', text, ...(answers !== undefined && { quote: answers }) },
    customer: { id: person.id, nickname: person.name },
  };
}
