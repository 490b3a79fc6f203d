import { Injectable } from '@nestjs/common';
import { defineJob, HandleJob, Retention, RETENTION_EVERY_MS, selectOld } from '#platform';

const cleanCalls = defineJob<Record<string, never>>('housekeeping', 'telephony.clean');

const EMPTY = `UPDATE telephony_call SET phone = NULL
  WHERE id IN (${selectOld('telephony_call', 'phone IS NOT NULL', { began: 'ended_at', changed: 'ended_at' })}) RETURNING id`;

/** Empties customers' numbers of finished calls. */
@Injectable()
export class TelephonyRetention {
  constructor(private readonly retention: Retention) {}

  @HandleJob(cleanCalls, { everyMs: RETENTION_EVERY_MS })
  clean(_data: object, stopping: AbortSignal): Promise<void> {
    return this.retention.emptyPersonalData('telephony_call', EMPTY, stopping);
  }
}
