import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeWarehouse } from '#testing';
import { Deployment, START_MS } from './support/deployment.js';
import { pack, StockDesk } from './support/stock-desk.js';
import { until } from './support/until.js';

const MODULE = 'fake-warehouse';
/** Time budget of a provider in this spec, and a delay beyond it. */
const BUDGET_MS = 1500;
const TOO_SLOW_MS = 2500;

let deployment: Deployment;
let warehouse: FakeWarehouse;
let desk: StockDesk;
let order = 100;

beforeAll(async () => {
  warehouse = await FakeWarehouse.start();
  deployment = await Deployment.start({
    ...{ accounts: 1, apart: true, withFakeCarrier: true },
    variables: { MODULES: MODULE, PROVIDER_BUDGET_MS: String(BUDGET_MS) },
  });
  desk = await StockDesk.open(deployment, deployment.nextCrm(), MODULE);
  const { url: baseUrl, secret } = warehouse;
  await deployment.operator('PUT', `/connections/${desk.connection}/settings`, { baseUrl, secret });
  warehouse.webhooks.url = `${deployment.url}/${MODULE}/webhooks/${desk.connection}`;
}, START_MS);
afterAll(async () => {
  await deployment?.stop();
  await warehouse?.close();
});
beforeEach(async () => {
  order++;
  await warehouse.webhooks.idle();
  warehouse.reset();
});
afterEach(() => {
  expect(deployment.complaints()).toEqual([]);
});

/** What the CRM was sent of an offer, in order. */
function listTold(xmlId: string): (number | null | undefined)[] {
  return desk.uploads.flatMap(({ offers }) =>
    offers.filter((offer) => offer.xmlId === xmlId).flatMap((offer) => (offer.stores ?? []).map(({ available }) => available)),
  );
}

async function knows(xmlId: string, available: number): Promise<void> {
  await until(`the CRM knows ${available} of ${xmlId}`, () => desk.known.get(`${xmlId}/main`)?.available === available);
}

describe('a warehouse that pushes', () => {
  it('has its present figure sent, once for an event however often it comes', async () => {
    warehouse.webhooks.mode = 'hold';
    warehouse.setStock('w1', 'main', '7.5', '100.50 RUB');
    const attempts = await warehouse.flushWebhooks({ copies: 3 });
    expect(attempts.map(({ status }) => status)).toEqual([200, 200, 200]);
    await knows('w1', 7.5);
    expect(desk.known.get('w1/main')).toEqual({ available: 7.5, purchasePrice: 100.5 });
    // What comes later is after any repeat of the first event.
    warehouse.webhooks.mode = 'auto';
    warehouse.setStock('w2', 'main', '1');
    await knows('w2', 1);
    expect(listTold('w1')).toEqual([7.5]);
  });

  it('is not believed when the signature is forged or old', async () => {
    warehouse.webhooks.mode = 'hold';
    warehouse.setStock('w3', 'main', '1');
    expect((await warehouse.flushWebhooks({ forge: true })).map(({ status }) => status)).toEqual([400]);
    warehouse.setStock('w3', 'main', '2');
    expect((await warehouse.flushWebhooks({ skewSeconds: -301 })).map(({ status }) => status)).toEqual([400, 400]);
    const rows = await deployment.stores.query(`SELECT 1 FROM inbox_event WHERE payload::text LIKE '%w3%'`);
    expect(rows).toEqual([]);
  });

  it('sends no figure that is not known at the moment', async () => {
    warehouse.setStock('w4', 'main', '4');
    await knows('w4', 4);
    warehouse.book.setRecalculated('w4', true);
    warehouse.setStock('w5', 'main', '5');
    await knows('w5', 5);
    expect((await desk.ask([{ xmlId: 'w4' }, { xmlId: 'w5' }])).map(({ stores }) => stores)).toEqual([
      [],
      [{ code: 'main', available: 5 }],
    ]);
    warehouse.book.setRecalculated('w4', false);
    await until('the figure is sent again', () => listTold('w4').length > 1);
    expect(listTold('w4')).toEqual([4, 4]);
  });
});

