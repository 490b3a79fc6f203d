import type { AccountData } from '#platform';
import { buildEmptyCalls } from './telephony-retention.js';

/** Calls, and the state of listeners, statuses and readings at the PBX. */
export const callsData: AccountData = {
  name: 'calls',
  tables: [
    { table: 'telephony_call' },
    { table: 'telephony_user_status' },
    { table: 'telephony_listener' },
    { table: 'telephony_catchup' },
  ],
  buyers: {
    select: `SELECT id::text, to_jsonb(phone) AS about, ended_at IS NULL AS open, jsonb_build_object('id', id, 'externalId', external_id,
        'direction', direction, 'phone', phone, 'startedAt', started_at, 'answeredAt', answered_at, 'endedAt', ended_at, 'outcome', outcome,
        'recorded', record IS NOT NULL, 'details', details) AS view
      FROM telephony_call WHERE connection_id = $1 AND phone IS NOT NULL`,
    erase: buildEmptyCalls(`SELECT id FROM telephony_call WHERE id = ANY ($1::uuid[]) AND ended_at IS NOT NULL`),
  },
};
