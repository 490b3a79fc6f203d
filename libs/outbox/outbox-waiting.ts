/** Lanes with rows that wait, from one to the next: as many looks as lanes, however many rows are in them. */
export const WAITING_LANES = `RECURSIVE waiting AS (
        (SELECT connection_id, kind FROM outbox WHERE state = 'pending' AND refusals = 0 ORDER BY connection_id, kind LIMIT 1)
        UNION ALL
        SELECT next.* FROM waiting w CROSS JOIN LATERAL (
          SELECT connection_id, kind FROM outbox WHERE state = 'pending' AND refusals = 0 AND (connection_id, kind) > (w.connection_id, w.kind)
          ORDER BY connection_id, kind LIMIT 1
        ) next
      )`;

/**
 * SQL of the connections for which something waits, with when the oldest of it was stored:
 * `connection_id, at`.
 */
export const OLDEST_WAITING = `WITH ${WAITING_LANES}
      SELECT connection_id, min(at) AS at FROM (
        SELECT w.connection_id, (
          SELECT o.created_at FROM outbox o
          WHERE (o.connection_id, o.kind) >= (w.connection_id, w.kind) AND (o.connection_id, o.kind) <= (w.connection_id, w.kind)
            AND o.state = 'pending' AND o.refusals = 0 ORDER BY o.connection_id, o.kind, o.id LIMIT 1
        ) AS at FROM waiting w
        UNION ALL SELECT connection_id, created_at FROM outbox WHERE state = 'pending' AND refusals > 0
      ) rows GROUP BY connection_id`;

/**
 * SQL of when the oldest row that waits for the CRM of a connection was stored, or NULL; `id` is SQL of the
 * connection's. From kind to kind, so that it costs the same however many rows wait.
 */
export function oldestWaitingSql(id: string): string {
  // As ranges, so that no index but that of waiting rows has their order.
  const next = (after: string): string =>
    `(SELECT o.kind FROM outbox o WHERE (o.connection_id, o.kind) > (${id}, ${after}) AND o.connection_id <= ${id}
        AND o.state = 'pending' AND o.refusals = 0 ORDER BY o.connection_id, o.kind LIMIT 1)`;
  return `(SELECT min(waiting.at) FROM (
    WITH RECURSIVE kinds AS (SELECT ${next(`''`)} AS kind UNION ALL SELECT ${next('k.kind')} FROM kinds k WHERE k.kind IS NOT NULL)
    SELECT (SELECT o.created_at FROM outbox o WHERE (o.connection_id, o.kind) >= (${id}, k.kind) AND (o.connection_id, o.kind) <= (${id}, k.kind)
        AND o.state = 'pending' AND o.refusals = 0 ORDER BY o.connection_id, o.kind, o.id LIMIT 1) AS at
      FROM kinds k WHERE k.kind IS NOT NULL
    UNION ALL SELECT o.created_at FROM outbox o WHERE o.connection_id = ${id} AND o.state = 'pending' AND o.refusals > 0
  ) waiting)`;
}
