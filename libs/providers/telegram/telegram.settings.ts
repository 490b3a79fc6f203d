import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsOptional, Matches, ValidateNested } from 'class-validator';
import { defineProblem, Field, type Language, LANGUAGES, Secret, SECTIONS, toLanguage } from '#platform';
import type { ProviderContext } from '#provider-kit';

/** A bot of the shop. */
export class TelegramBot {
  @Field({
    title: { en: 'Name of the bot here', es: 'Nombre del bot aquí', ru: 'Название бота здесь' },
    hint: {
      en: 'A word of your own, such as shop; customers do not see it',
      es: 'Una palabra suya, como tienda; los clientes no la ven',
      ru: 'Любое слово латиницей, например shop; клиенты его не видят',
    },
  })
  @Matches(/^[A-Za-z0-9_-]{1,32}$/, { message: 'must be at most 32 Latin letters, digits, dashes and underscores' })
  code!: string;

  @Field({
    title: { en: 'Token', es: 'Token', ru: 'Токен' },
    hint: {
      en: 'From @BotFather in Telegram: /newbot, or /token for a bot that you have',
      es: 'De @BotFather en Telegram: /newbot, o /token para un bot que ya tenga',
      ru: 'Выдаёт @BotFather в Telegram: /newbot или /token для бота, который уже есть',
    },
  })
  @Secret()
  @Matches(/^\d{4,20}:[A-Za-z0-9_-]{10,100}$/, {
    message: defineProblem({
      en: 'must be the token of a bot as @BotFather gives it: digits, a colon, letters',
      es: 'debe ser el token de un bot como lo da @BotFather: cifras, dos puntos, letras',
      ru: 'должно быть токеном бота, как его даёт @BotFather: цифры, двоеточие, буквы',
    }),
  })
  token!: string;

  @Field({
    title: { en: 'Language of customers', es: 'Idioma de los clientes', ru: 'Язык клиентов' },
    hint: {
      en: 'Of the words around products and orders; empty: the language of your CRM',
      es: 'De las palabras junto a productos y pedidos; vacío: el idioma de su CRM',
      ru: 'Для слов рядом с товарами и заказами; пусто: язык вашей CRM',
    },
    choices: {
      en: { en: 'English', es: 'Inglés', ru: 'Английский' },
      es: { en: 'Spanish', es: 'Español', ru: 'Испанский' },
      ru: { en: 'Russian', es: 'Ruso', ru: 'Русский' },
    },
  })
  @IsOptional()
  @IsIn(LANGUAGES)
  language?: Language;
}

/** Settings of a connection to Telegram: its bots, each a channel. */
export class TelegramSettings {
  @Field({ title: { en: 'Bots', es: 'Bots', ru: 'Боты' }, section: SECTIONS.connect })
  @IsArray()
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => TelegramBot)
  bots!: TelegramBot[];
}

/** What Telegram's functions receive with each call. */
export type TelegramContext = ProviderContext<TelegramSettings>;

/** The bot's id at Telegram, which its token begins with. */
export function readBotId({ token }: Pick<TelegramBot, 'token'>): string {
  return token.split(':', 1)[0] ?? '';
}

/** The language of what the bot's customers read. */
export function languageOf({ language }: TelegramBot, { account }: TelegramContext): Language {
  return language ?? toLanguage(account.language);
}
