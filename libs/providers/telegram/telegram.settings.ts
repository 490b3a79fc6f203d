import { BotSettings } from '#chat/port';
import { FIELDS, type Language, LANGUAGES, toLanguage } from '#platform';
import type { ProviderContext } from '#provider-kit';
import { texts } from './telegram.texts.js';

const { field, connect } = FIELDS;

/** A bot of the shop. */
export class TelegramBot {
  @field.text(texts.bot.code, {
    pattern: /^[A-Za-z0-9_-]{1,32}$/,
    problem: 'must be at most 32 Latin letters, digits, dashes and underscores',
  })
  code!: string;

  @field.text(texts.bot.token, { secret: true, pattern: /^\d{4,20}:[A-Za-z0-9_-]{10,100}$/, problem: texts.problems.token }) token!: string;
  @field.choice(LANGUAGES, texts.bot.language, { optional: true }) language?: Language;
}

/** Settings of a connection to Telegram: its bots, each a channel. */
export class TelegramSettings extends BotSettings {
  @connect.list(() => TelegramBot, texts.settings.bots, { maxItems: 20 }) bots!: TelegramBot[];
}

/** The context of each call of Telegram's functions. */
export type TelegramContext = ProviderContext<TelegramSettings>;

/** The bot's id at Telegram, which its token begins with. */
export function readBotId({ token }: Pick<TelegramBot, 'token'>): string {
  return token.split(':', 1)[0] ?? '';
}

/** The language of texts for the bot's customers. */
export function languageOf({ language }: TelegramBot, { account }: TelegramContext): Language {
  return language ?? toLanguage(account.language);
}
