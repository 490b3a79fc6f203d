import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { getParser } from '#platform';
import { ProviderError, toMoney } from '#provider-kit';
import { type ExistingReservation, mergePacks, type OfferStock, type Pack } from '#inventory/port';
import { MemoryCache, MoySkladDouble, type MoySkladOrder, providerContext, webhookRequest } from '#testing';
import { MoyskladProvider, MoyskladSettings } from './index.js';
import type { MoyskladContext } from './moysklad.settings.js';
import { nameUuid } from './moysklad.units.js';
import { makeSecretPath } from './webhook.js';

let moysklad: MoySkladDouble;
let provider: MoyskladProvider;
let ids: { organization: string; agent: string; main: string; shop: string };

beforeAll(async () => {
  moysklad = await MoySkladDouble.start();
  provider = new MoyskladProvider(moysklad.url);
  const { entries } = moysklad.book;
  const [organization = ''] = entries.organization.keys();
  const [agent = ''] = entries.counterparty.keys();
  ids = { organization, agent, main: moysklad.book.store('main').id, shop: moysklad.book.store('shop').id };
});
afterAll(() => moysklad.close());
beforeEach(() => {
  moysklad.reset();
  // Limits have their own tests.
  moysklad.setModes({ basketUnits: 1_000 });
});

function makeSettings(changes: object = {}): MoyskladSettings {
  const stores = [
    { code: 'm', warehouse: ids.main },
    { code: 's', warehouse: ids.shop },
  ];
  const { organization, agent } = ids;
  return getParser(MoyskladSettings).parse({
    ...{ token: moysklad.user.token, callsIn3Seconds: 45, stores, organization, agent },
    ...changes,
  });
}

/** With its own cache by default, so that no call waits for the calls of other tests. */
function makeContext(changes: object = {}, more: Partial<MoyskladContext> = {}): MoyskladContext {
  const memory = { accountId: moysklad.account.id };
  return providerContext(makeSettings(changes), { now: new Date(moysklad.book.now), cache: new MemoryCache(), memory, ...more });
}

async function failure(call: Promise<unknown>): Promise<ProviderError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ProviderError);
  return error as ProviderError;
}

const urls = (call: string): string[] => moysklad.calls.filter((one) => one.call === call).map(({ url }) => url);
const figures = (stock: OfferStock | undefined): unknown[] | undefined => stock?.stores.map(({ available }) => available);

async function readOne(xmlId: string, changes: object = {}): Promise<OfferStock | undefined> {
  return (await provider.readStocks([{ xmlId }], makeContext(changes)))[0];
}

