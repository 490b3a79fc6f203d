import { Injectable } from '@nestjs/common';
import { countWaitingSql, OLDEST_WAITING, oldestWaitingSql } from '#outbox';
import { Database } from '#platform';
import { FAILURES, FAILURE_SOURCES, type FailureSource } from '../failures/failure-rows.js';

/** Failures that are counted of one shop and source: beyond it a figure only says that it is more. */
const MOST = 1_000;

/** How much is going on at a connection. */
export interface ShopFigures {
  /** When the CRM last called, ISO 8601, written every 15 s; null: not since it is counted. */
  lastCallbackAt: string | null;
  /** When the CRM last took news, ISO 8601, written every 15 s; null: not since it is counted. */
  lastPushAt: string | null;
  /** Messages and events that were set aside and calls of unknown outcome, of 24 h; 1,000 of each at most. */
  failures: number;
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

/** SQL of the number of failures of a connection; `id` is SQL of its. */
const failuresSql = (id: string): string =>
  FAILURE_SOURCES.map((what) => `(SELECT count(*)::int FROM (${listFailed(what)} AND connection_id = ${id} LIMIT ${MOST}) found)`).join(
    ' + ',
  );

/** SQL of the connections with failures: connection_id, failures. */
const FAILING = `SELECT connection_id, count(*) AS failures FROM (${FAILURE_SOURCES.map(listFailed).join(' UNION ALL ')}) failed GROUP BY connection_id`;

/** What a list of connections, `row`, may be sorted by, beside its own columns: joins and column. */
export const SHOP_SORTS = {
  lastCallback: { joins: 'LEFT JOIN connection_seen s ON s.connection_id = row.id', column: `coalesce(s.callback_at, '-infinity')` },
  lastPush: { joins: 'LEFT JOIN connection_seen s ON s.connection_id = row.id', column: `coalesce(s.push_at, '-infinity')` },
  failures: { joins: `LEFT JOIN (${FAILING}) f ON f.connection_id = row.id`, column: 'coalesce(f.failures, 0)' },
  // What waits longest is first; where nothing waits, last.
  oldestWaiting: {
    joins: `LEFT JOIN (${OLDEST_WAITING}) w ON w.connection_id = row.id`,
    column: `coalesce(w.at, 'infinity')`,
  },
} as const;

/** Reads how much is going on at connections. */
@Injectable()
export class ShopFiguresReader {
  constructor(private readonly database: Database) {}

  /** Returns the figures of each connection, by its id. */
  async read(ids: readonly string[]): Promise<Map<string, ShopFigures>> {
    const rows = await this.database.query<{
      id: string;
      callbackAt: Date | null;
      pushAt: Date | null;
      failures: number;
      oldestAt: Date | null;
      waiting: number;
    }>(
      `SELECT c.id, s.callback_at AS "callbackAt", s.push_at AS "pushAt", ${failuresSql('c.id')} AS failures, ${oldestWaitingSql('c.id')} AS "oldestAt",
         (SELECT coalesce(sum(${countWaitingSql('l.connection_id', 'l.kind')}), 0)::int FROM outbox_lane l WHERE l.connection_id = c.id) AS waiting
       FROM unnest($1::uuid[]) AS c (id) LEFT JOIN connection_seen s ON s.connection_id = c.id`,
      [ids],
    );
    return new Map(
      rows.map(({ id, callbackAt, pushAt, failures, oldestAt, waiting }) => [
        id,
        {
          lastCallbackAt: callbackAt?.toISOString() ?? null,
          lastPushAt: pushAt?.toISOString() ?? null,
          failures,
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