describe('a warehouse that is asked', () => {
  const makeDue = (): Promise<unknown> => deployment.stores.query(`UPDATE store_state SET due_at = now()`);
  const getState = (): Promise<{ cursor?: string; problem?: string; dueAt: string }> =>
    deployment.operator('GET', `/connections/${desk.connection}/stocks/changes`);
  /** How often each offer was queued for the CRM. */
  const countQueued = async (like: string): Promise<number[]> => {
    const rows = await deployment.stores.query(
      `SELECT count(*)::int AS n FROM outbox WHERE kind = 'store.stock' AND payload->>'xmlId' LIKE $1 GROUP BY subject`,
      [like],
    );
    return (rows as { n: number }[]).map(({ n }) => n);
  };

  /** Asks until it has gone on to where the warehouse is now. */
  async function catchUp(): Promise<void> {
    await until('the connection is asked', async () => (await getState()).cursor !== undefined, 60_000);
    await until(
      'it has caught up',
      async () => {
        const { cursor, problem } = await getState();
        if (cursor === `c${warehouse.book.log.length}` && problem === undefined) return true;
        await makeDue();
        return false;
      },
      60_000,
    );
  }

  beforeEach(async () => {
    warehouse.webhooks.mode = 'off';
    await catchUp();
  }, START_MS);

  it('is found by itself, and what it lists is sent once', async () => {
    for (const quantity of ['1', '2', '3']) warehouse.setStock('n1', 'main', quantity);
    warehouse.setStock('n2', 'main', '0.1');
    await catchUp();
    await knows('n1', 3);
    await knows('n2', 0.1);
    const asked = warehouse.countCalls('changes');
    await makeDue();
    await until('it is asked once more', () => warehouse.countCalls('changes') > asked);
    expect(await countQueued('n_')).toEqual([1, 1]);
  });

  it('is asked at once when its event names no goods', async () => {
    warehouse.setModes({ namesGoods: false });
    warehouse.webhooks.mode = 'auto';
    warehouse.setStock('n3', 'main', '8');
    await knows('n3', 8);
    expect(await countQueued('n3')).toEqual([1]);
  });

  it('tells all goods when it has forgotten where we were', async () => {
    for (let n = 0; n < 120; n++) warehouse.setStock(`f${n}`, 'main', '1');
    warehouse.book.forgetCursors();
    await catchUp();
    await knows('f119', 1);
    expect(await countQueued('f%')).toEqual(Array(120).fill(1));
  });

  it('says why it cannot be asked, and is asked again later', async () => {
    for (let n = 0; n < 3; n++) warehouse.fail('changes', { kind: 'error-before' });
    await makeDue();
    const { problem, dueAt } = await until('the problem is shown', async () => {
      const state = await getState();
      return state.problem !== undefined && state;
    });
    expect(problem).toContain('Fake Warehouse');
    expect(Date.parse(dueAt)).toBeGreaterThan(Date.now());
    await catchUp();
    expect(await getState()).not.toHaveProperty('problem');
  });

  it('queues each change once although workers are killed', async () => {
    for (let n = 0; n < 450; n++) warehouse.setStock(`k${n}`, 'main', '1.5');
    for (let n = 0; n < 3; n++) {
      warehouse.fail('changes', { kind: 'delay', ms: 700 });
      await makeDue();
      const before = warehouse.countCalls('changes');
      await until('it is being asked', () => warehouse.countCalls('changes') > before, 30_000);
      await new Promise((resolve) => setTimeout(resolve, n * 400));
      await Promise.all(deployment.workers.splice(0).map((worker) => worker.kill()));
      await deployment.stores.query(`UPDATE store_state SET lease_until = '-infinity'`);
      await deployment.startWorker();
    }
    await catchUp();
    expect(await countQueued('k%')).toEqual(Array(450).fill(1));
    await knows('k449', 1.5);
  }, 120_000);
});