describe('stocks', () => {
  it('are free figures of the stores of the settings, rounded down and never below zero', async () => {
    const { book } = moysklad;
    const { id } = book.addGood({ externalCode: 'tea' });
    book.setStock('tea', 'main', 10.0005);
    book.setStock('tea', 'shop', -2);
    book.makeOrder({ store: 'main', positions: [{ good: 'tea', quantity: 4, reserve: 2.5 }] });
    expect(await readOne('tea')).toEqual({
      offer: { key: id, xmlId: 'tea' },
      stores: [
        { store: 'm', available: 7.5005 },
        { store: 's', available: 0 },
      ],
    });
    expect(figures(await readOne('tea', { figure: 'stock' }))).toEqual([10.0005, 0]);
    expect(urls('currentStock')[0]).toContain('stockType=freeStock');
    expect(urls('currentStock')[1]).toContain('stockType=stock');
  });

  it('are zero for a known good without a row, and unknown while they are recalculated', async () => {
    const { book } = moysklad;
    for (const externalCode of ['never', 'settling']) book.addGood({ externalCode });
    book.setStock('settling', 'main', 3);
    book.setRecalculated('settling', true);
    const [never, settling] = await provider.readStocks([{ xmlId: 'never' }, { xmlId: 'settling' }], makeContext());
    expect([figures(never), figures(settling)]).toEqual([
      [0, 0],
      [undefined, 0],
    ]);
  });

  it('of the main store are less by what orders without a store reserve', async () => {
    const { book } = moysklad;
    book.addGood({ externalCode: 'tea' });
    book.setStock('tea', 'main', 5);
    book.setStock('tea', 'shop', 5);
    book.makeOrder({ positions: [{ good: 'tea', quantity: 2, reserve: 2 }] });
    expect(figures(await readOne('tea'))).toEqual([3, 5]);
    expect(figures(await readOne('tea', { mainStore: 's' }))).toEqual([5, 3]);
  });

  it('are unknown for a missing, ambiguous or archived good, or a service', async () => {
    const { book } = moysklad;
    for (const archived of [false, false]) book.addGood({ externalCode: 'twice', archived });
    book.addGood({ externalCode: 'gone', archived: true });
    book.addGood({ externalCode: 'work', type: 'service' });
    book.addGood({ externalCode: 'again', archived: true });
    const { id } = book.addGood({ externalCode: 'again' });
    const asked = ['none', 'twice', 'gone', 'work', 'again', 'a;b', 'a\\;b', ''].map((xmlId) => ({ xmlId }));
    const stocks = await provider.readStocks([...asked, { key: 'no id' }, { id: 7 }, { key: id }], makeContext());
    expect(stocks.map((stock) => stock?.offer.key)).toEqual([
      ...[undefined, undefined, undefined, undefined, id, undefined, undefined, undefined],
      ...[undefined, undefined, id],
    ]);
  });

  it.each([
    ['code', 'T-1'],
    ['barcode', '2000000000015'],
    ['barcode', 'c-128'],
  ])('are found by %s %s', async (searchBy, xmlId) => {
    const good = moysklad.book.addGood({
      code: 'T-1',
      barcodes: [{ ean13: '2000000000015' }, { code128: 'c-128' }],
    });
    expect((await readOne(xmlId, { searchBy }))?.offer).toEqual({ key: good.id, xmlId });
    const [byKey] = await provider.readStocks([{ key: good.id }], makeContext({ searchBy }));
    expect(byKey?.offer.xmlId).toBe(searchBy === 'code' ? 'T-1' : '2000000000015');
  });

  it('are found by id, in any spelling', async () => {
    const { id } = moysklad.book.addGood();
    expect((await readOne(id.toUpperCase(), { searchBy: 'id' }))?.offer).toEqual({ key: id, xmlId: id });
  });

  it('of a bundle are as many as its parts make', async () => {
    const { book } = moysklad;
    for (const externalCode of ['cup', 'bag', 'wash']) book.addGood({ externalCode, ...(externalCode === 'wash' && { type: 'service' }) });
    const components = [
      { good: 'cup', quantity: 1 },
      { good: 'bag', quantity: 2.5 },
      { good: 'wash', quantity: 1 },
    ];
    book.addGood({ type: 'bundle', externalCode: 'set', components });
    book.setStock('cup', 'main', 7);
    book.setStock('bag', 'main', 9.9);
    book.setStock('bag', 'shop', 100);
    expect(figures(await readOne('set'))).toEqual([3, 0]);
    book.setRecalculated('bag', true);
    expect(figures(await readOne('set'))).toEqual([undefined, undefined]);
  });

  it.each([
    [{ buyPrice: 123_050 }, {}, toMoney(123_050, 'RUB')],
    [{ buyPrice: 100.5 }, {}, toMoney(101, 'RUB')],
    [{ buyPrice: 0 }, {}, undefined],
    [{}, {}, undefined],
    [{ buyPrice: 500, currency: 'USD' }, {}, undefined],
    [{ buyPrice: 500 }, { price: 'none' }, undefined],
  ])('have the price of the card: %j, %j', async (card, settings, price) => {
    moysklad.book.addGood({ externalCode: 'tea', ...card });
    const [first] = (await readOne('tea', settings))?.stores ?? [];
    expect(first?.purchasePrice).toEqual(price);
  });

  it('of a full page of the CRM take few calls, and of many the whole list is read', async () => {
    const { book } = moysklad;
    const offers = Array.from({ length: 420 }, (_, n) => ({ xmlId: `offer-${n}` }));
    for (const { xmlId } of offers) book.addGood({ externalCode: xmlId });
    const context = makeContext();
    expect((await provider.readStocks(offers.slice(0, 250), context)).filter(Boolean)).toHaveLength(250);
    expect([urls('listAssortment').length, urls('currentStock').length]).toEqual([4, 3]);
    expect(Math.max(...moysklad.calls.map(({ url }) => url.length))).toBeLessThan(8_000);
    moysklad.calls.length = 0;
    expect((await provider.readStocks(offers, context)).filter(Boolean)).toHaveLength(420);
    expect([urls('listAssortment').length, urls('currentStock').length]).toEqual([1, 4]);
  });

  it('are read from replies that are not packed', async () => {
    moysklad.book.addGood({ externalCode: 'tea' });
    moysklad.setModes({ gzip: false });
    expect(figures(await readOne('tea'))).toEqual([0, 0]);
  });

  it('are asked for in parts where a report is too large', async () => {
    const { book } = moysklad;
    const offers = Array.from({ length: 40 }, (_, n) => ({ xmlId: `offer-${n}` }));
    for (const { xmlId } of offers) {
      book.addGood({ externalCode: xmlId });
      book.setStock(xmlId, 'main', 1);
    }
    moysklad.setModes({ currentRowsMost: 15 });
    const stocks = await provider.readStocks(offers, makeContext());
    expect(stocks.map((stock) => figures(stock)?.[0])).toEqual(Array(40).fill(1));
  });
});

