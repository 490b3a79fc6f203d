import { Injectable } from '@nestjs/common';
import { defineJob, Environment, HandleJob, Retention, RETENTION_EVERY_MS, selectOld } from '#platform';
import { CALL_EVENT_KIND } from './telephony-webhooks.service.js';

const cleanCalls = defineJob<Record<string, never>>('housekeeping', 'telephony.clean');

const PERSONAL = '(phone IS NOT NULL OR details IS NOT NULL)';

/** Returns the statement that empties the calls that an SQL query of ids selects. */
export function buildEmptyCalls(ids: string): string {
  return `UPDATE telephony_call SET phone = NULL, details = NULL WHERE id IN (${ids}) RETURNING id`;
}

const EMPTY = buildEmptyCalls(selectOld('telephony_call', PERSONAL, { began: 'ended_at', changed: 'ended_at' }));

const SET_ASIDE = `DELETE FROM inbox_event
  WHERE id IN (${selectOld('inbox_event', `state = 'failed' AND kind = '${CALL_EVENT_KIND}'`, { changed: 'created_at' })}) RETURNING id`;

/**
 * Empties customers' numbers and origins of ended calls, deletes failed events of calls, and deletes emptied
 * calls after CALL_RETENTION_DAYS.
 */
@Injectable()
export class TelephonyRetention {
  constructor(
    private readonly retention: Retention,
    private readonly environment: Environment,
  ) {}

  @HandleJob(cleanCalls, { everyMs: RETENTION_EVERY_MS })
  async clean(_data: object, stopping: AbortSignal): Promise<void> {
    await this.retention.emptyPersonalData('telephony_call', EMPTY, stopping);
    await this.retention.emptyPersonalData('inbox_event', SET_ASIDE, stopping);
    await this.retention.deleteOld('telephony_call', 'phone IS NULL', 'ended_at', this.environment.CALL_RETENTION_DAYS, stopping);
  }
}
