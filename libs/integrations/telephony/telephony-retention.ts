import { Injectable } from '@nestjs/common';
import { defineJob, Environment, HandleJob, Retention, RETENTION_EVERY_MS, selectOld } from '#platform';

const cleanCalls = defineJob<Record<string, never>>('housekeeping', 'telephony.clean');

const PERSONAL = '(phone IS NOT NULL OR details IS NOT NULL)';
const EMPTY = `UPDATE telephony_call SET phone = NULL, details = NULL
  WHERE id IN (${selectOld('telephony_call', PERSONAL, { began: 'ended_at', changed: 'ended_at' })}) RETURNING id`;

/** Empties customers' numbers and origins of ended calls; deletes emptied calls after CALL_RETENTION_DAYS. */
@Injectable()
export class TelephonyRetention {
  constructor(
    private readonly retention: Retention,
    private readonly environment: Environment,
  ) {}

  @HandleJob(cleanCalls, { everyMs: RETENTION_EVERY_MS })
  async clean(_data: object, stopping: AbortSignal): Promise<void> {
    await this.retention.emptyPersonalData('telephony_call', EMPTY, stopping);
    await this.retention.deleteOld('telephony_call', 'phone IS NULL', 'ended_at', this.environment.CALL_RETENTION_DAYS, stopping);
  }
}
