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

  /** The carrier's signing secret for its webhooks. */
  @Field(texts.settings.webhookSecret)
  @Secret()
  @IsString()
  @MinLength(16)
  @MaxLength(200)
  webhookSecret!: string;

  /** If missing, the carrier's own name. */
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

  /** The shop's contract with the carrier. */
  @Field(texts.settings.contract)
  @IsIn(['full', 'prepaid'])
  contract: 'full' | 'prepaid' = 'full';
}

/** The context of each call. */
export type FakeCarrierContext = ProviderContext<FakeCarrierSettings>;
