import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sampleOrder, wireSave } from '#testing';
import { Account, readSaved } from './support/account.js';
import { AccountPage } from './support/account-page.js';
import { Deployment, START_MS } from './support/deployment.js';
import { PaymentDesk } from './support/payment-desk.js';
import { freePort, ServerProcess } from './support/server-process.js';
import { until } from './support/until.js';

/** The machine's clock of a process is two hours behind: loaded before everything else. */
const TWO_HOURS_BEHIND = `
  const now = Date.now.bind(Date);
  const behind = () => now() - 7_200_000;
  globalThis.Date = new Proxy(Date, {
    construct: (date, given, target) => Reflect.construct(date, given.length > 0 ? given : [behind()], target),
    apply: (date) => new date(behind()).toString(),
  });
  Date.now = behind;
`;
const SKEWED = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(TWO_HOURS_BEHIND)}` };

let deployment: Deployment;
/** An api of the same deployment whose machine has the right time. */
let right: ServerProcess;
let rightUrl: string;
let worker: ServerProcess;

beforeAll(async () => {
  // A worker with such a clock takes no work.
  deployment = await Deployment.start({ accounts: 2, apart: true, workers: 0, variables: SKEWED });
  worker = ServerProcess.start('apps/worker/src/main.js', [], { ...deployment.variables, NODE_OPTIONS: '' });
  const port = String(await freePort());
  rightUrl = `http://127.0.0.1:${port}`;
  right = ServerProcess.start('apps/api/src/main.js', [], { ...deployment.variables, PORT: port, NODE_OPTIONS: '' });
  await right.ready(`${rightUrl}/health/ready`);
}, START_MS);
afterAll(async () => {
  await worker?.stop();
  await right?.stop();
  await deployment?.stop();
});

describe('processes on machines whose clocks differ', () => {
  it('report that their own is wrong, and have one present', async () => {
    expect(deployment.api?.lastOutput).toContain("this machine's clock is 7200 s behind the database's");
    expect(right.lastOutput).not.toContain("this machine's clock");
  });

  it('believe each other’s links and sessions', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm());
    const link = new URL(account.accountUrl);
    const page = await fetch(rightUrl + link.pathname + link.search, { redirect: 'manual' });
    expect(page.status).toBe(200);
    const { token } = await AccountPage.open(account);
    const settings = await fetch(`${rightUrl}/courier/account/api/settings`, { headers: { authorization: `Bearer ${token}` } });
    expect(settings.status).toBe(200);
    expect(
      readSaved(await account.save(wireSave('courier', sampleOrder('moscowCourier', { order: '1', orderNumber: '1A' })))).deliveryId,
    ).toBeTruthy();
  });

  it('store no time from their own clock', async () => {
    const desk = await PaymentDesk.open(deployment, deployment.nextCrm());
    const { invoiceUuid, paymentId } = await desk.invoice();
    await desk.cancel(paymentId);
    await until('the CRM knows that it is cancelled', () => desk.listStatuses(invoiceUuid).includes('canceled'));
    const columns = await deployment.stores.query<{ table_name: string; column_name: string }>(
      `SELECT c.table_name, c.column_name FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
       WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND data_type = 'timestamp with time zone'`,
    );
    expect(columns.length).toBeGreaterThan(40);
    const wrong: string[] = [];
    for (const { table_name: table, column_name: column } of columns) {
      const rows = await deployment.stores.query(
        `SELECT 1 FROM ${table} WHERE ${column} BETWEEN now() - interval '130 minutes' AND now() - interval '60 minutes' LIMIT 1`,
      );
      if (rows.length > 0) wrong.push(`${table}.${column}`);
    }
    expect(wrong).toEqual([]);
  });
});
