import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { Field, NamesAddress, Secret } from '#platform';
import type { ProviderContext } from '#provider-kit';
import { PbxExternalPhone } from '#telephony/port';
import { texts } from './fake-pbx.texts.js';

/** A manager's phone. */
export class FakePbxExtension {
  @Field(texts.extension.code)
  @Matches(/^\d{3,5}$/, { message: 'must be 3 to 5 digits' })
  code!: string;

  @Field(texts.extension.userId)
  @IsOptional()
  @IsInt()
  @Min(1)
  userId?: number;
}

/** Settings of a connection to the fake PBX. */
export class FakePbxSettings {
  /** Where its API is, without a path. */
  @Field(texts.settings.baseUrl)
  @NamesAddress()
  @IsOptional()
  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['http', 'https'] })
  @MaxLength(200)
  baseUrl?: string;

  @Field(texts.settings.key)
  @IsString()
  @MaxLength(200)
  key = '';

  /** Signs calls of the API and webhooks. */
  @Field(texts.settings.secret)
  @Secret()
  @IsString()
  @MaxLength(200)
  secret = '';

  /** IANA zone of times from the PBX. */
  @Field(texts.settings.zone)
  @IsString()
  @MaxLength(100)
  zone = 'UTC';

  @Field(texts.settings.country)
  @Matches(/^[A-Z]{2}$/)
  country = 'RU';

  @Field(texts.settings.extensions)
  @IsArray()
  @ArrayMaxSize(1000)
  @ValidateNested({ each: true })
  @Type(() => FakePbxExtension)
  extensions: FakePbxExtension[] = [];

  @Field(texts.settings.externalPhones)
  @IsArray()
  @ArrayMaxSize(1000)
  @ValidateNested({ each: true })
  @Type(() => PbxExternalPhone)
  externalPhones: PbxExternalPhone[] = [];

  @Field(texts.settings.missedCode)
  @IsOptional()
  @Matches(/^\d{3,5}$/, { message: 'must be 3 to 5 digits' })
  missedCode?: string;

  /** How a call that was placed is recognised. */
  @Field(texts.settings.placedCalls)
  @IsIn(['matched', 'returned'])
  placedCalls: 'matched' | 'returned' = 'matched';

  @Field(texts.settings.routes)
  @IsBoolean()
  routes = false;

  @Field(texts.settings.routesToBusy)
  @IsBoolean()
  routesToBusy = false;

  /** Days that links to recordings work. */
  @Field(texts.settings.recordDays)
  @IsInt()
  @Min(1)
  recordDays = 365;

  @Field(texts.settings.keepRecords)
  @IsBoolean()
  keepRecords = false;
}

/** The context of each call. */
export type FakePbxContext = ProviderContext<FakePbxSettings>;
