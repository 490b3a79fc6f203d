import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, Min, ValidateNested } from 'class-validator';
import { type DeliveryCode, DeliveryRefused } from '#chat/port';
import { type LocalText, textFor } from '#platform';
import { cleanText, cutText, ProviderError, quoteRefusal } from '#provider-kit';
import { texts } from './telegram.texts.js';

class WireParameters {
  @IsOptional() @IsInt() @Min(0) @Max(10_000_000) retry_after?: number;
}

/** A reply of the Bot API that is no result. */
export class WireRefusal {
  @IsInt() error_code!: number;
  @IsOptional() @IsString() description?: string;
  @IsOptional() @ValidateNested() @Type(() => WireParameters) parameters?: WireParameters;
}

/** A refusal of Telegram's: nothing was done. `description` is its own words, on one line. */
export class TelegramRefusal extends ProviderError {
  readonly description: string;

  constructor(
    readonly status: number,
    description: string,
    readonly language: string,
  ) {
    super('rejected', quoteRefusal('Telegram', [description], textFor(texts.refused, language)));
    this.description = cutText(cleanText(description), 200);
  }

  /** Whether Telegram's words are like these; they are for people, so only parts are compared. */
  says(pattern: RegExp): boolean {
    return pattern.test(this.description);
  }
}

const EXTERNAL_LENGTH = 100;

/** What Telegram's words mean to the gateway, the first that fits. */
const MEANINGS: readonly [words: RegExp, code: DeliveryCode, text: LocalText][] = [
  [/blocked by the user/i, 'access_restricted', texts.blocked],
  [/user is deactivated|chat not found|user not found|initiate conversation|PEER_ID_INVALID/i, 'customer_not_exists', texts.noCustomer],
];

/** Maps a refusal of a message to the gateway's words. `more` is said after why. */
export function toDeliveryError(error: TelegramRefusal, more?: LocalText): DeliveryRefused {
  const { description, language, message, status } = error;
  const [, code, text] = MEANINGS.find(([words]) => error.says(words)) ?? [];
  const reason = text ? textFor(text, language) : message;
  const why = more ? `${reason.replace(/\.?$/, '.')} ${textFor(more, language)}` : reason;
  return new DeliveryRefused(code ?? (status === 403 ? 'access_restricted' : 'general'), why, cutText(description, EXTERNAL_LENGTH));
}
