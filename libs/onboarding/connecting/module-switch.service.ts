import { Injectable, Logger } from '@nestjs/common';
import { IsBoolean, IsNotEmpty, IsString, MaxLength } from 'class-validator';
import {
  type Connection,
  ConnectionSecrets,
  ActivationStore,
  InstanceStore,
  ConnectionStore,
  CrmClients,
  isCrmRejection,
} from '#connections';
import { CrmError } from '#crm-client';
import { OutboxService } from '#outbox';
import { CallbackError, Clock, Database, isUniqueViolation, toLogLine } from '#platform';
import type { SettingsDto } from '../crm-settings/account-settings.js';
import { AccountSettingsService } from '../crm-settings/account-settings.service.js';
import { ConnectingService } from './connecting.service.js';
import { AccountChanges } from '../changes/account-changes.js';
import { toLoose } from '../crm-lists/loose.js';
import { RegistrationService } from '../registration/registration.service.js';
import { readBillingInfo } from '../registration/registration-reply.js';

/** The `activity` field of the activity callback (reference: IntegrationModule of the callback). */
export class ModuleSwitchDto {
  @IsBoolean() active!: boolean;
  @IsBoolean() freeze!: boolean;
}

/** The `systemUrl` field of the activity callback. */
export class SystemUrlDto {
  @IsString() @IsNotEmpty() @MaxLength(500) systemUrl!: string;
}

/** Handles the CRM's reports about an account: switched on or off, frozen, renamed, settings changed. */
@Injectable()
export class ModuleSwitchService {
  private readonly logger = new Logger(ModuleSwitchService.name);

  constructor(
    private readonly connections: ConnectionStore,
    private readonly activation: ActivationStore,
    private readonly instances: InstanceStore,
    private readonly crmClients: CrmClients,
    private readonly secrets: ConnectionSecrets,
    private readonly connecting: ConnectingService,
    private readonly accountSettings: AccountSettingsService,
    private readonly outbox: OutboxService,
    private readonly changes: AccountChanges,
    private readonly database: Database,
    private readonly registration: RegistrationService,
    private readonly clock: Clock,
  ) {}

  /**
   * Stores activity, freeze and readable `billing`. Stores a new address only if the stored key works there.
   * A disconnected connection stays disconnected. If the CRM has it active, the CRM is notified again.
   * @throws CallbackError 400 for a rejected address, 502 if no CRM responds there. The other values are
   * stored anyway
   */
  async apply(connection: Connection, dto: ModuleSwitchDto, systemUrl: string, billing?: unknown): Promise<void> {
    const billingInfo = readBillingInfo(billing);
    const at = this.clock.now().toISOString();
    if (billingInfo) await this.connections.update(connection.id, { billingInfo: { ...billingInfo, at } });
    if (dto.active && connection.disconnectedAt)
      await this.database.transaction((tx) => this.registration.schedule(tx, connection.id), connection.request);
    const active = dto.active && !connection.disconnectedAt;
    if (connection.active !== active || connection.frozen !== dto.freeze) {
      await this.database.transaction(async (tx) => {
        await this.activation.setActivity(connection, { active: dto.active, frozen: dto.freeze }, tx);
        await this.changes.note(tx, { kind: 'activity', connection, isLive: active && !dto.freeze });
      }, connection.request);
      const state = `${active ? 'active' : 'not active'} and ${dto.freeze ? 'frozen' : 'not frozen'}`;
      this.logger.log(toLogLine(`connection ${connection.id} is ${state}`, connection.request));
    }
    const origin = await this.connecting.acceptUrl(systemUrl, 'systemUrl');
    if (origin === connection.systemUrl) return;
    await this.verifyAt(origin, connection);
    for (const id of await this.moveTo(origin, connection)) await this.outbox.resume(id);
    this.logger.log(toLogLine(`connection ${connection.id} was renamed to ${origin}`, connection.request));
  }

  /** Stores the account's settings. `sent`: the complete settings as received. */
  async settings(connection: Connection, dto: SettingsDto, sent: unknown): Promise<void> {
    await this.accountSettings.keep(connection, dto, toLoose(sent).mg);
  }

  /** Moves all instances of the account. Returns their ids. */
  private async moveTo(origin: string, connection: Connection): Promise<string[]> {
    try {
      return await this.instances.moveAccount(connection, origin);
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      // The account connected the module again at its new address before it reported the rename.
      throw new CallbackError(400, `The account at ${origin} has another connection of this module. Use that connection.`, {
        systemUrl: 'has another connection of this module',
      });
    }
  }

  private async verifyAt(origin: string, connection: Connection): Promise<void> {
    const row = await this.connections.findRow(connection.id);
    if (!row) return;
    try {
      await this.crmClients.crmAt(origin, this.secrets.open(row, 'apiKey'), 'interactive').api.credentials();
    } catch (error) {
      if (isCrmRejection(error))
        throw new CallbackError(400, `The account's API key does not work at ${origin}. The address was not changed.`, {
          systemUrl: 'does not accept the API key of this account',
        });
      if (error instanceof CrmError)
        throw new CallbackError(502, `The CRM cannot be reached at ${origin}. The address was not changed.`, {
          systemUrl: 'cannot be reached',
        });
      throw error;
    }
  }
}
