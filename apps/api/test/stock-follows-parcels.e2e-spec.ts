import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeCarrier, MoySkladDouble, sampleOrder, wireSave } from '#testing';
import { readSaved } from './support/account.js';
import { Crm } from './support/crm.js';
import { Deployment, START_MS } from './support/deployment.js';
import { pack, StockDesk } from './support/stock-desk.js';
import { until } from './support/until.js';

const MODULE = 'acme';
const TOKEN = 'moysklad-token-that-nobody-may-see';
/** Longer than the carrier's webhooks and two runs of the job. */
const QUIET_MS = 8_000;

interface Difference {
  id: string;
  kind: string;
  subject: string;
  text: string;
  state: string;
}

let folder: string;
let carrier: FakeCarrier;
let moysklad: MoySkladDouble;
let crms: Crm[];
let deployment: Deployment;
let desk: StockDesk;
let order = 300;
let seconds = 0;

const setRule = (stock: string): Promise<object> =>
  deployment.operator('PUT', `/connections/${desk.connection}/rules`, { rows: [], stock });
const save = (provider: string, values: object): Promise<object> =>
  deployment.operator('PUT', `/connections/${desk.connection}/settings?provider=${provider}`, values);
const firstOf = (type: 'organization' | 'counterparty'): string => [...moysklad.book.entries[type].keys()][0] ?? '';
/** The carrier reports a state, each a second after the one before. */
const push = (state: string, more: object = {}) =>
  carrier.pushStatus(`${order}-1`, state, { at: new Date(Date.now() + ++seconds * 1_000), ...more });
/** Documents of the present order's goods, as their kind and quantity. */
function listDocuments(): [string, number][] {
  const good = moysklad.book.good(`tea-${order}`).id;
  return [...moysklad.book.movements.values()].flatMap(({ type, positions }) =>
    positions.filter((one) => one.good === good).map(({ quantity }): [string, number] => [type, quantity / 10_000]),
  );
}
const untilMade = (documents: readonly [string, number][]): Promise<unknown> =>
  until(`MoySklad has ${JSON.stringify(documents)}`, () => JSON.stringify(listDocuments()) === JSON.stringify(documents));
const wait = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, QUIET_MS));
const listDifferences = async (): Promise<Difference[]> => {
  const path = `/differences?connection=${desk.connection}&state=open&limit=500`;
  return (await deployment.operator<{ items: Difference[] }>('GET', path)).items.filter(({ kind }) => kind === 'delivery.stock');
};

/** Makes the next order: 4 of 10 pieces of a good are reserved, and its parcel contains them. */
async function ship(reserved = 4): Promise<string> {
  const xmlId = `tea-${++order}`;
  moysklad.book.addGood({ externalCode: xmlId });
  moysklad.book.setStock(xmlId, 'main', 10);
  if (reserved > 0) expect((await desk.reserve(order, [pack(xmlId, reserved)])).status).toBe(200);
  const packages = [{ weight: 500, items: [{ offerId: String(order), xmlId, name: 'Tea', quantity: 4 }] }];
  const saved = wireSave('express', sampleOrder('moscowCourier', { order: String(order), orderNumber: `${order}A` }), { packages });
  return readSaved(await desk.account.save(saved)).deliveryId;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crossdock-parcels-'));
  await writeFile(
    join(folder, 'modules.json'),
    JSON.stringify({ modules: [{ code: MODULE, providers: ['fake-carrier', 'moysklad'], name: 'Acme' }] }),
  );
  [carrier, moysklad] = await Promise.all([
    FakeCarrier.start({ webhookSecret: 'secret-of-the-carrier' }),
    MoySkladDouble.start({ token: TOKEN }),
  ]);
  moysklad.setModes({ basketUnits: 1_000 });
  crms = await Crm.startAll(2);
  deployment = await Deployment.start({
    ...{ crms, withFakeCarrier: true },
    // The first reservation takes seven times as long as the next: 5 s may be too little on a busy machine.
    variables: { MODULES_FILE: join(folder, 'modules.json'), MOYSKLAD_URL: moysklad.url, PROVIDER_BUDGET_MS: '10000' },
  });
  desk = await StockDesk.open(deployment, deployment.nextCrm(), MODULE);
  await save('fake-carrier', { baseUrl: carrier.url, apiKey: carrier.apiKey, webhookSecret: carrier.webhookSecret });
  await save('moysklad', {
    ...{ token: TOKEN, organization: firstOf('organization'), agent: firstOf('counterparty'), callsIn3Seconds: 45 },
    stores: [{ code: 'main', warehouse: moysklad.book.store('main').id }],
  });
}, START_MS);
afterAll(async () => {
  await deployment?.stop();
  await Promise.all([...(crms ?? []), carrier, moysklad].map((one) => one?.close()));
  await rm(folder, { recursive: true });
});
afterEach(() => {
  moysklad.faults.clear();
  expect(deployment.complaints()).toEqual([]);
});

