import type { Subjects } from '#journal';
import { textFor } from '#platform';
import type { AccountSettings, CallBudget } from '#provider-kit';
import type { Problems } from './health/problems.js';
import { type HostedModule, isFirstPart } from './hosted-modules.js';

/**
 * A connection as the rest of the project sees it, through one provider of its module: parsed and
 * immutable.
 */
export interface Connection {
  readonly id: string;
  /** Through that provider. */
  readonly module: HostedModule;
  /** The connection through each provider of its module, in the order of `modules.json`. */
  readonly views: readonly Connection[];
  /** By which the CRM knows this instance of the module: the module's code for the account's first one. */
  readonly code: string;
  /** What the shop calls this instance; null: it gave no name. */
  readonly name: string | null;
  readonly systemUrl: string;
  readonly active: boolean;
  /** By the CRM. */
  readonly frozen: boolean;
  /** Null: not frozen by the operator. */
  readonly frozenByOperatorAt: Date | null;
  /** When the operator or the account's users took the module out; null: they did not. */
  readonly disconnectedAt: Date | null;
  /** A trial beside another module: it answers questions and has no effect (`shadow.ts`). */
  readonly shadow: boolean;
  readonly account: AccountSettings;
  /** Of the provider's settings class; while kept in memory, the same object until the stored ones change. */
  readonly settings: object;
  /**
   * The settings as the manifest's `compiler` opened them: reading `settings` throws then. Undefined:
   * `settings` has them.
   */
  readonly compiled?: object | undefined;
  /**
   * What the account rules beside the settings, of the class `module.rules`; undefined: nothing. The same
   * object as long as `settings` would be.
   */
  readonly rules: object | undefined;
  /** What `connect` of its provider last remembered. Holds secrets: not for logs. */
  readonly memory: Readonly<Record<string, string>>;
  readonly version: number;
  /**
   * Calls at which the provider refused the credentials and has not accepted them since (`ServiceWatch`).
   */
  readonly refusedCalls: readonly string[];
  /** What stands against the whole connection, as it was read; `NO_PROBLEMS` itself: nothing. */
  readonly problems: Problems;
  /**
   * The time that the callback, or other work, has for calls to providers; without it each call has its own.
   */
  readonly budget?: CallBudget | undefined;
  /** Number of the request that this was read for; its rows, jobs and log lines carry it. */
  readonly request?: string | undefined;
  /** What the work is about, for the journal: of callbacks of adapters, operations and webhooks. */
  readonly subjects?: Subjects | undefined;
}

/**
 * Whether the module is active, nobody froze it and it is no shadow, so that it works by itself. In SQL: the
 * view `live_connection` (id, module_code, version); with shadows `served_connection`.
 */
export function isLive(of: Pick<Connection, 'active' | 'frozen' | 'frozenByOperatorAt' | 'shadow'>): boolean {
  return of.active && !of.frozen && !of.frozenByOperatorAt && !of.shadow;
}

/** What the account's users read as the module's name, `CDEK: Madrid` for a further instance. */
export function nameConnection({ module, code, name, account }: Pick<Connection, 'module' | 'code' | 'name' | 'account'>): string {
  const title = textFor(module.names, account.language);
  return name === null || code === module.code ? title : `${title}: ${name}`;
}

/** Returns the connection through its provider of an integration; undefined when its module has none. */
export function findView({ views }: Connection, integration: string): Connection | undefined {
  return views.find(({ module }) => module.integration === integration);
}

/**
 * Returns the path of the connection's webhooks: that of the module's first provider ends with the
 * connection's id, that of another with its code.
 */
export function buildWebhookPath({ id, module }: Pick<Connection, 'id' | 'module'>): string {
  return `/${module.code}/webhooks/${id}${isFirstPart(module) ? '' : `/${module.manifest.code}`}`;
}

/** By module and time zone: to list the zones of a country takes a while. */
const countriesFound = new WeakMap<HostedModule, Map<string, string>>();

/**
 * Returns the country of the module in whose time zone the account is, or its only one, as ISO 3166-1
 * alpha-2; empty when neither is known.
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
 * Returns the connection bound to a request number, and to the time for provider calls and what it is about
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

/** Returns the connection as it would be with other settings, which are not stored. */
export function tryWithSettings(connection: Connection, settings: object): Connection {
  return new TriedConnection(connection, settings);
}

/** A class, because an object that writes its own getter is only freed by a full garbage collection. */
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
  readonly refusedCalls: readonly string[];
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
    this.refusedCalls = from.refusedCalls;
    this.problems = from.problems;
  }

  abstract get views(): readonly Connection[];
  /** Read on demand: settings that no longer fit after an upgrade must not stop what does not need them. */
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

  /** Settings that are not stored are not compiled either. */
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
