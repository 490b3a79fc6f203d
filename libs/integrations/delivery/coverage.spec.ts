import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Traffic, Connection, ConnectionStore, CrmClients, ProviderContexts } from '#connections';
import { Providers } from '#integration-kit';
import type { Journal } from '#journal';
import type { ProviderWatch } from '#onboarding';
import type { OperationKind, OperationsService, OperationStore } from '#operations';
import { BadInputError, type Clock, getParser } from '#platform';
import {
  CUSTOMER_FIELDS,
  type FieldMap,
  fillType,
  listChanges,
  listLeaves,
  mapAlike,
  POSTAL_FIELDS,
  readAt,
  sampleOrder,
  takeOut,
  wireSave,
} from '#testing';
import { BuyerDocuments } from './buyer-documents.js';
import { DeliveryOperations } from './delivery-operations.js';
import { DeliverySaveService } from './delivery-save.service.js';
import type { DeliveryStore } from './delivery-store.js';
import type { DeliveryEntity, ShipmentEntity } from './delivery.entity.js';
import { DeliveryService } from './delivery.service.js';
import { CalculateDto, PointListDto, SaveDto, ShipmentDeleteDto, ShipmentSaveDto } from './dto/callback.dto.js';
import type { DeliveryProvider, SavedDelivery } from './port/index.js';
import { ShipmentOperations } from './shipment-operations.js';
import { ShipmentService } from './shipment.service.js';
import type { ShipmentStore } from './shipment-store.js';

const TYPES = 'Callback/Entity/Delivery/';
const SAVED: SavedDelivery = { externalId: 'e', status: 'created' };

/** As it is stored and read back. */
const store = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

/** A carrier that keeps the requests it receives. */
class Probe {
  readonly manifest = {
    ...{ code: 'probe', title: { en: 'Probe' }, recovery: { kind: 'local' }, payerTypes: ['sender', 'receiver'], cancelledStatus: 'gone' },
    ...{ statuses: [{ code: 'created', name: { en: 'Created' }, isEditable: true }], pointsByGeoId: true },
  };
  readonly asked: unknown[] = [];
  existing: unknown;

  calculate = (request: unknown): Promise<[]> => this.keep(request, []);
  listPickupPoints = (query: unknown): Promise<[]> => this.keep(query, []);
  save = (request: unknown, _context: unknown, existing: unknown): Promise<SavedDelivery> => {
    this.existing = existing;
    return this.keep(request, SAVED);
  };
  // Our reference is random.
  saveShipment = (request: object): Promise<SavedDelivery> => this.keep({ ...request, reference: 'r' }, SAVED);
  cancelShipment = (shipment: unknown, _context: unknown, extraData: unknown): Promise<object> =>
    this.keep({ shipment, extraData }, { externalId: 'e' });

  private keep<Reply>(request: unknown, reply: Reply): Promise<Reply> {
    this.asked.push(store(request));
    return Promise.resolve(reply);
  }
}

const ROW = {
  ...{ id: 'd-1', order: '1001', reference: '1001-1', externalId: 'e', status: 'created', extraData: {}, requestHash: 'none' },
  ...{ costMinor: null, costCurrency: null, trackNumber: null, request: { ...SAVED, parcels: [], extraData: {}, currency: 'RUB' } },
} as unknown as DeliveryEntity;
const SHIPMENT_ROW = {
  ...{ id: 's-1', externalId: 'e', key: 'k', deliveryIds: ['d-1'], requestHash: 'none', request: {}, extraData: {} },
} as unknown as ShipmentEntity;

let probe: Probe;
let services: { deliveries: DeliveryService; saves: DeliverySaveService; shipments: ShipmentService };
const connection = {
  ...{ id: 'c-1', module: { code: 'probe', name: 'Probe', manifest: { code: 'probe' } }, settings: {}, account: { language: 'en' } },
  ...{ active: true, frozen: false },
} as unknown as Connection;

