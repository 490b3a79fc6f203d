import { IsOptional, IsUrl } from 'class-validator';

/** Settings of the operator's for MoySklad. */
export class MoyskladEnvironment {
  /** MoySklad's JSON API. Another address points the adapter at the double. */
  @IsOptional() @IsUrl({ protocols: ['http', 'https'], require_tld: false, require_protocol: true }) MOYSKLAD_URL?: string;
}
