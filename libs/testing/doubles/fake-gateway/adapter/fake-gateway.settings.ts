import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsNotEmpty, IsString, IsUrl, MaxLength, ValidateNested } from 'class-validator';
import { PaymentShop } from '#payment/port';
import { Field, NamesAddress, Secret } from '#platform';
import type { ProviderContext } from '#provider-kit';

/** Settings of a connection to the fake gateway. */
export class FakeGatewaySettings {
  /** Where its API is, without a path. */
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

  @Field({ title: { en: 'Shops', es: 'Tiendas', ru: 'Магазины' } })
  @IsArray()
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => PaymentShop)
  shops: PaymentShop[] = [];
}

/** What each call is given. */
export type FakeGatewayContext = ProviderContext<FakeGatewaySettings>;
