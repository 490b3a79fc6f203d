import { prepare, type PreparedStatement } from '#platform';

/** Milliseconds until a worker's lease of a lane expires after it was taken or renewed. */
export const LEASE_MS = 20_000;
/**
 * Number of rows searched for the subjects of one call: first `near`, then `far` if they have too few
 * subjects.
 */
const WINDOW = { near: 500, far: 5_000 };
/** Maximum number of rows per call. */
const CALL_ROWS = 5_000;
/** Columns of a lane without failures. */
const WELL = `failures = 0, last_error = NULL, failing_since = NULL, failed_at = NULL, tried_for = '0'`;

/**
 * The rows of a lane. As a range, because with `=` the planner may read all rows ever sent in the order of
 * their ids: `ORDER BY connection_id, kind, id` then has no other index than the lane's.
 */
const inLane = (connectionId: string, kind: string): string =>
  `(connection_id, kind) >= (${connectionId}, ${kind}) AND (connection_id, kind) <= (${connectionId}, ${kind})`;

/** The rows of lane ($1, $2). */
export const IN_LANE = inLane('$1', '$2');

/**
 * `state = 'pending'` of rows found by their ids. Worded so that no index of waiting rows applies. The
 * planner assumes that these are empty when many rows are new, and would walk one for each id.
 */
export const STILL_PENDING = `state NOT IN ('sent', 'failed', 'dropped')`;

/**
 * Subjects of a lane with a rejected row, the connection's last passed call and whether the CRM seems to
 * reject everything.
 */
const listRejections = (connectionId: string, kind: string): string => `rejected AS (
    SELECT subject, min(rejected_at) AS rejected_at, max(not_before) AS not_before FROM outbox
    WHERE connection_id = ${connectionId} AND kind = ${kind} AND state = 'pending' AND rejections > 0 GROUP BY subject
  ), passed AS (
    SELECT coalesce(max(passed_at), '-infinity') AS at FROM outbox_lane WHERE connection_id = ${connectionId}
  ), doubt AS (
    SELECT count(*) > 1 AS in_doubt FROM rejected, passed WHERE rejected_at >= passed.at
  )`;

const LEASE = `now() + interval '${LEASE_MS} milliseconds'`;

/**
 * Takes the lanes ($1, $2) that have rows to send, that no other worker holds and that are not paused. Their
 * rows are locked in the same order everywhere, so that two statements never deadlock.
 */
export const TAKE = prepare(
  'outbox-take',
  `INSERT INTO outbox_lane AS l (connection_id, kind, fence, lease_until)
    SELECT connection_id, kind, 1, ${LEASE} FROM (SELECT DISTINCT connection_id, kind FROM unnest($1::uuid[], $2::text[]) AS w (connection_id, kind)) w
    WHERE EXISTS (
      SELECT FROM outbox WHERE ${inLane('w.connection_id', 'w.kind')} AND state = 'pending' ORDER BY connection_id, kind OFFSET 0
    ) ORDER BY connection_id, kind
    ON CONFLICT (connection_id, kind) DO UPDATE SET fence = l.fence + 1, lease_until = ${LEASE}
    WHERE l.lease_until <= now() AND l.due_at <= now() RETURNING connection_id AS "connectionId", kind, fence, now()::text AS "takenAt"`,
);

/** Renews the lease of a lane. $3: the fence. */
export const RENEW = prepare(
  'outbox-renew',
  `UPDATE outbox_lane SET lease_until = ${LEASE} WHERE connection_id = $1 AND kind = $2 AND fence = $3 RETURNING now()::text AS now`,
);

/** Releases a lane without failures. $3: the fence. */
export const RELEASE = prepare(
  'outbox-release',
  `UPDATE outbox_lane SET lease_until = '-infinity', ${WELL} WHERE connection_id = $1 AND kind = $2 AND fence = $3`,
);

/**
 * Waiting rows for the first $3 subjects of lanes ($1, $2), found among few or many rows. `n`: index of the
 * lane.
 */
export const NEXT = { near: buildNext('outbox-next-near', WINDOW.near), far: buildNext('outbox-next-far', WINDOW.far) };

/** Looks up each subject separately, so that the statistics on their number do not matter. */
function buildNext(name: string, rows: number): PreparedStatement {
  return prepare(
    name,
    `
    SELECT lane.n::int, found.* FROM unnest($1::uuid[], $2::text[], $3::int[]) WITH ORDINALITY AS lane (connection_id, kind, subjects, n)
    CROSS JOIN LATERAL (
      WITH ${listRejections('lane.connection_id', 'lane.kind')}, looked AS MATERIALIZED (
        SELECT subject, id, not_before FROM outbox WHERE ${inLane('lane.connection_id', 'lane.kind')} AND state = 'pending' AND rejections = 0
          AND subject NOT IN (SELECT subject FROM rejected) ORDER BY connection_id, kind, id LIMIT ${rows}
      ), subjects AS (
        SELECT subject FROM looked GROUP BY subject HAVING max(not_before) <= now() ORDER BY min(id) LIMIT lane.subjects
      )
      SELECT looking.full, next.* FROM (SELECT count(*) = ${rows} AS "full" FROM looked) looking LEFT JOIN (
        SELECT o.* FROM subjects s CROSS JOIN LATERAL (
          SELECT id, subject, payload, request, created_at AS "createdAt" FROM outbox
          WHERE connection_id = lane.connection_id AND kind = lane.kind AND subject = s.subject AND state = 'pending' AND not_before <= now()
          ORDER BY id LIMIT ${CALL_ROWS}
        ) o ORDER BY o.id LIMIT (SELECT CASE WHEN in_doubt THEN 1 ELSE ${CALL_ROWS} END FROM doubt)
      ) next ON true
    ) found ORDER BY lane.n, found.id`,
  );
}

