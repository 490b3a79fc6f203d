import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { OneStageShop } from '#payment/port';
import { defineProblem, Field, Secret, SECTIONS } from '#platform';
import type { ProviderContext } from '#provider-kit';
import { texts } from './mercadopago.texts.js';

/** The lookup of ways to pay that a shop may exclude. */
export const METHODS_LOOKUP = 'paymentMethods';

/** An application of Mercado Pago that takes payments into its seller's account. */
export class MercadoPagoShop extends OneStageShop {
  @Field(texts.shop.accessToken)
  @Secret()
  @Matches(/^(APP_USR|TEST)-[A-Za-z0-9_-]{1,250}$/, { message: defineProblem(texts.problems.accessToken) })
  accessToken!: string;

  /** Test credentials begin like live ones, so the shop sets this. The account itself must agree. */
  @Field(texts.shop.test)
  @IsBoolean()
  test: boolean = false;

  /** An application has one. Without it webhooks are rejected, and payments are polled. */
  @Field(texts.shop.webhookSecret)
  @Secret()
  @IsOptional()
  @Matches(/^[\x21-\x7e]{8,250}$/, { message: defineProblem(texts.problems.webhookSecret) })
  webhookSecret?: string;

  /** `capture_mode`: `automatic` in place of `automatic_async`. */
  @Field(texts.shop.binary)
  @IsBoolean()
  binary: boolean = false;

  /** `expiration_time`. Its maximum is unpublished. */
  @Field(texts.shop.expirationDays)
  @IsInt()
  @Min(1)
  @Max(90)
  expirationDays: number = 7;

  @Field(texts.shop.maxInstallments)
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(36)
  maxInstallments?: number;

  @Field({ ...texts.shop.excludedTypes, choices: texts.types })
  @IsArray()
  @ArrayUnique()
  @IsIn(Object.keys(texts.types), { each: true })
  excludedTypes: string[] = [];

  @Field({ ...texts.shop.excludedMethods, lookup: METHODS_LOOKUP })
  @IsArray()
  @ArrayMaxSize(50)
  @ArrayUnique()
  @IsString({ each: true })
  @IsNotEmpty({ each: true })
  @MaxLength(50, { each: true })
  excludedMethods: string[] = [];

  /** Mercado Pago's pages and SDK differ on the most characters: 13, or about 10. */
  @Field(texts.shop.statementDescriptor)
  @IsOptional()
  @Matches(/^[A-Za-z0-9][A-Za-z0-9 ]{0,9}$/, { message: defineProblem(texts.problems.statementDescriptor) })
  statementDescriptor?: string;
}

/** Settings of a connection to Mercado Pago: its shops, which may share an application. */
export class MercadoPagoSettings {
  @Field({ ...texts.settings.shops, section: SECTIONS.connect })
  @IsArray()
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => MercadoPagoShop)
  shops!: MercadoPagoShop[];

  @Field({ ...texts.settings.callsPerSecond, section: SECTIONS.connect })
  @IsInt()
  @Min(1)
  @Max(1_000)
  callsPerSecond: number = 20;
}

/** Whether a shop uses test credentials, by its setting or by their older form. */
export function isTestShop({ accessToken, test }: MercadoPagoShop): boolean {
  return test || isTestToken(accessToken);
}

/** Whether a token is a test one by its beginning, which newer ones do not have. */
export function isTestToken(token: string): boolean {
  return token.startsWith('TEST-');
}

/** The context of each call of Mercado Pago's functions. */
export type MercadoPagoContext = ProviderContext<MercadoPagoSettings>;
