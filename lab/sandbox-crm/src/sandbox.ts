import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { Losses } from './control/losses.js';
import { ArrivalClock } from './engine/arrival-clock.js';
import type { ReceivedCall } from './engine/call.js';
import { Faults } from './engine/faults.js';
import { RateLimiter, type RateLimits } from './engine/rate-limiter.js';
import { newAccount } from './store/new-account.js';
import { AccountContext } from './store/account-context.js';
import { Blobs } from './store/blobs.js';
import { ExchangeLog } from './store/exchange-log.js';
import { StateFile } from './store/state-file.js';
import { type Account, type ApiKey, type LoggedExchange, type SandboxState } from './store/state.js';

/** Options of a sandbox. */
export interface SandboxOptions {
  /** Folder of the state. Without it the state is only in memory. */
  readonly dataDir?: string;
  /** A key of the default account with all scopes. */
  readonly apiKey?: string;
  /** Base URL of a double of the message gateway, for chat modules. Default: none. */
  readonly chatGateway?: string;
  /** Base URL of the deployment whose modules are offered. Default: none. */
  readonly modulesUrl?: string;
  /** Folder of the built pages, for the screens. Default: no screens. */
  readonly pages?: string;
  /** Calls per second. Default: 10 and 40. */
  readonly limits?: RateLimits;
  /** Returns the secret of a module. Default: the development secret. */
  readonly moduleSecret?: (code: string) => string;
  /** The clock. */
  readonly clock?: () => Date;
  /** Called for every API call when it arrives. The object is updated during the call. */
  readonly onCall?: (call: ReceivedCall) => void;
  /** Whether a call that is read late counts from its possible arrival, for machines busy with specs. */
  readonly forgivesStalls?: boolean;
  /** Receives warnings. */
  readonly warn?: (message: string) => void;
}

/** Code of the account that always exists. */
export const DEFAULT_ACCOUNT = 'default';

/** The CRM's side: accounts and their records, exchanges, limits and faults, kept across restarts. */
export class Sandbox {
  readonly exchanges: ExchangeLog;
  readonly faults = new Faults();
  readonly losses = new Losses();
  readonly limiter = new RateLimiter();
  readonly arrivals = new ArrivalClock();
  readonly onCall: SandboxOptions['onCall'];
  readonly limits: RateLimits;
  /** Base URL of a double of the message gateway, if there is one. */
  readonly chatGateway: string | undefined;
  /** Base URL of the deployment whose modules are offered, if there is one. */
  readonly modulesUrl: string | undefined;
  /** Folder of the built pages, if there is one. */
  readonly pages: string | undefined;
  /** Emits each exchange, and any change of the state. */
  readonly news = new EventEmitter<{ entry: [LoggedExchange]; changed: [] }>();
  /** Uploaded files by `account-id`. */
  readonly files: Blobs;
  /** Printed forms by file name. */
  readonly printed: Blobs;
  /** Returns the secret of the module with this code. */
  readonly moduleSecret: (code: string) => string;
  /** Base URL of the main port. Set when the server listens. */
  mainUrl = 'http://127.0.0.1';
  private readonly state: SandboxState;
  private readonly file: StateFile;
  private readonly clock: () => Date;
  private readonly apiKey: string | undefined;

  /** Opens the state of the data folder, or starts a new one. */
  constructor(options: SandboxOptions = {}) {
    this.file = new StateFile(
      options.dataDir === undefined ? undefined : join(options.dataDir, 'sandbox.json'),
      options.warn ?? console.warn,
    );
    this.files = new Blobs(options.dataDir === undefined ? undefined : join(options.dataDir, 'files'));
    this.printed = new Blobs(options.dataDir === undefined ? undefined : join(options.dataDir, 'printed'));
    this.clock = options.clock ?? (() => new Date());
    this.apiKey = options.apiKey;
    this.onCall = options.onCall;
    this.chatGateway = options.chatGateway;
    this.modulesUrl = options.modulesUrl;
    this.pages = options.pages;
    this.news.setMaxListeners(0);
    if (options.forgivesStalls === true) this.arrivals.start();
    this.limits = options.limits ?? { ordinary: 10, telephony: 40 };
    this.moduleSecret = options.moduleSecret ?? ((code) => `development-secret-of-${code}`);
    this.state = this.file.load() ?? { version: 2, accounts: {}, exchanges: [], exchangeId: 0 };
    this.exchanges = new ExchangeLog(
      this.state,
      () => this.changed(),
      (entry) => this.news.emit('entry', entry),
    );
    if (!this.state.accounts[DEFAULT_ACCOUNT]) this.addAccount(DEFAULT_ACCOUNT, 'Sandbox shop');
  }

