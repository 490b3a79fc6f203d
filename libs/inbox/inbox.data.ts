import type { AccountData } from '#platform';

/** Events of providers. */
export const inboxData: AccountData = {
  name: 'events',
  tables: [{ table: 'inbox_event' }, { table: 'unreadable_webhook' }],
  buyers: {
    select: `SELECT id::text, payload AS about, state = 'pending' AS open,
        jsonb_build_object('id', id, 'kind', kind, 'state', state, 'payload', payload, 'createdAt', created_at) AS view
      FROM inbox_event WHERE connection_id = $1`,
    // An applied event stays known, so that it is not applied again. A failed event is useless without its
    // payload.
    erase: `WITH gone AS (DELETE FROM inbox_event WHERE id = ANY ($1::bigint[]) AND state = 'failed' RETURNING id), emptied AS (
        UPDATE inbox_event SET payload = '{}', subject = NULL, about = NULL, last_error = NULL, error_group = NULL
        WHERE id = ANY ($1::bigint[]) AND state IN ('applied', 'discarded') RETURNING id
      ) SELECT id FROM gone UNION ALL SELECT id FROM emptied`,
  },
};
