import { IsOptional, IsString, IsUrl, MaxLength, MinLength } from 'class-validator';
import { Field, NamesAddress, Secret } from '#platform';
import type { ProviderContext } from '#provider-kit';
import { texts } from './fake-warehouse.texts.js';

/** Settings of a connection to the fake warehouse. */
export class FakeWarehouseSettings {
  /** Where its API is, without a path. */
  @Field(texts.settings.baseUrl)
  @NamesAddress()
  @IsString()
  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['http', 'https'] })
  @MaxLength(200)
  baseUrl!: string;

  /** The secret that signs calls and webhooks. */
  @Field(texts.settings.secret)
  @Secret()
  @IsString()
  @MinLength(16)
  @MaxLength(200)
  secret!: string;

  @Field(texts.settings.mainStore)
  @IsOptional()
  @IsString()
  @MaxLength(100)
  mainStore?: string;
}

/** The context of each call. */
export type FakeWarehouseContext = ProviderContext<FakeWarehouseSettings>;
