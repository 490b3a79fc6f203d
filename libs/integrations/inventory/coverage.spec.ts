import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Traffic, Connection, ProviderContexts } from '#connections';
import { Providers } from '#integration-kit';
import type { Journal } from '#journal';
import type { ProviderWatch } from '#onboarding';
import type { OperationKind, OperationsService } from '#operations';
import { BadInputError, type Database, getParser } from '#platform';
import { toMoney } from '#provider-kit';
import { type FieldMap, fillType, listChanges, listLeaves, mapAlike, takeOut } from '#testing';
import { InventoriesActualizeDto, InventoriesUploadDto } from './dto/callback.dto.js';
import type { OfferRef, OfferStock, ReserveRequest, StoreProvider } from './port/index.js';
import type { ReservationStore } from './reservation-store.js';
import type { StockFigures } from './stock-figures.js';
import type { StockChanges } from './services/index.js';
import { InventoryRegistration } from './inventory.registration.js';
import { InventoryService } from './inventory.service.js';

/** A warehouse that records its requests. */
class Probe {
  readonly manifest = {
    ...{ code: 'probe', title: { en: 'Probe' }, recovery: { kind: 'idempotency-key' } },
    listCallPoints: () => ({ inventoriesUpload: ['open'], inventoriesActualize: ['pack'] }),
  };
  offers: readonly OfferRef[] = [];
  request: ReserveRequest | undefined;
  stock: Omit<OfferStock, 'offer'> = { stores: [] };

  readStocks(offers: readonly OfferRef[]): Promise<OfferStock[]> {
    this.offers = offers;
    return Promise.resolve(offers.map((offer) => ({ offer: { ...offer, key: 'k' }, ...this.stock })));
  }

  reserve(request: ReserveRequest): Promise<void> {
    // The request is stored before the call, so only values that survive JSON arrive.
    this.request = JSON.parse(JSON.stringify(request)) as ReserveRequest;
    return Promise.resolve();
  }
}

const connection = {
  ...{ id: 'c-1', module: { code: 'probe', name: 'Probe', manifest: { code: 'probe' } }, settings: {} },
  account: { language: 'en', currency: 'RUB' },
} as unknown as Connection;

let probe: Probe;
let providers: Providers<StoreProvider>;
let service: InventoryService;

beforeEach(() => {
  probe = new Probe();
  providers = new Providers<StoreProvider>(
    { adapters: [], services: [probe as unknown as StoreProvider] },
    { contextFor: () => ({ budget: { left: 1 } }) } as unknown as ProviderContexts,
    { recordSuccess: () => undefined, recordAnswer: () => undefined } as unknown as ProviderWatch,
    { isOn: false } as Journal,
    {} as Traffic,
  );
  const operations = {
    perform: (kind: OperationKind<object, object>, of: Connection, { input }: { input: object }) =>
      kind.send({ input } as never, of, { budgetMs: 1 }),
  } as unknown as OperationsService;
  const figures = { keep: () => Promise.resolve() } as unknown as StockFigures;
  const reservations = { find: () => Promise.resolve(undefined) } as unknown as ReservationStore;
  service = new InventoryService(providers, operations, reservations, figures, {} as Database, {} as StockChanges);
});

/** Values for fields that require a format. */
function choose(path: string): string | undefined {
  return path === 'shipmentDate' ? '2026-11-30' : undefined;
}

async function checkEach(body: Record<string, never>, map: FieldMap, ask: (body: object) => Promise<unknown>): Promise<void> {
  expect(Object.keys(map).toSorted()).toEqual(listLeaves(body).toSorted());
  const whole = await ask(body);
  const wrong: Record<string, string> = {};
  for (const [path, places] of Object.entries(map)) {
    const changes = listChanges(whole, await ask(takeOut(body, path))).join(' ');
    if (changes !== places) wrong[path] = changes;
  }
  expect(wrong).toEqual({});
}

