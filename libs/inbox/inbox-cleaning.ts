import { Injectable } from '@nestjs/common';
import { defineJob, HandleJob, Retention, RETENTION_EVERY_MS } from '#platform';

const cleanInbox = defineJob<Record<string, never>>('housekeeping', 'inbox.clean');

const KEEP_DAYS = 30;

/** Deletes events that were applied or discarded. Failed events stay for the operator. */
@Injectable()
export class InboxCleaning {
  constructor(private readonly retention: Retention) {}

  @HandleJob(cleanInbox, { everyMs: RETENTION_EVERY_MS })
  async clean(_data: object, stopping: AbortSignal): Promise<void> {
    await this.retention.deleteOld('inbox_event', `state = 'discarded'`, 'discarded_at', KEEP_DAYS, stopping);
    await this.retention.deleteOld('inbox_event', `state = 'applied'`, 'created_at', KEEP_DAYS, stopping);
  }
}
