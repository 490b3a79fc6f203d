import { IsOptional, IsString, IsUrl } from 'class-validator';

/** Settings of the operator's for YooKassa. */
export class YookassaEnvironment {
  /** YooKassa's API. Another address points the adapter at the double. */
  @IsOptional() @IsUrl({ protocols: ['http', 'https'], require_tld: false, require_protocol: true }) YOOKASSA_URL?: string;
  /** The partner's application at YooKassa. With it, shops connect without a key. */
  @IsOptional() @IsString() YOOKASSA_CLIENT_ID?: string;
  @IsOptional() @IsString() YOOKASSA_CLIENT_SECRET?: string;
}
