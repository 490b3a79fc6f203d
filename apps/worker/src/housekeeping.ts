import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { RegistrationService } from '#onboarding';
import { Database, defineJob, JobHandlers, JobQueue } from '#platform';
import { PersonalData } from './personal-data.js';

/** Registers connections again whose registration would differ now. */
const checkRegistrations = defineJob<Record<string, never>>('housekeeping', 'registrations.check');
/** Deletes what is old and done. */
const purge = defineJob<Record<string, never>>('housekeeping', 'purge');

const KEEP_DAYS = { outbox: 30, inbox: 30, operations: 180 };

/** Does what belongs to no single part. */
@Injectable()
export class Housekeeping implements OnModuleInit {
  private readonly logger = new Logger(Housekeeping.name);

  constructor(
    private readonly queue: JobQueue,
    private readonly handlers: JobHandlers,
    private readonly registration: RegistrationService,
    private readonly database: Database,
    private readonly personalData: PersonalData,
  ) {}

  onModuleInit(): void {
    // From time to time for accounts that came back.
    this.handlers.registerRecurring(checkRegistrations, 600_000, () => this.checkRegistrations());
    this.handlers.registerRecurring(purge, 3_600_000, async (_data, stopping) => {
      await this.purge();
      await this.personalData.empty(stopping);
    });
  }

  /** Checks the registrations now, because an upgrade starts workers anew. */
  start(): void {
    this.queue.wake(checkRegistrations, {}, { deduplicationId: 'registrations.check' });
  }

  private async checkRegistrations(): Promise<void> {
    const scheduled = await this.registration.scheduleOutdated();
    if (scheduled > 0) this.logger.log(`${scheduled} connections are registered again`);
  }

  private async purge(): Promise<void> {
    await this.database.query(`DELETE FROM outbox WHERE state IN ('sent', 'dropped') AND sent_at < now() - make_interval(days => $1)`, [
      KEEP_DAYS.outbox,
    ]);
    await this.database.query(`DELETE FROM inbox_event WHERE state = 'applied' AND created_at < now() - make_interval(days => $1)`, [
      KEEP_DAYS.inbox,
    ]);
    await this.database.query(`DELETE FROM provider_cache WHERE expires_at < now() - interval '1 day' AND loading_until < now()`);
    // A done operation with a key still answers repeats.
    await this.database.query(
      `DELETE FROM operation WHERE state IN ('done', 'refused') AND key IS NULL AND updated_at < now() - make_interval(days => $1)`,
      [KEEP_DAYS.operations],
    );
  }
}
