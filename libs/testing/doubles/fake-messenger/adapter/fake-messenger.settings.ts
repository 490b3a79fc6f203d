import { IsNotEmpty, IsString, IsUrl, MaxLength, MinLength } from 'class-validator';
import { Field, NamesAddress, Secret } from '#platform';
import type { ProviderContext } from '#provider-kit';

/** Settings of a connection to the fake messenger. */
export class FakeMessengerSettings {
  /** Where its API is, without a path. */
  @Field({ title: { en: 'API address', es: 'Dirección de la API', ru: 'Адрес API' } })
  @NamesAddress()
  @IsString()
  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['http', 'https'] })
  @MaxLength(200)
  baseUrl!: string;

  @Field({ title: { en: 'API key', es: 'Clave de la API', ru: 'Ключ API' } })
  @Secret()
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  apiKey!: string;

  /** What its webhooks carry. */
  @Field({ title: { en: 'Webhook secret', es: 'Secreto de los webhooks', ru: 'Секрет вебхуков' } })
  @Secret()
  @IsString()
  @MinLength(16)
  @MaxLength(200)
  webhookSecret!: string;
}

/** What each call is given. */
export type FakeMessengerContext = ProviderContext<FakeMessengerSettings>;
