import type { AccountData } from '#platform';

/** The index is on the text, so that statements of a lane find only their own index. */
const OF_CONNECTION = 'connection_id::text = $1';

/** Rows sent to the CRM. */
export const outboxData: AccountData = {
  name: 'messagesToCrm',
  tables: [{ table: 'outbox', where: OF_CONNECTION }, { table: 'outbox_lane' }],
  buyers: {
    links: true,
    select: `SELECT id::text, ARRAY['id:' || subject, 'shop:' || (payload #>> '{target,customer,externalId}')] AS links, payload AS about,
        state = 'pending' AS open, jsonb_build_object('id', id, 'kind', kind, 'subject', subject, 'state', state, 'payload', payload,
          'createdAt', created_at, 'sentAt', sent_at) AS view
      FROM outbox WHERE ${OF_CONNECTION}`,
    // Failed rows cannot be replayed without their payload.
    erase: `UPDATE outbox SET payload = '{}', last_error = NULL, error_group = NULL, sent_at = coalesce(sent_at, now()),
        state = CASE WHEN state = 'failed' THEN 'dropped' ELSE state END
      WHERE id = ANY ($1::bigint[]) AND state <> 'pending' AND payload <> '{}' RETURNING id`,
  },
};
