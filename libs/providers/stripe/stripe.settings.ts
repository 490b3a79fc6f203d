import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsOptional, Matches, ValidateNested } from 'class-validator';
import { PaymentShop } from '#payment/port';
import { defineProblem, Field, Secret, SECTIONS } from '#platform';
import type { ProviderContext } from '#provider-kit';
import { texts } from './stripe.texts.js';

/** A Stripe account that takes payments. */
export class StripeShop extends PaymentShop {
  /** For calls of the API. The README lists the rights that a restricted key needs. */
  @Field(texts.shop.secretKey)
  @Secret()
  @Matches(/^(sk|rk)_[A-Za-z0-9_]{1,250}$/, { message: defineProblem(texts.problems.secretKey) })
  secretKey!: string;

  /**
   * Stripe's signing secret, for an endpoint made by hand. Our endpoint's secret is remembered automatically.
   */
  @Field(texts.shop.webhookSecret)
  @Secret()
  @IsOptional()
  @Matches(/^whsec_[A-Za-z0-9+/=_-]{4,250}$/, { message: defineProblem(texts.problems.webhookSecret) })
  webhookSecret?: string;
}

/** Settings of a connection to Stripe: its shops, which may share an account. */
export class StripeSettings {
  @Field({ ...texts.settings.shops, section: SECTIONS.connect })
  @IsArray()
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => StripeShop)
  shops!: StripeShop[];
}

/** Whether no money moves with a key. */
export function isTestKey(key: string): boolean {
  return /^.k_test_/.test(key);
}

/** The context of each call of Stripe's functions. */
export type StripeContext = ProviderContext<StripeSettings>;
