import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createProgram } from '../src/cli/program.js';
import { readEnvironment } from '../src/environment.js';
import { type JsonObject, asObject, asObjects, parseJson } from '../src/json.js';
import { SandboxBench } from './sandbox-bench.js';
import { StandInModule } from './stand-in-module.js';

const STORE = {
  actions: [
    { code: 'inventoriesUpload', url: '/callbacks/upload', callPoints: ['order_edit'] },
    { code: 'inventoriesActualize', url: 'callbacks/actualize' },
  ],
};

describe("the CRM's side of the warehouse", () => {
  const bench = new SandboxBench();
  const module = new StandInModule();

  const control = async (path: string, body?: JsonObject): Promise<JsonObject> =>
    (await bench.control(body === undefined ? 'GET' : 'POST', `/accounts/default/${path}`, body)).body;
  const ask = (name: 'inventoriesUpload' | 'inventoriesActualize', body: JsonObject): Promise<JsonObject> =>
    control(`modules/stand-in/callbacks/${name}`, body);
  const sent = (name: string, field: string): unknown =>
    parseJson(module.received.findLast((one) => one.name === name)?.fields[field] ?? '');
  const answer = (name: string, body: JsonObject, status = 200): unknown =>
    module.wrong.set(name, { status, body: { success: status === 200, ...body } });
  const offer = async (id: number): Promise<JsonObject> =>
    asObjects((await control('offers'))['offers']).find((one) => one['id'] === id) ?? {};
  const stocks = (available: number, id = 1): JsonObject => ({ id, stores: [{ code: 'msk', available }] });

  async function run(...words: string[]): Promise<string> {
    const lines: string[] = [];
    const program = createProgram(readEnvironment({ DATA_DIR: '/nonexistent' }), {
      print: (line) => lines.push(line),
      exit: () => undefined,
    });
    await program.parseAsync(['node', 'sandbox', '--sandbox', bench.url, ...words]);
    return lines.join('\n');
  }

  async function order(): Promise<number> {
    const made = await control('orders', {
      firstName: 'Ann',
      externalId: `order-${Math.random()}`,
      items: [
        { offer: { id: 1 }, initialPrice: 10, quantity: 3, purchasePrice: 4 },
        { productName: 'Of no catalogue', initialPrice: 10, quantity: 1 },
        { offer: { id: 2 }, initialPrice: 10, quantity: 1.5 },
      ],
    });
    return Number(made['id']);
  }

  beforeAll(async () => {
    await bench.start();
    await module.listen();
  });

  beforeEach(async () => {
    await bench.control('POST', '/reset', {});
    module.registrationPatch = { integrations: { store: STORE } };
    expect(await control('modules/stand-in/connect', { moduleUrl: module.url })).toMatchObject({
      ok: true,
      capabilities: expect.arrayContaining(['store: inventoriesUpload, inventoriesActualize']),
    });
  });

  afterEach(() => module.wrong.clear());

  afterAll(async () => {
    await bench.stop();
    await module.close();
  });

  it.each([
    ['an unknown action', [{ code: 'steal', url: '/x' }], 'actions[0].code is not one of inventoriesUpload, inventoriesActualize: "steal"'],
    ['no path', [{ code: 'inventoriesUpload' }], 'actions[0].url is missing'],
    ['an action twice', [STORE.actions[0], STORE.actions[0]], 'actions[1].code "inventoriesUpload" is there twice'],
  ])('takes a registration with %s, with a hint', async (_what, actions, hint) => {
    module.registrationPatch = { integrations: { store: { actions } } };
    expect(await control('modules/stand-in/connect', { moduleUrl: module.url })).toMatchObject({ ok: true });
    expect(await bench.hints()).toEqual([`integrationModule.integrations.store.${hint}`]);
  });

  it('refuses a registration with a whole URL for a relative path', async () => {
    module.registrationPatch = { integrations: { store: { actions: [{ code: 'inventoriesUpload', url: 'http://elsewhere/x' }] } } };
    await control('modules/stand-in/connect', { moduleUrl: module.url });
    expect(Object.keys(asObject(module.registered['errors'] as JsonObject))).toEqual([
      'integrationModule.integrations.store.actions[0].url',
    ]);
  });

  it('asks for stocks, takes over those it asked for and ignores the others', async () => {
    answer('upload', { offers: [{ xmlId: 'xml-kettle', stores: [{ code: 'msk', available: 41.5, purchasePrice: 7 }] }, stocks(9, 3)] });
    expect(await ask('inventoriesUpload', { offers: ['xml-kettle', '2'] })).toMatchObject({
      ok: true,
      violations: [],
      taken: 1,
      ignored: 1,
    });
    expect(sent('upload', 'offers')).toEqual([
      { id: 1, xmlId: 'xml-kettle', externalId: 'kettle', site: 'main' },
      { id: 2, xmlId: 'xml-cup', externalId: 'cup', site: 'main' },
    ]);
    expect(await offer(1)).toMatchObject({
      quantity: 41.5,
      purchasePrice: 7,
      stores: [{ store: 'msk', quantity: 41.5, purchasePrice: 7 }],
    });
    expect(await offer(3)).toMatchObject({ quantity: 7 });
    expect(await ask('inventoriesUpload', { offers: ['nothing'] })).toMatchObject({
      errorMsg: expect.stringContaining('There is no offer'),
    });
  });

  it('judges replies strictly, and takes nothing over from a bad one', async () => {
    const violations = async (name: 'inventoriesUpload' | 'inventoriesActualize', body: JsonObject): Promise<unknown> => {
      answer(name === 'inventoriesUpload' ? 'upload' : 'actualize', body);
      return (await ask(name, name === 'inventoriesUpload' ? { offers: ['1'] } : { order: await order() }))['violations'];
    };
    expect(await violations('inventoriesUpload', {})).toEqual(['offers: is required, a list']);
    expect(await violations('inventoriesUpload', { offers: [{ stores: [{ code: 'msk', available: 5 }] }] })).toEqual([
      'offers[0]: must have id, xmlId or externalId',
    ]);
    expect(
      await violations('inventoriesUpload', { offers: [{ id: 1, stores: [{ code: 'moon', available: 5 }, { code: 'msk' }] }] }),
    ).toEqual(['offers[0].stores[0].code: is not a warehouse of the account', 'offers[0].stores[1]: must have available or purchasePrice']);
    expect(await violations('inventoriesUpload', { offers: [{ id: 1, stores: [{ code: 'msk', available: '5' }] }] })).toHaveLength(1);
    expect(await violations('inventoriesActualize', { inventories: [{ offers: [{ id: 1, left: 5 }] }] })).toHaveLength(1);
    expect(await violations('inventoriesActualize', { offers: [stocks(5)] })).toHaveLength(1);
    expect(await offer(1)).toMatchObject({ quantity: 12 });
  });

  it('packs an order, and unpacks it with quantity 0', async () => {
    const id = await order();
    answer('actualize', { inventories: [{ offers: [stocks(9), stocks(138.5, 2)] }] });
    expect(await ask('inventoriesActualize', { order: id, store: 'mad' })).toMatchObject({ ok: true, taken: 2, ignored: 0 });
    expect(sent('actualize', 'order')).toMatchObject({ id, externalId: expect.any(String), site: 'main' });
    const pack = { item: { id: expect.any(Number) }, store: 'mad' };
    expect(sent('actualize', 'packs')).toEqual([
      { ...pack, offer: { id: 1, xmlId: 'xml-kettle', externalId: 'kettle' }, quantity: 3, purchasePrice: 4 },
      { ...pack, offer: { id: 2, xmlId: 'xml-cup', externalId: 'cup' }, quantity: 1.5, purchasePrice: 0 },
    ]);
    expect(await offer(1)).toMatchObject({ quantity: 9, reserved: [{ order: id, store: 'mad', quantity: 3 }] });
    expect((await bench.get('/api/v5/orders/packs', { filter: { orderId: id } })).body['packs']).toHaveLength(2);

    // Another quantity of an item edits its pack in the same warehouse.
    await ask('inventoriesActualize', { order: id, offer: 'kettle', quantity: 2 });
    expect(sent('actualize', 'packs')).toMatchObject([{ store: 'mad', quantity: 2 }]);
    expect((await offer(1))['reserved']).toEqual([{ order: id, store: 'mad', quantity: 2 }]);

    answer('actualize', { errorMsg: 'Not so fast' }, 400);
    expect(await ask('inventoriesActualize', { order: id, quantity: 5 })).toMatchObject({ ok: false, refusal: '400 Not so fast' });
    expect(await ask('inventoriesActualize', { order: id, release: true })).toMatchObject({ ok: false });
    expect((await offer(1))['reserved']).toEqual([{ order: id, store: 'mad', quantity: 2 }]);

    answer('actualize', { inventories: [] });
    expect(await ask('inventoriesActualize', { order: id, release: true })).toMatchObject({ ok: true });
    expect(sent('actualize', 'packs')).toMatchObject([
      { store: 'mad', quantity: 0 },
      { store: 'mad', quantity: 0 },
    ]);
    expect((await offer(1))['reserved']).toEqual([]);
    expect(await ask('inventoriesActualize', { order: id, release: true })).toMatchObject({
      errorMsg: expect.stringContaining('is reserved'),
    });
  });

  it('goes by hand: stock add-offer, list, upload, reserve, release', async () => {
    expect(await run('stock', 'add-offer', 'Samovar', '--external-id', 'sam')).toMatch(/sam +Samovar/);
    expect((await run('stock')).split('\n')).toHaveLength(6);
    answer('upload', { offers: [{ externalId: 'sam', stores: [{ code: 'msk', available: 6 }] }] });
    expect(await run('stock', 'upload', 'sam')).toMatch(/ok \(HTTP 200\)[^]*1 offers came\n.*\n.*msk +6 /);
    answer('actualize', { inventories: [{ offers: [stocks(1)] }] });
    const id = String(await order());
    expect(await run('stock', 'reserve', id, '--offer', 'kettle', '--quantity', '2')).toContain(`2 for order ${id}`);
    expect(await run('stock', 'release', id)).not.toContain(`for order ${id}`);
    await expect(run('stock', 'reserve', id, '--store', 'moon')).rejects.toThrow('There is no warehouse "moon". There are: msk');
    await expect(run('stock', 'reserve', id, '--quantity', '0')).rejects.toThrow('quantity must be more than 0');
  });

  it('goes by hand: stock set, reconcile', async () => {
    expect(await run('stock', 'set', 'kettle', '99.5', '--store', 'mad', '--price', '7')).toMatch(/mad +99\.5 +7/);
    expect((await offer(1))['stores']).toContainEqual({ store: 'mad', quantity: 99.5, purchasePrice: 7 });
    await expect(run('stock', 'set', 'kettle', '1', '--store', 'moon')).rejects.toThrow('There is no warehouse "moon"');
    await expect(run('stock', 'set', 'nosuch', '1')).rejects.toThrow('There is no offer "nosuch"');
    await expect(run('stock', 'reconcile')).rejects.toThrow('Give --operator-token');

    const asked: { url: string; token: string | undefined; body: string }[] = [];
    const states = ['running', 'done'];
    const difference = { offer: { id: 1, xmlId: 'xml-kettle' }, store: 'mad', crm: { available: 99.5 }, warehouse: { available: 3 } };
    const deployment = createServer((request, reply) => {
      void text(request).then((body) => {
        const { url = '', headers } = request;
        asked.push({ url, token: headers.authorization, body });
        const view = {
          id: 'r1',
          state: states.shift() ?? 'done',
          checked: 2,
          differed: 1,
          unknown: 0,
          dryRun: true,
          differences: [difference],
        };
        if (url.includes('/connections?')) reply.end(JSON.stringify({ items: [{ id: 'c1', systemUrl: bench.url }] }));
        else reply.end(JSON.stringify(request.method === 'POST' ? view : { items: [view] }));
      });
    });
    await new Promise<void>((resolve) => deployment.listen(0, '127.0.0.1', resolve));
    try {
      const installed = bench.sandbox.accounts[0]?.modules['stand-in'];
      if (!installed?.connection) throw new Error('the module is not connected');
      installed.connection.moduleUrl = `http://127.0.0.1:${(deployment.address() as AddressInfo).port}/stand-in`;
      const printed = await run('stock', 'reconcile', '--dry-run', '--operator-token', 't');
      expect(printed).toMatch(/2 offers compared, 1 differ, 0 the warehouse does not know; nothing was sent/);
      expect(printed).toMatch(/xml-kettle +mad +99\.5 +3/);
      expect(asked.map(({ url }) => url)).toEqual([
        '/operator/api/connections?limit=500&code=stand-in',
        '/operator/api/connections/c1/stocks/reconcile',
        '/operator/api/connections/c1/stocks/reconciliations?limit=20',
      ]);
      expect(asked[1]).toMatchObject({ token: 'Bearer t', body: '{"dryRun":true}' });
    } finally {
      deployment.close();
    }
  });
});
