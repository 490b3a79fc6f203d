import { Injectable } from '@nestjs/common';
import { defineJob, HandleJob, Retention, RETENTION_EVERY_MS } from '#platform';

const cleanOutbox = defineJob<Record<string, never>>('housekeeping', 'outbox.clean');

const KEEP_DAYS = 30;

/** Deletes rows that were sent or dropped. Failed rows stay for the operator. */
@Injectable()
export class OutboxCleaning {
  constructor(private readonly retention: Retention) {}

  @HandleJob(cleanOutbox, { everyMs: RETENTION_EVERY_MS })
  clean(_data: object, stopping: AbortSignal): Promise<void> {
    return this.retention.deleteOld('outbox', `state IN ('sent', 'dropped')`, 'sent_at', KEEP_DAYS, stopping);
  }
}
