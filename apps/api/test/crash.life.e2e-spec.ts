import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeCarrier, sampleOrder, wireSave } from '#testing';
import { Account, readSaved } from './support/account.js';
import { Deployment, START_MS } from './support/deployment.js';
import { OwnPostgres } from './support/own-postgres.js';
import type { Reply } from './support/reply.js';
import { backends, makeStores, type Stores } from './support/test-servers.js';
import { until } from './support/until.js';

const CODES = ['accepted', 'in-transit', 'delivered'];
/** Of the carrier's list. */
const CARRIER_CODES = ['collected', 'in-transit', 'delivered'];
const ORDERS = 40;
const CARRIER_ORDERS = 20;
/** Callers at once. */
const CALLERS = 6;
/** No step may need longer, however many crashes it meets. */
const PATIENCE_MS = 60_000;
/** What the moments of the crashes follow from; printed by a failure. */
const SEED = Math.floor(Math.random() * 1e6);

interface Page<Item> {
  items: Item[];
  total: number;
}

describe.each(backends)(`kill -9 of api, worker and database (seed ${SEED}), queue on %s`, (backend) => {
  let postgres: OwnPostgres;
  let stores: Stores;
  let deployment: Deployment;
  let carrier: FakeCarrier;
  let courier: Account;
  let outside: Account;

  beforeAll(async () => {
    [postgres, carrier] = await Promise.all([OwnPostgres.start(), FakeCarrier.start()]);
    stores = await makeStores(backend, postgres.url);
    // Database crashes are expected in the log; only unforeseen lines count.
    deployment = await Deployment.start({ accounts: 2, apart: true, withFakeCarrier: true, stores, variables: { LOG_LEVEL: 'error' } });
    courier = await Account.connect(deployment, deployment.nextCrm());
    outside = await Account.connect(deployment, deployment.nextCrm(), 'fake-carrier');
    const { id } = await deployment.getConnection(outside.crm);
    const { url: baseUrl, apiKey, webhookSecret } = carrier;
    await deployment.operator('PUT', `/connections/${id}/settings`, { baseUrl, apiKey, webhookSecret });
  }, START_MS);
  afterAll(async () => {
    await deployment?.stop();
    await stores?.remove();
    await carrier?.close();
    await postgres?.remove();
  });

  const crashes = {
    api: async (): Promise<void> => {
      await deployment.api?.kill();
      await deployment.startApi();
    },
    worker: async (): Promise<void> => {
      await deployment.killWorkers();
      await deployment.startWorker();
    },
    database: async (): Promise<void> => {
      await postgres.crash();
      await postgres.restart();
    },
  };

  /**
   * Does what the CRM's user and the dispatcher do: the same again until it is answered. A refusal ends it.
   */
  async function insist(what: string, call: () => Promise<Reply>): Promise<Reply> {
    let refusal: string | undefined;
    const reply = await until(
      what,
      async () => {
        const answer = await call();
        if (answer.status >= 400 && answer.status < 500) refusal = `${answer.status} ${answer.bytes.toString()}`;
        return (answer.status === 200 || refusal !== undefined) && answer;
      },
      PATIENCE_MS,
    );
    if (refusal !== undefined) throw new Error(`${what}: ${refusal}`);
    return reply;
  }

  const sendSave = (account: Account, order: number): Promise<Reply> => {
    const tariff = account === courier ? 'courier' : 'express';
    return account.save(wireSave(tariff, sampleOrder('moscowCourier', { order: String(order), orderNumber: `${order}A` })));
  };

  /** An order from its save to its last status. */
  async function live(account: Account, order: number): Promise<string> {
    const { deliveryId } = readSaved(await insist(`order ${order} is saved`, () => sendSave(account, order)));
    // Repeated, as the CRM does when a reply was lost.
    expect(readSaved(await insist(`order ${order} is repeated`, () => sendSave(account, order))).deliveryId).toBe(deliveryId);
    const started = Date.now();
    for (const [index, code] of (account === courier ? CODES : CARRIER_CODES).entries()) {
      const report = { deliveryId, code, updatedAt: new Date(started + (index + 1) * 1_000).toISOString() };
      const reply = await insist(`${code} of order ${order} is reported`, () =>
        deployment.askOperator('POST', '/deliveries/statuses', [report]),
      );
      // The answer to the first report may have died with the api.
      const { notSent, ...rest } = reply.json as { notSent: { reason: string }[] };
      expect(rest).toEqual({ accepted: 1, rejected: [] });
      for (const { reason } of notSent) expect(reason).toBe('it was reported before');
    }
    return deliveryId;
  }

  it('loses nothing, makes nothing twice, and sends no status back', async () => {
    // The worker dies after the CRM took a status; the api dies after the carrier made an order.
    const held = await courier.ship('1');
    courier.crm.fail('*/tracking', { kind: 'hang' });
    await deployment.operator('POST', '/deliveries/statuses', [{ deliveryId: held.deliveryId, code: 'sorting' }]);
    await until('the CRM has taken the status', () => courier.crm.listCodes(held.deliveryId).length > 0);
    carrier.fail('createOrder', { kind: 'hang' });
    const lost = sendSave(outside, 2).catch(() => undefined);
    await until('the carrier has made the order', () => carrier.orders('2-1').length > 0);
    await Promise.all([crashes.worker(), crashes.api(), lost]);

    // Then anything at any moment, while orders are saved and reported.
    const random = createRandom(SEED);
    let crashing = true;
    const chaos = (async () => {
      for (const crash of ['worker', 'database', 'api', 'database', 'api'] as const) {
        await sleep(random() * 500);
        await crashes[crash]();
      }
      crashing = false;
    })();
    const made = new Map<string, Account>();
    const next = [courier, outside].flatMap((account) =>
      Array.from({ length: account === courier ? ORDERS : CARRIER_ORDERS }, (_, index) => ({ account, order: 1000 + index })),
    );
    const callers = Array.from({ length: CALLERS }, async () => {
      for (let one = next.pop(); one; one = next.pop()) made.set(await live(one.account, one.order), one.account);
    });
    await Promise.all([chaos, ...callers]);
    expect(crashing).toBe(false);

    expect(readSaved(await insist('the lost order is repeated', () => sendSave(outside, 2))).trackNumber).toBeTruthy();
    const waiting = async (path: string): Promise<number> => (await deployment.operator<Page<object>>('GET', path)).total;
    await until('the outbox is empty', async () => (await waiting('/outbox?state=pending')) === 0, PATIENCE_MS);
    await until(
      'no operation is open',
      async () => (await waiting('/operations?state=running')) + (await waiting('/operations?state=unknown')) === 0,
      PATIENCE_MS,
    );

    expect(made.size).toBe(ORDERS + CARRIER_ORDERS);
    const { items } = await deployment.operator<Page<{ id: string }>>('GET', '/deliveries?limit=500');
    expect(items.map((item) => item.id).sort()).toEqual(expect.arrayContaining([...made.keys()].sort()));
    expect(items).toHaveLength(made.size + 2);
    expect(carrier.duplicates()).toEqual([]);
    expect(carrier.orders()).toHaveLength(CARRIER_ORDERS + 1);
    for (const [id, account] of made) {
      const told = account.crm.listCodes(id).filter((code) => code !== 'registered');
      expect([...new Set(told)]).toEqual(account === courier ? CODES : CARRIER_CODES);
    }
    expect(courier.crm.listCodes(held.deliveryId)).toEqual(['sorting']);
    for (const { crm } of [courier, outside]) expect([crm.listBackwardDeliveries(), crm.complaints]).toEqual([[], []]);
    expect(await waiting('/outbox?state=failed')).toBe(0);
  }, 180_000);
});

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
