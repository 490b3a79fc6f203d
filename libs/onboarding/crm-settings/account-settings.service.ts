import { Injectable, Logger } from '@nestjs/common';
import { type Connection, AccountReadings, ConnectionStore, CrmClients } from '#connections';
import { Database, defineJob, errorText, getParser, HandleJob } from '#platform';
import { readAccountSettings, SettingsDto } from './account-settings.js';
import { RegistrationService } from '../registration/registration.service.js';

/** Requests settings again if they could not be read. */
const readSettings = defineJob<Record<string, never>>('housekeeping', 'account.settings');

const EVERY_MS = 10_000;
const BATCH = 20;
const CALL_MS = 10_000;
/** Maximum number of minutes between tries. The first pause is one minute, and each pause doubles. */
const LONGEST_PAUSE_MIN = 360;

/** Stores an account's settings. Requests them again if they could not be read when the account connected. */
@Injectable()
export class AccountSettingsService {
  private readonly logger = new Logger(AccountSettingsService.name);

  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionStore,
    private readonly readings: AccountReadings,
    private readonly crmClients: CrmClients,
    private readonly registration: RegistrationService,
  ) {}

  /**
   * Stores settings from the CRM. A new language or time zone immediately schedules a new registration. `mg`:
   * the raw member.
   */
  async keep(connection: Connection, dto: SettingsDto, mg: unknown): Promise<void> {
    const before = connection.account;
    const account = readAccountSettings(dto, before, mg);
    const speaksAnew = account.language !== before.language || account.timeZone !== before.timeZone;
    await this.database.transaction(async (tx) => {
      await this.connections.update(connection.id, { account, settingsError: null, settingsDueAt: null, settingsTries: 0 }, tx);
      if (speaksAnew) await this.registration.schedule(tx, connection.id);
    }, connection.request);
  }

  /** Requests the settings that are due. */
  @HandleJob(readSettings, { everyMs: EVERY_MS })
  async readDue(): Promise<void> {
    const due = await this.readings.claimDue(BATCH, LONGEST_PAUSE_MIN);
    await Promise.all(due.map((id) => this.read(id)));
  }

  private async read(id: string): Promise<void> {
    try {
      const crm = await this.crmClients.crmFor(id);
      const { settings } = await crm.exact.settings.get({ totalTimeout: CALL_MS });
      const dto = getParser(SettingsDto).parse(settings ?? {});
      const connection = await this.connections.findById(id);
      if (connection) await this.keep(connection, dto, settings?.mg);
    } catch (error) {
      const problem = errorText(error);
      this.logger.warn(`settings of connection ${id} cannot be read: ${problem}`);
      await this.connections.update(id, { settingsError: problem });
    }
  }
}
