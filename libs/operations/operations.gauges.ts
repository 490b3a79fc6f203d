import type { SharedGauge } from '#platform';

/** Maximum number of counted operations. A figure of this size means at least that many. */
const MOST = 10_000;

/** Calls with an unknown outcome. */
export const operationsGauges: readonly SharedGauge[] = [
  {
    name: 'crossdock_operations_unknown',
    help: `Operations whose outcome at the provider is unknown (at most ${MOST} are counted)`,
    labels: [],
    sql: `SELECT count(*) AS value FROM (SELECT FROM operation WHERE state = 'unknown' ORDER BY state, id LIMIT ${MOST}) found`,
  },
  {
    name: 'crossdock_operations_unknown_oldest_seconds',
    help: 'Seconds since the oldest operation of unknown outcome was created, or 0 if there is none',
    labels: [],
    sql: `SELECT coalesce(extract(epoch FROM now() - (SELECT created_at FROM operation WHERE state = 'unknown' ORDER BY state, id LIMIT 1)), 0) AS value`,
  },
];
