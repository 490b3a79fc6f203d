import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database, defineJob, JobHandlers } from '#platform';
import { PersonalData } from './personal-data.js';

/** Deletes what is old and done. */
const purge = defineJob<Record<string, never>>('housekeeping', 'purge');

const KEEP_DAYS = { outbox: 30, inbox: 30, operations: 180 };

/** Does what belongs to no single part. */
@Injectable()
export class Housekeeping implements OnModuleInit {
  constructor(
    private readonly handlers: JobHandlers,
    private readonly database: Database,
    private readonly personalData: PersonalData,
  ) {}

  onModuleInit(): void {
    this.handlers.registerRecurring(purge, 3_600_000, async (_data, stopping) => {
      await this.purge();
      await this.personalData.empty(stopping);
    });
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
