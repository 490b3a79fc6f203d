import { IsIn, IsInt, IsOptional, IsString, IsUrl, Matches, Max, Min } from 'class-validator';
import { BadInputError, parserOf } from '../validation/index.js';

/**
 * The deployment's settings, read from the environment once at start (each is described in `.env.example`).
 * Nothing else in the project reads `process.env`.
 */
export class Environment {
  @IsOptional() @IsIn(['production', 'development', 'test']) NODE_ENV: 'production' | 'development' | 'test' = 'development';
  /** Port of the api. */
  @IsOptional() @IsInt() @Min(0) @Max(65535) PORT: number = 3000;
  /** Address the api listens on. */
  @IsOptional() @IsString() HOST: string = '0.0.0.0';
  /** Port of the worker's own health and metrics; 0 turns them off. */
  @IsOptional() @IsInt() @Min(0) @Max(65535) WORKER_PORT: number = 0;
  /** Address under which the CRM and providers reach the api, without a slash at the end. */
  @IsOptional() @IsUrl({ protocols: ['http', 'https'], require_tld: false, require_protocol: true }) PUBLIC_URL?: string;
  @Matches(/^postgres(ql)?:\/\//, { message: 'must be a postgres:// address; `npm run up` starts a database of its own and sets it' })
  DATABASE_URL!: string;
  /** Connections to PostgreSQL each process may hold. */
  @IsOptional() @IsInt() @Min(2) @Max(500) DATABASE_POOL: number = 20;
  /** One address, or several separated by commas for a Redis Cluster. */
  @IsOptional() @Matches(/^rediss?:\/\//, { message: 'must be a redis:// or rediss:// address' }) REDIS_URL?: string;
  @IsOptional() @IsString() DATA_DIR: string = './.data';
  /** Codes of the modules to host, separated by commas. */
  @IsOptional() @IsString() MODULES?: string;
  /** Where modules of the partner's own are named. */
  @IsOptional() @IsString() MODULES_FILE: string = 'modules.json';
  /** 32 bytes as base64 or hex; several separated by commas: the first encrypts, all decrypt. */
  @IsString() ENCRYPTION_KEY!: string;
  @IsOptional() @IsString() OPERATOR_TOKEN?: string;
  /** Base URLs of CRMs outside the vendor's domains, separated by commas; plain http and private addresses are allowed for these only. */
  @IsOptional() @IsString() CRM_HOSTS: string = '';
  /** Addresses or networks of proxies whose X-Forwarded-For is believed, separated by commas. */
  @IsOptional() @IsString() TRUSTED_PROXIES: string = '';
  @IsOptional() @IsIn(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']) LOG_LEVEL: string = 'info';
  /** Milliseconds a provider may take to answer a callback, in all. */
  @IsOptional() @IsInt() @Min(100) @Max(60_000) PROVIDER_BUDGET_MS: number = 5000;

  /** CDEK's API; another address points the adapter at its test contour or at the double. */
  @IsOptional() @IsUrl({ protocols: ['http', 'https'], require_tld: false, require_protocol: true }) CDEK_URL?: string;
  /** Stripe's API; another address points the adapter at the double. */
  @IsOptional() @IsUrl({ protocols: ['http', 'https'], require_tld: false, require_protocol: true }) STRIPE_URL?: string;

  /** Folder beneath which PBXs keep their recordings, each connection in one of its own; none are read from folders without it. */
  @IsOptional() @Matches(/[^/.]/, { message: 'must be a folder of recordings only' }) RECORDINGS_ROOT?: string;

  /** `MODULE_<CODE>_SECRET` of each module, by the variable's name. */
  moduleSecrets: Record<string, string> = {};

  get production(): boolean {
    return this.NODE_ENV === 'production';
  }

  /** PUBLIC_URL or its default, without a slash at the end. */
  get publicUrl(): string {
    return (this.PUBLIC_URL ?? `http://127.0.0.1:${this.PORT}`).replace(/\/+$/, '');
  }

  get crmHosts(): string[] {
    return listOf(this.CRM_HOSTS);
  }

  get trustedProxies(): string[] {
    return listOf(this.TRUSTED_PROXIES);
  }

  get moduleCodes(): string[] | undefined {
    return this.MODULES === undefined ? undefined : listOf(this.MODULES);
  }
}

/** A setting that is missing or wrong; the message names each and is meant for the person who starts the process. */
export class EnvironmentError extends Error {}

/** Reads and checks the environment. Empty variables count as missing. Throws EnvironmentError naming every wrong setting. */
export function readEnvironment(variables: NodeJS.ProcessEnv = process.env): Environment {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''));
  try {
    const environment = Object.assign(new Environment(), parserOf(Environment).parse(given));
    environment.moduleSecrets = Object.fromEntries(
      Object.entries(given).filter((entry): entry is [string, string] => /^MODULE_[A-Z0-9_]+_SECRET$/.test(entry[0])),
    );
    return environment;
  } catch (error) {
    if (!(error instanceof BadInputError)) throw error;
    const lines = Object.entries(error.errors).map(([name, problem]) => `  ${name} ${problem}`);
    throw new EnvironmentError(`The environment is not complete:\n${lines.join('\n')}\nEach setting is described in .env.example.`);
  }
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
