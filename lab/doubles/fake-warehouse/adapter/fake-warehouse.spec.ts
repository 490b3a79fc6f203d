import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ProviderError, toMoney, type ProviderContext } from '#provider-kit';
import type { ExistingReservation, OfferRef, Pack, ReserveRequest } from '#inventory/port';
import { Reach } from '#platform';
import { providerContext, webhookRequest } from '../../../../libs/testing/outside.js';
import { FakeWarehouse } from '../fake-warehouse.js';
import { FakeWarehouseProvider } from './fake-warehouse.provider.js';
import { FakeWarehouseSettings } from './fake-warehouse.settings.js';

type Context = ProviderContext<FakeWarehouseSettings>;

const provider = new FakeWarehouseProvider();
let warehouse: FakeWarehouse;

beforeAll(async () => {
  warehouse = await FakeWarehouse.start();
});
afterAll(() => warehouse.close());
beforeEach(() => {
  warehouse.reset();
  warehouse.setStock('tea', 'main', '5', '100.50 RUB');
  warehouse.setStock('tea', 'shop', '0.25', '3 EUR');
  warehouse.setStock('jam', 'main', '2');
});

function buildContext(settings: Partial<FakeWarehouseSettings> = {}, changes: Partial<Context> = {}): Context {
  const { url: baseUrl, secret } = warehouse;
  return providerContext(Object.assign(new FakeWarehouseSettings(), { baseUrl, secret }, settings), { now: new Date(), ...changes });
}

async function failure(call: Promise<unknown>): Promise<ProviderError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ProviderError);
  return error as ProviderError;
}

it('settings lead to no address that an account may not reach', async () => {
  await failure(provider.readStocks([{ key: 'g-1' }], buildContext({}, { reach: new Reach([]) })));
  expect(warehouse.calls).toEqual([]);
});

