import { Injectable, Logger } from '@nestjs/common';
import { IsBoolean, IsNotEmpty, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import {
  type Connection,
  ActivationStore,
  InstanceStore,
  SettingsStore,
  AccountReadings,
  ConnectionStore,
  CrmClients,
  type HostedModule,
  HostedModules,
  isCrmRejection,
  type NewAccount,
  SystemUrlError,
  SystemUrls,
  UNKNOWN_ACCOUNT,
} from '#connections';
import { AuthenticationError, CrmError, type exact } from '#crm-client';
import { OutboxService } from '#outbox';
import { BadInputError, CallbackError, Database, Environment, errorText, getParser, toLogLine, type Transaction } from '#platform';
import { readAccountSettings, SettingsDto } from '../crm-settings/account-settings.js';
import { AccountService } from '../account-page/account.service.js';
import { AccountChanges } from '../changes/account-changes.js';
import { ModuleScopes } from '../registration/module-scopes.js';
import { RegistrationService } from '../registration/registration.service.js';

/** An account's address and a key of its CRM. */
export class AccountKeyDto {
  /** Sent in a header. */
  @Matches(/^[\x21-\x7e]+$/, { message: 'must contain only letters, digits and signs, without spaces' }) @MaxLength(500) apiKey!: string;
  @IsString() @IsNotEmpty() @MaxLength(500) systemUrl!: string;
}

/** A connection made by the operator. The body also contains the provider's `settings`. */
export class NewConnectionDto extends AccountKeyDto {
  /** The module's code. */
  @IsString() @IsNotEmpty() module!: string;
  /**
   * Whether to connect a trial next to the module that the shop uses. Missing: an existing connection keeps
   * its kind, and a new one is not a trial.
   */
  @IsOptional() @IsBoolean() shadow?: boolean;
}

/** An account whose address, key and scopes the CRM confirmed. */
export interface CheckedAccount extends NewAccount {
  /** Reason why the settings could not be read. */
  readonly settingsProblem?: string;
  /** The provider's settings, validated. Missing: the stored settings, or the defaults. */
  readonly settings?: object;
}

/** Connects accounts: checks the given data, stores it and registers the module. */
@Injectable()
export class ConnectingService {
  private readonly logger = new Logger(ConnectingService.name);

  constructor(
    private readonly connections: ConnectionStore,
    private readonly activation: ActivationStore,
    private readonly instances: InstanceStore,
    private readonly settingsStore: SettingsStore,
    private readonly readings: AccountReadings,
    private readonly modules: HostedModules,
    private readonly crmClients: CrmClients,
    private readonly registration: RegistrationService,
    private readonly scopes: ModuleScopes,
    private readonly accounts: AccountService,
    private readonly changes: AccountChanges,
    private readonly outbox: OutboxService,
    private readonly systemUrls: SystemUrls,
    private readonly environment: Environment,
    private readonly database: Database,
  ) {}

  /** Checks an address from an account. Throws CallbackError 400 with `field`. */
  async acceptUrl(url: string, field: string): Promise<string> {
    try {
      return await this.systemUrls.accept(url);
    } catch (error) {
      if (!(error instanceof SystemUrlError)) throw error;
      throw new CallbackError(400, `The account's address cannot be used: ${field} ${error.message}.`, { [field]: error.message });
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
   * Connects an account for the operator, or gives a connected account a new key.
   * @param settings of the provider, as received. Undefined: the stored settings, or the defaults
   * @throws BadInputError, CallbackError 400 or 502 like `check` and `register`
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
   * Checks address, key and scopes, and the provider's settings if there are any.
   * @throws CallbackError 400 with `systemUrl` or `apiKey`, BadInputError with `settings.x`, 502 if the CRM
   * is down
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
   * Stores a checked account, or renews a connected account.
   * @param shadow undefined: an existing connection keeps its kind, and a new one is not a trial
   */
  async store(tx: Transaction, module: HostedModule, checked: CheckedAccount, shadow?: boolean): Promise<{ id: string; created: boolean }> {
    const { settings, settingsProblem } = checked;
    const stored = await this.instances.connect(tx, module, checked, shadow);
    await this.readings.noteRead(tx, stored.id, settingsProblem);
    if (settings) await this.settingsStore.keepSettings({ id: stored.id, module }, settings, tx);
    const connection = await this.connections.findById(stored.id, undefined, tx);
    if (connection)
      await this.changes.note(tx, { kind: 'connected', connection, isNew: stored.created, hasSettings: settings !== undefined });
    return stored;
  }

  /** Like `store`, for an operator. Throws BadInputError if `shadow` differs from the connection. */
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
          ? `must not be false: this account has a trial. End it with POST /operator/api/connections/${known.id}/go-live`
          : 'must not be true: this account already uses the module',
      });
    return this.store(tx, module, checked, shadow);
  }

  /**
   * Registers a stored connection now, and the account's other instances in the background. While the CRM is
   * down, the outbox continues.
   * @param request id of the request
   * @throws CallbackError 400 if the CRM rejects the registration. The connection stays
   */
  async register(id: string, of: Pick<Connection, 'module' | 'systemUrl'>, request: string): Promise<void> {
    const ids = (await this.instances.listInstances(of)).map((instance) => instance.id);
    // Rows that waited for a working key continue.
    for (const instance of ids) await this.outbox.resume(instance);
    const rejection = await this.registration.registerNow(id, request);
    await this.registration.scheduleAll(
      ids.filter((other) => other !== id),
      request,
    );
    if (rejection) throw refuseRegistration(rejection);
  }

  /**
   * Ends a trial: the module is registered and works like any other. Does nothing if the connection is not a
   * trial.
   * @throws CallbackError 400 if the CRM rejects the registration, although the trial has ended. 409 for a
   * trial that was disconnected
   */
  async goLive(connection: Connection, request: string): Promise<void> {
    if (connection.shadow && connection.disconnectedAt)
      throw new CallbackError(409, 'The trial was disconnected. Connect the account again first with POST /operator/api/connections.');
    const ended = await this.database.transaction(async (tx) => {
      if (!(await this.activation.goLive(connection.id, tx))) return false;
      await this.changes.note(tx, { kind: 'activity', connection, isLive: true });
      return true;
    }, request);
    if (!ended) return;
    this.logger.log(toLogLine(`connection ${connection.id} is no longer a trial`, request));
    const rejection = await this.registration.registerNow(connection.id, request);
    if (rejection) throw refuseRegistration(rejection);
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
      if (error instanceof AuthenticationError || isCrmRejection(error))
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
    const missing = this.scopes.listMissing(module, scopes);
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
      // Not a reason to reject the account: settings are requested again, and the callback brings changes.
      const settingsProblem = errorText(error);
      this.logger.warn(`settings of ${systemUrl} cannot be read: ${settingsProblem}`);
      return { account: {}, settingsProblem };
    }
  }
}

function refuseRegistration(rejection: CrmError): CallbackError {
  return new CallbackError(400, `The CRM rejected the registration of the module: ${rejection.message}`);
}
