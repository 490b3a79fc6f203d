import { Injectable, Logger } from '@nestjs/common';
import { IsBoolean, IsNotEmpty, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import {
  type Connection,
  ConnectionStore,
  CrmClients,
  type HostedModule,
  HostedModules,
  isCrmRefusal,
  type NewAccount,
  SystemUrlError,
  SystemUrls,
  UNKNOWN_ACCOUNT,
} from '#connections';
import { AuthenticationError, CrmError, type exact } from '#crm-client';
import { OutboxService } from '#outbox';
import { BadInputError, CallbackError, Database, Environment, errorText, getParser, toLogLine, type Transaction } from '#platform';
import { readAccountSettings, SettingsDto } from './account-settings.js';
import { AccountService } from './account.service.js';
import { RegistrationParts } from './registration-parts.js';
import { RegistrationService } from './registration.service.js';
import { ServiceLinks } from './service-links.js';

/** An account and a key of its CRM. */
export class AccountKeyDto {
  /** Sent in a header. */
  @Matches(/^[\x21-\x7e]+$/, { message: 'must be letters, digits and signs without spaces' }) @MaxLength(500) apiKey!: string;
  @IsString() @IsNotEmpty() @MaxLength(500) systemUrl!: string;
}

/** A connection by hand; the body holds the provider's `settings` too. */
export class NewConnectionDto extends AccountKeyDto {
  /** Code of a module. */
  @IsString() @IsNotEmpty() module!: string;
  /** A trial beside the module that the shop uses. Missing: as it is, a new one is none. */
  @IsOptional() @IsBoolean() shadow?: boolean;
}

/** An account whose address, key and scopes the CRM confirmed. */
export interface CheckedAccount extends NewAccount {
  /** Why its settings could not be read. */
  readonly settingsProblem?: string;
  /** The provider's settings, validated; missing: those stored, or the defaults. */
  readonly settings?: object;
}

/** Brings accounts in, whoever asks: checks what they come with, stores it and registers the module. */
@Injectable()
export class ConnectingService {
  private readonly logger = new Logger(ConnectingService.name);

  constructor(
    private readonly connections: ConnectionStore,
    private readonly modules: HostedModules,
    private readonly crmClients: CrmClients,
    private readonly registration: RegistrationService,
    private readonly accounts: AccountService,
    private readonly parts: RegistrationParts,
    private readonly links: ServiceLinks,
    private readonly outbox: OutboxService,
    private readonly systemUrls: SystemUrls,
    private readonly environment: Environment,
    private readonly database: Database,
  ) {}

  /** Checks an address that the account claims. Throws CallbackError 400 naming `field`. */
  async acceptUrl(url: string, field: string): Promise<string> {
    try {
      return await this.systemUrls.accept(url);
    } catch (error) {
      if (!(error instanceof SystemUrlError)) throw error;
      throw new CallbackError(400, `The address of the account cannot be used: ${field} ${error.message}.`, { [field]: error.message });
    }
  }

  /** Finds a module by its code. Throws BadInputError. */
  findModule(code: string): HostedModule {
    const module = this.modules.get(code);
    if (!module)
      throw new BadInputError({
        module: `must be one of: ${this.modules
          .all()
          .map((one) => one.code)
          .join(', ')}`,
      });
    return module;
  }

  /**
   * Connects an account by hand, or gives one that is connected a new key.
   * @param settings of the provider, as they came; undefined: those stored, or the defaults
   * @throws BadInputError, CallbackError 400 or 502 as `check` and `register`
   */
  async connect(dto: NewConnectionDto, settings: unknown, request: string): Promise<{ id: string; created: boolean }> {
    const module = this.findModule(dto.module);
    const checked = await this.check(module, dto, settings);
    const stored = await this.database.transaction((tx) => this.storeByHand(tx, module, checked, dto.shadow), request);
    await this.register(stored.id, { module, systemUrl: checked.systemUrl }, request);
    this.logger.log(toLogLine(`connection ${stored.id} of module ${module.code} at ${checked.systemUrl} was connected by hand`, request));
    return stored;
  }

  /**
   * Checks address, key and scopes, and settings of the provider where there are some.
   * @throws CallbackError 400 naming `systemUrl` or `apiKey`, BadInputError naming `settings.x`, 502 if the
   * CRM is down
   */
  async check(module: HostedModule, { apiKey, systemUrl: claimed }: AccountKeyDto, incoming?: unknown): Promise<CheckedAccount> {
    const systemUrl = await this.acceptUrl(claimed, 'systemUrl');
    const scopes = await this.verifyKey(module, systemUrl, apiKey);
    const read = await this.readAccount(systemUrl, apiKey);
    if (incoming === undefined) return { systemUrl, apiKey, scopes, ...read };
    const known = await this.connections.findByCode(systemUrl, module.code);
    const settings = known?.settings ?? module.manifest.createDefaultSettings(this.environment.production);
    const fresh = await this.readSettings(
      { module, settings, account: { ...UNKNOWN_ACCOUNT, ...known?.account, ...read.account } },
      incoming,
    );
    return { systemUrl, apiKey, scopes, ...read, settings: fresh };
  }

  /**
   * Stores a checked account, or renews one that is connected already.
   * @param shadow undefined: as it is, a new one is none
   */
  async store(tx: Transaction, module: HostedModule, checked: CheckedAccount, shadow?: boolean): Promise<{ id: string; created: boolean }> {
    const { settings, settingsProblem } = checked;
    const stored = await this.connections.connect(tx, module, checked, shadow);
    await this.connections.noteSettingsRead(tx, stored.id, settingsProblem);
    if (settings) await this.storeSettings(tx, { id: stored.id, module }, settings);
    else if (stored.created) await this.links.scheduleDefaults(tx, stored.id);
    tx.afterCommit(() => this.links.wake());
    return stored;
  }

  /** As `store`, for an operator. Throws BadInputError when `shadow` is not what the connection is. */
  async storeByHand(
    tx: Transaction,
    module: HostedModule,
    checked: CheckedAccount,
    shadow: boolean | undefined,
  ): Promise<{ id: string; created: boolean }> {
    const known = await this.connections.findByCode(checked.systemUrl, module.code, tx);
    if (known && shadow !== undefined && shadow !== known.shadow)
      throw new BadInputError({
        shadow: known.shadow
          ? `must not be false: this account has a trial, which POST /operator/api/connections/${known.id}/go-live ends`
          : 'must not be true: this account works with the module already',
      });
    return this.store(tx, module, checked, shadow);
  }

  /**
   * Registers a connection that was stored, and the account's other instances in the background; while the
   * CRM is away the outbox goes on with it.
   * @param request number of the request
   * @throws CallbackError 400 when the CRM refuses the registration; the connection stays
   */
  async register(id: string, of: Pick<Connection, 'module' | 'systemUrl'>, request: string): Promise<void> {
    const ids = (await this.connections.listInstances(of)).map((instance) => instance.id);
    // What waited for a key that works goes on.
    for (const instance of ids) await this.outbox.resume(instance);
    const refusal = await this.registration.registerNow(id, request);
    await this.registration.scheduleAll(
      ids.filter((other) => other !== id),
      request,
    );
    if (refusal) throw refuseRegistration(refusal);
  }

  /**
   * Ends a trial: the module is registered and works as any other. For one that is none it does nothing.
   * @throws CallbackError 400 when the CRM refuses the registration; the trial is over all the same. 409 for
   * a trial that was disconnected
   */
  async goLive(connection: Connection, request: string): Promise<void> {
    if (connection.shadow && connection.disconnectedAt)
      throw new CallbackError(409, 'The trial was disconnected: connect the account again first, by POST /operator/api/connections.');
    const ended = await this.database.transaction(async (tx) => {
      if (!(await this.connections.goLive(connection.id, tx))) return false;
      await this.parts.noteChange(tx, connection);
      tx.afterCommit(() => this.links.wake());
      return true;
    }, request);
    if (!ended) return;
    this.logger.log(toLogLine(`connection ${connection.id} is no trial any more`, request));
    await this.outbox.resume(connection.id);
    const refusal = await this.registration.registerNow(connection.id, request);
    if (refusal) throw refuseRegistration(refusal);
  }

  /** Of the module's first provider. */
  private async storeSettings(tx: Transaction, stored: Pick<Connection, 'id' | 'module'>, settings: object): Promise<void> {
    await this.connections.keepSettings(stored, settings, tx);
    const connection = await this.connections.findById(stored.id, undefined, tx);
    if (!connection) return;
    await this.links.schedule(tx, connection, undefined);
    await this.parts.of(connection.module.integration).afterChange?.(tx, connection);
  }

  private async readSettings(of: Pick<Connection, 'module' | 'settings' | 'account'>, incoming: unknown): Promise<object> {
    try {
      return (await this.accounts.readSettings(of, incoming)).settings;
    } catch (error) {
      if (!(error instanceof BadInputError)) throw error;
      throw new BadInputError(
        Object.fromEntries(
          Object.entries(error.errors).map(([path, problem]) => [path === 'body' ? 'settings' : `settings.${path}`, problem]),
        ),
      );
    }
  }

  /** Returns the key's scopes. */
  private async verifyKey(module: HostedModule, systemUrl: string, apiKey: string): Promise<string[]> {
    const crm = this.crmClients.crmAt(systemUrl, apiKey, 'interactive');
    let credentials: exact.Credentials;
    try {
      credentials = await crm.exact.api.credentials();
    } catch (error) {
      if (error instanceof AuthenticationError || isCrmRefusal(error))
        throw new CallbackError(400, `The CRM does not accept the API key: ${(error as Error).message}`, {
          apiKey: 'is not accepted by the CRM',
        });
      if (error instanceof CrmError)
        throw new CallbackError(502, `The CRM at ${systemUrl} cannot be reached to check the API key: ${error.message}`, {
          systemUrl: 'cannot be reached',
        });
      throw error;
    }
    const scopes = credentials.scopes ?? [];
    const missing = this.registration.missingScopes(module, scopes);
    if (missing.length > 0)
      throw new CallbackError(400, `The API key lacks these permissions: ${missing.join(', ')}.`, {
        apiKey: `lacks the scopes ${missing.join(', ')}`,
      });
    return scopes;
  }

  private async readAccount(systemUrl: string, apiKey: string): Promise<Pick<CheckedAccount, 'account' | 'settingsProblem'>> {
    try {
      const { settings } = await this.crmClients.crmAt(systemUrl, apiKey, 'interactive').exact.settings.get();
      const dto = getParser(SettingsDto).parse(settings ?? {});
      return { account: readAccountSettings(dto, UNKNOWN_ACCOUNT, settings?.mg) };
    } catch (error) {
      // Not a reason to refuse: settings are requested again, and the callback brings changes.
      const settingsProblem = errorText(error);
      this.logger.warn(`settings of ${systemUrl} cannot be read: ${settingsProblem}`);
      return { account: {}, settingsProblem };
    }
  }
}

function refuseRegistration(refusal: CrmError): CallbackError {
  return new CallbackError(400, `The CRM refused the registration of the module: ${refusal.message}`);
}
