import type { SharedGauge } from '#platform';

/** Maximum number of counted events. A figure of this size means at least that many. */
const MOST = 10_000;

/** Counts at most MOST events, in the order of an index, because with only a limit all may be read. */
const count = (state: string, order: string): string =>
  `SELECT count(*) AS value FROM (SELECT FROM inbox_event WHERE state = '${state}' ORDER BY ${order} LIMIT ${MOST}) found`;

/** Events from providers that are not applied yet. */
export const inboxGauges: readonly SharedGauge[] = [
  {
    name: 'crossdock_inbox_waiting',
    help: `Events of providers that are not applied yet (at most ${MOST} are counted)`,
    labels: [],
    sql: count('pending', 'connection_id, id'),
  },
  {
    name: 'crossdock_inbox_failed',
    help: `Failed events of providers that wait for the operator (at most ${MOST} are counted)`,
    labels: [],
    sql: count('failed', 'id'),
  },
];
