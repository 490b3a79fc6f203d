import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sampleOrder, wireSave } from '#testing';
import { Account, postForm, readRefusal, readSaved } from './support/account.js';
import { Deployment, START_MS } from './support/deployment.js';
import type { Reply } from './support/reply.js';
import { until } from './support/until.js';

let deployment: Deployment;
let account: Account;
let orders = 0;

beforeAll(async () => {
  deployment = await Deployment.start({ accounts: 1, variables: { LOG_LEVEL: 'error' } });
  account = await Account.connect(deployment, deployment.nextCrm());
}, START_MS);
afterAll(() => deployment?.stop());

const save = (): Promise<Reply> => {
  const order = String(1000 + orders++);
  return account.save(wireSave('courier', sampleOrder('moscowCourier', { order, orderNumber: `${order}A` })));
};
const ready = async (): Promise<number[]> => {
  const worker = await fetch(`http://127.0.0.1:${deployment.workerPorts[0] ?? 0}/health/ready`);
  return [(await deployment.send('/health/ready')).status, worker.status];
};

/** Makes every write of a table fail as a server does that is out of something. */
async function refuseWrites(table: string, code: string): Promise<void> {
  await deployment.stores.query(
    `CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = '${code}'; END $$`,
  );
  await deployment.stores.query(`CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION refuse()`);
}
const takeWrites = (table: string): Promise<object[]> => deployment.stores.query(`DROP TRIGGER refuse ON ${table}`);

describe('a database that takes no writes', () => {
  it.each(['53100', '53200', '53300', '57014', '58030'])('answers 503 (%s), and ready while the small write passes', async (code) => {
    await refuseWrites('delivery', code);
    const refused = readRefusal(await save());
    await takeWrites('delivery');
    expect(refused).toMatchObject({ status: 503, errorMsg: expect.stringMatching(/database is unavailable|своей базе данных/) });
    expect(await ready()).toEqual([200, 200]);
    expect(readSaved(await save()).deliveryId).toBeTruthy();
  });

  it('answers 503 or does its work, whichever table it is', async () => {
    const tables = await deployment.stores.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name <> 'migration'`,
    );
    expect(tables.length).toBeGreaterThan(20);
    const odd: string[] = [];
    for (const { name } of tables) {
      const { deliveryId } = readSaved(await save());
      await refuseWrites(name, '53100');
      const calls = [
        ['save', () => save()],
        ['delete', () => account.post('/delivery/delete', { delete: { deliveryId } })],
        ['account', () => postForm(`${deployment.url}/courier/account`, `clientId=${account.clientId}`)],
        ['activity', () => account.activity(true, false)],
        ['status', () => deployment.askOperator('POST', '/deliveries/statuses', [{ deliveryId, code: 'in-transit' }])],
      ] as const;
      for (const [call, send] of calls) {
        const { status, bytes } = await send();
        const { success, errorMsg } =
          status === 200 ? { success: true } : (JSON.parse(bytes.toString()) as { success: boolean; errorMsg?: string });
        // A call without a reply may have been carried out, so its repeat may fail for another reason.
        const known =
          status === 503 ? success === false && /database is unavailable|своей базе данных/.test(errorMsg ?? '') : status === 200;
        if (!known) odd.push(`${name} ${call} ${status} ${errorMsg}`);
      }
      await takeWrites(name);
    }
    expect(odd).toEqual([]);
  });

  it('is not ready while the small write fails', async () => {
    await refuseWrites('readiness', '53100');
    await until('nobody is ready', async () => (await ready()).every((status) => status === 503));
    expect(await ready()).toEqual([503, 503]);
    expect((await deployment.send('/health/ready')).json).toMatchObject({
      errors: { writes: expect.stringContaining('the disk of the database is full') },
    });
    await takeWrites('readiness');
    await until('all are ready', async () => (await ready()).every((status) => status === 200));
  });

  it('answers 503 when it is read-only, and recovers automatically', async () => {
    const [{ name } = { name: '' }] = await deployment.stores.query<{ name: string }>('SELECT current_database() AS name');
    const others = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE 'crossdock-%'`;
    await deployment.stores.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    await deployment.stores.query(others);
    await until('a save is refused as it should be', async () => readRefusal(await save()).status === 503);
    const refused = readRefusal(await save());
    expect(refused).toMatchObject({ status: 503, errorMsg: expect.stringMatching(/database is unavailable|своей базе данных/) });
    await until('nobody is ready', async () => (await ready()).every((status) => status === 503));

    await deployment.stores.query(`BEGIN READ WRITE; ALTER DATABASE ${name} SET default_transaction_read_only = off; COMMIT`);
    await deployment.stores.query(others);
    await until('a save passes', async () => (await save()).status === 200);
    await until('all are ready', async () => (await ready()).every((status) => status === 200));
  });
});
