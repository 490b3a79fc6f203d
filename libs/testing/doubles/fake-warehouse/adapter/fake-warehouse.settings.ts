import { IsOptional, IsString, IsUrl, MaxLength, MinLength } from 'class-validator';
import { Field, NamesAddress, Secret } from '#platform';
import type { ProviderContext } from '#provider-kit';

/** Settings of a connection to the fake warehouse. */
export class FakeWarehouseSettings {
  /** Where its API is, without a path. */
  @Field({ title: { en: 'API address', es: 'Dirección de la API', ru: 'Адрес API' } })
  @NamesAddress()
  @IsString()
  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['http', 'https'] })
  @MaxLength(200)
  baseUrl!: string;

  /** What calls and webhooks are signed with. */
  @Field({ title: { en: 'Secret', es: 'Secreto', ru: 'Секрет' } })
  @Secret()
  @IsString()
  @MinLength(16)
  @MaxLength(200)
  secret!: string;

  @Field({
    title: { en: 'Main warehouse', es: 'Almacén principal', ru: 'Основной склад' },
    hint: { en: 'Where none is named', es: 'Cuando no se nombra ninguno', ru: 'Если склад не указан' },
  })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  mainStore?: string;
}

/** What each call is given. */
export type FakeWarehouseContext = ProviderContext<FakeWarehouseSettings>;
