import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sampleOrder, wireSave } from '#testing';
import { Account, readRefusal, readSaved } from './support/account.js';
import { Deployment, START_MS } from './support/deployment.js';
import type { Reply } from './support/reply.js';

/** The number of saves that keeps a pool of two connections busy for ten seconds. */
const SAVES = 40;
const SAVE_S = 0.5;

let deployment: Deployment;
let account: Account;
let deliveries: string[];

const save = (order: string, deliveryId?: string): Promise<Reply> =>
  account.save(
    wireSave('courier', sampleOrder('moscowCourier', { order, orderNumber: `${order}${deliveryId ? 'B' : 'A'}` }), {
      ...(deliveryId && { deliveryId }),
    }),
  );
/** Edits, as first saves share statements. */
const edit = (): Promise<Reply> => {
  const deliveryId = deliveries.pop();
  return save(String(deliveries.length), deliveryId);
};

beforeAll(async () => {
  deployment = await Deployment.start({
    accounts: 1,
    variables: { MODULES: 'courier', DATABASE_POOL: '2', LOG_LEVEL: 'error' },
    workers: 0,
  });
  account = await Account.connect(deployment, deployment.nextCrm());
  const saved = await Promise.all(Array.from({ length: SAVES + 2 }, (_, order) => save(String(order))));
  deliveries = saved.map((reply) => readSaved(reply).deliveryId);
  await deployment.stores.query(
    `CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(${SAVE_S}); RETURN NEW; END $$`,
  );
  await deployment.stores.query('CREATE TRIGGER dawdle BEFORE UPDATE ON delivery FOR EACH ROW EXECUTE FUNCTION dawdle()');
}, START_MS);
afterAll(() => deployment?.stop());

describe('a pool with more to do than it can', () => {
  let waiting: Promise<Reply[]>;

  it('rejects immediately what would wait long, as an overload', async () => {
    waiting = Promise.all(Array.from({ length: SAVES }, edit));
    // Time for all to arrive and for the first in line to wait a second, also on a busy machine.
    await sleep(3_000);
    const started = performance.now();
    const refused = await edit();
    // The queue before it needs seven more seconds.
    expect(performance.now() - started).toBeLessThan(3_000);
    expect(readRefusal(refused)).toMatchObject({ status: 503, errorMsg: expect.stringMatching(/overloaded|перегружен/) });
    expect(refused.headers.get('retry-after')).toBe('2');
  });

  it('stays ready', async () => {
    expect((await deployment.send('/health/live')).status).toBe(200);
    expect((await deployment.send('/health/ready')).status).toBe(200);
  });

  it('answers what it can in time, and reports an overload to the rest', async () => {
    const replies = await waiting;
    const answered = replies.filter(({ status }) => status === 200);
    const refused = replies.filter(({ status }) => status !== 200);
    expect(answered.length).toBeGreaterThan(3);
    expect(refused.length).toBeGreaterThan(3);
    for (const reply of refused) {
      expect(readRefusal(reply)).toMatchObject({ status: 503, errorMsg: expect.stringMatching(/overloaded|перегружен/) });
      expect(reply.headers.get('retry-after')).toBe('2');
    }
  });

  it('works again when there is less', async () => {
    readSaved(await edit());
    expect((await deployment.send('/health/ready')).json).toMatchObject({ details: { writes: { status: 'up' } } });
  });
});