describe('inventoriesUpload', () => {
  const body = fillType('Entity/Store/Offer') as Record<string, never>;
  const ask = async (offer: object): Promise<unknown> => {
    await service.listStocks(connection, getParser(InventoriesUploadDto).parse({ offers: [offer] }));
    return probe.offers[0];
  };
  const dropped = listLeaves(body).filter((path) =>
    /^(name|vatRate|unit\..*|properties\b.*|quantity|purchasePrice|stores\[0\].*)$/.test(path),
  );

  it('tells the warehouse every field of an offer that has a place in the port', async () => {
    const map = { ...mapAlike('', '', 'id externalId xmlId site article barcode'), ...mapAlike('', '', dropped.join(' ')) };
    await checkEach(body, { ...map, ...Object.fromEntries(dropped.map((path) => [path, ''])), displayName: 'name' }, ask);
    expect(await ask(takeOut(body, 'displayName'))).toMatchObject({ name: body['name'] });
  });

  it('answers every field that is ours, without drift', async () => {
    const stores = [
      { store: 'main', available: 0.1 + 0.2, purchasePrice: toMoney(10050, 'RUB') },
      { store: 'shop', available: 0 },
    ];
    probe.stock = { stores: [...stores, { store: 'unknown' }, { store: 'unknown too', purchasePrice: toMoney(1, 'RUB') }] };
    const [offer] = await service.listStocks(connection, getParser(InventoriesUploadDto).parse({ offers: [body] }));
    expect(offer).toEqual({
      ...Object.fromEntries(['id', 'externalId', 'xmlId', 'site'].map((name) => [name, body[name]])),
      stores: [
        { code: 'main', available: 0.3, purchasePrice: 100.5 },
        { code: 'shop', available: 0 },
      ],
    });
  });
});

describe('inventoriesActualize', () => {
  const order = fillType('Callback/Entity/Store/OrderDataModel') as Record<string, never>;
  const pack = fillType('Callback/Entity/Store/PackDataModel', choose) as Record<string, never>;
  const ask = async (body: object): Promise<ReserveRequest | undefined> => {
    await service.reserve(connection, getParser(InventoriesActualizeDto).parse(body));
    return probe.request;
  };

  it('tells the warehouse every field of an order', async () => {
    const map: FieldMap = { id: 'order crmOrder.id', ...mapAlike('', 'crmOrder.', 'externalId site') };
    await checkEach(order, map, (body) => ask({ order: body, packs: [pack] }));
    expect(await ask({ packs: [pack] })).not.toHaveProperty('crmOrder');
  });

  it('tells the warehouse every field of a pack that has a place in the port', async () => {
    const dropped = listLeaves(pack).filter((path) =>
      /^offer\.(name|vatRate|unit\..*|properties\b.*|quantity|purchasePrice|stores\[0\].*)$/.test(path),
    );
    const map: FieldMap = {
      ...mapAlike('', '', 'store purchasePrice shipmentDate invoiceNumber deliveryNoteNumber'),
      ...mapAlike('offer.', 'offer.', 'id externalId xmlId site article barcode'),
      ...Object.fromEntries(dropped.map((path) => [path, ''])),
      'offer.displayName': 'offer.name',
      'item.id': 'item',
      'item.externalIds[0].code': 'itemExternalIds[0].code',
      'item.externalIds[0].value': 'itemExternalIds',
    };
    const { quantity: units, ...others } = pack;
    await checkEach(others as never, map, async (body) => (await ask({ order, packs: [{ ...body, quantity: units }] }))?.packs[0]);
    expect((await ask({ order, packs: [pack] }))?.packs[0]).toMatchObject({ quantity: units, purchasePrice: { currency: 'RUB' } });
    const error = await ask({ order, packs: [others] }).catch((one: unknown) => one);
    expect(error).toBeInstanceOf(BadInputError);
    expect((error as BadInputError).errors).toEqual({ 'packs[0].quantity': expect.any(String) });
  });
});

describe('the registration', () => {
  it('holds every field', () => {
    const { store } = new InventoryRegistration(providers, {} as ReservationStore).build(connection);
    const [action] = (fillType('Entity/Integration/Store/StoreConfiguration') as unknown as { actions: object[] }).actions;
    expect(Object.keys(store ?? {})).toEqual(['actions']);
    expect(store?.actions?.map((one) => Object.keys(one).toSorted())).toEqual(Array(2).fill(Object.keys(action ?? {}).toSorted()));
    expect(store?.actions).toMatchObject([{ callPoints: ['open'] }, { callPoints: ['pack'] }]);
  });
});
