import { IsOptional, IsString, IsUrl, Matches } from 'class-validator';

/** Settings of the operator's for ApiShip. */
export class ApishipEnvironment {
  /** ApiShip's API. Another address points the adapter at the double. */
  @IsOptional() @IsUrl({ protocols: ['http', 'https'], require_tld: false, require_protocol: true }) APISHIP_URL?: string;

  /** The code that ApiShip's support issues to the author of a module, sent as `Platform` with every call. */
  @IsOptional() @IsString() @Matches(/^[\x21-\x7e]{1,100}$/) APISHIP_PLATFORM?: string;
}
