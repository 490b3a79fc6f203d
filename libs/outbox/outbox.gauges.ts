import type { SharedGauge } from '#platform';
import { oldestWaitingSql, WAITING_LANES } from './outbox-waiting.js';

/** Maximum number of counted rows. A figure of this size means at least that many. */
const MOST = 10_000;

/**
 * Counts rows by kind, at most MOST for each condition. Each states the order of its index, because with only
 * a limit the planner may read all rows ever sent.
 */
const countByKind = (...conditions: string[]): string =>
  `SELECT kind, count(*) AS value FROM (${conditions.map((one) => `(SELECT kind FROM outbox WHERE ${one} LIMIT ${MOST})`).join(' UNION ALL ')}) found
   GROUP BY kind`;

/** Rows that wait for the CRM, and the reasons for delays. */
export const outboxGauges: readonly SharedGauge[] = [
  {
    name: 'crossdock_outbox_waiting',
    help: `Rows that wait to be sent to the CRM, by kind (at most ${MOST} are counted)`,
    labels: ['kind'],
    sql: countByKind(
      `state = 'pending' AND rejections = 0 ORDER BY connection_id, kind, id`,
      `state = 'pending' AND rejections > 0 ORDER BY connection_id, kind, subject`,
    ),
  },
  {
    name: 'crossdock_outbox_oldest_seconds',
    help: 'Age of the oldest row that waits although its lane has no failure, it was not rejected and its connection is live, by kind',
    labels: ['kind'],
    sql: `WITH ${WAITING_LANES}
      SELECT w.kind, extract(epoch FROM max(now() - first.created_at)) AS value FROM waiting w
      JOIN live_connection c ON c.id = w.connection_id
      LEFT JOIN outbox_lane l ON l.connection_id = w.connection_id AND l.kind = w.kind
      CROSS JOIN LATERAL (
        SELECT o.created_at FROM outbox o
        WHERE (o.connection_id, o.kind) >= (w.connection_id, w.kind) AND (o.connection_id, o.kind) <= (w.connection_id, w.kind)
          AND o.state = 'pending' AND o.rejections = 0
          AND NOT EXISTS (
            SELECT FROM outbox r WHERE r.connection_id = o.connection_id AND r.kind = o.kind AND r.subject = o.subject AND r.state = 'pending' AND r.rejections > 0
          )
        ORDER BY o.connection_id, o.kind, o.id LIMIT 1
      ) first
      WHERE coalesce(l.failures, 0) = 0 GROUP BY w.kind`,
  },
  {
    name: 'crossdock_outbox_waiting_oldest_seconds',
    help: 'Age of the oldest row that waits for a live connection for any reason, or 0 if there is none',
    labels: [],
    sql: `SELECT coalesce(extract(epoch FROM now() - min(w.at)), 0) AS value
      FROM live_connection c CROSS JOIN LATERAL (${oldestWaitingSql('c.id')}) w`,
  },
  {
    name: 'crossdock_outbox_failed',
    help: `Failed rows that wait for the operator, by kind (at most ${MOST} are counted)`,
    labels: ['kind'],
    sql: countByKind(`state = 'failed' ORDER BY id`),
  },
  {
    name: 'crossdock_lanes_failing',
    help: 'Lanes whose last call to the CRM failed, by kind',
    labels: ['kind'],
    sql: 'SELECT kind, count(*) AS value FROM outbox_lane WHERE failures > 0 GROUP BY kind',
  },
];
