import { IsOptional, IsUrl } from 'class-validator';

/** Settings of the operator's for Telegram. */
export class TelegramEnvironment {
  /** The Bot API, without a slash at its end. Another address points the adapter at the double. */
  @IsOptional() @IsUrl({ protocols: ['http', 'https'], require_tld: false, require_protocol: true }) TELEGRAM_URL?: string;
}