describe('a reservation', () => {
  const pack = (xmlId: string, quantity: number, changes: Partial<Pack> = {}): Pack => ({
    ...{ item: '1', offer: { xmlId }, store: 'm', quantity },
    ...changes,
  });
  let known: ExistingReservation | undefined;
  let context: MoyskladContext;

  beforeEach(() => {
    known = undefined;
    context = makeContext();
    for (const externalCode of ['tea', 'jam']) {
      moysklad.book.addGood({ externalCode });
      moysklad.book.setStock(externalCode, 'main', 10);
      moysklad.book.setStock(externalCode, 'shop', 1);
    }
  });

  /** Reserves like the integration, and keeps the memory for the next call. */
  async function reserve(packs: Pack[], given = context, order = '42'): Promise<void> {
    const reserved = (await provider.reserve({ order, packs }, given, known)) ?? {};
    known = {
      order,
      memory: reserved.memory ?? known?.memory ?? {},
      packs: mergePacks(known?.packs ?? [], packs),
      documents: reserved.documents ?? known?.documents ?? [],
    };
  }
  /** The positions of an order, in units: code of the good, quantity, reserve. */
  const positions = (order: MoySkladOrder): unknown[] =>
    order.positions.map(({ good, quantity, reserve }) => [moysklad.book.good(good).externalCode, quantity / 10_000, reserve / 10_000]);
  const orders = (): unknown[] => [...moysklad.book.orders.values()].map((order) => [order.name, positions(order)]);

  it('is one order of MoySklad for each store, made once and set as a whole', async () => {
    await reserve([
      pack('tea', 2, { shipmentDate: '2026-12-05', invoiceNumber: 'I-7' }),
      pack('tea', 1.25, { item: '2', shipmentDate: '2026-12-03' }),
      pack('jam', 1, { store: 's', item: '3' }),
    ]);
    expect(orders()).toEqual([
      ['CRM-42', [['tea', 3.25, 3.25]]],
      ['CRM-42-s', [['jam', 1, 1]]],
    ]);
    const [order] = moysklad.book.orders.values();
    expect(order).toMatchObject({
      ...{ applicable: true, store: ids.main, organization: ids.organization, agent: ids.agent },
      syncId: nameUuid(`${context.connectionId}/42/${ids.main}`),
      description: expect.stringMatching(/42[^]*I-7/),
      deliveryPlannedMoment: Date.parse('2026-12-02T21:00:00Z'),
    });
    expect(known?.memory).toEqual({ m: ids.main, s: ids.shop });
    expect(known?.documents).toEqual([
      { id: order?.id, number: 'CRM-42' },
      { id: expect.any(String), number: 'CRM-42-s' },
    ]);
    await reserve([pack('tea', 0), pack('jam', 4, { item: '4' })]);
    expect(orders()).toEqual([
      [
        'CRM-42',
        [
          ['tea', 1.25, 1.25],
          ['jam', 4, 4],
        ],
      ],
      ['CRM-42-s', [['jam', 1, 1]]],
    ]);
    await reserve([pack('tea', 0, { item: '2' }), pack('jam', 0, { item: '4' }), pack('jam', 0, { item: '3', store: 's' })]);
    expect(orders()).toEqual([
      ['CRM-42', []],
      ['CRM-42-s', []],
    ]);
    expect(known?.memory).toEqual({});
    expect(moysklad.countCalls('createOrder')).toBe(2);
  });

  it('is written as the API describes orders, and each call gets only possible replies', async () => {
    await reserve([pack('tea', 2)]);
    await reserve([pack('tea', 3)]);
    const [made, set] = moysklad.calls.filter(({ method }) => method !== 'GET');
    const [order] = moysklad.book.orders.values();
    expect([made?.url, set?.url].map((url) => url?.replace(/^.*remap\/1\.2/, ''))).toEqual([
      '/entity/customerorder?expand=positions',
      `/entity/customerorder/${order?.id}?expand=positions&fields=stock`,
    ]);
    const { id } = moysklad.book.good('tea');
    const assortment = { meta: { href: `${moysklad.base}/entity/product/${id}`, type: 'product', mediaType: 'application/json' } };
    expect(made?.body).toMatchObject({ positions: { rows: [{ assortment, quantity: 2, reserve: 2 }] } });
    expect(set?.body).toMatchObject({ positions: { rows: [{ id: order?.positions[0]?.id, quantity: 3, reserve: 3 }] } });
  });

  it('is undone and rejected if the order does not reserve the requested quantity', async () => {
    await reserve([pack('tea', 2)]);
    const { onOrder } = moysklad.book;
    let isTaken = false;
    moysklad.book.onOrder = (_action, order) => {
      if (!isTaken) for (const one of order.positions) one.reserve = 0;
      isTaken = true;
    };
    try {
      expect(await failure(reserve([pack('tea', 5)]))).toMatchObject({
        kind: 'rejected',
        localText: { ru: expect.stringContaining('МойСклад') },
      });
    } finally {
      moysklad.book.onOrder = onOrder;
    }
    expect(orders()).toEqual([['CRM-42', [['tea', 2, 2]]]]);
  });

  it('changes nothing when it is repeated, and is restored if a person has changed it', async () => {
    await reserve([pack('tea', 3)]);
    const [order] = moysklad.book.orders.values();
    await reserve([pack('tea', 3)]);
    expect(moysklad.countCalls('updateOrder')).toBe(0);
    moysklad.book.putOrder({ ...(order as MoySkladOrder), applicable: false, positions: [] });
    await reserve([pack('tea', 3)]);
    expect(orders()).toEqual([['CRM-42', [['tea', 3, 3]]]]);
    expect(moysklad.book.countFree('tea', 'main')).toBe(7);
  });

  it('of more goods than a page of positions is read to its end', async () => {
    const codes = Array.from({ length: 101 }, (_, index) => `good-${index}`);
    for (const externalCode of codes) {
      moysklad.book.addGood({ externalCode });
      moysklad.book.setStock(externalCode, 'main', 1);
    }
    const packs = codes.map((code) => pack(code, 1, { item: code }));
    await reserve(packs);
    await reserve(packs);
    expect([moysklad.countCalls('createOrder'), moysklad.countCalls('updateOrder')]).toEqual([1, 0]);
    expect([...moysklad.book.orders.values()].map(({ positions: rows }) => rows.length)).toEqual([101]);
  });

  it('of an order in the bin is made again', async () => {
    await reserve([pack('tea', 3)]);
    moysklad.book.binOrder('CRM-42');
    await reserve([pack('tea', 4)]);
    expect(moysklad.book.countFree('tea', 'main')).toBe(6);
  });

  it('is at the main store where none is named, and goes where other settings say', async () => {
    const { store: _, ...anywhere } = pack('tea', 1);
    await reserve([anywhere]);
    expect([orders(), known?.memory]).toEqual([[['CRM-42', [['tea', 1, 1]]]], { m: ids.main, '*': 'm' }]);
    // The code is now another warehouse's.
    const stores = [{ code: 'm', warehouse: ids.shop }];
    await reserve([anywhere], makeContext({ stores }));
    expect(moysklad.book.countFree('tea', 'main')).toBe(10);
    expect(moysklad.book.countFree('tea', 'shop')).toBe(0);
  });

  it('keeps what was shipped', async () => {
    await reserve([pack('tea', 5), pack('jam', 2, { item: '2' })]);
    moysklad.book.ship('CRM-42', 'tea', 2);
    moysklad.book.ship('CRM-42', 'jam', 2);
    await reserve([pack('tea', 6), pack('jam', 0, { item: '2' })]);
    const [order] = moysklad.book.orders.values();
    expect(order?.positions.map(({ quantity }) => quantity / 10_000)).toEqual([6, 2]);
    // 8 of 10 remain, and 4 have yet to be shipped.
    expect(moysklad.book.countFree('tea', 'main')).toBe(4);
    expect(moysklad.book.countFree('jam', 'main')).toBe(8);
    await reserve([pack('tea', 1)]);
    expect(moysklad.book.countFree('tea', 'main')).toBe(8);
  });

  it('lists the packs that are short, and writes nothing', async () => {
    const packs = [
      pack('jam', 1),
      pack('tea', 8, { item: '2' }),
      pack('tea', 2.5, { item: '3' }),
      pack('tea', 1, { store: 's', item: '4' }),
    ];
    const { kind, fields } = await failure(reserve(packs));
    const ten = expect.objectContaining({ ru: expect.stringContaining('10') });
    expect([kind, fields]).toEqual(['rejected', { 'packs[1].quantity': ten, 'packs[2].quantity': ten }]);
    expect(orders()).toEqual([]);
  });

  it('uses the stock that others leave, also orders without a store, but not its own reservation', async () => {
    for (const store of ['main', undefined])
      moysklad.book.makeOrder({ ...(store && { store }), positions: [{ good: 'tea', quantity: 4, reserve: 4 }] });
    expect((await failure(reserve([pack('tea', 3)]))).kind).toBe('rejected');
    await reserve([pack('tea', 2)]);
    await reserve([pack('tea', 1), pack('tea', 1, { item: '2' })]);
    expect(orders().at(-1)).toEqual(['CRM-42', [['tea', 2, 2]]]);
  });

  it('does not touch an order of a person, also with its name', async () => {
    moysklad.book.makeOrder({ name: 'CRM-42', store: 'main', positions: [{ good: 'tea', quantity: 1, reserve: 1 }] });
    await reserve([pack('tea', 2)]);
    expect(orders()).toEqual([
      ['CRM-42', [['tea', 1, 1]]],
      ['CRM-42', [['tea', 2, 2]]],
    ]);
  });

  it.each([
    [pack('none', 1), 'packs[1].offer'],
    [pack('twice', 1), 'packs[1].offer'],
    [pack('old', 1), 'packs[1].offer'],
    [pack('work', 1), 'packs[1].offer'],
    [pack('tea', 1, { store: 'unknown' }), 'packs[1].store'],
    [pack('tea', 0.00001), 'packs[1].quantity'],
    [pack('tea', 1.23456), 'packs[1].quantity'],
  ])('refuses %j', async (wrong, field) => {
    for (const externalCode of ['twice', 'twice']) moysklad.book.addGood({ externalCode });
    moysklad.book.addGood({ externalCode: 'old', archived: true });
    moysklad.book.addGood({ externalCode: 'work', type: 'service' });
    const { kind, fields } = await failure(reserve([pack('jam', 1), { ...wrong, item: '2' }]));
    expect([kind, Object.keys(fields ?? {})]).toEqual(['rejected', [field]]);
    expect(orders()).toEqual([]);
  });

  it('needs an order, and who reserves', async () => {
    expect((await failure(provider.reserve({ order: '', packs: [] }, context))).fields).toEqual({
      order: expect.objectContaining({ ru: expect.any(String) }),
    });
    const { kind, localText } = await failure(reserve([pack('tea', 1)], makeContext({ organization: undefined })));
    expect([kind, localText?.ru]).toEqual(['rejected', expect.stringContaining('юрлицо')]);
  });

  it('of a bundle takes its parts', async () => {
    const { book } = moysklad;
    const components = [{ good: 'tea', quantity: 2 }];
    book.addGood({ type: 'bundle', externalCode: 'set', components });
    await failure(reserve([pack('set', 6)]));
    await reserve([pack('set', 5)]);
    expect(orders()).toEqual([['CRM-42', [['set', 5, 5]]]]);
  });

  it('may be of an archived good that is held already', async () => {
    await reserve([pack('tea', 2)]);
    moysklad.book.edit(moysklad.book.good('tea'), { archived: true });
    await reserve([pack('tea', 1)]);
    expect(orders()).toEqual([['CRM-42', [['tea', 1, 1]]]]);
  });

  it.each(['drop-after', 'error-after'] as const)('is made once although its reply is lost: %s', async (kind) => {
    moysklad.fail('createOrder', { kind });
    expect((await failure(reserve([pack('tea', 2)]))).kind).toBe('unknown_outcome');
    await reserve([pack('tea', 2)]);
    moysklad.fail('updateOrder', { kind });
    expect((await failure(reserve([pack('tea', 5)]))).kind).toBe('unknown_outcome');
    await reserve([pack('tea', 5)]);
    expect(orders()).toEqual([['CRM-42', [['tea', 5, 5]]]]);
    expect(moysklad.countCalls('updateOrder')).toBe(1);
  });

  it('is tried again after a change in parallel, and without a name that is taken', async () => {
    moysklad.fail('createOrder', { kind: 'refuse', code: '1065' });
    await reserve([pack('tea', 2)]);
    moysklad.setModes({ uniqueNames: true });
    known = undefined;
    await reserve([pack('tea', 1)], makeContext({}, { connectionId: 'another' }));
    expect(orders()).toEqual([
      ['CRM-42', [['tea', 2, 2]]],
      [expect.not.stringContaining('CRM'), [['tea', 1, 1]]],
    ]);
  });

  it('puts the first store back when the second refuses', async () => {
    await reserve([pack('tea', 1), pack('tea', 1, { store: 's', item: '2' })]);
    const both = [pack('tea', 4), pack('tea', 0, { store: 's', item: '2' })];
    const [, second] = [...moysklad.book.orders.values()];
    // The second document belongs to a closed period: only its write is rejected.
    const refuseSecond = (async () => {
      while (moysklad.countCalls('updateOrder') === 0) await sleep(1);
      moysklad.fail('updateOrder', { kind: 'refuse', code: '17009' });
    })();
    moysklad.setModes({ latencyMs: 30 });
    const error = await failure(reserve(both));
    await refuseSecond;
    expect([error.kind, second?.name]).toEqual(['rejected', 'CRM-42-s']);
    expect(orders()).toEqual([
      ['CRM-42', [['tea', 1, 1]]],
      ['CRM-42-s', [['tea', 1, 1]]],
    ]);
  });
});

