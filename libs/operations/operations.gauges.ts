import type { SharedGauge } from '#platform';

/** Operations that are counted at most: beyond it a figure only says that it is more. */
const MOST = 10_000;

/** Calls whose outcome is not known. */
export const operationsGauges: readonly SharedGauge[] = [
  {
    name: 'crossdock_operations_unknown',
    help: `Operations whose outcome at the provider is unknown (${MOST} are counted at most)`,
    labels: [],
    sql: `SELECT count(*) AS value FROM (SELECT FROM operation WHERE state = 'unknown' ORDER BY state, id LIMIT ${MOST}) found`,
  },
  {
    name: 'crossdock_operations_unknown_oldest_seconds',
    help: 'Seconds since the oldest of them was made; 0 without any',
    labels: [],
    sql: `SELECT coalesce(extract(epoch FROM now() - (SELECT created_at FROM operation WHERE state = 'unknown' ORDER BY state, id LIMIT 1)), 0) AS value`,
  },
];
