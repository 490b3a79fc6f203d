import { IsIn, IsNotEmpty, IsOptional, IsString, IsUrl, MaxLength, MinLength } from 'class-validator';
import { Field, NamesAddress, Secret } from '#platform';
import type { ProviderContext } from '#provider-kit';
import { texts } from './fake-carrier.texts.js';

/** Settings of a connection to the fake carrier. */
export class FakeCarrierSettings {
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

  /** What the carrier signs its webhooks with. */
  @Field(texts.settings.webhookSecret)
  @Secret()
  @IsString()
  @MinLength(16)
  @MaxLength(200)
  webhookSecret!: string;

  /** Missing: as the carrier has it. */
  @Field(texts.settings.senderName)
  @IsOptional()
  @IsString()
  @MaxLength(200)
  senderName?: string;

  @Field(texts.settings.senderPhone)
  @IsOptional()
  @IsString()
  @MaxLength(40)
  senderPhone?: string;

  /** What the shop has agreed with the carrier. */
  @Field(texts.settings.contract)
  @IsIn(['full', 'prepaid'])
  contract: 'full' | 'prepaid' = 'full';
}

/** What each call is given. */
export type FakeCarrierContext = ProviderContext<FakeCarrierSettings>;
