import { Injectable } from '@nestjs/common';
import { defineJob, HandleJob, Retention, RETENTION_EVERY_MS } from '#platform';

const cleanReconciliations = defineJob<Record<string, never>>('housekeeping', 'reconciliation.clean');

const DAYS = 90;

/** Deletes reconciliations and differences that ended long ago. */
@Injectable()
export class ReconciliationCleaning {
  constructor(private readonly retention: Retention) {}

  @HandleJob(cleanReconciliations, { everyMs: RETENTION_EVERY_MS })
  async clean(_data: object, stopping: AbortSignal): Promise<void> {
    await this.retention.deleteOld('reconciliation', `state <> 'running'`, 'ended_at', DAYS, stopping);
    await this.retention.deleteOld('difference', 'closed_at IS NOT NULL', 'closed_at', DAYS, stopping);
  }
}
