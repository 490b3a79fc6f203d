import type { SharedGauge } from '#platform';

/** Events that are counted at most: beyond it a figure only says that it is more. */
const MOST = 10_000;

/** Counts at most MOST events, in the order of an index: with a limit alone all may be read. */
const count = (state: string, order: string): string =>
  `SELECT count(*) AS value FROM (SELECT FROM inbox_event WHERE state = '${state}' ORDER BY ${order} LIMIT ${MOST}) found`;

/** What providers reported and is not applied. */
export const inboxGauges: readonly SharedGauge[] = [
  {
    name: 'crossdock_inbox_waiting',
    help: `Events of providers that are not applied yet (${MOST} are counted at most)`,
    labels: [],
    sql: count('pending', 'connection_id, id'),
  },
  {
    name: 'crossdock_inbox_failed',
    help: `Events of providers that were set aside for the operator (${MOST} are counted at most)`,
    labels: [],
    sql: count('failed', 'id'),
  },
];
