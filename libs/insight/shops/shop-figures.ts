import { Injectable } from '@nestjs/common';
import { FAILED_LATELY, FAILING_KINDS, type FailingKind } from '#connections';
import { countWaitingSql, oldestWaitingSql } from '#outbox';
import { Database } from '#platform';
import { FAILURES, FAILURE_SOURCES, type FailureSource } from '../failures/failure-rows.js';

/** Rows that are counted of one shop and source: beyond it a figure only says that it is more. */
const MOST = 1_000;

/**
 * What failed of a shop within 24 h, told apart. `callback`, `webhook`: answered with a 5xx, as somebody
 * was away, too slow or broken, whatever was asked for; written every 15 s. `outbox`, `inbox`: messages
 * and events that were set aside and still are; `operations`: calls of unknown outcome; 1,000 of each at
 * most.
 */
export type ShopFailures = Record<FailingKind | FailureSource, number>;

/** How much is going on at a connection. */
export interface ShopFigures {
  /** When the CRM last called, ISO 8601, written every 15 s; null: not since it is counted. */
  lastCallbackAt: string | null;
  /** When the CRM last took news, ISO 8601, written every 15 s; null: not since it is counted. */
  lastPushAt: string | null;
  /** All that failed within 24 h: the sum of `failed`. What was refused, as with a 4xx, is none. */
  failures: number;
  failed: ShopFailures;
  /** When the oldest of what waits for the CRM was stored, ISO 8601; null: nothing waits. */
  oldestWaitingAt: string | null;
  /** Messages that wait for the CRM; at most 2,000 of each kind. */
  waiting: number;
}

/** SQL of a source's failures within a day: connection_id. */
const listFailed = (what: FailureSource): string => {
  const { table, condition, failedAt } = FAILURES[what];
  return `SELECT connection_id FROM ${table} WHERE ${condition} AND ${failedAt} > now() - interval '24 hours'`;
};

/** SQL of a connection's failures, a column for each kind; `id` is SQL of its. */
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

/** SQL of all failures: connection_id, count. */
const FAILED = [
  `SELECT connection_id, count FROM (${FAILED_LATELY}) exchange`,
  ...FAILURE_SOURCES.map((what) => `SELECT connection_id, 1 FROM (${listFailed(what)}) ${what}`),
].join(' UNION ALL ');

/** SQL of the ids of the connections with failures. */
export const FAILING_SHOPS = `SELECT connection_id FROM (${FAILED}) failed`;

/** What a list of connections, `row`, may be sorted by, beside its own columns: joins and column. */
export const SHOP_SORTS = {
  lastCallback: { joins: 'LEFT JOIN connection_seen s ON s.connection_id = row.id', column: `coalesce(s.callback_at, '-infinity')` },
  lastPush: { joins: 'LEFT JOIN connection_seen s ON s.connection_id = row.id', column: `coalesce(s.push_at, '-infinity')` },
  failures: {
    joins: `LEFT JOIN (SELECT connection_id, sum(count) AS failures FROM (${FAILED}) failed GROUP BY connection_id) f ON f.connection_id = row.id`,
    column: 'coalesce(f.failures, 0)',
  },
  // What waits longest is first; where nothing waits, last.
  oldestWaiting: { joins: `LEFT JOIN LATERAL (${oldestWaitingSql('row.id')}) w ON true`, column: `coalesce(w.at, 'infinity')` },
} as const;

interface FiguresRow extends ShopFailures {
  id: string;
  callbackAt: Date | null;
  pushAt: Date | null;
  oldestAt: Date | null;
  waiting: number;
}

/** Reads how much is going on at connections. */
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

  /** Returns how many messages of each kind wait for the CRM of a connection; at most 2,000. */
  async countWaiting(id: string): Promise<Map<string, number>> {
    const rows = await this.database.query<{ kind: string; waiting: number }>(
      `SELECT l.kind, ${countWaitingSql('l.connection_id', 'l.kind')} AS waiting FROM outbox_lane l WHERE l.connection_id = $1`,
      [id],
    );
    return new Map(rows.map(({ kind, waiting }) => [kind, waiting]));
  }
}
