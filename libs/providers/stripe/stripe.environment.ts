import { IsOptional, IsUrl } from 'class-validator';

/** Settings of the operator's for Stripe. */
export class StripeEnvironment {
  /** Stripe's API. Another address points the adapter at the double. */
  @IsOptional() @IsUrl({ protocols: ['http', 'https'], require_tld: false, require_protocol: true }) STRIPE_URL?: string;
}
