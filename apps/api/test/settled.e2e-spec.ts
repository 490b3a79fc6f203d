import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Account } from './support/account.js';
import { listWork } from './support/at-rest.js';
import { Deployment, START_MS } from './support/deployment.js';

let deployment: Deployment;

beforeAll(async () => {
  deployment = await Deployment.start({ accounts: 1 });
}, START_MS);
afterAll(() => deployment?.stop());

const list = (): Promise<string[]> =>
  listWork(
    (text, values) => deployment.stores.query(text, values),
    () => Promise.resolve([]),
  );

it('a deployment is at rest when nothing is due: rows for later count no more than finished rows', async () => {
  const account = await Account.connect(deployment, deployment.nextCrm());
  const { deliveryId } = await account.ship('1');
  await deployment.settled();
  await deployment.stopWorkers();
  expect(await list()).toEqual([]);
  await deployment.operator('POST', '/deliveries/statuses', [{ deliveryId, code: 'in-transit' }]);
  expect(await list()).toEqual(['outbox: 1']);
  await deployment.stores.query(
    `INSERT INTO outbox_lane AS l (connection_id, kind, due_at) SELECT connection_id, kind, now() + interval '1 hour' FROM outbox WHERE state = 'pending'
     ON CONFLICT (connection_id, kind) DO UPDATE SET due_at = excluded.due_at`,
  );
  expect(await list()).toEqual([]);
  await deployment.stores.query(`UPDATE outbox SET not_before = now() + interval '1 hour' WHERE state = 'pending'`);
  expect(await list()).toEqual(['outbox: 1']);
  await deployment.stores.query(`UPDATE outbox SET not_before = '-infinity'`);
  await deployment.stores.query(`UPDATE outbox_lane SET due_at = now()`);
  await deployment.startWorker();
  await deployment.settled();
  expect(account.crm.listCodes(deliveryId)).toContain('in-transit');
});
