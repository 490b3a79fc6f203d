import { IsOptional, IsString, IsUrl } from 'class-validator';
import { findCertificateProblem } from '#provider-kit';

/** Settings of the operator's for MAX. */
export class MaxEnvironment {
  /** The Bot API, without a slash at its end. Another address points the adapter at the double. */
  @IsOptional() @IsUrl({ protocols: ['http', 'https'], require_tld: false, require_protocol: true }) MAX_URL?: string;
  /** A file with the authority of MAX's certificate, which few systems trust. For MAX only. */
  @IsOptional() @IsString() MAX_CA_FILE?: string;

  /** Finds problems by variable. */
  problems(): Readonly<Record<string, string>> {
    const problem = findCertificateProblem(this.MAX_CA_FILE);
    return problem === undefined ? {} : { MAX_CA_FILE: problem };
  }
}
