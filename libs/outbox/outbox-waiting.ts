/**
 * Lanes with waiting rows, and when the first of these rows was stored: connection_id, kind, at. Steps from
 * lane to lane, with as many lookups as lanes, however many rows are in them.
 */
export const WAITING_LANES = `RECURSIVE waiting AS (
        (SELECT connection_id, kind, created_at AS at FROM outbox WHERE state = 'pending' AND rejections = 0 ORDER BY connection_id, kind, id LIMIT 1)
        UNION ALL
        SELECT next.* FROM waiting w CROSS JOIN LATERAL (
          SELECT connection_id, kind, created_at FROM outbox
          WHERE state = 'pending' AND rejections = 0 AND (connection_id, kind) > (w.connection_id, w.kind)
          ORDER BY connection_id, kind, id LIMIT 1
        ) next
      )`;

/** Maximum number of counted rows. A figure of this size means at least that many. */
const MOST_COUNTED = 1_000;

/**
 * SQL of the lanes of live connections in which a row has waited for longer than `minutes` although it is not
 * held: connection_id, kind, at (when the oldest was stored), error (of its last try, or NULL).
 */
export function stuckLanesSql(minutes: number): string {
  return `WITH ${WAITING_LANES}
    SELECT w.connection_id, w.kind, first.created_at AS at, CASE WHEN l.failures > 0 THEN l.last_error END AS error FROM waiting w
    JOIN live_connection c ON c.id = w.connection_id
    LEFT JOIN outbox_lane l ON l.connection_id = w.connection_id AND l.kind = w.kind
    CROSS JOIN LATERAL (
      SELECT o.created_at FROM outbox o
      WHERE (o.connection_id, o.kind) >= (w.connection_id, w.kind) AND (o.connection_id, o.kind) <= (w.connection_id, w.kind)
        AND o.state = 'pending' AND o.rejections = 0 AND (l.failures > 0 OR (o.not_before <= now() AND NOT EXISTS (
          SELECT FROM outbox r WHERE r.connection_id = o.connection_id AND r.kind = o.kind AND r.subject = o.subject AND r.state = 'pending' AND r.rejections > 0
        )))
      ORDER BY o.connection_id, o.kind, o.id LIMIT 1
    ) first WHERE first.created_at < now() - interval '${minutes} minutes'`;
}

/**
 * SQL of the number of rows of a kind that wait for the CRM of a connection: at most 1,000 new rows and 1,000
 * rejected rows. `id` and `kind` are SQL.
 */
export function countWaitingSql(id: string, kind: string): string {
  // As ranges, so that only the index of waiting rows has their order.
  const place = `(o.connection_id, o.kind) >= (${id}, ${kind}) AND (o.connection_id, o.kind) <= (${id}, ${kind}) AND o.state = 'pending'`;
  return `((SELECT count(*)::int FROM (
      SELECT FROM outbox o WHERE ${place} AND o.rejections = 0 ORDER BY o.connection_id, o.kind, o.id LIMIT ${MOST_COUNTED}) waiting)
    + (SELECT count(*)::int FROM (
      SELECT FROM outbox o WHERE ${place} AND o.rejections > 0 ORDER BY o.connection_id, o.kind, o.subject LIMIT ${MOST_COUNTED}) rejected))`;
}

/**
 * SQL of when the oldest row that waits for the CRM of a connection was stored: `at`, or no row if nothing
 * waits. `id` is SQL of the connection's id. One lookup, however many rows wait.
 */
export function oldestWaitingSql(id: string): string {
  return `SELECT o.created_at AS at FROM outbox o WHERE o.connection_id = ${id} AND o.state = 'pending' AND o.created_at > '-infinity'
    ORDER BY o.connection_id, o.created_at LIMIT 1`;
}
