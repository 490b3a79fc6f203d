import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeWarehouse } from '#testing';
import { Deployment, START_MS } from './support/deployment.js';
import type { Reply } from './support/reply.js';
import { pack, StockDesk } from './support/stock-desk.js';
import { until } from './support/until.js';

const MODULE = 'fake-warehouse';
/** Time budget of a provider in this spec, and a delay beyond it. */
const BUDGET_MS = 3000;
const TOO_SLOW_MS = 5000;

let deployment: Deployment;
let warehouse: FakeWarehouse;
let desk: StockDesk;
let order = 100;

beforeAll(async () => {
  warehouse = await FakeWarehouse.start();
  deployment = await Deployment.start({
    ...{ accounts: 1, withFakeCarrier: true },
    // A night that began four hours ago is spread over the hours until now.
    variables: {
      MODULES: MODULE,
      PROVIDER_BUDGET_MS: String(BUDGET_MS),
      RECONCILIATION_HOUR: String((new Date().getUTCHours() + 20) % 24),
    },
  });
  desk = await StockDesk.open(deployment, deployment.nextCrm(), MODULE);
  const { url: baseUrl, secret } = warehouse;
  await deployment.operator('PUT', `/connections/${desk.connection}/settings`, { baseUrl, secret });
  warehouse.setWebhookUrl({ url: `${deployment.url}/${MODULE}/webhooks/${desk.connection}` });
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

/** The stocks of an offer that were sent to the CRM, in order. */
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
    await warehouse.webhooks.flush({ copies: 3 });
    const { attempts } = warehouse.webhooks;
    expect(attempts.map(({ status }) => status)).toEqual([200, 200, 200]);
    await knows('w1', 7.5);
    expect(desk.known.get('w1/main')).toEqual({ available: 7.5, purchasePrice: 100.5 });
    // An event that arrives later shows that the repeats of the first event were handled.
    warehouse.webhooks.mode = 'auto';
    warehouse.setStock('w2', 'main', '1');
    await knows('w2', 1);
    expect(listTold('w1')).toEqual([7.5]);
  });

  it('is not believed when the signature is forged or old', async () => {
    warehouse.webhooks.mode = 'hold';
    warehouse.setStock('w3', 'main', '1');
    await warehouse.webhooks.flush({ forge: true });
    warehouse.setStock('w3', 'main', '2');
    await warehouse.webhooks.flush({ skewSeconds: -301 });
    expect(warehouse.webhooks.attempts.map(({ status }) => status)).toEqual([400, 400]);
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

describe('a warehouse that is polled', () => {
  const makeDue = (): Promise<unknown> => deployment.stores.query(`UPDATE inventory_state SET due_at = now()`);
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

  it('is found automatically, and its stock is sent once', async () => {
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

  it('is polled immediately when its event contains no goods', async () => {
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

  it('reports why it cannot be polled, and is polled again later', async () => {
    for (let n = 0; n < 3; n++) warehouse.fail('changes', { kind: 'error-before' });
    await makeDue();
    const asked = Date.now();
    const { problem, dueAt } = await until('the problem is shown', async () => {
      const state = await getState();
      return state.problem !== undefined && state;
    });
    expect(problem).toContain('Fake Warehouse');
    expect(Date.parse(dueAt)).toBeGreaterThan(asked);
    await catchUp();
    expect(await getState()).not.toHaveProperty('problem');
  });

  it('queues each change once although a worker is killed', async () => {
    await deployment.separate('worker');
    for (let n = 0; n < 450; n++) warehouse.setStock(`k${n}`, 'main', '1.5');
    warehouse.fail('changes', { kind: 'delay', ms: 700 });
    await makeDue();
    const before = warehouse.countCalls('changes');
    await until('it is being asked', () => warehouse.countCalls('changes') > before);
    await sleep(300);
    await deployment.killWorkers();
    await deployment.stores.query(`UPDATE inventory_state SET lease_until = '-infinity'`);
    await deployment.startWorker();
    await catchUp();
    expect(await countQueued('k%')).toEqual(Array(450).fill(1));
    await knows('k449', 1.5);
  }, 240_000);
});

interface Reconciliation {
  state: string;
  dryRun: boolean;
  checked: number;
  differed: number;
  unknown: number;
  problem?: string;
  startedAt: string;
  differences: { store: string; crm?: { available: number }; warehouse: { available: number } }[];
}

describe('a reconciliation', () => {
  const OFFERS = 500;
  const DRIFTED = 10;
  let run = 0;

  const begin = (body: object = {}): Promise<Reply> =>
    deployment.askOperator('POST', `/connections/${desk.connection}/stocks/reconcile`, body);
  const getLast = async (): Promise<Reconciliation> => {
    const path = `/connections/${desk.connection}/stocks/reconciliations?limit=1`;
    const { items } = await deployment.operator<{ items: Reconciliation[] }>('GET', path);
    if (!items[0]) throw new Error('there is none');
    return items[0];
  };
  const finish = (): Promise<Reconciliation> =>
    until(
      'it is done',
      async () => {
        const last = await getLast();
        return last.state !== 'running' && last;
      },
      90_000,
    );
  const listUploaded = (): string[] =>
    desk.uploads.flatMap(({ offers }) => offers.flatMap(({ xmlId }) => (xmlId?.startsWith(`d${run}-`) ? [xmlId] : [])));
  /** The CRM believes another figure of one offer in fifty. */
  const drift = (): void => {
    const rows = desk.crm.context.rows('offers').filter(({ xmlId }) => String(xmlId).startsWith(`d${run}-`));
    rows.forEach((row, index) => {
      if (index % (OFFERS / DRIFTED) === 7) row['stores'] = [{ store: 'main', quantity: 0.2, purchasePrice: 100.5 }];
    });
  };

  beforeEach(async () => {
    run++;
    warehouse.webhooks.mode = 'off';
    // A question for changes that falls due in a test would have all of its offers sent.
    await deployment.stores.query(`UPDATE inventory_state SET due_at = now() + interval '1 day'`);
    const asked = `SELECT 1 FROM inventory_state WHERE lease_until > now()`;
    await until('nothing is being asked', async () => (await deployment.stores.query(asked)).length === 0, 60_000);
    for (const row of [...desk.crm.context.rows('offers')]) desk.crm.context.remove('offers', row);
    for (let n = 0; n < OFFERS; n++) {
      warehouse.setStock(`d${run}-${n}`, 'main', '0.3', '100.50 RUB');
      const stores = [
        { store: 'main', quantity: 0.3, purchasePrice: 100.5 },
        { store: 'shop', quantity: 5 },
      ];
      desk.crm.context.insert('offers', { name: `d${n}`, xmlId: `d${run}-${n}`, externalId: `e${n}`, stores });
    }
    drift();
  });

  it('finds drift, sends nothing when it is only tried, else the present figures', async () => {
    const tried = await begin({ dryRun: true });
    expect([tried.status, tried.json]).toMatchObject([202, { state: 'running', dryRun: true }]);
    expect((await begin()).status).toBe(409);
    const found = { state: 'done', checked: OFFERS, differed: DRIFTED, unknown: 0 };
    const dry = await finish();
    expect(dry).toMatchObject({ ...found, dryRun: true });
    expect(dry.differences).toHaveLength(DRIFTED);
    expect(dry.differences[0]).toMatchObject({
      store: 'main',
      crm: { available: 0.2 },
      warehouse: { available: 0.3, purchasePrice: 100.5 },
    });
    expect(await deployment.stores.query(`SELECT 1 FROM outbox WHERE payload->>'xmlId' LIKE 'd${run}-%'`)).toEqual([]);

    expect((await begin()).status).toBe(202);
    expect(await finish()).toMatchObject({ ...found, dryRun: false });
    await until('the CRM was sent them', () => listUploaded().length === DRIFTED, 60_000);
    await begin();
    expect(await finish()).toMatchObject({ state: 'done', checked: OFFERS, differed: 0 });
    expect(listUploaded().length).toBe(DRIFTED);
  }, 120_000);

  it('goes on where it was although its worker is killed', async () => {
    await deployment.separate('worker');
    warehouse.setModes({ latencyMs: 60 });
    await begin();
    await until('some pages are compared', async () => (await getLast()).checked >= 250, 60_000);
    await deployment.killWorkers();
    expect((await getLast()).state).toBe('running');
    await deployment.stores.query(`UPDATE reconciliation SET lease_until = '-infinity', due_at = now()`);
    await deployment.startWorker();
    expect(await finish()).toMatchObject({ state: 'done', checked: OFFERS, differed: DRIFTED });
    await until('the CRM was sent them', () => new Set(listUploaded()).size === DRIFTED, 60_000);
    // Only the page at which a worker was killed is read twice.
    expect(warehouse.countCalls('stocks')).toBeLessThanOrEqual(OFFERS / 50 + 250 / 50);
  }, 180_000);

  it('counts what the warehouse does not know, and what it does not know yet', async () => {
    desk.crm.context.insert('offers', { name: 'strange', xmlId: 'strange', stores: [{ store: 'main', quantity: 9 }] });
    warehouse.book.setRecalculated(`d${run}-7`, true);
    await begin({ dryRun: true });
    expect(await finish()).toMatchObject({ state: 'done', checked: OFFERS, unknown: 1, differed: DRIFTED - 1 });
  }, 120_000);

  it('reports why it was given up, and rejects connections of another kind', async () => {
    for (let n = 0; n < 3; n++) warehouse.fail('goods', { kind: 'unauthorized' });
    await begin();
    expect(await finish()).toMatchObject({ state: 'failed', problem: expect.stringContaining('credentials') });
    const path = '/connections/00000000-0000-7000-8000-000000000000/stocks';
    expect((await deployment.askOperator('POST', `${path}/reconcile`, {})).status).toBe(404);
    expect((await deployment.askOperator('GET', `${path}/reconciliations`)).status).toBe(404);
    expect((await begin({ dryRun: 'perhaps' })).status).toBe(400);
  }, 120_000);

  it('starts automatically at night, and differences are sent when they are fixed', async () => {
    await begin({ dryRun: true });
    await finish();
    const before = new Date().toISOString();
    const age = `interval '25 hours'`;
    await deployment.stores.query(`UPDATE connection SET created_at = created_at - ${age}`);
    await deployment.stores.query(`UPDATE reconciliation SET started_at = started_at - ${age}`);
    await until('it has begun', async () => (await getLast()).startedAt > before, 90_000);
    expect(await finish()).toMatchObject({ state: 'done', dryRun: true, differed: DRIFTED });
    const filter = { kind: 'store.stock', state: 'open' };
    const open = (): Promise<{ items: { id: string; text: string }[]; total: number }> => desk.list('/differences', filter);
    const { items, total } = await open();
    expect([total, items[0]?.text]).toEqual([DRIFTED, expect.stringContaining('the CRM has 0.2 at 100.5, the warehouse has 0.3 at 100.5')]);
    expect(listUploaded()).toEqual([]);
    const mended = await deployment.operator('POST', `/differences/${items[0]?.id}/mend`);
    expect(mended).toMatchObject({ state: 'mended' });
    expect(await deployment.operator('POST', `/differences/${items[0]?.id}/mend`)).toEqual(mended);
    await until('the CRM was sent it', () => listUploaded().length === 1);
    expect((await open()).total).toBe(DRIFTED - 1);
  }, 240_000);
});

describe('a reservation', () => {
  const getLines = (of = order): (readonly [string, string])[] =>
    (warehouse.reservation(String(of))?.lines ?? []).map(({ good, quantity }) => [good, quantity] as const);
  const getHeld = async (of = order): Promise<object | undefined> => {
    const rows = await deployment.stores.query(`SELECT memory, documents, packs FROM inventory_reservation WHERE order_ref = $1`, [
      String(of),
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

  it('stays unchanged if it is rejected, and the CRM receives the available stock', async () => {
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
    await deployment.separate('api');
    // Milliseconds between the start of a call and the kill: before, while and after the warehouse acts.
    const calls = [400, 120, 30, 0].map((ms) => ({ ms, held: order++ }));
    for (const { held } of calls) expect((await desk.reserve(held, [pack('r1', 1, 1)])).status).toBe(200);
    warehouse.fail('reserve', { kind: 'delay', ms: 60 }, calls.length);
    const dying = calls.map(async ({ ms, held }) => {
      await sleep(400 - ms);
      await desk.reserve(held, [pack('r1', 2, 1)]).catch(() => undefined);
    });
    await sleep(400);
    await deployment.killApi();
    await Promise.all(dying);
    await deployment.startApi();
    for (const { held } of calls) {
      await until('the order is reserved', async () => (await desk.reserve(held, [pack('r1', 2, 1)])).status === 200, 60_000);
      expect(getLines(held)).toEqual([['g-1', '2.000000']]);
      const version = String(warehouse.reservation(String(held))?.version);
      expect(await getHeld(held)).toMatchObject({ packs: [{ item: '1', quantity: 2 }], memory: { version } });
    }
  }, 120_000);

  it('is answered in time although the warehouse is slow', async () => {
    warehouse.fail('reserve', { kind: 'delay', ms: TOO_SLOW_MS });
    expect((await desk.reserve(order, [pack('r1', 2, 1)])).status).toBe(504);
    await until('the order is reserved', async () => (await desk.reserve(order, [pack('r1', 2, 1)])).status === 200);
    expect(getLines()).toEqual([['g-1', '2.000000']]);
  });
});