describe('reservations that race', () => {
  const packs: Pack[] = [{ item: '1', offer: { xmlId: 'tea' }, store: 'm', quantity: 4 }];

  beforeEach(() => {
    moysklad.book.addGood({ externalCode: 'tea' });
    moysklad.book.setStock('tea', 'main', 6);
    moysklad.setModes({ latencyMs: 20 });
  });

  it.each([
    [{}],
    [{ recalculationMs: 400 }],
    [{ recalculationMs: 3_000, recalculation: 'old' }],
    [{ recalculationMs: 3_000, recalculation: 'old', positionStock: 'all' }],
  ] as const)('never take more than there is: %j', async (modes) => {
    moysklad.book.setStock('tea', 'shop', 100);
    moysklad.setModes(modes);
    // Two processes of one deployment.
    const cache = new MemoryCache();
    const others = [provider, new MoyskladProvider(moysklad.url)];
    const results = await Promise.allSettled(
      others.map((one, index) => one.reserve({ order: `4${index}`, packs }, makeContext({}, { cache }), undefined)),
    );
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(moysklad.book.countFree('tea', 'main')).toBe(2);
  });

  it('step back for a person who was faster', async () => {
    const person = (async () => {
      while (moysklad.countCalls('createOrder') === 0) await sleep(1);
      moysklad.book.makeOrder({ name: 'by hand', store: 'main', positions: [{ good: 'tea', quantity: 3, reserve: 3 }] });
    })();
    const { kind, fields } = await failure(provider.reserve({ order: '42', packs }, makeContext()));
    await person;
    expect([kind, Object.keys(fields ?? {})]).toEqual(['rejected', ['packs[0].quantity']]);
    expect(moysklad.book.countFree('tea', 'main')).toBe(3);
  });

  it('also step back if the report does not contain the person yet', async () => {
    moysklad.setModes({ recalculationMs: 60_000, recalculation: 'old' });
    const person = (async () => {
      while (moysklad.countCalls('createOrder') === 0) await sleep(1);
      moysklad.book.makeOrder({ name: 'by hand', store: 'main', positions: [{ good: 'tea', quantity: 3, reserve: 3 }] });
    })();
    const { kind, fields } = await failure(provider.reserve({ order: '42', packs }, makeContext()));
    await person;
    expect([kind, Object.keys(fields ?? {})]).toEqual(['rejected', ['packs[0].quantity']]);
    expect(moysklad.countCalls('getOrder')).toBe(1);
    expect(moysklad.book.countFree('tea', 'main')).toBe(3);
  });

  it('wait for figures, and end when there are none', async () => {
    moysklad.book.setRecalculated('tea', true);
    const settled = sleep(500).then(() => moysklad.book.setRecalculated('tea', false));
    await provider.reserve({ order: '42', packs }, makeContext());
    await settled;
    moysklad.book.setRecalculated('tea', true);
    const signal = AbortSignal.timeout(700);
    const { kind } = await failure(
      provider.reserve({ order: '43', packs: packs.map((one) => ({ ...one, quantity: 1 })) }, makeContext({}, { signal })),
    );
    expect(kind).toBe('unavailable');
    expect(moysklad.book.countFree('tea', 'main')).toBe(2);
  });
});