beforeEach(() => {
  probe = new Probe();
  const contexts = { contextFor: () => ({ budget: { left: 1 } }) } as unknown as ProviderContexts;
  const credentials = { recordSuccess: () => undefined, recordAnswer: () => undefined } as unknown as ProviderWatch;
  const providers = new Providers<DeliveryProvider>(
    { adapters: [], services: [probe as unknown as DeliveryProvider] },
    contexts,
    credentials,
    { isOn: false } as Journal,
    {} as Traffic,
  );
  const rows = (): Promise<DeliveryEntity[]> => Promise.resolve([ROW]);
  const one = (): Promise<DeliveryEntity> => Promise.resolve(ROW);
  const deliveryStore = {
    ...{ loadLive: one, load: one, findByOrder: one, loadMany: rows, loadLiveMany: rows },
    insertLocal: () => Promise.resolve({ allowed: true, made: true }),
  } as unknown as DeliveryStore;
  const shipment = (): Promise<ShipmentEntity> => Promise.resolve(SHIPMENT_ROW);
  const shipmentStore = {
    ...{ load: shipment, loadLive: shipment },
    findByKey: () => Promise.resolve(undefined),
  } as unknown as ShipmentStore;
  const operations = {
    async perform(kind: OperationKind<object, object>, of: Connection, { input }: { input: object }) {
      // Stored before it is made: only values that survive JSON arrive.
      await kind.send({ input: store(input) } as never, of, { budgetMs: 1 });
      return { operation: { result: { shipmentId: 's-1' } }, repeated: false };
    },
  } as unknown as OperationsService;
  const connections = { findById: () => Promise.resolve(connection) } as unknown as ConnectionStore;
  const saveOperations = new DeliveryOperations(
    providers,
    deliveryStore,
    ...([undefined, {}, undefined, undefined] as never as [never, Clock, never, never]),
  );
  const shipmentOperations = new ShipmentOperations(providers, deliveryStore, shipmentStore, {} as OperationStore, {} as Clock);
  services = {
    deliveries: new DeliveryService(providers, deliveryStore, undefined as never, saveOperations, operations),
    saves: new DeliverySaveService(
      providers,
      connections,
      deliveryStore,
      saveOperations,
      operations,
      new BuyerDocuments(providers, {} as CrmClients),
    ),
    shipments: new ShipmentService(providers, deliveryStore, shipmentStore, shipmentOperations, operations),
  };
});

/** Returns the request that the carrier receives when the callback comes with this body. */
type Ask = (body: object) => Promise<unknown>;

async function after(work: Promise<unknown>): Promise<unknown> {
  await work;
  return probe.asked.at(-1);
}
const calculate: Ask = async (body) => after(services.deliveries.calculate(connection, getParser(CalculateDto).parse(body)));
const save: Ask = async (body) => after(services.saves.save(connection, getParser(SaveDto).parse(body)));
const saveShipment: Ask = async (body) => after(services.shipments.save(connection, getParser(ShipmentSaveDto).parse(body)));
const deleteShipment: Ask = async (body) => after(services.shipments.delete(connection, getParser(ShipmentDeleteDto).parse(body)));
const listPoints: Ask = async (body) => after(services.deliveries.points(connection, getParser(PointListDto).parse(body)));

const DAYS = ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su'];

/** Values of a required kind. Each differs from the others as far as it can. */
function choose(path: string): string | undefined {
  if (path.endsWith('payerType')) return 'receiver';
  if (path.endsWith('currency')) return 'rub';
  if (path.endsWith('countryIso')) return 'ru';
  if (path.endsWith('contragentType')) return 'legal-entity';
  if (/(customer|manager)\.email$/.test(path)) return 'olga@example.com';
  if (path === 'orders[0].deliveryId') return 'd-1';
  const hours = /\.(\w\w)\[0\]\.(\w+)Time$/.exec(path);
  if (!hours) return undefined;
  const hour = { start: 8, lunchStart: 12, lunchEnd: 13, end: 18 }[hours[2] ?? ''] ?? 0;
  return `${String(hour).padStart(2, '0')}:1${DAYS.indexOf(hours[1] ?? '')}`;
}

const POINT = 'code cost name description address schedule phone';

function mapAddress(from: string, to: string): FieldMap {
  return {
    ...mapAlike(from, to, `${POSTAL_FIELDS} terminal`),
    ...mapAlike(`${from}terminalData.`, `${to}terminalData.`, POINT),
    [`${from}terminalData.extraData.any`]: `${to}terminalData.extraData`,
    [`${from}terminalData.coordinates.latitude`]: `${to}terminalData.coordinates`,
    [`${from}terminalData.coordinates.longitude`]: `${to}terminalData.coordinates`,
  };
}

