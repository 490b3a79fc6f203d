import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { IsIn, IsInt, IsNumber, IsOptional, IsString, IsUrl, Matches, Max, Min } from 'class-validator';
import ipaddr from 'ipaddr.js';
import { sha256Hex } from '../crypto/crypto.js';
import { Reach } from '../reach/reach.js';
import { NAMELESS_OPERATOR, type OperatorToken, parseOperatorTokens } from './operator-tokens.js';
import { Secret } from '../validation/decorators.js';
import { MODULE_SECRET, readSecretFiles } from './secret-files.js';
import { checkSettings, EnvironmentError, type SelfChecking, type Variables } from './settings.js';

/** Prefix of Standard Webhooks secrets. */
const WEBHOOK_SECRET = 'whsec_';
/** Least bytes of such a secret. */
const LEAST_KEY = 16;

/** Name of the file that names modules, and its folder if it is not in the working directory. */
const MODULES_FILE = 'modules.json';
const MODULES_DIR = '/etc/crossdock';

/** Least characters of a secure OPERATOR_TOKEN. */
const LEAST_TOKEN = 20;

/** Names of networks that Fastify takes for TRUSTED_PROXIES. */
const PROXY_NETWORKS = ['loopback', 'linklocal', 'uniquelocal'];

/** The deployment's settings, described in `.env.example`. Providers declare their own settings classes. */
export class Environment implements SelfChecking {
  /** `npm run up` and `dev` set `development`, which accepts the published secrets of development. */
  @IsOptional() @IsIn(['production', 'development', 'test']) NODE_ENV: 'production' | 'development' | 'test' = 'production';
  /** Commit that was built, for the metrics. The image sets it. */
  @IsOptional() @IsString() COMMIT: string = 'unknown';
  /** Port of the api. */
  @IsOptional() @IsInt() @Min(0) @Max(65535) PORT: number = 3000;
  /** Port of the operator API, the console, `/docs` and `/metrics`. By default PORT. */
  @IsOptional() @IsInt() @Min(1) @Max(65535) OPERATOR_PORT?: number;
  /** Address the api listens on. */
  @IsOptional() @IsString() HOST: string = '0.0.0.0';
  /** Port of the worker's own health and metrics; 0 turns them off. */
  @IsOptional() @IsInt() @Min(0) @Max(65535) WORKER_PORT: number = 0;
  /** Seconds that an api serves on after the request to end, until proxies have noticed. */
  @IsOptional() @IsInt() @Min(0) @Max(600) DRAIN_SECONDS?: number;
  /** Maximum difference from PostgreSQL's clock, seconds. Beyond it a worker accepts no work. */
  @IsOptional() @IsInt() @Min(1) @Max(86_400) CLOCK_SKEW_MAX_S: number = 30;
  /** Address under which the CRM and providers reach the api, without a slash at the end. */
  @IsOptional() @IsUrl({ protocols: ['http', 'https'], require_tld: false, require_protocol: true }) PUBLIC_URL?: string;
  @Secret()
  @Matches(/^postgres(ql)?:\/\//, { message: 'must be a postgres:// address; `npm run up` starts a database and sets it' })
  DATABASE_URL!: string;
  /** Connections to PostgreSQL each process may hold. */
  @IsOptional() @IsInt() @Min(2) @Max(500) DATABASE_POOL: number = 20;
  /** Connections, with their settings, that each process may keep in memory, MB. */
  @IsOptional() @IsInt() @Min(8) @Max(4096) CONNECTION_CACHE_MB: number = 144;
  /** One address, or several separated by commas for a Redis Cluster. */
  @Secret() @IsOptional() @Matches(/^rediss?:\/\//, { message: 'must be a redis:// or rediss:// address' }) REDIS_URL?: string;
  /** Codes of the modules to host, separated by commas. */
  @IsOptional() @IsString() MODULES?: string;
  /** Folder of the partner's own modules: `modules.json`, logos, and providers in `node_modules`. */
  @IsOptional() @IsString() MODULES_DIR?: string;
  /** Names another file than that. Paths and packages in it are relative to its folder. */
  @IsOptional() @IsString() MODULES_FILE?: string;
  /** 32 bytes as base64 or hex. Several are separated by commas: the first encrypts, all decrypt. */
  @Secret()
  @Matches(/^\s*([0-9a-fA-F]{64}|[\w+/-]{43}=?)\s*(,\s*([0-9a-fA-F]{64}|[\w+/-]{43}=?)\s*)*$/, {
    message: 'must be 32 bytes as base64 or hex, several separated by commas. Make one with `openssl rand -base64 32`',
  })
  ENCRYPTION_KEY!: string;
  /** Token of an operator without a name, who has all rights. */
  @Secret() @IsOptional() @IsString() OPERATOR_TOKEN?: string;
  /** Tokens of operators by name: `name:rights[@module+module]:sha256`, separated by commas or lines. */
  @Secret() @IsOptional() @IsString() OPERATOR_TOKENS: string = '';
  /** Base URLs of CRMs outside the vendor's domains, comma-separated. Only these may be http or private. */
  @IsOptional() @IsString() CRM_HOSTS: string = '';
  /** Non-public hosts, networks and `host:port` that accounts may name in settings, comma-separated. */
  @IsOptional() @IsString() PRIVATE_HOSTS?: string;
  /** Addresses or networks of proxies whose X-Forwarded-For is trusted, comma-separated. */
  @IsOptional() @IsString() TRUSTED_PROXIES: string = '';
  @IsOptional() @IsIn(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']) LOG_LEVEL: string = 'info';
  /** Base URL of a collector of traces (OTLP over HTTP); without it nothing of tracing is loaded. */
  @IsOptional() @IsUrl({ protocols: ['http', 'https'], require_tld: false, require_protocol: true }) OTEL_EXPORTER_OTLP_ENDPOINT?: string;
  /** Headers of each export: `name=value`, separated by commas. */
  @IsOptional()
  @Matches(/^[^=,]+=[^,]*(,[^=,]+=[^,]*)*$/, { message: 'must be name=value, several separated by commas' })
  OTEL_EXPORTER_OTLP_HEADERS?: string;
  /** Share of the requests that are traced. */
  @IsOptional() @IsNumber() @Min(0) @Max(1) OTEL_TRACES_SAMPLER_ARG: number = 1;
  /** Milliseconds from a callback's arrival to the provider's reply, including waits for the database. */
  @IsOptional() @IsInt() @Min(100) @Max(60_000) PROVIDER_BUDGET_MS: number = 5000;

  /** Days after which names, phones, addresses and e-mails are erased from finished records. 0 keeps them. */
  @IsOptional() @IsInt() @Min(0) @Max(36_500) RETENTION_DAYS: number = 365;
  /** Days after which deliveries that ended, their statuses and shipments are deleted; 0 keeps them. */
  @IsOptional() @IsInt() @Min(0) @Max(36_500) DELIVERY_RETENTION_DAYS: number = 1095;
  /** Days after which settled payments, their refunds and history are deleted; 0 keeps them. */
  @IsOptional() @IsInt() @Min(0) @Max(36_500) PAYMENT_RETENTION_DAYS: number = 1825;
  /** Days after which rows of registers and their entries are deleted, at least 181; 0 keeps them. */
  @IsOptional() @IsInt() @Min(0) @Max(36_500) REGISTER_RETENTION_DAYS: number = 1825;
  /** Days after which ended calls are deleted; 0 keeps them. */
  @IsOptional() @IsInt() @Min(0) @Max(36_500) CALL_RETENTION_DAYS: number = 1095;
  /** Days after which chat messages are deleted. Edits and quotes need their ids. 0 keeps them. */
  @IsOptional() @IsInt() @Min(0) @Max(36_500) CHAT_RETENTION_DAYS: number = 90;
  /** Days after which finished operations that answer no repeats are deleted; 0 keeps them. */
  @IsOptional() @IsInt() @Min(0) @Max(36_500) OPERATION_RETENTION_DAYS: number = 180;

  /** Days that the journal of calls is kept; 0: there is none. */
  @IsOptional() @IsInt() @Min(0) @Max(365) JOURNAL_DAYS: number = 7;
  /** MB on disk that the journal may take. The source with the most rows loses its oldest rows first. */
  @IsOptional() @IsInt() @Min(16) @Max(1_000_000) JOURNAL_MAX_MB: number = 2048;
  /**
   * One in this number of successful `calculate` callbacks is written to the journal. Failures always are.
   */
  @IsOptional() @IsInt() @Min(1) @Max(1_000_000) JOURNAL_CALCULATE_SAMPLE: number = 100;
  /**
   * Exchanges of an account per second, after a hundred times as many immediately. Five times as many are
   * taken of failures.
   * 0: any number.
   */
  @IsOptional() @IsInt() @Min(0) @Max(1_000_000) JOURNAL_ACCOUNT_RATE: number = 10;

  /** Days after which entries of the operators' audit list are deleted; 0 keeps them. */
  @IsOptional() @IsInt() @Min(0) @Max(36_500) AUDIT_DAYS: number = 365;
  /** When the nightly comparisons begin, an hour from 0 to 23 in UTC; `off`: only by command. */
  @IsOptional() @Matches(/^(off|[01]?\d|2[0-3])$/, { message: 'must be an hour from 0 to 23, or off' }) RECONCILIATION_HOUR: string = '1';
  /** Kinds of differences that are fixed automatically, separated by commas. If empty, no difference is. */
  @IsOptional() @IsString() RECONCILIATION_MENDS: string = '';

  /** Hours without a call after which a connection's service is checked; 0: never. */
  @IsOptional() @IsInt() @Min(0) @Max(8760) HEALTH_CHECK_HOURS: number = 6;
  /** URL that receives changes in the health of connections, for the operator. */
  @IsOptional() @IsUrl({ protocols: ['http', 'https'], require_tld: false, require_protocol: true }) OPERATOR_WEBHOOK_URL?: string;
  /** Signs the requests to OPERATOR_WEBHOOK_URL. Several are separated by commas: each signs. */
  @Secret() @IsOptional() @IsString() OPERATOR_WEBHOOK_SECRET?: string;

  /** `on`: texts of the message gateway hold HTML's entities (`&amp;`), which are put back. */
  @IsOptional() @IsIn(['on', 'off']) CHAT_UNESCAPE: 'on' | 'off' = 'off';

  /** `off`: no module registers widgets for the CRM's cards. */
  @IsOptional() @IsIn(['on', 'off']) WIDGETS: 'on' | 'off' = 'on';
  /** Codes of the modules whose archive is published in the partner account, separated by commas. */
  @IsOptional() @IsString() WIDGETS_PUBLISHED: string = '';
  /** `off`: no shop can switch on actions of widgets with an effect, such as refunds. */
  @IsOptional() @IsIn(['on', 'off']) WIDGET_ACTIONS: 'on' | 'off' = 'on';

  /** Secrets in `MODULE_<CODE>_SECRET` of each module, by the variable's name. The first is the newest. */
  moduleSecrets: Record<string, readonly string[]> = {};

  problems(): Record<string, string> {
    const guessable = this.production && this.OPERATOR_TOKEN !== undefined && this.OPERATOR_TOKEN.length < LEAST_TOKEN;
    const { problem } = parseOperatorTokens(this.OPERATOR_TOKENS);
    return {
      ...(guessable && {
        OPERATOR_TOKEN: `must have ${LEAST_TOKEN} characters or more in production. Make one with \`openssl rand -hex 24\``,
      }),
      ...(problem !== undefined && { OPERATOR_TOKENS: problem }),
      ...(this.MODULES_DIR !== undefined &&
        !existsSync(join(this.MODULES_DIR, MODULES_FILE)) && {
          MODULES_DIR: `must be a folder with a ${MODULES_FILE} that this user can read`,
        }),
      ...(this.OPERATOR_PORT === this.PORT && { OPERATOR_PORT: 'must differ from PORT. Leave it out to serve all on PORT' }),
      ...this.findWebhookProblem(),
      ...this.findAddressProblems(),
    };
  }

  /** Warnings about settings that are accepted. */
  listWarnings(): string[] {
    if (this.production || !this.publicUrl.startsWith('https:')) return [];
    return [
      `NODE_ENV is ${this.NODE_ENV}, although PUBLIC_URL is https: modules without MODULE_<CODE>_SECRET accept the published secret of development, ` +
        'and OPERATOR_TOKEN may be short. Set NODE_ENV=production, or give each module a secret.',
    ];
  }

  /** Tokens of OPERATOR_TOKENS and OPERATOR_TOKEN. If there are none, the operator API is off. */
  get operatorTokens(): OperatorToken[] {
    const nameless: OperatorToken[] = this.OPERATOR_TOKEN
      ? [{ name: NAMELESS_OPERATOR, may: 'act+export', hash: sha256Hex(this.OPERATOR_TOKEN) }]
      : [];
    return [...parseOperatorTokens(this.OPERATOR_TOKENS).tokens, ...nameless];
  }

  private findAddressProblems(): Record<string, string> {
    const isProxy = (text: string): boolean => PROXY_NETWORKS.includes(text) || ipaddr.isValid(text) || ipaddr.isValidCIDR(text);
    return {
      ...(!this.crmHosts.every((text) => URL.canParse(text)) && {
        CRM_HOSTS: 'must be base URLs such as https://crm.example.com, separated by commas',
      }),
      ...(!this.trustedProxies.every(isProxy) && {
        TRUSTED_PROXIES: 'must be addresses or networks such as 10.0.0.0/8, separated by commas',
      }),
      ...this.findPrivateHostsProblem(),
    };
  }

  private findPrivateHostsProblem(): Record<string, string> {
    try {
      new Reach(this.privateHosts);
      return {};
    } catch (error) {
      if (!(error instanceof EnvironmentError)) throw error;
      return { PRIVATE_HOSTS: error.message.replace(/^PRIVATE_HOSTS /, '') };
    }
  }

  private findWebhookProblem(): Record<string, string> {
    if (this.OPERATOR_WEBHOOK_URL === undefined) return {};
    const keys = this.operatorWebhookKeys;
    if (keys.length > 0 && keys.every(({ length }) => length >= LEAST_KEY)) return {};
    return {
      OPERATOR_WEBHOOK_SECRET: `must have ${LEAST_KEY} bytes or more if OPERATOR_WEBHOOK_URL is set. Make one with \`echo "whsec_$(openssl rand -base64 32)"\``,
    };
  }

  get production(): boolean {
    return this.NODE_ENV === 'production';
  }

  /** PUBLIC_URL or its default, without a slash at the end. */
  get publicUrl(): string {
    return (this.PUBLIC_URL ?? `http://127.0.0.1:${this.PORT}`).replace(/\/+$/, '');
  }

  /** File with the partner's modules. Without it the built-in modules are hosted. */
  get modulesFile(): string {
    if (this.MODULES_FILE !== undefined) return this.MODULES_FILE;
    if (this.MODULES_DIR !== undefined) return join(this.MODULES_DIR, MODULES_FILE);
    return existsSync(MODULES_FILE) ? MODULES_FILE : join(MODULES_DIR, MODULES_FILE);
  }

  /** DRAIN_SECONDS or its default, 5 in production and 0 elsewhere, in milliseconds. */
  get drainMs(): number {
    return (this.DRAIN_SECONDS ?? (this.production ? 5 : 0)) * 1000;
  }

  get crmHosts(): string[] {
    return splitList(this.CRM_HOSTS);
  }

  /** PRIVATE_HOSTS or its default: nothing in production, this machine elsewhere. */
  get privateHosts(): string[] {
    return splitList(this.PRIVATE_HOSTS ?? (this.production ? '' : 'localhost,127.0.0.0/8,::1'));
  }

  get trustedProxies(): string[] {
    return splitList(this.TRUSTED_PROXIES);
  }

  /** The hour (UTC) at which nightly comparisons start. Undefined if they do not run. */
  get reconciliationHour(): number | undefined {
    return this.RECONCILIATION_HOUR === 'off' ? undefined : Number(this.RECONCILIATION_HOUR);
  }

  /** Keys of OPERATOR_WEBHOOK_SECRET. A secret that begins with `whsec_` is base64. */
  get operatorWebhookKeys(): Buffer[] {
    return splitList(this.OPERATOR_WEBHOOK_SECRET ?? '').map((text) =>
      text.startsWith(WEBHOOK_SECRET) ? Buffer.from(text.slice(WEBHOOK_SECRET.length), 'base64') : Buffer.from(text),
    );
  }

  get reconciliationMends(): string[] {
    return splitList(this.RECONCILIATION_MENDS);
  }

  /** OTEL_EXPORTER_OTLP_HEADERS by their names. */
  get traceHeaders(): Record<string, string> {
    const pairs = splitList(this.OTEL_EXPORTER_OTLP_HEADERS ?? '').map((pair) => pair.split(/=(.*)/s, 2));
    return Object.fromEntries(pairs.map(([name = '', value = '']) => [name.trim(), value.trim()]));
  }

  get publishedWidgets(): string[] {
    return splitList(this.WIDGETS_PUBLISHED);
  }

  get moduleCodes(): string[] | undefined {
    return this.MODULES === undefined ? undefined : splitList(this.MODULES);
  }
}

/** Checks the deployment's own settings. Throws EnvironmentError naming every wrong one. */
export function readEnvironment(variables: Variables): Environment {
  const given = readSecretFiles([Environment], variables);
  const [environment] = checkSettings([Environment], given.variables, given.problems);
  return withModuleSecrets(environment as Environment, given.variables);
}

/** Fills in the secrets, whose names depend on the modules. */
export function withModuleSecrets(environment: Environment, variables: Variables): Environment {
  const secrets = Object.entries(variables).filter(([name]) => MODULE_SECRET.test(name));
  environment.moduleSecrets = Object.fromEntries(
    secrets.map(([name, text = '']): [string, string[]] => [name, splitList(text)]).filter(([, list]) => list.length > 0),
  );
  return environment;
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