describe('changes', () => {
  const keyOf = (name: string): string => moysklad.book.good(name).id;
  const list = async (cursor: string | undefined, changes: object = {}) => provider.listChanges(cursor, makeContext(changes));
  const keys = ({ offers }: { offers: readonly { key: string }[] }): string[] => offers.map(({ key }) => key);
  /** The first reading, which lists everything. */
  async function begin(): Promise<string> {
    let update = await list(undefined);
    while (update.more) update = await list(update.cursor);
    return update.cursor;
  }

  beforeEach(() => {
    for (const externalCode of ['tea', 'jam']) {
      moysklad.book.addGood({ externalCode });
      moysklad.book.setStock(externalCode, 'main', 5);
    }
  });

  it('are initially all goods, then the changes, each once', async () => {
    const first = await list(undefined);
    expect(keys(first)).toEqual([keyOf('tea'), keyOf('jam')]);
    moysklad.book.setStock('jam', 'main', 4);
    const next = await list(first.cursor);
    expect([keys(next), next.more ?? false, next.againSeconds]).toEqual([[keyOf('jam')], false, undefined]);
    expect(keys(await list(next.cursor))).toEqual([]);
    expect(keys(await list(first.cursor))).toEqual([keyOf('jam')]);
  });

  it('begin again with all goods after other settings, and after a day', async () => {
    const cursor = await begin();
    expect(keys(await list(cursor, { figure: 'stock' }))).toHaveLength(2);
    moysklad.book.advance(24 * 3_600);
    expect(keys(await list(cursor))).toHaveLength(2);
  });

  it('include reserves, if they count', async () => {
    const cursor = await begin();
    moysklad.book.makeOrder({ store: 'main', positions: [{ good: 'tea', quantity: 1, reserve: 1 }] });
    const { cursor: next, ...update } = await list(cursor);
    expect(keys(update)).toEqual([keyOf('tea')]);
    expect(keys(await list(next))).toEqual([]);
    const physical = { figure: 'stock' };
    const { cursor: other } = await list(undefined, physical);
    moysklad.calls.length = 0;
    await list(other, physical);
    expect(urls('currentStock').filter((url) => url.includes('stockType=reserve'))).toEqual([]);
  });

  it('are positions that a person removes, and orders that go into the bin', async () => {
    const [both] = [
      moysklad.book.makeOrder({ store: 'main', positions: ['tea', 'jam'].map((good) => ({ good, quantity: 1, reserve: 1 })) }),
    ];
    const cursor = await begin();
    const tea = both.positions.filter(({ good }) => good === keyOf('tea'));
    moysklad.book.putOrder({ ...both, positions: tea });
    const removed = await list(cursor);
    expect(keys(removed)).toEqual([keyOf('jam')]);
    // The found changes may not have been stored: they are requested again.
    expect(keys(await list(cursor))).toEqual([keyOf('jam')]);
    expect(keys(await list(removed.cursor))).toEqual([]);
    moysklad.book.binOrder(both.id);
    const binned = await list(removed.cursor);
    expect(keys(binned)).toEqual([keyOf('tea')]);
    expect(keys(await list(removed.cursor))).toEqual([keyOf('tea')]);
    expect(keys(await list(binned.cursor))).toEqual([]);
  });

  it('of reserves wait for their figures, also if only the figures of stores can be read', async () => {
    const first = await begin();
    moysklad.book.advance(300);
    const { cursor } = await list(first);
    moysklad.book.makeOrder({ store: 'main', positions: ['tea', 'jam'].map((good) => ({ good, quantity: 1, reserve: 1 })) });
    moysklad.book.makeOrder({ positions: [{ good: 'jam', quantity: 1, reserve: 1 }] });
    moysklad.book.setRecalculated('tea', true);
    moysklad.setModes({ currentRowsMost: 2 });
    let update = await list(cursor);
    expect([keys(update), update.againSeconds]).toEqual([[keyOf('jam')], 10]);
    moysklad.book.setRecalculated('tea', false);
    update = await list(update.cursor);
    expect([keys(update), update.againSeconds]).toEqual([[keyOf('tea')], undefined]);
  });

  it('that are too many for a report have all goods listed', async () => {
    const cursor = await begin();
    moysklad.book.setStock('tea', 'main', 1);
    moysklad.setModes({ currentRowsMost: 1 });
    const update = await list(cursor);
    expect(keys(update)).toEqual([keyOf('tea'), keyOf('jam')]);
    moysklad.setModes({ currentRowsMost: undefined });
    expect(keys(await list(update.cursor))).toEqual([keyOf('tea'), keyOf('jam')]);
  });

  it('while all goods are listed are listed once more at its end', async () => {
    for (let n = 0; n < 1_000; n++) moysklad.book.addGood();
    const first = await list(undefined);
    expect([first.offers.length, first.more]).toEqual([1_000, true]);
    moysklad.book.setStock('tea', 'main', 1);
    moysklad.book.makeOrder({ store: 'main', positions: [{ good: 'jam', quantity: 1, reserve: 1 }] });
    const last = await list(first.cursor);
    expect([last.offers.length, last.more ?? false]).toEqual([4, false]);
    expect(keys(last)).toEqual(expect.arrayContaining([keyOf('tea'), keyOf('jam')]));
    expect(keys(await list(last.cursor))).toEqual([]);
  });

  it('are held back while figures are recalculated, and are not lost', async () => {
    const cursor = await begin();
    moysklad.book.setStock('tea', 'main', 1);
    moysklad.book.setRecalculated('tea', true);
    let update = await list(cursor);
    expect([keys(update), update.againSeconds]).toEqual([[], 10]);
    moysklad.book.advance(300);
    update = await list(update.cursor);
    expect([keys(update), update.againSeconds]).toEqual([[], 10]);
    moysklad.book.setRecalculated('tea', false);
    expect(keys(await list(update.cursor))).toEqual([keyOf('tea')]);
  });

  it('of a part are changes of its bundles', async () => {
    const { id } = moysklad.book.addGood({ type: 'bundle', components: [{ good: 'tea', quantity: 1 }] });
    const cursor = await begin();
    moysklad.book.setStock('tea', 'main', 1);
    expect(keys(await list(cursor))).toEqual([keyOf('tea'), id]);
  });

  it('overlap, and are asked for in Moscow time', async () => {
    const { cursor } = await list(undefined);
    moysklad.calls.length = 0;
    await list(cursor);
    const since = /changedSince=(\S+ \S+?)(&|$)/.exec(decodeURIComponent(urls('currentStock')[0] ?? '').replaceAll('+', ' '))?.[1] ?? '';
    const at = Date.parse(`${since.replace(' ', 'T')}+03:00`);
    expect(Date.now() - at).toBeGreaterThanOrEqual(120_000);
    expect(Date.now() - at).toBeLessThan(130_000);
  });
});