describe('goods of parcels in MoySklad', () => {
  it('are not touched while it is off, also when it is switched on later', async () => {
    await ship();
    push('in_transit');
    await until('the job has seen it', async () => {
      const [row] = await deployment.stores.query<{ stock: object | null }>(`SELECT stock FROM delivery WHERE order_ref = $1`, [
        String(order),
      ]);
      return row?.stock !== null;
    });
    await setRule('shipped');
    push('out_for_delivery');
    await wait();
    expect(listDocuments()).toEqual([]);
  });

  it('leave once and come back once, however often the carrier reports it', async () => {
    await setRule('shipped');
    const deliveryId = await ship();
    carrier.webhooks.mode = 'hold';
    push('in_transit');
    await carrier.webhooks.flush({ copies: 3 });
    await untilMade([['demand', 4]]);
    push('out_for_delivery');
    push('returned');
    await carrier.webhooks.flush({ copies: 3 });
    carrier.webhooks.mode = 'auto';
    await untilMade([
      ['demand', 4],
      ['salesreturn', 4],
    ]);
    await wait();
    expect(listDocuments()).toEqual([
      ['demand', 4],
      ['salesreturn', 4],
    ]);
    expect(moysklad.book.countFree(`tea-${order}`, 'main')).toBe(10);
    const demand = [...moysklad.book.movements.values()].findLast(({ type }) => type === 'demand');
    expect(moysklad.book.orders.get(demand?.basis ?? '')?.name).toBe(`CRM-${order}`);
    const story = await deployment.operator('GET', `/stories/delivery/${deliveryId}?connection=${desk.connection}`);
    expect(JSON.stringify(story)).toMatch(
      /The goods were written off in the warehouse \(\d+\)\..*The goods were taken back in the warehouse \(\d+\)\./,
    );
  });

  it('come back as far as the buyer did not take them', async () => {
    await ship();
    push('in_transit');
    await untilMade([['demand', 4]]);
    push('delivered_in_part', { handedOver: [{ parcel: 0, item: 0, quantity: 1 }] });
    await wait();
    expect(listDocuments()).toEqual([['demand', 4]]);
    carrier.endReturns(`${order}-1`);
    await deployment.stores.query(`UPDATE delivery SET poll_at = now() WHERE order_ref = $1`, [String(order)]);
    await untilMade([
      ['demand', 4],
      ['salesreturn', 3],
    ]);
  });

  it('stay if the parcel is cancelled before the carrier has it', async () => {
    const deliveryId = await ship();
    expect((await desk.account.delete(deliveryId)).status).toBe(200);
    await wait();
    expect(listDocuments()).toEqual([]);
  });

  it('leave with the delivery if the shop chooses so', async () => {
    await setRule('delivered');
    await ship();
    push('in_transit');
    await wait();
    expect(listDocuments()).toEqual([]);
    push('delivered');
    await untilMade([['demand', 4]]);
    await setRule('shipped');
  });

  it('leave once although the reply is lost and the worker is killed', async () => {
    await deployment.separate('worker');
    await ship();
    moysklad.fail('createDemand', { kind: 'hang' });
    push('in_transit');
    await untilMade([['demand', 4]]);
    await deployment.killWorkers();
    await deployment.startWorker();
    await until(
      'it is known to be done',
      async () => {
        const [row] = await deployment.stores.query<{ stock: { moved?: object } | null }>(
          `SELECT stock FROM delivery WHERE order_ref = $1`,
          [String(order)],
        );
        return row?.stock?.moved !== undefined;
      },
      100_000,
    );
    expect(listDocuments()).toEqual([['demand', 4]]);
  });

  it('leave soon after a person has added the good and tries it again, also while the CRM and the carrier are down', async () => {
    await ship(0);
    const good = moysklad.book.good(`tea-${order}`);
    moysklad.book.goods.delete(good.id);
    push('in_transit');
    const row = await until('the shop has a row', async () =>
      (await listDifferences()).find(({ text }) => text.includes(`Order ${order}A`)),
    );
    expect(row.text).toContain('MoySklad: nothing was moved');
    moysklad.book.goods.set(good.id, good);
    const heal = desk.crm.fail('*', { kind: '503' }, 1_000);
    carrier.fail('*', { kind: 'error-before', status: 503 }, 1_000);
    expect((await deployment.askOperator('POST', `/differences/${row.id}/mend`)).json).toMatchObject({ state: 'mended' });
    await until('MoySklad has the demand', () => listDocuments().length === 1, 30_000);
    heal();
    carrier.faults.clear();
  });

  it('leave once MoySklad is back', async () => {
    await ship();
    moysklad.fail('*', { kind: 'error-before', status: 503 }, 1_000);
    push('in_transit');
    await wait();
    expect([listDocuments(), await listDifferences()]).toEqual([[], []]);
    moysklad.faults.clear();
    await deployment.stores.query(`UPDATE delivery SET stock_at = now() WHERE order_ref = $1`, [String(order)]);
    await until('MoySklad has the demand', () => listDocuments().length === 1, 60_000);
  });
});
