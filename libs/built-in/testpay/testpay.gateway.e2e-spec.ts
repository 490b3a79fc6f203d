import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '#platform';
import { toMoney } from '#provider-kit';
import { createSpecDatabase } from '#testing';
import { TestpayGateway } from './testpay.gateway.js';
import { testpaySchema } from './testpay.module.js';

const HOUR_MS = 3_600_000;
const euros = (minor: number): ReturnType<typeof toMoney> => toMoney(minor, 'EUR');

describe('the test gateway rejects', () => {
  let database: Database;
  let gateway: TestpayGateway;
  let remove: () => Promise<void>;
  const now = new Date();

  beforeAll(async () => {
    const { source, remove: drop } = await createSpecDatabase([testpaySchema]);
    [database, remove] = [new Database(source), drop];
    gateway = new TestpayGateway(database);
  });
  afterAll(() => remove());

  const open = (id: string, amount = euros(100_00)): Promise<void> =>
    database.transaction((tx) => gateway.open(tx, { id, connectionId: randomUUID(), shop: 'main', amount, now }));
  const capture = (id: string, amount: ReturnType<typeof toMoney>, at = now): Promise<void> =>
    database.transaction((tx) => gateway.capture(tx, id, amount, at));
  const refund = (id: string, refundId: string, amount: ReturnType<typeof toMoney>): Promise<void> =>
    database.transaction((tx) => gateway.refund(tx, id, refundId, amount, now));
  const hold = async (card = '4242424242424242'): Promise<string> => {
    const id = randomUUID();
    await open(id);
    await database.transaction((tx) => gateway.enterCard(tx, id, card, HOUR_MS, now));
    return id;
  };
  const rejected = (message: RegExp): object => ({ kind: 'rejected', message: expect.stringMatching(message) });

  it('a reference that comes again with another amount', async () => {
    const id = randomUUID();
    await open(id);
    await open(id);
    await expect(open(id, euros(100_01))).rejects.toMatchObject(rejected(/another amount/));
    await expect(open(id, toMoney(100_00, 'USD'))).rejects.toMatchObject(rejected(/another amount/));
  });

  it('captures in another currency, without an amount, above the hold, and after its end', async () => {
    const id = await hold();
    await expect(capture(id, toMoney(100_00, 'USD'))).rejects.toMatchObject(rejected(/in EUR, not in USD/));
    await expect(capture(id, euros(0))).rejects.toMatchObject(rejected(/above zero/));
    await expect(capture(id, euros(100_01))).rejects.toMatchObject(rejected(/more than/));
    await expect(capture(id, euros(100_00), new Date(now.getTime() + 2 * HOUR_MS))).rejects.toMatchObject(rejected(/expired/));
    await capture(id, euros(60_00));
    await expect(capture(id, euros(40_00))).rejects.toMatchObject(rejected(/Nothing is held/));
  });

  it('refunds before the capture, in another currency, above what was taken, and of a used reference', async () => {
    const id = await hold();
    const key = randomUUID();
    await expect(refund(id, key, euros(1_00))).rejects.toMatchObject(rejected(/Nothing was captured/));
    await capture(id, euros(60_00));
    await expect(refund(id, key, toMoney(1_00, 'USD'))).rejects.toMatchObject(rejected(/in EUR, not in USD/));
    await expect(refund(id, key, euros(0))).rejects.toMatchObject(rejected(/above zero/));
    await expect(refund(id, key, euros(60_01))).rejects.toMatchObject(rejected(/more than/));
    await refund(id, key, euros(30_00));
    await refund(id, key, euros(30_00));
    await expect(refund(id, key, euros(20_00))).rejects.toMatchObject(rejected(/another amount/));
    await refund(id, randomUUID(), euros(30_00));
  });

  it('refunds above what refunds on their way leave', async () => {
    const id = await hold('4000000000007726');
    await capture(id, euros(60_00));
    await refund(id, randomUUID(), euros(40_00));
    await expect(refund(id, randomUUID(), euros(20_01))).rejects.toMatchObject(rejected(/more than/));
    await refund(id, randomUUID(), euros(20_00));
  });
});