describe('webhooks', () => {
  const body = (accountId: string): string =>
    JSON.stringify({ accountId, stockType: 'stock', reportType: 'bystore', reportUrl: 'http://10.0.0.1/' });

  it('are accepted by their path and account, and only announce a change', () => {
    const context = makeContext();
    const path = makeSecretPath(context);
    const ours = webhookRequest(body(moysklad.account.id), {}, { path });
    expect(provider.webhook.verify(ours, context)).toBe(true);
    const orders = webhookRequest(JSON.stringify({ events: [{ accountId: moysklad.account.id }] }), {}, { path });
    expect(provider.webhook.verify(orders, context)).toBe(true);
    for (const wrong of [
      { ...ours, path: '' },
      { ...ours, path: path.replace(/.$/, (last) => (last === '0' ? '1' : '0')) },
      { ...ours, method: 'GET' },
      webhookRequest(body(ids.main), {}, { path }),
      webhookRequest(JSON.stringify({ events: [{ accountId: moysklad.account.id }, { accountId: ids.main }] }), {}, { path }),
      webhookRequest(JSON.stringify({ events: [] }), {}, { path }),
    ])
      expect([wrong, provider.webhook.verify(wrong, context)]).toEqual([wrong, false]);
    const others = makeContext({ token: 'another-token' });
    expect(provider.webhook.verify(ours, others)).toBe(false);
    const empty = makeContext({ token: '' });
    expect(provider.webhook.verify({ ...ours, path: makeSecretPath(empty) }, empty)).toBe(false);
    expect(provider.webhook.verify(ours, { ...context, memory: {} })).toBe(false);
  });

  it('have the id of the notice at each of its tries', () => {
    const query = new URLSearchParams({ requestId: ids.main });
    const request = webhookRequest(body(moysklad.account.id), {}, { query });
    expect(provider.webhook.parse(request)).toEqual([{ id: ids.main }]);
    const without = provider.webhook.parse({ ...request, query: new URLSearchParams({ requestId: 'x' }) });
    expect(without).toEqual([{ id: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
  });
});

describe('what is set up', () => {
  const hooks = (): string[] =>
    [...moysklad.account.hooks.values()].map(({ action, entityType, stockType, enabled }) =>
      [action ?? stockType, entityType, enabled].join(' '),
    );

  it('is webhooks of stock and of orders, switched on again, and no more than needed', async () => {
    const context = makeContext();
    expect(await provider.connect({ replace: false }, context)).toEqual({ memory: { accountId: moysklad.account.id } });
    expect(hooks()).toEqual(['stock  true', 'CREATE customerorder true', 'UPDATE customerorder true', 'DELETE customerorder true']);
    for (const hook of moysklad.account.hooks.values()) expect(hook.url).toBe(`${context.webhookUrl}/${makeSecretPath(context)}`);
    for (const [id, hook] of moysklad.account.hooks) moysklad.account.hooks.set(id, { ...hook, enabled: false });
    await provider.connect({ replace: false }, context);
    expect(hooks().filter((one) => one.endsWith('true'))).toHaveLength(4);
    await provider.connect({ replace: false }, makeContext({ figure: 'stock' }));
    expect(hooks()).toEqual(['stock  true']);
  });

  it('is missing without the right or the tariff, which is reported', async () => {
    moysklad.account.tariff = 'free';
    const { memory, warnings } = await provider.connect({ replace: false }, makeContext());
    expect([memory, Object.keys(warnings ?? {})]).toEqual([{ accountId: moysklad.account.id }, ['token']]);
    await provider.disconnect(makeContext());
  });

  it('takes the place of others when the account agrees', async () => {
    const app = moysklad.account.addUser('app', { caller: 'app' });
    const context = makeContext({ token: app.token });
    const id = randomUUID();
    moysklad.account.hooks.set(id, {
      ...{ id, family: 'webhookstock', url: 'https://other.example/hook?key=secret', enabled: true, failedDays: new Set() },
      ...{ stockType: 'stock', reportType: 'bystore', app: app.id },
    });
    expect((await provider.connect({ replace: false }, context)).conflict).toEqual([{ address: 'https://other.example/hook' }]);
    expect((await provider.connect({ replace: true }, context)).conflict).toBeUndefined();
    expect([...moysklad.account.hooks.values()].map(({ url }) => url)).not.toContain('https://other.example/hook?key=secret');
  });
});

describe('a check', () => {
  const check = (context: MoyskladContext) => provider.check(context.settings, context);

  it('reports the token’s owner: a user or an app', async () => {
    expect(await check(makeContext())).toEqual({ account: expect.stringContaining(moysklad.account.id), warnings: {} });
    const app = moysklad.account.addUser('app', { caller: 'app' });
    expect((await check(makeContext({ token: app.token }))).account).toContain(moysklad.account.id);
    expect(await check(makeContext({ token: '' }))).toEqual({ errors: { token: expect.any(String) } });
  });

  it('lists missing rights, and missing objects of the settings', async () => {
    moysklad.user.lacks.add('seeCurrentStock').add('ownWebhooks');
    const gone = '11111111-1111-4111-8111-111111111111';
    const { errors, warnings } = await check(makeContext({ agent: gone, stores: [{ code: 'm', warehouse: gone }] }));
    expect(errors ?? {}).toEqual({});
    expect(Object.keys(warnings ?? {}).toSorted()).toEqual(['agent', 'stores[0].warehouse', 'token']);
    expect(warnings?.['token']).toMatch(/Остатки[^]*вебхуки/);
  });

  it('lists the names of several goods', async () => {
    for (const externalCode of ['tea', 'tea', 'jam', 'cup'])
      moysklad.book.addGood({ externalCode, barcodes: [{ ean13: '2000000000046' }] });
    moysklad.book.addGood({ externalCode: 'jam', archived: true });
    expect((await check(makeContext())).warnings).toEqual({ searchBy: expect.stringMatching(/: tea$/) });
    expect((await check(makeContext({ searchBy: 'barcode' }))).warnings).toEqual({ searchBy: expect.stringMatching(/: 2000000000046$/) });
    expect((await check(makeContext({ searchBy: 'id' }))).warnings).toEqual({});
  });

  it('of the settings themselves finds what stands twice', () => {
    const problems = provider.manifest.checkSettings?.(
      makeSettings({
        mainStore: 'x',
        stores: [
          { code: 'm', warehouse: ids.main },
          { code: 'm', warehouse: ids.main },
        ],
      }),
      'en',
    );
    expect(Object.keys(problems ?? {})).toEqual(['stores[1].code', 'stores[1].warehouse', 'mainStore']);
  });
});

describe('refusals', () => {
  it.each([
    ...[1056, 1061, 1048, 1016, 13_004].map((code) => [code, 'auth', 1] as const),
    ...[1043, 1070, 47_000, 1021].map((code) => [code, 'rejected', 1] as const),
    ...[3006, 3008].map((code) => [code, 'invalid', 1] as const),
    ...[1049, 61_002].map((code) => [code, 'rate_limited', 6] as const),
    ...[1065].map((code) => [code, 'unavailable', 3] as const),
  ])('of a read with code %i are %s, after %i calls', async (code, kind, calls) => {
    moysklad.fail('currentStock', { kind: 'refuse', code: String(code) }, 20);
    moysklad.book.addGood({ externalCode: 'tea' });
    const error = await failure(readOne('tea'));
    expect([error.kind, moysklad.countCalls('currentStock')]).toEqual([kind, calls]);
    expect(error.message).toMatch(/^\S[^\n<]{3,}$/);
  });

  it.each([
    [{ kind: 'bomb' }, 'unavailable'],
    [{ kind: 'broken-gzip' }, 'unavailable'],
    [{ kind: 'html-before' }, 'unavailable'],
    [{ kind: 'cut' }, 'unavailable'],
  ] as const)('%j is %s', async (fault, kind) => {
    moysklad.fail('currentStock', fault, 20);
    moysklad.book.addGood({ externalCode: 'tea' });
    expect((await failure(readOne('tea'))).kind).toBe(kind);
  });

  it('for a limit delay calls that came together, so that each has room at another time', async () => {
    moysklad.setModes({ basketUnits: 45 });
    const codes = ['tea', 'honey', 'salt', 'bread', 'cup'];
    for (const externalCode of codes) moysklad.book.addGood({ externalCode });
    // Another program empties the basket call by call.
    for (let n = 0; n < 11; n++) {
      moysklad.user.limits.spend(false);
      await sleep(100);
    }
    const cache = new MemoryCache();
    const read = (xmlId: string) => provider.readStocks([{ xmlId }], makeContext({ searchBy: 'externalCode', price: 'none' }, { cache }));
    expect((await Promise.all(codes.map(read))).flat().filter(Boolean)).toHaveLength(5);
    expect(moysklad.countRefusedForLimits()).toBeGreaterThan(0);
  }, 30_000);

  it('for a limit contain the time of the next try in milliseconds, and stop all calls until then', async () => {
    moysklad.setModes({ basketUnits: 45 });
    moysklad.book.addGood({ externalCode: 'tea' });
    // Another program has emptied the basket.
    for (let n = 0; n < 11; n++) moysklad.user.limits.spend(false);
    const { kind } = await failure(provider.readStocks([{ xmlId: 'tea' }], makeContext({}, { signal: AbortSignal.timeout(600) })));
    expect([kind, moysklad.countRefusedForLimits()]).toEqual(['rate_limited', 1]);
  });
});

describe('limits', () => {
  it('hold for all processes together', async () => {
    moysklad.setModes({ basketUnits: 45, latencyMs: 250 });
    const codes = Array.from({ length: 18 }, (_, n) => `good-${n}`);
    for (const externalCode of codes) moysklad.book.addGood({ externalCode });
    const cache = new MemoryCache();
    const processes = [provider, new MoyskladProvider(moysklad.url), new MoyskladProvider(moysklad.url)];
    const settings = { callsIn3Seconds: 11, price: 'none' };
    const stocks = await Promise.all(
      codes.map((xmlId, n) => (processes[n % 3] ?? provider).readStocks([{ xmlId }], makeContext(settings, { cache }))),
    );
    expect(stocks.flat().filter(Boolean)).toHaveLength(18);
    expect([moysklad.countRefusedForLimits(), moysklad.user.limits.mostRunning <= 5]).toEqual([0, true]);
  }, 30_000);

  it('leave calls to those who come while settings are checked, in whichever process', async () => {
    moysklad.setModes({ basketUnits: 45, latencyMs: 100 });
    const codes = ['tea', 'honey', 'salt', 'bread'];
    for (const externalCode of codes) moysklad.book.addGood({ externalCode });
    const cache = new MemoryCache();
    const settings = { callsIn3Seconds: 11, price: 'none' };
    const checking = makeContext(settings, { cache });
    const report = provider.check(checking.settings, checking);
    // All calls that it may make are made, and it waits for others.
    await sleep(800);
    const [tea, honey, salt, bread] = codes.map((xmlId) => [{ xmlId }]);
    const startedAt = performance.now();
    const read = (one: MoyskladProvider, offers = tea) => one.readStocks(offers ?? [], makeContext(settings, { cache }));
    await Promise.all([read(provider), read(new MoyskladProvider(moysklad.url), honey)]);
    expect(performance.now() - startedAt).toBeLessThan(1_500);
    // There are no calls left for now: later callers go before the check again.
    const done: string[] = [];
    const ended = report.finally(() => done.push('check'));
    await Promise.all([salt, bread].map((offers) => read(provider, offers).finally(() => done.push('stocks'))));
    expect(await ended).toMatchObject({ account: expect.any(String), warnings: {} });
    expect(done).toEqual(['stocks', 'stocks', 'check']);
    expect(moysklad.countRefusedForLimits()).toBe(0);
  }, 30_000);

  it('let some of too many calls succeed instead of half of each', async () => {
    moysklad.setModes({ basketUnits: 45, latencyMs: 120 });
    const codes = Array.from({ length: 16 }, (_, n) => `good-${n}`);
    for (const externalCode of codes) moysklad.book.addGood({ externalCode });
    const cache = new MemoryCache();
    const processes = [provider, new MoyskladProvider(moysklad.url)];
    const signal = AbortSignal.timeout(3_000);
    const results = await Promise.allSettled(
      codes.map((xmlId, n) =>
        (processes[n % 2] ?? provider).readStocks([{ xmlId }], makeContext({ callsIn3Seconds: 11, price: 'none' }, { cache, signal })),
      ),
    );
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(4);
    const refusals = results.flatMap((one) => (one.status === 'rejected' ? [(one.reason as ProviderError).kind] : []));
    expect(new Set(refusals)).toEqual(new Set(['rate_limited']));
    expect(moysklad.countRefusedForLimits()).toBe(0);
  });
});
