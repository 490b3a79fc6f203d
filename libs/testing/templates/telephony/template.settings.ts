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

/** A manager's phone. */
export class TemplateExtension {
  @Field({ title: { en: 'Extension', es: 'Extensión', ru: 'Добавочный номер' } })
  @Matches(/^\d{2,6}$/, { message: 'must be 2 to 6 digits' })
  code!: string;

  @Field({ title: { en: 'User in the CRM', es: 'Usuario del CRM', ru: 'Пользователь CRM' }, lookup: 'users' })
  @IsOptional()
  @IsInt()
  @Min(1)
  userId?: number;
}

/** Settings of a connection: the account page's form comes from them. */
export class TemplateSettings {
  @Field({ title: { en: 'API address', es: 'Dirección de la API', ru: 'Адрес API' } })
  @NamesAddress()
  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['http', 'https'] })
  @MaxLength(200)
  baseUrl!: string;

  /** Also what its webhooks are signed with. */
  @Field({ title: { en: 'Token', es: 'Token', ru: 'Токен' } })
  @Secret()
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  token!: string;

  @Field({ title: { en: 'Country', es: 'País', ru: 'Страна' }, codesOf: COUNTRIES })
  @Matches(/^[A-Z]{2}$/, { message: 'must be two capital letters' })
  country: string = 'RU';

  @Field({ title: { en: 'Extensions', es: 'Extensiones', ru: 'Добавочные номера' } })
  @IsArray()
  @ArrayMaxSize(1000)
  @ValidateNested({ each: true })
  @Type(() => TemplateExtension)
  extensions: TemplateExtension[] = [];
}

/** What each call is given. */
export type TemplateContext = ProviderContext<TemplateSettings>;
