import { prepare } from '#platform';

/** Stores events of connection $1 in state $9, except for known ones. */
export const STORE = `INSERT INTO inbox_event (connection_id, event_id, kind, payload, subject, reply, request, about, state)
  SELECT $1, event_id, kind, payload, subject, reply, $7, (SELECT array_agg(id) FROM json_array_elements_text(about) id), $9
  FROM unnest($2::text[], $3::text[], $4::jsonb[], $5::text[], $6::json[], $8::json[]) AS d (event_id, kind, payload, subject, reply, about)
  ON CONFLICT (connection_id, event_id) DO NOTHING RETURNING event_id, kind, payload`;

/**
 * The first due event of connection $1 that no earlier event of its subject blocks. It is locked, so that two
 * workers do not apply the same event. Locked events are skipped, so that neither waits. An event that
 * another worker applies is still pending here. BETWEEN, because with `=` the planner may walk all events
 * ever stored in id order.
 */
export const NEXT = `SELECT id, kind, payload, attempts, request FROM inbox_event e
  WHERE connection_id BETWEEN $1 AND $1 AND state = 'pending' AND due_at <= now() AND (subject IS NULL OR NOT EXISTS (
    SELECT FROM inbox_event earlier WHERE earlier.connection_id = e.connection_id AND earlier.subject = e.subject
      AND earlier.state = 'pending' AND earlier.id < e.id
  ))
  ORDER BY connection_id, id LIMIT 1 FOR UPDATE OF e SKIP LOCKED`;

/** Postpones event $1 with payload $2, to $3 seconds from now. */
export const AGAIN = `UPDATE inbox_event SET payload = $2, subject = NULL, due_at = now() + make_interval(secs => $3) WHERE id = $1`;

/**
 * Steps from connection to connection, so that it costs as many lookups as there are connections with waiting
 * events.
 */
export const DUE = prepare(
  'inbox-due',
  `
    WITH RECURSIVE waiting AS (
      (SELECT connection_id FROM inbox_event WHERE state = 'pending' ORDER BY connection_id LIMIT 1)
      UNION ALL
      SELECT next.* FROM waiting w CROSS JOIN LATERAL (
        SELECT connection_id FROM inbox_event WHERE state = 'pending' AND connection_id > w.connection_id ORDER BY connection_id LIMIT 1
      ) next
    )
    SELECT w.connection_id AS "connectionId" FROM waiting w CROSS JOIN LATERAL (
      SELECT FROM inbox_event e WHERE e.connection_id BETWEEN w.connection_id AND w.connection_id AND e.state = 'pending'
        AND e.due_at <= now() - interval '1 second' ORDER BY e.connection_id, e.id LIMIT 1
    ) due`,
);
