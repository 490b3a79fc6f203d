import type { Subjects } from '#journal';
import { textFor } from '#platform';
import type { AccountSettings, CallBudget } from '#provider-kit';
import type { Problems } from './problems.js';
import { type HostedModule, isFirstProvider } from './hosted-modules.js';

/**
 * A connection for use in the rest of the project, through one provider of its module: parsed and
 * immutable.
 */
export interface Connection {
  readonly id: string;
  /** The module through that provider. */
  readonly module: HostedModule;
  /** The connection through each provider of its module, in the order of `modules.json`. */
  readonly views: readonly Connection[];
  /** The instance's code in the CRM: the module's code for the account's first instance. */
  readonly code: string;
  /** The shop's name for this instance. Null if it is not named. */
  readonly name: string | null;
  readonly systemUrl: string;
  readonly active: boolean;
  /** Whether it is frozen by the CRM. */
  readonly frozen: boolean;
  /** Null: not frozen by the operator. */
  readonly frozenByOperatorAt: Date | null;
  /** When an operator or a user of the account disconnected the module. Null if it is not disconnected. */
  readonly disconnectedAt: Date | null;
  /** A trial next to another module. It answers queries but has no effects (`shadow.ts`). */
  readonly shadow: boolean;
  readonly account: AccountSettings;
  /** Instance of the provider's settings class. The same object until the stored settings change. */
  readonly settings: object;
  /**
   * The settings opened by the manifest's `compiler`. Reading `settings` throws then. Undefined if
   * `settings` has them.
   */
  readonly compiled?: object | undefined;
  /**
   * The account's rules, an instance of `module.rules`. Undefined if there are no rules. The same
   * object until the stored settings change.
   */
  readonly rules: object | undefined;
  /** Data last stored by the provider's `connect`. Contains secrets, so do not log it. */
  readonly memory: Readonly<Record<string, string>>;
  readonly version: number;
  /**
   * Calls at which the provider rejected the credentials and has not accepted them since (`ProviderWatch`).
   */
  readonly rejectedCalls: readonly string[];
  /** Problems of the whole connection when it was read. `NO_PROBLEMS` itself if there are none. */
  readonly problems: Problems;
  /**
   * The time budget of the callback or job for calls to providers. Without it each call has its own.
   */
  readonly budget?: CallBudget | undefined;
  /** Number of the request that it was read for, also used in its rows, jobs and log lines. */
  readonly request?: string | undefined;
  /** Subjects of the work, for the journal. Only for adapters' callbacks, operations and webhooks. */
  readonly subjects?: Subjects | undefined;
}

/**
 * Whether the module is active, not frozen and not a trial, so that it works on its own. In SQL: the
 * view `live_connection` (id, module_code, version), and `served_connection` including trials.
 */
export function isLive(of: Pick<Connection, 'active' | 'frozen' | 'frozenByOperatorAt' | 'shadow'>): boolean {
  return of.active && !of.frozen && !of.frozenByOperatorAt && !of.shadow;
}

/** Returns the module's name for the account's users: `CDEK: Madrid` for a further instance. */
export function nameConnection({ module, code, name, account }: Pick<Connection, 'module' | 'code' | 'name' | 'account'>): string {
  const title = textFor(module.names, account.language);
  return name === null || code === module.code ? title : `${title}: ${name}`;
}

/** Returns the connection through its provider of an integration. Undefined if there is no such provider. */
export function findView({ views }: Connection, integration: string): Connection | undefined {
  return views.find(({ module }) => module.integration === integration);
}

/**
 * Returns the path of the connection's webhooks. It ends with the connection's id for the module's first
 * provider, and with the provider's code for another provider.
 */
export function buildWebhookPath({ id, module }: Pick<Connection, 'id' | 'module'>): string {
  return `/${module.code}/webhooks/${id}${isFirstProvider(module) ? '' : `/${module.manifest.code}`}`;
}

/** By module and time zone, because listing the zones of a country takes a while. */
const countriesFound = new WeakMap<HostedModule, Map<string, string>>();

/**
 * Returns the country of the module that has the account's time zone, or its only country, as ISO 3166-1
 * alpha-2. Empty if neither is known.
 */
