import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeCarrier, sampleOrder, wireSave } from '#testing';
import { Account, savedOf } from './support/account.js';
import { Deployment, START_MS } from './support/deployment.js';
import { until } from './support/until.js';

interface Page<Item> {
  items: Item[];
  total: number;
}

const CODES = ['accepted', 'sorting', 'in-transit'];

describe('kill -9', () => {
  let deployment: Deployment;
  let carrier: FakeCarrier;

  beforeAll(async () => {
    carrier = await FakeCarrier.start();
    deployment = await Deployment.start({ accounts: 4, withFakeCarrier: true });
  }, START_MS);
  afterAll(async () => {
    await deployment?.stop();
    await carrier?.close();
  });

  const restartApi = async (): Promise<void> => {
    await deployment.api?.kill();
    await deployment.startApi();
  };
  const restartWorker = async (): Promise<void> => {
    for (const worker of deployment.workers.splice(0)) await worker.kill();
    await deployment.startWorker();
  };
  const outboxIsEmpty = (): Promise<true> =>
    until('the outbox is empty', async () => (await deployment.operator<Page<object>>('GET', '/outbox?state=pending')).total === 0, 60_000);

  it('of the worker between the CRM taking a call and our marking it: sent again, nothing lost, nothing back', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm());
    const { deliveryId } = await account.ship('1');
    account.crm.fail(/tracking/, { kind: 'hold', until: new Promise(() => undefined) });
    await deployment.operator('POST', '/deliveries/statuses', [{ deliveryId, code: 'accepted' }]);
    await until('the CRM has taken the call', () => account.crm.codesOf(deliveryId).length > 0);
    await deployment.operator('POST', '/deliveries/statuses', [{ deliveryId, code: 'sorting' }]);
    await restartWorker();
    await until('the next status has arrived', () => account.crm.codesOf(deliveryId).includes('sorting'), 60_000);
    await outboxIsEmpty();
    expect(account.crm.codesOf(deliveryId)).toEqual(['accepted', 'sorting']);
    expect(account.crm.wentBack()).toEqual([]);
  }, 120_000);

  it('of the api between the carrier acting and our commit: one order, and the repeat is answered with it', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm(), 'fake-carrier');
    const { id } = await deployment.connectionOf(account.crm);
    await deployment.operator('PUT', `/connections/${id}/settings`, {
      baseUrl: carrier.url,
      apiKey: carrier.apiKey,
      webhookSecret: carrier.webhookSecret,
    });
    const order = sampleOrder('moscowCourier', { order: '7', orderNumber: '7A' });
    carrier.fail('createOrder', { kind: 'hang' });
    const lost = account.save(wireSave('express', order)).catch(() => undefined);
    await until('the carrier has acted', () => carrier.orders('7-1').length > 0);
    await restartApi();
    await lost;
    const saved = await until(
      'the repeat is answered',
      async () => {
        const reply = await account.save(wireSave('express', order));
        return reply.status === 200 && savedOf(reply);
      },
      60_000,
    );
    expect(saved.trackNumber).toBeTruthy();
    expect(carrier.orders('7-1')).toHaveLength(1);
    expect(carrier.duplicates()).toEqual([]);
    expect((await deployment.operator<Page<object>>('GET', '/deliveries?order=7')).total).toBe(1);
  }, 120_000);

  it('of api and worker at any moment while orders are saved and reported: all there, once, in order', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm());
    const made = new Map<string, string>();
    const answered = async (order: string): Promise<string> =>
      until(`order ${order} is answered`, async () => (await account.ship(order)).deliveryId, 60_000);
    const saving = (async () => {
      for (let round = 0; round < 8; round++)
        await Promise.all(
          Array.from({ length: 10 }, async (_, index) => {
            const order = String(1000 + round * 10 + index);
            const id = await answered(order);
            made.set(order, id);
            // A repeat, as the CRM sends one when a reply was lost.
            expect(await answered(order)).toBe(id);
          }),
        );
    })();
    const killing = (async () => {
      for (const restart of [restartApi, restartWorker, restartApi]) await restart();
    })();
    await Promise.all([saving, killing]);
    for (const [index, code] of CODES.entries()) {
      const reporting = until(`${code} is reported`, () =>
        deployment.operator(
          'POST',
          '/deliveries/statuses',
          [...made.values()].map((deliveryId) => ({
            deliveryId,
            code,
            updatedAt: new Date(Date.now() + (index + 1) * 60_000).toISOString(),
          })),
        ),
      );
      if (index === 1) await restartWorker();
      await reporting;
    }
    await outboxIsEmpty();
    const { items } = await deployment.operator<Page<{ order: string; id: string }>>('GET', '/deliveries?limit=500');
    for (const [order, id] of made) expect(items.filter((item) => item.order === order).map((item) => item.id)).toEqual([id]);
    for (const id of made.values()) expect([...new Set(account.crm.codesOf(id))]).toEqual(CODES);
    expect(account.crm.wentBack()).toEqual([]);
    expect(account.crm.complaints).toEqual([]);
  }, 180_000);
});
