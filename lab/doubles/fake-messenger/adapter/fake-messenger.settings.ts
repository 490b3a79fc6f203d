import { IsNotEmpty, IsString, IsUrl, MaxLength, MinLength } from 'class-validator';
import { Field, NamesAddress, Secret } from '#platform';
import type { ProviderContext } from '#provider-kit';
import { texts } from './fake-messenger.texts.js';

/** Settings of a connection to the fake messenger. */
export class FakeMessengerSettings {
  /** Where its API is, without a path. */
  @Field(texts.settings.baseUrl)
  @NamesAddress()
  @IsString()
  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['http', 'https'] })
  @MaxLength(200)
  baseUrl!: string;

  @Field(texts.settings.apiKey)
  @Secret()
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  apiKey!: string;

  /** The secret in its webhooks. */
  @Field(texts.settings.webhookSecret)
  @Secret()
  @IsString()
  @MinLength(16)
  @MaxLength(200)
  webhookSecret!: string;
}

/** The context of each call. */
export type FakeMessengerContext = ProviderContext<FakeMessengerSettings>;