export function findCountry({ module, account: { timeZone } }: Pick<Connection, 'module' | 'account'>): string {
  let found = countriesFound.get(module);
  if (!found) countriesFound.set(module, (found = new Map()));
  let country = found.get(timeZone);
  if (country === undefined) {
    const { countries } = module;
    const only = countries.length === 1 ? (countries[0] ?? '') : '';
    country = countries.find((one) => listZones(one).includes(timeZone)) ?? only;
    found.set(timeZone, country);
  }
  return country;
}

function listZones(country: string): string[] {
  const locale = new Intl.Locale('und', { region: country }) as Intl.Locale & { getTimeZones?(): string[]; timeZones?: string[] };
  return locale.getTimeZones?.() ?? locale.timeZones ?? [];
}

/**
 * Returns the connection bound to a request number, a time budget for provider calls and subjects
 * (default: its own).
 */
export function bindToRequest(
  connection: Connection,
  request: string | undefined,
  budget = connection.budget,
  subjects = connection.subjects,
): Connection {
  return new BoundConnection(connection, request, budget, subjects);
}

/** Returns a copy of the connection with other settings, which are not stored. */
export function tryWithSettings(connection: Connection, settings: object): Connection {
  return new TriedConnection(connection, settings);
}

/** A class, because an object that defines its own getter is only freed by a full garbage collection. */
export abstract class ConnectionFields implements Connection {
  readonly id: string;
  readonly code: string;
  readonly name: string | null;
  readonly systemUrl: string;
  readonly active: boolean;
  readonly frozen: boolean;
  readonly frozenByOperatorAt: Date | null;
  readonly disconnectedAt: Date | null;
  readonly shadow: boolean;
  readonly account: AccountSettings;
  readonly version: number;
  readonly rejectedCalls: readonly string[];
  readonly problems: Problems;

  constructor(
    from: Omit<Connection, 'module' | 'views' | 'settings' | 'compiled' | 'rules' | 'memory' | 'budget' | 'request' | 'subjects'>,
    readonly module: HostedModule,
  ) {
    this.id = from.id;
    this.code = from.code;
    this.name = from.name;
    this.systemUrl = from.systemUrl;
    this.active = from.active;
    this.frozen = from.frozen;
    this.frozenByOperatorAt = from.frozenByOperatorAt;
    this.disconnectedAt = from.disconnectedAt;
    this.shadow = from.shadow;
    this.account = from.account;
    this.version = from.version;
    this.rejectedCalls = from.rejectedCalls;
    this.problems = from.problems;
  }

  abstract get views(): readonly Connection[];
  /** Read on demand, because settings that no longer fit after an upgrade must not stop unrelated work. */
  abstract get settings(): object;
  abstract get compiled(): object | undefined;
  abstract get rules(): object | undefined;
  abstract get memory(): Readonly<Record<string, string>>;
}

class BoundConnection extends ConnectionFields {
  constructor(
    private readonly connection: Connection,
    readonly request: string | undefined,
    readonly budget: CallBudget | undefined,
    readonly subjects: Subjects | undefined,
  ) {
    super(connection, connection.module);
  }

  get views(): readonly Connection[] {
    return this.connection.views.map((view) => new BoundConnection(view, this.request, this.budget, this.subjects));
  }

  get settings(): object {
    return this.connection.settings;
  }

  get compiled(): object | undefined {
    return this.connection.compiled;
  }

  get rules(): object | undefined {
    return this.connection.rules;
  }

  get memory(): Readonly<Record<string, string>> {
    return this.connection.memory;
  }
}

class TriedConnection extends ConnectionFields {
  readonly request: string | undefined;
  readonly budget: CallBudget | undefined;
  readonly subjects: Subjects | undefined;

  constructor(
    private readonly connection: Connection,
    readonly settings: object,
  ) {
    super(connection, connection.module);
    this.subjects = connection.subjects;
    this.request = connection.request;
    this.budget = connection.budget;
  }

  get views(): readonly Connection[] {
    return this.connection.views;
  }

  /** Settings that are not stored are not compiled. */
  get compiled(): undefined {
    return undefined;
  }

  get rules(): object | undefined {
    return this.connection.rules;
  }

  get memory(): Readonly<Record<string, string>> {
    return this.connection.memory;
  }
}

export { isUuid } from '#platform';
