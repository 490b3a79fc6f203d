import { Injectable, Logger } from '@nestjs/common';
import { IsNotEmpty, IsString, MaxLength } from 'class-validator';
import type { HostedModule } from '#connections';
import { CallbackError, Database, Environment, equalInConstantTime, Guesses, hmacSha256Hex, toLogLine } from '#platform';
import { AccountService } from '../account-page/account.service.js';
import { AccountKeyDto, ConnectingService } from './connecting.service.js';
import { ModuleScopes } from '../registration/module-scopes.js';

const TOKEN_REFUSED = 'The token does not match. It must be the HMAC-SHA256 of the API key, keyed with the secret of this module.';

/** The `register` field of simple connection (reference: Register). */
export class RegisterDto extends AccountKeyDto {
  /** Hex HMAC-SHA256 of the API key, keyed with the module's secret. */
  @IsString() @IsNotEmpty() @MaxLength(200) token!: string;
}

/** Connects an account with one click (docs/contract/simple-connection.md). */
@Injectable()
export class SimpleConnectionService {
  private readonly logger = new Logger(SimpleConnectionService.name);

  constructor(
    private readonly connecting: ConnectingService,
    private readonly scopes: ModuleScopes,
    private readonly accounts: AccountService,
    private readonly environment: Environment,
    private readonly database: Database,
    private readonly guesses: Guesses,
  ) {}

  /** Returns the reply to the config callback. */
  config(module: HostedModule): { success: true; scopes: string[]; registerUrl: string } {
    return {
      success: true,
      scopes: this.scopes.listWanted(module),
      registerUrl: `${this.environment.publicUrl}/${module.code}/register`,
    };
  }

  /**
   * Checks token, address and key, commits the connection and registers the module. Returns the page's
   * address. A trial of the account ends with it.
   * @param address the caller's IP address. `request` is the request's id
   * @throws CallbackError 401 for a bad token (429 for many), 400 for bad input, 502 if the CRM is down
   */
  async register(
    module: HostedModule,
    dto: RegisterDto,
    { address, request }: { address: string; request: string },
  ): Promise<{ success: true; accountUrl: string }> {
    const signatures = module.secrets.map((secret) => hmacSha256Hex(secret, dto.apiKey));
    if (!signatures.some((signature) => equalInConstantTime(dto.token.toLowerCase(), signature)))
      throw this.guesses.wrong('registrations', address, new CallbackError(401, TOKEN_REFUSED));
    const checked = await this.connecting.check(module, { systemUrl: dto.systemUrl, apiKey: dto.apiKey });
    const { id } = await this.database.transaction((tx) => this.connecting.store(tx, module, checked, false), request);
    await this.connecting.register(id, { module, systemUrl: checked.systemUrl }, request);
    this.logger.log(toLogLine(`connection ${id} of module ${module.code} at ${checked.systemUrl} is connected`, request));
    return { success: true, accountUrl: await this.accounts.issueUrl(module, id) };
  }
}
