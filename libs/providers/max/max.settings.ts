import { BotSettings } from '#chat/port';
import { FIELDS, type Language, LANGUAGES, toLanguage } from '#platform';
import type { ProviderContext } from '#provider-kit';
import { texts } from './max.texts.js';

const { field, connect } = FIELDS;

/** A bot of the shop. */
export class MaxBot {
  @field.text(texts.bot.code, {
    pattern: /^[A-Za-z0-9_-]{1,32}$/,
    problem: 'must be at most 32 Latin letters, digits, dashes and underscores',
  })
  code!: string;

  // The form of a token is not published. It has to fit a header.
  @field.text(texts.bot.token, { secret: true, pattern: /^[!-~]{10,300}$/, problem: texts.problems.token }) token!: string;
  @field.choice(LANGUAGES, texts.bot.language, { optional: true }) language?: Language;
}

/** Settings of a connection to MAX: its bots, each a channel. */
export class MaxSettings extends BotSettings {
  @connect.list(() => MaxBot, texts.settings.bots, { maxItems: 20 }) bots!: MaxBot[];
}

/** The context of each call of MAX's functions. */
export type MaxContext = ProviderContext<MaxSettings>;

/** The language of texts for the bot's customers. */
export function languageOf({ language }: MaxBot, { account }: MaxContext): Language {
  return language ?? toLanguage(account.language);
}
