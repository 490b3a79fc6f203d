import type { PreparedStatement } from '#platform';

/**
 * The first due event of connection $1, locked, so that two workers do not apply one; locked ones skipped, so
 * that neither waits. BETWEEN, because with `=` the planner may walk all events ever stored in id order.
 */
export const NEXT = `SELECT id, kind, payload, attempts, request FROM inbox_event
  WHERE connection_id BETWEEN $1 AND $1 AND state = 'pending' AND due_at <= now() ORDER BY connection_id, id LIMIT 1 FOR UPDATE SKIP LOCKED`;

/** Steps from connection to connection, so that it costs as many looks as connections have events waiting. */
export const DUE: PreparedStatement = {
  name: 'inbox-due-1',
  text: `
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
};