describe('a reservation', () => {
  const getLines = (): (readonly [string, string])[] =>
    (warehouse.reservation(String(order))?.lines ?? []).map(({ good, quantity }) => [good, quantity] as const);
  const getHeld = async (): Promise<object | undefined> => {
    const rows = await deployment.stores.query(`SELECT memory, documents, packs FROM store_reservation WHERE order_ref = $1`, [
      String(order),
    ]);
    return rows[0];
  };

  beforeEach(() => {
    warehouse.webhooks.mode = 'off';
    warehouse.setStock('r1', 'main', '10');
    warehouse.setStock('r2', 'main', '0.3');
  });

  it('is remembered, with its document, and grows with the order', async () => {
    const first = await desk.reserve(order, [{ ...pack('r1', 4, 1), invoiceNumber: '17', deliveryNoteNumber: '18' }, pack('r2', 0.1, 2)]);
    expect(first.json).toMatchObject({ inventories: [{ offers: [{ stores: [{ available: 6 }] }, { stores: [{ available: 0.2 }] }] }] });
    await desk.reserve(order, [pack('r2', 0.2, 3)]);
    expect(getLines()).toEqual([
      ['g-1', '4.000000'],
      ['g-2', '0.300000'],
    ]);
    await desk.reserve(order, [pack('r1', 0, 1)]);
    expect(getLines()).toEqual([['g-2', '0.300000']]);
    expect((await desk.list<object>('/outside-reservations', { order: String(order) })).items).toMatchObject([
      { order: String(order), packs: [{ item: '2' }, { item: '3' }], documents: [{ id: 'R-1' }] },
    ]);
    expect(await getHeld()).toMatchObject({
      memory: { version: '3' },
      documents: [{ id: 'R-1', number: '00001' }],
      packs: [{ item: '2' }, { item: '3' }],
    });
  });

  it('stays as it was when it is refused, and the CRM is sent what there is', async () => {
    await desk.reserve(order, [pack('r1', 4, 1)]);
    const before = await getHeld();
    desk.known.clear();
    expect((await desk.reserve(order, [pack('r1', 11, 1)])).status).toBe(400);
    await knows('r1', 6);
    expect([await getHeld(), getLines()]).toEqual([before, [['g-1', '4.000000']]]);
  });

  it('is made once although its reply is lost', async () => {
    warehouse.fail('reserve', { kind: 'drop-after' });
    expect((await desk.reserve(order, [pack('r1', 3, 1)])).status).toBe(504);
    await until('it is known what became of it', async () => (await desk.reserve(order, [pack('r1', 3, 1)])).status === 200);
    expect(await getHeld()).toMatchObject({ packs: [{ item: '1', quantity: 3 }] });
    await desk.reserve(order, [pack('r1', 5, 1)]);
    expect(getLines()).toEqual([['g-1', '5.000000']]);
  });

  it('and its memory survive a kill -9 at every moment', async () => {
    await desk.reserve(order, [pack('r1', 1, 1)]);
    let held = 1;
    // Before, while and after the warehouse acts.
    for (const afterMs of [0, 30, 120, 400]) {
      warehouse.fail('reserve', { kind: 'delay', ms: 60 });
      const dying = desk.reserve(order, [pack('r1', ++held, 1)]).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      await deployment.api?.kill();
      await dying;
      await deployment.startApi();
      const wanted = held;
      await until('the order is reserved', async () => (await desk.reserve(order, [pack('r1', wanted, 1)])).status === 200, 60_000);
      expect(getLines()).toEqual([['g-1', `${wanted}.000000`]]);
      expect(await getHeld()).toMatchObject({ packs: [{ item: '1', quantity: wanted }] });
    }
    const version = String(warehouse.reservation(String(order))?.version);
    expect(await getHeld()).toMatchObject({ memory: { version } });
  }, 120_000);

  it('is answered in time although the warehouse is slow', async () => {
    warehouse.fail('reserve', { kind: 'delay', ms: TOO_SLOW_MS });
    expect((await desk.reserve(order, [pack('r1', 2, 1)])).status).toBe(504);
    await until('the order is reserved', async () => (await desk.reserve(order, [pack('r1', 2, 1)])).status === 200);
    expect(getLines()).toEqual([['g-1', '2.000000']]);
  });
});
