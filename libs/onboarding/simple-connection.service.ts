import { Injectable, Logger } from '@nestjs/common';
import { IsNotEmpty, IsString, Matches, MaxLength } from 'class-validator';
import { ConnectionStore, CrmClients, type HostedModule, isCrmRefusal, UNKNOWN_ACCOUNT, SystemUrlError, SystemUrls } from '#connections';
import { AuthenticationError, CrmError, type exact } from '#crm-client';
import { OutboxService } from '#outbox';
import { CallbackError, Environment, equalInConstantTime, errorText, getParser, Guesses, hmacSha256Hex, toLogLine } from '#platform';
import type { AccountSettings } from '#provider-kit';
import { readAccountSettings, SettingsDto } from './account-settings.js';
import { AccountService } from './account.service.js';
import { RegistrationService } from './registration.service.js';

const TOKEN_REFUSED = 'The token does not match: it must be the HMAC-SHA256 of the API key, keyed with the secret of this module.';

/** The `register` field of simple connection (reference: Register). */
export class RegisterDto {
  /** Hex HMAC-SHA256 of the API key, keyed with the module's secret. */
  @IsString() @IsNotEmpty() @MaxLength(200) token!: string;
  /** Sent in a header. */
  @Matches(/^[\x21-\x7e]+$/, { message: 'must be letters, digits and signs without spaces' }) @MaxLength(500) apiKey!: string;
  @IsString() @IsNotEmpty() @MaxLength(500) systemUrl!: string;
}

/** Connects an account with one click (docs/contract/simple-connection.md). */
@Injectable()
export class SimpleConnectionService {
  private readonly logger = new Logger(SimpleConnectionService.name);

  constructor(
    private readonly connections: ConnectionStore,
    private readonly crmClients: CrmClients,
    private readonly registration: RegistrationService,
    private readonly accounts: AccountService,
    private readonly outbox: OutboxService,
    private readonly systemUrls: SystemUrls,
    private readonly environment: Environment,
    private readonly guesses: Guesses,
  ) {}

  /** Answers the config callback. */
  config(module: HostedModule): { success: true; scopes: string[]; registerUrl: string } {
    return {
      success: true,
      scopes: this.registration.wantedScopes(module),
      registerUrl: `${this.environment.publicUrl}/${module.code}/register`,
    };
  }

  /**
   * Checks token, address and key, commits the connection and registers the module; returns the page's
   * address.
   * @param address the caller's IP address; `request` is the request's number
   * @throws CallbackError 401 for a bad token (429 for many), 400 for bad input, 502 if the CRM is down
   */
  async register(
    module: HostedModule,
    dto: RegisterDto,
    { address, request }: { address: string; request: string },
  ): Promise<{ success: true; accountUrl: string }> {
    if (!equalInConstantTime(dto.token.toLowerCase(), hmacSha256Hex(module.secret, dto.apiKey)))
      throw this.guesses.wrong('registrations', address, new CallbackError(401, TOKEN_REFUSED));
    const systemUrl = await this.acceptUrl(dto.systemUrl, 'systemUrl');
    const { scopes, account, settingsProblem } = await this.verifyKey(module, systemUrl, dto.apiKey);
    const id = await this.connections.connect(module, systemUrl, dto.apiKey, scopes, account);
    await this.connections.noteSettingsRead(id, settingsProblem);
    const instances = await this.connections.listInstances({ module, systemUrl });
    // What waited for a key that works goes on.
    for (const instance of instances) await this.outbox.resume(instance.id);
    const refusal = await this.registration.registerNow(id, request);
    await this.registration.scheduleAll(
      instances.map((instance) => instance.id).filter((other) => other !== id),
      request,
    );
    if (refusal) throw new CallbackError(400, `The CRM refused the registration of the module: ${refusal.message}`);
    this.logger.log(toLogLine(`connection ${id} of module ${module.code} at ${systemUrl} is connected`, request));
    return { success: true, accountUrl: await this.accounts.issueUrl(module, id) };
  }

  /** Checks an address that the account claims. Throws CallbackError 400 naming `field`. */
  async acceptUrl(url: string, field: string): Promise<string> {
    try {
      return await this.systemUrls.accept(url);
    } catch (error) {
      if (!(error instanceof SystemUrlError)) throw error;
      throw new CallbackError(400, `The address of the account cannot be used: ${field} ${error.message}.`, { [field]: error.message });
    }
  }

  private async verifyKey(
    module: HostedModule,
    systemUrl: string,
    apiKey: string,
  ): Promise<{ scopes: string[]; account: Partial<AccountSettings>; settingsProblem?: string }> {
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
        throw new CallbackError(502, `The CRM at ${systemUrl} cannot be reached to check the API key: ${error.message}`);
      throw error;
    }
    const scopes = credentials.scopes ?? [];
    const missing = this.registration.missingScopes(module, scopes);
    if (missing.length > 0)
      throw new CallbackError(400, `The API key lacks these permissions: ${missing.join(', ')}.`, {
        apiKey: `lacks the scopes ${missing.join(', ')}`,
      });
    try {
      const { settings } = await crm.exact.settings.get();
      const dto = getParser(SettingsDto).parse(settings ?? {});
      return { scopes, account: readAccountSettings(dto, UNKNOWN_ACCOUNT, settings?.mg) };
    } catch (error) {
      // Not a reason to refuse: settings are requested again, and the callback brings changes.
      const settingsProblem = errorText(error);
      this.logger.warn(`settings of ${systemUrl} cannot be read: ${settingsProblem}`);
      return { scopes, account: {}, settingsProblem };
    }
  }
}
