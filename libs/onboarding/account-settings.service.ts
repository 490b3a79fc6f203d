import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { type Connection, ConnectionStore, CrmClients } from '#connections';
import { Database, defineJob, JobHandlers, parserOf, rowsOf } from '#platform';
import { readAccountSettings, SettingsDto } from './account-settings.js';
import { RegistrationService } from './registration.service.js';

/** Asks again for settings that could not be read. */
const readSettings = defineJob<Record<string, never>>('housekeeping', 'account.settings');

const EVERY_MS = 10_000;
const BATCH = 20;
const CALL_MS = 10_000;
/** Minutes between tries: one, doubled each time. */
const LONGEST_PAUSE_MIN = 360;

/** Keeps an account's settings, and asks for those that could not be read when it was connected. */
@Injectable()
export class AccountSettingsService implements OnModuleInit {
  private readonly logger = new Logger(AccountSettingsService.name);

  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionStore,
    private readonly crmClients: CrmClients,
    private readonly registration: RegistrationService,
    private readonly handlers: JobHandlers,
  ) {}

  onModuleInit(): void {
    this.handlers.registerRecurring(readSettings, EVERY_MS, async () => void (await this.readDue()));
  }

  /** Keeps what the CRM told. In another language or zone the module is registered anew, at once. */
  async keep(connection: Connection, dto: SettingsDto): Promise<void> {
    const before = connection.account;
    const account = readAccountSettings(dto, before);
    const speaksAnew = account.language !== before.language || account.timeZone !== before.timeZone;
    await this.database.transaction(async (tx) => {
      await this.connections.update(connection.id, { account, settingsError: null, settingsDueAt: null, settingsTries: 0 }, tx);
      if (speaksAnew) await this.registration.schedule(tx, connection.id);
    });
  }

  /** Notes that the settings could not be read (they are asked for in a minute), or with undefined that they were. */
  async noteRead(connectionId: string, problem: string | undefined): Promise<void> {
    await this.database.dataSource.query(
      `UPDATE connection SET settings_error = $2, settings_tries = 0, version = version + 1,
         settings_due_at = CASE WHEN $2::text IS NULL THEN NULL ELSE now() + interval '1 minute' END
       WHERE id = $1 AND ($2::text IS NOT NULL OR settings_error IS NOT NULL)`,
      [connectionId, problem ?? null],
    );
  }

  /** Asks for what is due, each try after twice the pause. Gives how many. */
  async readDue(): Promise<number> {
    const due = rowsOf<{ id: string }>(
      await this.database.dataSource.query(
        `UPDATE connection SET settings_tries = settings_tries + 1, version = version + 1,
           settings_due_at = now() + make_interval(mins => least($1, power(2, least(settings_tries, 20) + 1)::int))
         WHERE id IN (
           SELECT id FROM connection WHERE settings_due_at <= now() AND active AND NOT frozen ORDER BY settings_due_at LIMIT $2 FOR UPDATE SKIP LOCKED
         ) RETURNING id`,
        [LONGEST_PAUSE_MIN, BATCH],
      ),
    );
    await Promise.all(due.map(({ id }) => this.read(id)));
    return due.length;
  }

  private async read(id: string): Promise<void> {
    try {
      const crm = await this.crmClients.crmFor(id);
      const { settings } = await crm.exact.settings.get({ totalTimeout: CALL_MS });
      const dto = parserOf(SettingsDto).parse(settings ?? {});
      const connection = await this.connections.findById(id);
      if (connection) await this.keep(connection, dto);
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      this.logger.warn(`settings of connection ${id} cannot be read: ${problem}`);
      await this.connections.update(id, { settingsError: problem });
    }
  }
}