/** `sums`: the sums of the items' amounts. */
function mapPackage(from: string, to: string, sums: { cod?: string; declaredValue?: string } = {}): FieldMap {
  const item = `${from}items[0].`;
  const asked = `${to}items[0].`;
  return {
    ...mapAlike(from, to, 'packageId width length height'),
    ...mapAlike(item, asked, 'offerId externalId xmlId name vatRate cost markingCodes unit.code unit.name weight'),
    [`${item}properties.any`]: `${asked}properties`,
    [`${item}unit.sym`]: `${asked}unit.symbol`,
    [`${item}quantity`]: [`${asked}quantity`, sums.cod, sums.declaredValue && `${sums.declaredValue}.minor`].filter(Boolean).join(' '),
    [`${item}declaredValue`]: [`${asked}declaredValue`, sums.declaredValue].filter(Boolean).join(' '),
    ...(sums.cod && { [`${item}cod`]: sums.cod }),
  };
}

const MANAGER: FieldMap = {
  'manager.lastName': 'manager.name',
  'manager.firstName': 'manager.name',
  'manager.patronymic': 'manager.name',
  ...mapAlike('manager.', 'manager.', 'id phone email'),
};

interface Case {
  ask: Ask;
  root: string;
  to: FieldMap;
  /** Fields that no provider gets. */
  drop?: readonly string[];
  /** Fields without which the callback is refused. */
  required: readonly string[];
  /** Fields that a separate test covers. */
  apart?: readonly string[];
}

const CASES: Record<string, Case> = {
  calculate: {
    ask: (body) => calculate(body),
    root: 'RequestProperty/RequestCalculate',
    to: {
      ...mapPackage('packages[0].', 'parcels[0].'),
      ...mapAddress('shipmentAddress.', 'from.'),
      ...mapAddress('deliveryAddress.', 'to.'),
      ...mapAlike('', '', 'payerType declaredValue cod shipmentDate deliveryDate extraData.any'),
      ...mapAlike('store.', 'store.', 'code name'),
      ...mapAlike('deliveryTime.', 'deliveryTime.', 'from to custom'),
    },
    // The order as a whole has `cod`.
    drop: ['packages[0].items[0].cod'],
    required: ['packages[0].weight'],
    apart: ['currency'],
  },
  save: {
    ask: (body) => save(body),
    root: 'RequestProperty/RequestSave',
    to: {
      ...mapAlike('', '', 'orderNumber site siteName legalEntity'),
      'store.code': 'storeCode store.code',
      'store.name': 'storeName store.name',
      ...MANAGER,
      ...mapPackage('packages[0].', 'parcels[0].', {
        cod: 'collect.goods collect.total collect.perItem[0][0]',
        declaredValue: 'declaredValue',
      }),
      ...mapAddress('delivery.shipmentAddress.', 'from.'),
      ...mapAddress('delivery.deliveryAddress.', 'to.'),
      'delivery.codPaymentType.code': 'codPaymentType',
      'delivery.codPaymentType.name': 'codPaymentType.name',
      'delivery.cod': 'collect.delivery collect.total',
      ...mapAlike('delivery.', '', 'cost vatRate payerType shipmentDate deliveryDate extraData.any'),
      ...mapAlike('delivery.deliveryTime.', 'deliveryTime.', 'from to custom'),
      ...CUSTOMER_FIELDS,
      'customer.id': 'customer.id',
      'customer.firstName': 'customer.firstName recipient.name',
      'customer.lastName': 'customer.lastName recipient.name',
      'customer.patronymic': 'customer.patronymic recipient.name',
      'customer.email': 'customer.email recipient.email',
      'customer.phones': 'customer.phones[0] recipient.phone',
      'customer.contragent.legalName': 'customer.contragent.legalName recipient.company',
    },
    drop: [
      // Figures of the shop, the buyer's marketing profile, and ids of browsers and of the message gateway.
      ...'avgMarginSumm marginSumm totalSumm averageSumm ordersCount costSumm personalDiscount cumulativeDiscount'.split(' '),
      ...'discountCardNumber maturationTime presumableSex emailMarketingUnsubscribedAt subscribed photoUrl browserId'.split(' '),
      ...'firstClientId lastClientId mgCustomerId tags[0].name tags[0].color tags[0].attached'.split(' '),
      ...'source.source source.medium source.campaign source.keyword source.content'.split(' '),
      ...'id code name createdAt isDynamic customersCount active'.split(' ').map((name) => `segments[0].${name}`),
    ].map((name) => `customer.${name}`),
    required: ['order', 'packages[0].weight', 'delivery.tariff'],
    apart: ['currency', 'deliveryId', 'delivery.withCod', ...listLeaves(fillWeek()).map((path) => `store.workTime.${path}`)],
  },
  shipmentSave: {
    ask: (body) => saveShipment(body),
    root: 'RequestProperty/RequestShipmentSave',
    to: {
      ...MANAGER,
      ...mapAlike('', '', 'date comment extraData.any'),
      ...mapAlike('time.', 'time.', 'from to custom'),
      ...mapAddress('address.', 'address.'),
      store: 'storeCode',
      ...mapPackage('orders[0].packages[0].', 'parcels.d-1[0].'),
    },
    // The amount to collect is in the delivery.
    drop: ['orders[0].packages[0].items[0].cod'],
    required: ['orders[0].deliveryId', 'orders[0].packages[0].weight'],
    apart: ['shipmentId'],
  },
  shipmentDelete: {
    ask: (body) => deleteShipment(body),
    root: 'RequestProperty/RequestShipmentDelete',
    to: { 'extraData.any': 'extraData.any' },
    required: ['shipmentId'],
  },
  shipmentPointList: {
    ask: (body) => listPoints(body),
    root: 'ShipmentPointList',
    to: { country: 'countryIso', ...mapAlike('', '', 'region regionId city cityId code') },
    // Identifies the connection.
    drop: ['clientId'],
    required: [],
  },
};

