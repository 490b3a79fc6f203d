import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { COUNTRIES, Field, NamesAddress, Secret } from '#platform';
import type { ProviderContext } from '#provider-kit';
import { texts } from './template.texts.js';

/** A manager's phone. */
export class TemplateExtension {
  @Field(texts.extension.code)
  @Matches(/^\d{2,6}$/, { message: 'must be 2 to 6 digits' })
  code!: string;

  @Field({ ...texts.extension.userId, lookup: 'users' })
  @IsOptional()
  @IsInt()
  @Min(1)
  userId?: number;
}

/** Settings of a connection: the account page's form comes from them. */
export class TemplateSettings {
  @Field(texts.settings.baseUrl)
  @NamesAddress()
  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['http', 'https'] })
  @MaxLength(200)
  baseUrl!: string;

  /** Also the secret that signs its webhooks. */
  @Field(texts.settings.token)
  @Secret()
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  token!: string;

  @Field({ ...texts.settings.country, codesOf: COUNTRIES })
  @Matches(/^[A-Z]{2}$/, { message: 'must be two capital letters' })
  country: string = 'RU';

  @Field(texts.settings.extensions)
  @IsArray()
  @ArrayMaxSize(1000)
  @ValidateNested({ each: true })
  @Type(() => TemplateExtension)
  extensions: TemplateExtension[] = [];
}

/** The context of each call. */
export type TemplateContext = ProviderContext<TemplateSettings>;
