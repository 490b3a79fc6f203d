import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsNotEmpty, IsString, IsUrl, MaxLength, ValidateNested } from 'class-validator';
import { PaymentShop } from '#payment/port';
import { Field, NamesAddress, Secret } from '#platform';
import type { ProviderContext } from '#provider-kit';
import { texts } from './fake-gateway.texts.js';

/** Settings of a connection to the fake gateway. */
export class FakeGatewaySettings {
  /** Where its API is, without a path. */
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

  @Field(texts.settings.shops)
  @IsArray()
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => PaymentShop)
  shops: PaymentShop[] = [];
}

/** The context of each call. */
export type FakeGatewayContext = ProviderContext<FakeGatewaySettings>;
