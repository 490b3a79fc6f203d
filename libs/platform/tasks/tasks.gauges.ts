import type { SharedGauge } from '../metrics/index.js';

/** Long work of operators. */
export const tasksGauges: readonly SharedGauge[] = [
  {
    name: 'crossdock_tasks',
    help: "Operators' tasks by kind and state (running; failed: in the last 24 hours)",
    labels: ['kind', 'state'],
    sql: `SELECT kind, state, count(*) AS value FROM (
        SELECT kind, state FROM task WHERE state = 'running'
        UNION ALL SELECT kind, state FROM task WHERE state = 'failed' AND ended_at > now() - interval '1 day'
      ) shown GROUP BY kind, state`,
  },
  {
    name: 'crossdock_tasks_idle_seconds',
    help: 'Seconds since the running task that has been still the longest came forward; 0 without any',
    labels: [],
    sql: `SELECT coalesce(extract(epoch FROM now() - min(updated_at)), 0) AS value FROM task WHERE state = 'running'`,
  },
];