  /** All accounts. */
  get accounts(): Account[] {
    return Object.values(this.state.accounts);
  }

  /** Returns the account with this code, if there is one. */
  account(code: string): Account | undefined {
    return this.state.accounts[code];
  }

  /** Returns the account on a local port, if any. The main port's account may have moved. */
  accountAt(port: number | undefined): Account | undefined {
    return (
      this.accounts.find((account) => account.port === port) ??
      (this.isOwnPort(port) ? undefined : this.accounts.find((account) => account.port === undefined))
    );
  }

  /** Adds an account with its own reference data and settings. */
  addAccount(code: string, name: string, port?: number): Account {
    const account = newAccount(code, name, this.clock());
    if (port !== undefined) account.port = port;
    this.state.accounts[code] = account;
    this.changed();
    return account;
  }

  /** Returns the base URL of an account for modules. */
  buildUrl(account: Account): string {
    if (account.port === undefined) return this.mainUrl;
    const url = new URL(this.mainUrl);
    url.port = String(account.port);
    return url.origin;
  }

  /** Returns the account with its clock and records. */
  context(account: Account): AccountContext {
    return new AccountContext(account, this.buildUrl(account), () => this.changed(), this.clock);
  }

  /**
   * Returns an account's active key with this value. For the default account also the configured key, with
   * all scopes.
   */
  findKey(account: Account, value: string): ApiKey | undefined {
    if (this.apiKey !== undefined && account.code === DEFAULT_ACCOUNT && value === this.apiKey)
      return { key: value, scopes: ['*'], active: true };
    return account.keys.find((key) => key.active && key.key === value);
  }

  /** Creates a key with these scopes. */
  makeKey(account: Account, scopes: readonly string[], module?: string): ApiKey {
    const key: ApiKey = {
      key: randomBytes(16).toString('hex'),
      scopes: [...new Set(scopes)],
      active: true,
      module,
    };
    account.keys.push(key);
    this.changed();
    return key;
  }

  /** Returns the current time of the sandbox's clock. */
  now(): Date {
    return this.clock();
  }

  /**
   * Removes records, deliveries, exchanges and faults. `everything`: also modules, keys, settings and other
   * accounts. Ids continue, because a module may remember orders and a CRM never reuses an id.
   */
  reset(everything: boolean): void {
    for (const account of this.accounts) {
      const fresh = newAccount(account.code, account.name, this.clock());
      fresh.ids = { ...fresh.ids, ...account.ids };
      if (!everything) Object.assign(account, { records: fresh.records, ids: fresh.ids, deliveries: [] });
      else if (account.code === DEFAULT_ACCOUNT) this.state.accounts[account.code] = fresh;
      else delete this.state.accounts[account.code];
    }
    this.exchanges.clear();
    this.faults.remove();
    this.losses.clear();
    this.changed();
  }

  /** Must be called after the state was changed. */
  changed(): void {
    this.file.changed(this.state);
    this.news.emit('changed');
  }

  /** Writes unsaved changes to the disk. */
  async close(): Promise<void> {
    this.arrivals.stop();
    await this.file.close(this.state);
  }

  private isOwnPort(port: number | undefined): boolean {
    return port === undefined || this.extraPorts.has(port);
  }

  /** Further ports that the server listens on. */
  readonly extraPorts = new Set<number>();
}