function fillWeek(): ReturnType<typeof fillType> {
  return fillType(`${TYPES}SerializedStoreWeekOpeningHours`, (path) => choose(`week.${path}`));
}

/** Whether the port's value equals the sent one: unchanged, in minor units, as a day or in upper case. */
function holds(got: unknown, sent: unknown): boolean {
  if (Array.isArray(sent)) return sent.every((one) => holds(got, one));
  if (typeof sent === 'number') return got === sent || (got as { minor?: number } | undefined)?.minor === sent * 100;
  if (typeof sent !== 'string') return got === sent;
  if (typeof got === 'object') return Object.values(got ?? {}).some((one) => holds(one, sent));
  return [sent, sent.slice(0, 10), sent.toUpperCase(), String(Number(sent))].includes(String(got)) || String(got).split(' ').includes(sent);
}

/** The values of a path and of its place in the port. Sums are tested elsewhere. */
function pair(body: object, path: string, whole: unknown, places: string): [unknown, unknown] {
  const place = places.split(' ')[0] ?? '';
  return place.startsWith('collect.') ? [0, 0] : [readAt(whole, place), readAt(body, path)];
}

describe.each(Object.entries(CASES))('%s', (_name, { ask, root, to, drop = [], required, apart = [] }) => {
  const full = fillType(`${TYPES}${root}`, (path) => {
    if (/^(regionId|cityId)$/.test(path)) return path === 'cityId' ? '7' : '8';
    return choose(path);
  });
  const body = apart.reduce((rest, path) => (/^(deliveryId|shipmentId)$/.test(path) ? takeOut(rest, path) : rest), full);

  it('has a place in the port, or a reason, for each field of the contract', () => {
    const known = [...Object.keys(to), ...drop, ...required, ...apart];
    expect(known.toSorted()).toEqual(listLeaves(full).toSorted());
  });

  it('reaches the carrier whole', async () => {
    const whole = await ask(body);
    const pairs = Object.entries(to).map(([path, places]) => [path, ...pair(body, path, whole, places)]);
    expect(pairs.filter(([, got, sent]) => !holds(got, sent))).toEqual([]);
  });

  it('differs for the carrier exactly where a field is taken out', async () => {
    const whole = await ask(body);
    const changes: Record<string, string> = {};
    for (const path of [...Object.keys(to), ...drop]) changes[path] = listChanges(whole, await ask(takeOut(body, path))).join(' ');
    const sort = (places: string): string => places.split(' ').toSorted().join(' ');
    const wanted = { ...to, ...Object.fromEntries(drop.map((path) => [path, ''])) };
    const wrong = Object.keys(wanted).filter((path) => {
      return sort(wanted[path] ?? '') !== sort(changes[path] ?? '');
    });
    expect(Object.fromEntries(wrong.map((path) => [path, changes[path]]))).toEqual({});
  });

  if (required.length > 0)
    it.each(required)('is refused without %s', async (path) => {
      const error = await ask(takeOut(body, path)).catch((one: unknown) => one);
      expect(error).toBeInstanceOf(BadInputError);
      expect(Object.keys((error as BadInputError).errors)).toEqual([path]);
    });
});

