import type { AccountSettings, CallBudget } from '#provider-kit';
import type { HostedModule } from './hosted-modules.js';

/** A connection as the rest of the project sees it: parsed, immutable, without secrets. */
export interface Connection {
  readonly id: string;
  readonly module: HostedModule;
  readonly systemUrl: string;
  readonly active: boolean;
  readonly frozen: boolean;
  readonly account: AccountSettings;
  /** Of the provider's settings class. The same object as long as the stored settings do not change. */
  readonly settings: object;
  readonly version: number;
  /**
   * Calls at which the provider refused the credentials and has not accepted them since (`CredentialsWatch`).
   */
  readonly refusedCalls: readonly string[];
  /**
   * The time that the callback, or other work, has for calls to providers; without it each call has its own.
   */
  readonly budget?: CallBudget | undefined;
  /** Number of the request that this was read for; its rows, jobs and log lines carry it. */
  readonly request?: string | undefined;
}

/**
 * Whether the module is active and not frozen. In SQL: the view `live_connection` (id, module_code, version).
 */
export function isLive({ active, frozen }: Pick<Connection, 'active' | 'frozen'>): boolean {
  return active && !frozen;
}

/** Returns the connection bound to a request number and to the time for provider calls (default: its own). */
export function bindToRequest(connection: Connection, request: string | undefined, budget = connection.budget): Connection {
  // Not a spread: that would read the settings, which may no longer fit, and takes three times as long.
  return {
    id: connection.id,
    module: connection.module,
    systemUrl: connection.systemUrl,
    active: connection.active,
    frozen: connection.frozen,
    account: connection.account,
    get settings() {
      return connection.settings;
    },
    version: connection.version,
    refusedCalls: connection.refusedCalls,
    budget,
    request,
  };
}

export { isUuid } from '#platform';
