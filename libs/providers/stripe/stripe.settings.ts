import { PaymentShop } from '#payment/port';
import { FIELDS } from '#platform';
import type { ProviderContext } from '#provider-kit';
import { texts } from './stripe.texts.js';

const { field, connect } = FIELDS;

/** A Stripe account that takes payments. */
export class StripeShop extends PaymentShop {
  /** For calls of the API. The README lists the rights that a restricted key needs. */
  @field.text(texts.shop.secretKey, { secret: true, pattern: /^(sk|rk)_[A-Za-z0-9_]{1,250}$/, problem: texts.problems.secretKey })
  secretKey!: string;

  /**
   * Stripe's signing secret, for an endpoint made by hand. Our endpoint's secret is remembered automatically.
   */
  @field.text(texts.shop.webhookSecret, {
    secret: true,
    optional: true,
    pattern: /^whsec_[A-Za-z0-9+/=_-]{4,250}$/,
    problem: texts.problems.webhookSecret,
  })
  webhookSecret?: string;
}

/** Settings of a connection to Stripe: its shops, which may share an account. */
export class StripeSettings {
  @connect.list(() => StripeShop, texts.settings.shops, { maxItems: 50 }) shops!: StripeShop[];
}

/** Whether no money moves with a key. */
export function isTestKey(key: string): boolean {
  return /^.k_test_/.test(key);
}

/** The context of each call of Stripe's functions. */
export type StripeContext = ProviderContext<StripeSettings>;