const CALCULATE = { packages: [{ weight: 1 }], deliveryAddress: { city: 'A' } };

describe('values without their own field', () => {
  it('is the currency: of all amounts', async () => {
    const body = takeOut(fillType(`${TYPES}RequestProperty/RequestSave`, choose), 'deliveryId');
    const places = listChanges(await save(body), await save(takeOut(body, 'currency')));
    expect(places.filter((place) => !/(^|\.)currency$/.test(place))).toEqual([]);
    expect(places).toEqual(expect.arrayContaining(['currency', 'cost.currency', 'to.terminalData.cost.currency', 'collect.currency']));
  });

  it('with the id of a delivery is an edit', async () => {
    expect(probe.existing).toBeUndefined();
    await save({ ...wireSave('courier', sampleOrder()), deliveryId: 'd-1' });
    expect(probe.existing).toMatchObject({ id: 'd-1' });
  });

  it('is whether anything is collected', async () => {
    const body = wireSave('courier', sampleOrder(), { delivery: { withCod: false, cod: 5 } });
    expect(await save(body)).not.toHaveProperty('collect');
    expect(await save(takeOut(body as never, 'delivery.withCod'))).toHaveProperty('collect.total', 500);
  });

  it('is a warehouse’s week: an entry for each interval, in order, without invalid times', async () => {
    const hours = async (workTime: object): Promise<unknown> => {
      const asked = await save({ ...wireSave('courier', sampleOrder()), store: { workTime } });
      return (asked as { store?: { workTimes?: unknown } }).store?.workTimes;
    };
    const names = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
    expect(await hours(fillWeek())).toEqual(
      names.map((day, n) => ({ day, start: `08:1${n}`, end: `18:1${n}`, lunchStart: `12:1${n}`, lunchEnd: `13:1${n}` })),
    );
    const [morning, evening] = [
      { startTime: '9:00', endTime: '12:00', lunchStartTime: '11:00' },
      { startTime: '17:00', endTime: '24:00' },
    ];
    expect(await hours({ tu: [morning, evening, { startTime: 'noon', endTime: '13:00' }], we: [{ endTime: '13:00' }], mo: [] })).toEqual([
      { day: 'Tuesday', start: '09:00', end: '12:00' },
      { day: 'Tuesday', start: '17:00', end: '24:00' },
    ]);
    expect(await hours([])).toBeUndefined();
  });

  it('is a warehouse’s address, which the contract has in words only', async () => {
    const address = { ...fillType(`${TYPES}DeliveryAddress`, choose), coordinates: { latitude: '55.75', longitude: 37.6 } };
    const known = Object.fromEntries(POSTAL_FIELDS.split(' ').map((name) => [name, readAt(address, name)]));
    const store = { address: { ...known, countryIso: 'RU', coordinates: { latitude: 55.75, longitude: 37.6 } } };
    expect(await save({ ...wireSave('courier', sampleOrder()), store: { address } })).toMatchObject({ store });
    expect(await calculate({ ...CALCULATE, store: { address } })).toMatchObject({ store });
  });

  it('is left out where it is empty or of another form, and fails nothing', async () => {
    const deliveryAddress = { city: 'A', terminalData: { cost: 'free', coordinates: { latitude: '', longitude: '5' }, name: null } };
    const items = [{ quantity: 1, weight: null, unit: [], properties: [], externalId: '' }];
    const asked = await calculate({ ...CALCULATE, deliveryAddress, packages: [{ weight: 1, items }], store: {} });
    expect(asked).toEqual({ extraData: {}, parcels: [{ weight: 1, items: [{ quantity: 1, weight: null }] }], to: { city: 'A' } });
    const units = [{ unit: 'pc' }, { unit: { sym: 'kg' } }].map((item) => ({ weight: 1, items: [item] }));
    expect(await calculate({ ...CALCULATE, packages: units })).toMatchObject({
      parcels: [{ items: [{ unit: { code: 'pc' } }] }, { items: [{ unit: { symbol: 'kg' } }] }],
    });
  });

  it('is the id of a place without its name, where points are not found by ids', async () => {
    Object.assign(probe.manifest, { pointsByGeoId: false });
    await expect(listPoints({ cityId: '7' })).rejects.toThrow(BadInputError);
    await expect(listPoints({ regionId: '7' })).rejects.toThrow(BadInputError);
    expect(await listPoints({ cityId: '7', city: 'A' })).toEqual({ cityId: 7, city: 'A' });
  });
});