/** The first row of each of $3 rejected subjects that may be tried again. */
export const NEXT_REFUSED = prepare(
  'outbox-next-rejected',
  `
    WITH ${listRejections('$1', '$2')}, subjects AS (
      SELECT subject FROM rejected, passed WHERE not_before <= now() OR passed.at > rejected_at
      ORDER BY not_before LIMIT (SELECT CASE WHEN in_doubt THEN 1 ELSE $3::int END FROM doubt)
    )
    SELECT o.* FROM subjects s CROSS JOIN LATERAL (
      SELECT id, subject, payload, request, created_at AS "createdAt" FROM outbox
      WHERE connection_id = $1 AND kind = $2 AND subject = s.subject AND state = 'pending' ORDER BY id LIMIT 1
    ) o ORDER BY o.id`,
);

/**
 * `markSent` of lanes ($1, $2): $3 fences, $4 when each call started, $5 whether older rows are dropped, $6
 * the ids of all. Rows of a lost lane stay unchanged. `n`: index of the lane. `IS TRUE`: each row is looked
 * up once, while a join would look up all of them for each lane.
 */
export const MARK_SENT = prepare(
  'outbox-mark-sent',
  `
    WITH held AS MATERIALIZED (
      SELECT m.n, m.began, m.drops_older, l.connection_id, l.kind
      FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::timestamptz[], $5::bool[]) WITH ORDINALITY AS m (connection_id, kind, fence, began, drops_older, n)
      JOIN outbox_lane l ON l.connection_id = m.connection_id AND l.kind = m.kind AND l.fence = m.fence
      ORDER BY l.connection_id, l.kind FOR UPDATE OF l
    ), lane AS (
      UPDATE outbox_lane l SET passed_at = held.began, ${WELL}, lease_until = CASE WHEN EXISTS (
          SELECT FROM outbox WHERE ${inLane('l.connection_id', 'l.kind')} AND state = 'pending' AND id NOT IN (SELECT unnest($6::bigint[]))
          ORDER BY connection_id, kind OFFSET 0
        ) THEN ${LEASE} ELSE '-infinity' END
      FROM held WHERE l.connection_id = held.connection_id AND l.kind = held.kind
      RETURNING held.n, l.connection_id, l.kind, held.drops_older, l.lease_until > now() AS more
    ), told AS (
      UPDATE outbox o SET state = 'sent', sent_at = now(), attempts = attempts + 1, rejections = 0, rejected_at = NULL
      WHERE o.id = ANY ($6::bigint[]) AND o.${STILL_PENDING}
        AND ((o.connection_id, o.kind) IN (SELECT connection_id, kind FROM lane)) IS TRUE
      RETURNING o.id, o.connection_id, o.kind, o.subject
    ), overtaken AS (
      UPDATE outbox o SET state = 'dropped', sent_at = now(), last_error = 'entry ' || older.by || ' about the same was sent' FROM (
        SELECT w.id, told.id AS by FROM told JOIN lane USING (connection_id, kind) CROSS JOIN LATERAL (
          SELECT id FROM outbox WHERE connection_id = told.connection_id AND kind = told.kind AND subject = told.subject AND state = 'pending' AND id < told.id
            AND id <> ALL ($6::bigint[]) ORDER BY id LIMIT ${CALL_ROWS}
        ) w WHERE lane.drops_older
      ) older WHERE o.id = older.id AND o.${STILL_PENDING}
    )
    SELECT n::int, more, now()::text AS at FROM lane`,
);

/**
 * Steps from lane to lane, so that it costs as many lookups as there are waiting lanes, however many rows are
 * in them. $1: kinds that are sent for disconnected connections as well.
 */
export const DUE = prepare(
  'outbox-due',
  `
    WITH RECURSIVE waiting AS (
      (SELECT connection_id, kind FROM outbox WHERE state = 'pending' ORDER BY connection_id, kind LIMIT 1)
      UNION ALL
      SELECT next.* FROM waiting w CROSS JOIN LATERAL (
        SELECT connection_id, kind FROM outbox WHERE state = 'pending' AND (connection_id, kind) > (w.connection_id, w.kind)
        ORDER BY connection_id, kind LIMIT 1
      ) next
    )
    SELECT w.connection_id AS "connectionId", w.kind FROM waiting w
    LEFT JOIN live_connection c ON c.id = w.connection_id
    LEFT JOIN outbox_lane l ON l.connection_id = w.connection_id AND l.kind = w.kind
    CROSS JOIN LATERAL (
      SELECT FROM outbox o WHERE (o.connection_id, o.kind) >= (w.connection_id, w.kind) AND (o.connection_id, o.kind) <= (w.connection_id, w.kind)
        AND o.state = 'pending' AND o.created_at < now() - interval '2 seconds' AND o.not_before <= now()
        AND NOT EXISTS (
          SELECT FROM outbox r WHERE r.connection_id = o.connection_id AND r.kind = o.kind AND r.subject = o.subject
            AND r.state = 'pending' AND r.rejections > 0 AND r.not_before > now()
        )
      ORDER BY o.connection_id, o.kind LIMIT 1
    ) sendable
    WHERE coalesce(l.due_at <= now() AND l.lease_until <= now(), true)
      AND (c.id IS NOT NULL OR (w.kind = ANY ($1::text[]) AND w.connection_id IN (SELECT id FROM disconnected_connection)))`,
);
