import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Deployment, START_MS } from './support/deployment.js';
import { type Reply, repeatWhileBusy } from './support/reply.js';
import { findProblems, type KnownStock, pack, StockDesk, writeCsv } from './support/stock-desk.js';
import { anyBackend } from './support/test-servers.js';
import { until } from './support/until.js';

let deployment: Deployment;

afterEach(() => {
  for (const crm of deployment.crms) crm.recover();
  expect(deployment.complaints()).toEqual([]);
});

describe.each(anyBackend)('stocks on their way to the CRM, queue on %s', (backend) => {
  beforeAll(async () => {
    deployment = await Deployment.start({ backend, accounts: 8, variables: { MODULES: 'ledger', PROVIDER_BUDGET_MS: '20000' } });
  }, START_MS);
  afterAll(async () => {
    await deployment?.stop();
  });

  it('sends 250 offers a call, each with its last balance', async () => {
    const desk = await StockDesk.open(deployment);
    await deployment.stopWorkers();
    try {
      const names = Array.from({ length: 600 }, (_, n) => `u${n}`);
      for (const quantity of [1, 2, 3]) await desk.import(writeCsv(Object.fromEntries(names.map((name, n) => [name, quantity + n / 100]))));
      await desk.move({ xmlId: 'u0', store: 'main', quantity: 5 });
    } finally {
      await deployment.startWorker();
    }
    await until('all are told', () => desk.known.size === 600);
    expect(desk.uploads.map((upload) => upload.offers.length)).toEqual([250, 250, 100]);
    expect(desk.known.get('u0/main')).toEqual({ available: 8 });
    expect(desk.known.get('u599/main')).toEqual({ available: 8.99 });
    expect(desk.crm.countMostInASecond()).toBeLessThanOrEqual(10);
  });

  it('sends only what changed, with its price', async () => {
    const desk = await StockDesk.open(deployment);
    await desk.import('xmlId,store,quantity,purchasePrice\na,main,1,10\nb,main,2,20.5\nc,main,3,', {});
    await until('all are told', () => desk.known.size === 3);
    desk.uploads.length = 0;
    const report = await desk.import('xmlId,store,quantity,purchasePrice\na,main,1,10\nb,main,2,20.49\nc,main,3,');
    expect(report).toMatchObject({ changed: 1, unchanged: 2 });
    await until('it is told', () => desk.uploads.length > 0);
    expect(desk.uploads).toEqual([{ offers: [{ xmlId: 'b', stores: [{ code: 'main', available: 2, purchasePrice: 20.49 }] }] }]);
  });

  it('names the site where the CRM has to search by externalId', async () => {
    const desk = await StockDesk.open(deployment);
    await desk.import('externalId,xmlId,site,store,quantity\ne1,,ru,main,1\ne2,,es,main,2\ne3,x3,es,main,3\ne4,,ru,main,4');
    await until('all are told', () => desk.uploads.flatMap((upload) => upload.offers).length === 4);
    expect(new Map(desk.uploads.map(({ site, offers }) => [site, offers.map((offer) => offer.externalId)]))).toEqual(
      new Map([
        ['ru', ['e1', 'e4']],
        ['es', ['e2']],
        [undefined, ['e3']],
      ]),
    );
  });

  it('sets aside only the offer that the CRM refuses, until it is sent again', async () => {
    const desk = await StockDesk.open(deployment);
    desk.refuse('b');
    await desk.import(writeCsv({ a: 1, b: 2, c: 3, d: 4 }));
    await until('the others are told', () => desk.known.size === 3);
    const failed = (): Promise<{ total: number }> => deployment.operator('GET', `/outbox?connection=${desk.connection}&state=failed`);
    await until('it is set aside', async () => (await failed()).total === 1);
    expect(desk.known.has('b/main')).toBe(false);
    desk.crm.recover();
    expect(await deployment.operator('POST', '/outbox/replay', { connection: desk.connection })).toMatchObject({ replayed: 1 });
    await until('it is told', () => desk.known.get('b/main')?.available === 2);
    await until('nothing is set aside', async () => (await failed()).total === 0);
  });

  it('loses nothing while the CRM is down', async () => {
    const desk = await StockDesk.open(deployment);
    desk.crm.fail('*/inventories/upload', { kind: 'error-before', status: 500 });
    desk.crm.fail('*/inventories/upload', { kind: 'drop-after' });
    await desk.import(writeCsv({ a: 1, b: 2 }));
    await until('all are told', () => desk.known.size === 2, 60_000);
    await desk.move({ xmlId: 'a', store: 'main', quantity: 3 });
    await until('the change is told', () => desk.known.get('a/main')?.available === 4, 60_000);
  });

  it('tells everything again on request', async () => {
    const desk = await StockDesk.open(deployment);
    await desk.import(writeCsv({ a: 1, b: 2 }));
    await until('all are told', () => desk.known.size === 2);
    desk.known.clear();
    expect(await deployment.operator('POST', '/stock/upload', { connection: desk.connection })).toEqual({ offers: 2 });
    await until('all are told again', () => desk.known.size === 2);
  });

  it('holds under load: balances match the movements, only present goods are reserved, and the CRM has the last state', async () => {
    const desk = await StockDesk.open(deployment);
    const offers = Array.from({ length: 6 }, (_, n) => `load${n}`);
    await desk.import(writeCsv(Object.fromEntries(offers.map((offer) => [offer, 20]))));
    let seed = 7;
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return Math.floor((seed / 2 ** 31) * below);
    };
    const statuses = new Set<number | string>();
    const step = async (): Promise<void> => {
      const offer = offers[random(offers.length)] ?? '';
      const other = offers[random(offers.length)] ?? '';
      const order = 1 + random(15);
      const action = random(20);
      const [quantity, second] = [random(8), random(8)];
      const send = (): Promise<Reply> => {
        if (action < 10) return desk.reserve(order, [pack(offer, quantity, 1), pack(other, second, 2)]);
        if (action < 13) return desk.reserve(order, [pack(offer, 0, 1), pack(other, 0, 2)]);
        if (action < 16) return desk.move({ xmlId: offer, store: 'main', quantity: quantity - 4 });
        if (action < 18) return desk.sendFile(writeCsv({ [offer]: 15 + quantity, ...(other !== offer && { [other]: 15 + second }) }));
        return deployment.askOperator('POST', '/stock/shipments', { connection: desk.connection, order: String(order) });
      };
      const reply = await repeatWhileBusy(send);
      statuses.add(reply.status === 200 || reply.status === 400 ? reply.status : `${reply.status} ${reply.bytes.toString()}`);
    };
    const walkers = Array.from({ length: 6 }, async () => {
      for (let n = 0; n < 30; n++) await step();
    });
    await Promise.all(walkers);
    expect([...statuses].sort()).toEqual([200, 400]);
    expect(await findProblems(deployment)).toEqual([]);
    await until('the CRM knows the last of it', async () => {
      const told = (name: string, store: string): KnownStock | undefined => desk.known.get(`${name}/${store}`);
      const { total } = await deployment.operator<{ total: number }>('GET', `/outbox?connection=${desk.connection}&state=pending`);
      return total === 0 && (await desk.stock()).every((one) => told(one.offer.xmlId ?? '', one.store)?.available === one.available);
    });
  });

  it('has, after all this, a ledger without a flaw', async () => {
    expect(await findProblems(deployment)).toEqual([]);
    expect(await deployment.stores.query('SELECT * FROM ledger_import_line')).toEqual([]);
    const { items } = await deployment.operator<{ items: object[] }>('GET', '/outbox?state=failed');
    expect(items).toEqual([]);
  });
});
