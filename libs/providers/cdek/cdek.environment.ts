import { IsOptional, IsUrl } from 'class-validator';

/** Settings of the operator's for CDEK. */
export class CdekEnvironment {
  /** CDEK's API. Another address points the adapter at its test contour or at the double. */
  @IsOptional() @IsUrl({ protocols: ['http', 'https'], require_tld: false, require_protocol: true }) CDEK_URL?: string;
}
