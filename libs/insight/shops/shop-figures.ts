import { Injectable } from '@nestjs/common';
import { FAILED_LATELY, FAILING_KINDS, type FailingKind } from '#connections';
import { countWaitingSql, oldestWaitingSql } from '#outbox';
import { Database } from '#platform';
import { FAILURES, FAILURE_SOURCES, type FailureSource } from '../failures/failure-rows.js';

/** Maximum number of rows counted per shop and source. A figure at the maximum means this number or more. */
const MOST = 1_000;

/**
 * Failures of a shop in the last 24 hours by kind. `callback`, `webhook`: replied with a 5xx because a side
 * was unavailable, too slow or broken, written every 15 s. `outbox`, `inbox`: messages and events that
 * failed for good and were not resolved since. `operations`: calls with unknown outcome. At most 1,000 of
 * each of the last three.
 */
export type ShopFailures = Record<FailingKind | FailureSource, number>;

/** The activity of a connection. */
export interface ShopFigures {
  /** Time of the CRM's last call (ISO 8601, written every 15 s). Null if none since counting began. */
  lastCallbackAt: string | null;
  /** Time of the last update the CRM accepted (ISO 8601, written every 15 s). Null if none was counted. */
  lastPushAt: string | null;
  /** Failures in the last 24 hours, the sum of `failed`. Rejections (4xx) do not count. */
  failures: number;
  failed: ShopFailures;
  /** When the oldest message that waits for the CRM was stored (ISO 8601). Null if none wait. */
  oldestWaitingAt: string | null;
  /** Number of messages that wait for the CRM, at most 2,000 of each kind. */
  waiting: number;
}

/** SQL: connection_id of a source's failures in the last day. */
const listFailed = (what: FailureSource): string => {
  const { table, condition, failedAt } = FAILURES[what];
  return `SELECT connection_id FROM ${table} WHERE ${condition} AND ${failedAt} > now() - interval '24 hours'`;
};

/** SQL: a connection's failures, one column per kind. `id` is the SQL of the connection's id. */
const failuresSql = (id: string): string =>
  [
    ...FAILING_KINDS.map(
      (kind) =>
        `(SELECT coalesce(sum(count), 0)::int FROM (${FAILED_LATELY} AND connection_id = ${id} AND kind = '${kind}') found) AS "${kind}"`,
    ),
    ...FAILURE_SOURCES.map(
      (what) => `(SELECT count(*)::int FROM (${listFailed(what)} AND connection_id = ${id} LIMIT ${MOST}) found) AS "${what}"`,
    ),
  ].join(', ');

/** SQL: connection_id and count of all failures. */
const FAILED = [
  `SELECT connection_id, count FROM (${FAILED_LATELY}) exchange`,
  ...FAILURE_SOURCES.map((what) => `SELECT connection_id, 1 FROM (${listFailed(what)}) ${what}`),
].join(' UNION ALL ');

/** SQL: ids of the connections with failures. */
export const FAILING_SHOPS = `SELECT connection_id FROM (${FAILED}) failed`;

/** Sort orders of a list of connections (`row`) in addition to its own columns: joins and column. */
export const SHOP_SORTS = {
  lastCallback: { joins: 'LEFT JOIN connection_seen s ON s.connection_id = row.id', column: `coalesce(s.callback_at, '-infinity')` },
  lastPush: { joins: 'LEFT JOIN connection_seen s ON s.connection_id = row.id', column: `coalesce(s.push_at, '-infinity')` },
  failures: {
    joins: `LEFT JOIN (SELECT connection_id, sum(count) AS failures FROM (${FAILED}) failed GROUP BY connection_id) f ON f.connection_id = row.id`,
    column: 'coalesce(f.failures, 0)',
  },
  // The longest wait is first, and connections without waiting messages are last.
  oldestWaiting: { joins: `LEFT JOIN LATERAL (${oldestWaitingSql('row.id')}) w ON true`, column: `coalesce(w.at, 'infinity')` },
} as const;

interface FiguresRow extends ShopFailures {
  id: string;
  callbackAt: Date | null;
  pushAt: Date | null;
  oldestAt: Date | null;
  waiting: number;
}

/** Reads the activity of connections. */
@Injectable()
export class ShopFiguresReader {
  constructor(private readonly database: Database) {}

  /** Returns the figures of each connection, by its id. */
  async read(ids: readonly string[]): Promise<Map<string, ShopFigures>> {
    const rows = await this.database.query<FiguresRow>(
      `SELECT c.id, s.callback_at AS "callbackAt", s.push_at AS "pushAt", (${oldestWaitingSql('c.id')}) AS "oldestAt", ${failuresSql('c.id')},
         (SELECT coalesce(sum(${countWaitingSql('l.connection_id', 'l.kind')}), 0)::int FROM outbox_lane l WHERE l.connection_id = c.id) AS waiting
       FROM unnest($1::uuid[]) AS c (id) LEFT JOIN connection_seen s ON s.connection_id = c.id`,
      [ids],
    );
    return new Map(
      rows.map(({ id, callbackAt, pushAt, oldestAt, waiting, ...failed }) => [
        id,
        {
          lastCallbackAt: callbackAt?.toISOString() ?? null,
          lastPushAt: pushAt?.toISOString() ?? null,
          failures: Object.values(failed).reduce((sum, count) => sum + count, 0),
          failed,
          oldestWaitingAt: oldestAt?.toISOString() ?? null,
          waiting,
        },
      ]),
    );
  }

  /** Counts the messages of each kind that wait for a connection's CRM, at most 2,000. */
  async countWaiting(id: string): Promise<Map<string, number>> {
    const rows = await this.database.query<{ kind: string; waiting: number }>(
      `SELECT l.kind, ${countWaitingSql('l.connection_id', 'l.kind')} AS waiting FROM outbox_lane l WHERE l.connection_id = $1`,
      [id],
    );
    return new Map(rows.map(({ kind, waiting }) => [kind, waiting]));
  }
}
