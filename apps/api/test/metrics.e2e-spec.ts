import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Account } from './support/account.js';
import { Deployment, START_MS } from './support/deployment.js';
import { until } from './support/until.js';

const read = (file: string): string => readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');

let deployment: Deployment;
let account: Account;

beforeAll(async () => {
  deployment = await Deployment.start({ accounts: 1, variables: { COMMIT: 'abc1234' } });
  account = await Account.connect(deployment, deployment.nextCrm());
}, START_MS);
afterAll(() => deployment?.stop());

/** The metrics that both processes export. */
async function scrape(): Promise<{ api: string; worker: string }> {
  const worker = await fetch(`http://127.0.0.1:${deployment.workerPorts[0] ?? ''}/metrics`);
  expect(worker.headers.get('content-type')).toContain('text/plain');
  return { api: (await deployment.send('/metrics')).bytes.toString(), worker: await worker.text() };
}

/** Reads the shared values again, whatever their age. */
async function scrapeAnew(): Promise<{ api: string; worker: string }> {
  await deployment.stores.query(`DELETE FROM shared_value WHERE name = 'metrics'`);
  return scrape();
}

const listNames = (text: string): string[] => [...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name = '']) => name);

/** Metrics in the expressions of rules and dashboards. */
function listUsed(text: string): string[] {
  const names = text.match(/\b(crossdock|http|provider|crm|job|journal|nodejs|process)_[a-z0-9_]+\b/g) ?? [];
  return [...new Set(names.map((name) => name.replace(/_seconds_(bucket|count|sum)$/, '_seconds')))].sort();
}

