import type { Stores } from './test-servers.js';

/** Runs a statement. */
export type Query = Stores['query'];

/** Jobs of a queue by state. */
export type CountJobs = () => Promise<readonly { queue: string; state: string; jobs: number }[]>;

/** Counts rows that are due or in work, by table. Rows that wait for a later time are at rest. */
const WORK = `
  SELECT 'outbox' AS what, count(*)::int AS number FROM outbox o
    JOIN live_connection c ON c.id = o.connection_id
    LEFT JOIN outbox_lane l ON l.connection_id = o.connection_id AND l.kind = o.kind
    WHERE o.state = 'pending' AND CASE WHEN o.not_before > now() THEN o.rejections = 0 ELSE coalesce(l.due_at <= now(), true) END
      AND NOT EXISTS (
        SELECT FROM outbox r WHERE r.connection_id = o.connection_id AND r.kind = o.kind AND r.subject = o.subject
          AND r.state = 'pending' AND r.rejections > 0 AND r.not_before > now())
  UNION ALL SELECT 'inbox_event', count(*)::int FROM inbox_event e
    WHERE state = 'pending' AND due_at <= now() AND (subject IS NULL OR NOT EXISTS (
      SELECT FROM inbox_event earlier WHERE earlier.connection_id = e.connection_id AND earlier.subject = e.subject
        AND earlier.state = 'pending' AND earlier.id < e.id AND earlier.due_at > now()))
  UNION ALL SELECT 'task', count(*)::int FROM task WHERE state = 'running' AND due_at <= now()
  UNION ALL SELECT 'provider_setup', count(*)::int FROM provider_setup WHERE due_at <= now() OR lease_until > now()`;

/** Lists the work in a deployment's stores, such as `outbox: 2`. Empty if the deployment is at rest. */
export async function listWork(query: Query, countJobs: CountJobs): Promise<string[]> {
  const jobs = (await countJobs()).filter((count) => count.state !== 'delayed' && count.jobs > 0);
  const rows = (await query<{ what: string; number: number }>(WORK)).filter(({ number }) => number > 0);
  return [
    ...jobs.map(({ queue, state, jobs: number }) => `${state} in ${queue}: ${number}`),
    ...rows.map(({ what, number }) => `${what}: ${number}`),
  ];
}
