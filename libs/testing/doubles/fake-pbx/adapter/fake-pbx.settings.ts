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

/** A manager's phone. */
export class FakePbxExtension {
  @Field({ title: { en: 'Extension', es: 'Extensión', ru: 'Добавочный номер' } })
  @Matches(/^\d{3,5}$/, { message: 'must be 3 to 5 digits' })
  code!: string;

  @Field({ title: { en: 'User in the CRM', es: 'Usuario del CRM', ru: 'Пользователь CRM' } })
  @IsOptional()
  @IsInt()
  @Min(1)
  userId?: number;
}

/** A number of the company. */
export class FakePbxExternalPhone {
  @Field({ title: { en: 'Store', es: 'Tienda', ru: 'Магазин' } })
  @IsString()
  @MaxLength(255)
  siteCode!: string;

  @Field({ title: { en: 'Phone', es: 'Teléfono', ru: 'Телефон' } })
  @Matches(/^\+?[\d ()-]{3,30}$/, { message: 'must be a phone number' })
  phone!: string;
}

/** Settings of a connection to the fake PBX. */
export class FakePbxSettings {
  /** Where its API is, without a path. */
  @Field({ title: { en: 'API address', es: 'Dirección de la API', ru: 'Адрес API' } })
  @NamesAddress()
  @IsOptional()
  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['http', 'https'] })
  @MaxLength(200)
  baseUrl?: string;

  @Field({ title: { en: 'Key', es: 'Clave', ru: 'Ключ' } })
  @IsString()
  @MaxLength(200)
  key = '';

  /** Signs calls of the API and webhooks. */
  @Field({ title: { en: 'Secret', es: 'Secreto', ru: 'Секрет' } })
  @Secret()
  @IsString()
  @MaxLength(200)
  secret = '';

  /** IANA zone in which the PBX tells the time. */
  @Field({ title: { en: 'Time zone', es: 'Zona horaria', ru: 'Часовой пояс' } })
  @IsString()
  @MaxLength(100)
  zone = 'UTC';

  @Field({ title: { en: 'Country', es: 'País', ru: 'Страна' } })
  @Matches(/^[A-Z]{2}$/)
  country = 'RU';

  @Field({ title: { en: 'Extensions', es: 'Extensiones', ru: 'Добавочные номера' } })
  @IsArray()
  @ArrayMaxSize(1000)
  @ValidateNested({ each: true })
  @Type(() => FakePbxExtension)
  extensions: FakePbxExtension[] = [];

  @Field({ title: { en: 'Numbers of the company', es: 'Números de la empresa', ru: 'Номера компании' } })
  @IsArray()
  @ArrayMaxSize(1000)
  @ValidateNested({ each: true })
  @Type(() => FakePbxExternalPhone)
  externalPhones: FakePbxExternalPhone[] = [];

  @Field({ title: { en: 'Missed calls of nobody', es: 'Llamadas perdidas de nadie', ru: 'Ничьи пропущенные' } })
  @IsOptional()
  @Matches(/^\d{3,5}$/, { message: 'must be 3 to 5 digits' })
  missedCode?: string;

  /** How a call that was placed is recognised. */
  @Field({
    title: { en: 'Placed calls', es: 'Llamadas realizadas', ru: 'Исходящие из CRM' },
    choices: {
      matched: { en: 'Matched by number and time', es: 'Se reconocen por número y hora', ru: 'Узнаются по номеру и времени' },
      returned: { en: 'Their id is returned', es: 'La centralita devuelve su id', ru: 'АТС возвращает их id' },
    },
  })
  @IsIn(['matched', 'returned'])
  placedCalls: 'matched' | 'returned' = 'matched';

  @Field({ title: { en: 'Put callers through to their managers', es: 'Pasar a su gestor', ru: 'Соединять с менеджером' } })
  @IsBoolean()
  routes = false;

  @Field({ title: { en: 'Also to managers who are busy', es: 'También si está ocupado', ru: 'Также с занятым' } })
  @IsBoolean()
  routesToBusy = false;

  /** Days that links to recordings work. */
  @Field({ title: { en: 'Days of recordings', es: 'Días de grabaciones', ru: 'Дней хранить ссылки на записи' } })
  @IsInt()
  @Min(1)
  recordDays = 365;

  @Field({ title: { en: 'Copy recordings to the CRM', es: 'Copiar grabaciones al CRM', ru: 'Копировать записи в CRM' } })
  @IsBoolean()
  keepRecords = false;
}

/** What each call is given. */
export type FakePbxContext = ProviderContext<FakePbxSettings>;