describe('metrics', () => {
  it.each(['deploy/prometheus/rules.yml', 'deploy/grafana/crossdock.json'])('that %s names are exported by api or worker', async (file) => {
    const exported = new Set(Object.values(await scrape()).flatMap(listNames));
    const expressions = [...read(file).matchAll(/"?expr"?: (?:>\s*\n((?: {10,}.*\n)+)|(.+))/g)]
      .map(([, many, one]) => many ?? one)
      .join('\n');
    const used = listUsed(expressions);
    expect(used.length).toBeGreaterThan(8);
    expect(used.filter((name) => !exported.has(name))).toEqual([]);
  });

  it('of the database are the same in every process, and are read once for all', async () => {
    const { api, worker } = await scrapeAnew();
    const shared = (text: string): string[] =>
      text.split('\n').filter((line) => /^crossdock_(snapshot|outbox|queue|recurring|connections|inbox)/.test(line));
    expect(shared(api)).toEqual(shared(worker));
    expect(shared(api)).toContain('crossdock_connections{module="courier",state="live"} 1');
    expect(shared(api)).toContainEqual(expect.stringMatching(/^crossdock_recurring_late_seconds\{name="outbox\.sweep"\} \d/));
    const again = await scrape();
    expect(shared(again.worker)).toEqual(shared(api));
  });

  it('show what waits, what was set aside and what is unknown', async () => {
    const { id } = await deployment.getConnection(account.crm);
    const [first] = await deployment.stores.query<{ id: string }>(
      `INSERT INTO outbox (connection_id, kind, subject, payload, state) VALUES ($1, 'delivery.tracking', 'x', '{}', 'failed') RETURNING id`,
      [id],
    );
    await deployment.stores.query(
      `INSERT INTO operation (id, connection_id, kind, subject, state, created_at, check_at, lease_until)
       VALUES (gen_random_uuid(), $1, 'delivery.save', 'x', 'unknown', now() - interval '2 hours', 'infinity', 'infinity')`,
      [id],
    );
    await deployment.stores.query(
      `INSERT INTO outbox_lane (connection_id, kind, failures, due_at) VALUES ($1, 'telephony.calls', 3, 'infinity'), ($1, 'store.stock', 0, 'infinity')
       ON CONFLICT (connection_id, kind) DO UPDATE SET failures = excluded.failures, due_at = 'infinity'`,
      [id],
    );
    await deployment.stores.query(
      `INSERT INTO outbox (connection_id, kind, subject, payload, created_at, rejections) SELECT $1, kind, 'x', '{}', now() - age::interval, rejections
       FROM (VALUES ('telephony.calls', '1 day', 0), ('store.stock', '1 hour', 0), ('store.stock', '2 hours', 1)) rows (kind, age, rejections)`,
      [id],
    );
    await deployment.stores.query(
      `INSERT INTO task (id, kind, input, state, started_by, due_at, updated_at, ended_at)
       SELECT gen_random_uuid(), 'failures.replay', '{}', state, 'ana', 'infinity', now() - interval '1 hour', now() - ended::interval
       FROM (VALUES ('running', NULL), ('failed', '1 hour'), ('failed', '2 days'), ('done', '1 hour')) rows (state, ended)`,
    );
    const { api } = await scrapeAnew();
    expect(api).toContain('crossdock_tasks{kind="failures.replay",state="running"} 1');
    expect(api).toContain('crossdock_tasks{kind="failures.replay",state="failed"} 1');
    expect(Number(/^crossdock_tasks_idle_seconds (\S+)/m.exec(api)?.[1])).toBeGreaterThanOrEqual(3600);
    await deployment.stores.query('DELETE FROM task');
    expect(api).toContain('crossdock_outbox_failed{kind="delivery.tracking"} 1');
    expect(api).toContain('crossdock_operations_unknown 1');
    expect(Number(/^crossdock_operations_unknown_oldest_seconds (\S+)/m.exec(api)?.[1])).toBeGreaterThanOrEqual(7200);
    expect(api).toContain('crossdock_lanes_failing{kind="telephony.calls"} 1');
    expect(api).toContain('crossdock_outbox_waiting{kind="store.stock"} 2');
    // The lane of `bench` fails, and the subject that was refused is held up by that.
    expect(api).not.toContain('crossdock_outbox_oldest_seconds{kind="telephony.calls"}');
    expect(api).not.toContain('crossdock_outbox_oldest_seconds{kind="store.stock"}');
    await deployment.stores.query(`UPDATE outbox SET subject = 'y' WHERE kind = 'store.stock' AND rejections = 0`);
    expect(
      Number(/^crossdock_outbox_oldest_seconds\{kind="store\.stock"\} (\S+)/m.exec((await scrapeAnew()).api)?.[1]),
    ).toBeGreaterThanOrEqual(3600);
    await deployment.operator('POST', `/connections/${id}/freeze`);
    const frozen = await scrapeAnew();
    expect(frozen.api).toContain('crossdock_connections{module="courier",state="frozen"} 1');
    expect(frozen.api).not.toContain('crossdock_outbox_oldest_seconds{');
    await deployment.operator('POST', `/connections/${id}/unfreeze`);
    await deployment.stores.query(`DELETE FROM outbox WHERE id = $1 OR kind IN ('telephony.calls', 'store.stock')`, [first?.id]);
  });

  it('count calls to the CRM by method and outcome, and jobs', async () => {
    const { id } = await deployment.getConnection(account.crm);
    await deployment.operator('POST', `/connections/${id}/register`);
    const sent = /job_duration_seconds_count\{name="outbox\.flush-lanes",outcome="ok"\} [1-9]/;
    await until('a lane was sent', async () => sent.test((await scrape()).worker));
    const { worker } = await scrape();
    expect(worker).toMatch(/crm_call_duration_seconds_count\{method="integration\.edit",outcome="ok"\} [1-9]/);
    expect(worker).toMatch(/crm_limit_wait_seconds_count\{priority="background"\} [1-9]/);
  });

  it('could all be read', () => {
    expect([deployment.api, ...deployment.workers].map((one) => one?.lastOutput ?? '').join()).not.toContain('cannot be read');
  });

  it('describe what runs, and contain no connection', async () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    const { api, worker } = await scrape();
    for (const text of [api, worker]) {
      expect(text).toContain(`crossdock_build_info{version="${version}",commit="abc1234",node="${process.versions.node}"} 1`);
      expect(text).toContain('crossdock_database_ready 1');
      expect(text).not.toContain((await deployment.getConnection(account.crm)).id);
      expect(text).not.toContain(new URL(account.crm.url).host);
    }
  });
});