describe('stocks', () => {
  it('are found by key or xmlId, in the order asked', async () => {
    const asked: OfferRef[] = [
      { xmlId: 'nosuch' },
      { id: 1, xmlId: 'jam' },
      { key: 'g-1' },
      { id: 7 },
      { xmlId: 'tea,jam' },
      { key: 'g-9' },
    ];
    expect(await provider.readStocks(asked, buildContext())).toEqual([
      undefined,
      { offer: { key: 'g-2', xmlId: 'jam' }, stores: [{ store: 'main', available: 2 }] },
      {
        offer: { key: 'g-1', xmlId: 'tea' },
        stores: [
          { store: 'main', available: 5, purchasePrice: toMoney(10050, 'RUB') },
          { store: 'shop', available: 0.25 },
        ],
      },
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('are never below zero, and missing while they are recalculated', async () => {
    warehouse.setStock('jam', 'main', '-3.5');
    warehouse.book.setRecalculated('tea', true);
    const stocks = await provider.readStocks([{ xmlId: 'jam' }, { xmlId: 'tea' }], buildContext());
    expect(stocks.map((stock) => stock?.stores.map(({ available }) => available))).toEqual([[0], [undefined, undefined]]);
  });

  it('are asked for in lots that the warehouse takes', async () => {
    const skus = Array.from({ length: 120 }, (_, n) => `s${n}`);
    for (const sku of skus) warehouse.setStock(sku, 'main', '1');
    const asked = [...skus, ...skus].map((xmlId) => ({ xmlId }));
    expect((await provider.readStocks(asked, buildContext())).filter(Boolean)).toHaveLength(240);
    expect([warehouse.countCalls('goods'), warehouse.countCalls('stocks')]).toEqual([3, 3]);
  });
});

describe('a reservation', () => {
  const pack = (xmlId: string, quantity: number, changes: Partial<Pack> = {}): Pack => ({
    ...{ item: '1', offer: { xmlId }, store: 'main', quantity },
    ...changes,
  });
  const request = (...packs: Pack[]): ReserveRequest => ({ order: '42', packs });
  const hold = (packs: Pack[], version = '1'): ExistingReservation => ({ order: '42', packs, memory: { version }, documents: [] });
  const lines = (): object[] => [...(warehouse.reservation('42')?.lines ?? [])];

  it('is the whole reservation of the order, and has a document', async () => {
    expect(await provider.reserve(request(pack('tea', 0.1), pack('tea', 0.2, { item: '2' })), buildContext(), undefined)).toEqual({
      memory: { version: '1' },
      documents: [{ id: 'R-1', number: '00001' }],
    });
    expect(lines()).toEqual([{ good: 'g-1', warehouse: 'main', quantity: '0.300000' }]);
    const held = hold([pack('tea', 0.1), pack('tea', 0.2, { item: '2' })]);
    expect(await provider.reserve(request(pack('jam', 1, { item: '3' }), pack('tea', 0)), buildContext(), held)).toMatchObject({
      memory: { version: '2' },
    });
    expect(lines()).toEqual([
      { good: 'g-1', warehouse: 'main', quantity: '0.200000' },
      { good: 'g-2', warehouse: 'main', quantity: '1.000000' },
    ]);
  });

  it('is made once although its reply is lost', async () => {
    warehouse.fail('reserve', { kind: 'drop-after' });
    expect((await failure(provider.reserve(request(pack('tea', 2)), buildContext()))).kind).toBe('unknown_outcome');
    expect(await provider.reserve(request(pack('tea', 2)), buildContext())).toMatchObject({ memory: { version: '1' } });
    // Another program has changed it: nothing is overwritten.
    expect((await failure(provider.reserve(request(pack('tea', 3)), buildContext()))).kind).toBe('rejected');
    expect(lines()).toEqual([{ good: 'g-1', warehouse: 'main', quantity: '2.000000' }]);
  });

  it('lists the packs that are short', async () => {
    const packs = [pack('jam', 1), pack('tea', 3), pack('tea', 2.5, { item: '2' }), pack('tea', 0.25, { store: 'shop' })];
    const { kind, fields } = await failure(provider.reserve(request(...packs), buildContext()));
    expect([kind, Object.keys(fields ?? {})]).toEqual(['rejected', ['packs[1].quantity', 'packs[2].quantity']]);
    expect(lines()).toEqual([]);
  });

  it.each([
    [pack('nosuch', 1), 'offer'],
    [{ item: '1', offer: { xmlId: 'tea' }, quantity: 1 }, 'store'],
    [pack('tea', 0.1234567), 'quantity'],
  ])('refuses %j', async (wrong, field) => {
    const { kind, fields } = await failure(provider.reserve(request(pack('jam', 1), wrong), buildContext()));
    expect([kind, Object.keys(fields ?? {})]).toEqual(['rejected', [`packs[1].${field}`]]);
  });

  it('is at the main warehouse where none is named, and of a named order', async () => {
    const anywhere = { item: '1', offer: { xmlId: 'tea' }, quantity: 0.25 };
    await provider.reserve(request(anywhere), buildContext({ mainStore: 'shop' }));
    expect(lines()).toEqual([{ good: 'g-1', warehouse: 'shop', quantity: '0.250000' }]);
    expect((await failure(provider.reserve({ order: '', packs: [] }, buildContext()))).fields).toEqual({ order: 'is required' });
  });
});

describe('changes', () => {
  const tea = { key: 'g-1', xmlId: 'tea' };
  const jam = { key: 'g-2', xmlId: 'jam' };

  it('begin now, go on from a cursor, and are asked for sooner while figures are recalculated', async () => {
    const { offers, cursor } = await provider.listChanges(undefined, buildContext());
    expect([offers, (await provider.listChanges(cursor, buildContext())).offers]).toEqual([[], []]);
    warehouse.setStock('jam', 'main', '3');
    expect(await provider.listChanges(cursor, buildContext())).toEqual({ offers: [jam], cursor: 'c4', more: false });
    warehouse.book.setRecalculated('tea', true);
    expect(await provider.listChanges('c4', buildContext())).toEqual({ offers: [tea], cursor: 'c5', more: false, againSeconds: 2 });
  });

  it.each(['c3', 'c99', 'a cursor of other settings'])(
    'are all goods after the cursor %s, which the warehouse does not know',
    async (lost) => {
      for (let n = 0; n < 149; n++) warehouse.setStock(`s${n % 99}`, 'main', '1');
      warehouse.book.forgetCursors();
      const seen: string[] = [];
      let update = await provider.listChanges(lost, buildContext());
      for (; update.more; update = await provider.listChanges(update.cursor, buildContext()))
        seen.push(...update.offers.map(({ key }) => key));
      expect([new Set(seen).size, seen.length]).toEqual([101, 101]);
      expect(update).toEqual({ offers: [], cursor: 'c152', more: false });
    },
  );
});

it('reads webhooks, which may name goods', () => {
  const parse = (event: object) => provider.webhook.parse(webhookRequest(JSON.stringify({ events: [event] })), buildContext());
  expect(parse({ id: 'e-1', goods: [{ id: 'g-1', sku: 'tea' }] })).toEqual([{ id: 'e-1', offers: [{ key: 'g-1', xmlId: 'tea' }] }]);
  expect(parse({ id: 'e-2' })).toEqual([{ id: 'e-2' }]);
  expect(() => parse({})).toThrow(ProviderError);
});
