import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Account } from './support/account.js';
import { Deployment, START_MS } from './support/deployment.js';
import { OwnRedisCluster } from './support/own-redis.js';
import { backends, makeStores, type Stores } from './support/test-servers.js';
import { until } from './support/until.js';

(backends.includes('Redis') ? describe : describe.skip)('queues and limits on a Redis Cluster of three nodes', () => {
  let cluster: OwnRedisCluster;
  let stores: Stores;
  let deployment: Deployment;
  let account: Account;

  beforeAll(async () => {
    cluster = await OwnRedisCluster.start();
    stores = await makeStores('PostgreSQL');
    deployment = await Deployment.start({ accounts: 1, workers: 2, stores, variables: { REDIS_URL: cluster.url } });
    account = await Account.connect(deployment, deployment.nextCrm());
  }, START_MS);
  afterAll(async () => {
    await deployment?.stop();
    await stores?.remove();
    await cluster?.remove();
  });

  /** Reports a status, and waits until the CRM has it. */
  async function tell(deliveryId: string, code: string): Promise<void> {
    await deployment.operator('POST', '/deliveries/statuses', [{ deliveryId, code }]);
    await until(`the CRM has ${code}`, () => account.crm.listCodes(deliveryId).includes(code), 60_000);
  }

  it('take statuses to the CRM', async () => {
    const { deliveryId } = await account.ship('1');
    await tell(deliveryId, 'accepted');
    // The limits count on it as well: each account has its key, in whichever node its slot lies.
    const keys = await Promise.all(cluster.nodes.map((node) => node.run((client) => client.keys('crm-slots:*'))));
    expect(keys.flat()).not.toEqual([]);
  });

  it('lose nothing while each node in turn is down and comes back empty', async () => {
    const { deliveryId } = await account.ship('2');
    for (const [index, code] of ['accepted', 'in-transit', 'delivered'].entries()) {
      await cluster.nodes[index]?.crash();
      await deployment.operator('POST', '/deliveries/statuses', [{ deliveryId, code }]);
      expect((await account.ship(`${10 + index}`)).deliveryId).toBeTruthy();
      await cluster.nodes[index]?.restart();
      await cluster.waitUntilWhole();
      await until(`the CRM has ${code}`, () => account.crm.listCodes(deliveryId).includes(code), 60_000);
    }
    expect(deployment.complaints()).toEqual([]);
  }, 180_000);
});
