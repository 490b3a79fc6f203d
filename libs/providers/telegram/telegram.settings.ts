import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsOptional, Matches, ValidateNested } from 'class-validator';
import { defineProblem, Field, type Language, LANGUAGES, Secret, SECTIONS, toLanguage } from '#platform';
import type { ProviderContext } from '#provider-kit';
import { texts } from './telegram.texts.js';

/** A bot of the shop. */
export class TelegramBot {
  @Field(texts.bot.code)
  @Matches(/^[A-Za-z0-9_-]{1,32}$/, { message: 'must be at most 32 Latin letters, digits, dashes and underscores' })
  code!: string;

  @Field(texts.bot.token)
  @Secret()
  @Matches(/^\d{4,20}:[A-Za-z0-9_-]{10,100}$/, { message: defineProblem(texts.problems.token) })
  token!: string;

  @Field(texts.bot.language)
  @IsOptional()
  @IsIn(LANGUAGES)
  language?: Language;
}

/** Settings of a connection to Telegram: its bots, each a channel. */
export class TelegramSettings {
  @Field({ ...texts.settings.bots, section: SECTIONS.connect })
  @IsArray()
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => TelegramBot)
  bots!: TelegramBot[];
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
