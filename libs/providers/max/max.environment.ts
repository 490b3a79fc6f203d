import { IsOptional, IsUrl } from 'class-validator';

/** Settings of the operator's for MAX. */
export class MaxEnvironment {
  /** The Bot API, without a slash at its end. Another address points the adapter at the double. */
  @IsOptional() @IsUrl({ protocols: ['http', 'https'], require_tld: false, require_protocol: true }) MAX_URL?: string;
}
