import { describe, expect, it } from '@jest/globals';
import { getParser } from '#platform';
import type { Money } from '#provider-kit';
import { sampleOrder, wireSave } from '#testing';
import { SaveDto, ShipmentSaveDto } from './dto/callback.dto.js';
import type { Collect, SaveRequest } from './port/index.js';
import { toShipmentRequest } from './request-mapper.js';
import {
  hashShipment,
  isStored,
  isStoredShipment,
  readSave,
  readStoredRequest,
  readStoredShipment,
  type SentSave,
  writeSave,
} from './stored-request.js';

type Changes = Parameters<typeof wireSave>[2];

function send(body: object): SentSave {
  return readSave(getParser(SaveDto).parse(body));
}
const saved = (changes: Changes = {}): SentSave => send(wireSave('courier', sampleOrder(), changes));
const hashOf = (changes: Changes): string => saved(changes).hash;
/** As a row holds it. */
const store = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;

/** All members that this version reads and the previous one did not. */
const BODY = {
  ...wireSave('courier', sampleOrder()),
  store: {
    ...{ code: 'main', name: 'Main store', address: { city: 'Москва', coordinates: { latitude: '55.7', longitude: '37.6' } } },
    workTime: { mo: [{ startTime: '9:00', endTime: '18:00' }] },
  },
  customer: {
    ...{ type: 'customer_corporate', id: 7, firstName: 'Ольга', phones: ['+79161234567'], customFields: { door: '12' } },
    ...{ contragent: { contragentType: 'legal-entity', legalName: 'ООО «Ромашка»', INN: '7707083893' }, address: { city: 'Тверь' } },
  },
  manager: { id: 4, firstName: 'Анна' },
  packages: [
    {
      weight: 850,
      items: [
        {
          offerId: '1',
          externalId: 'e-1',
          xmlId: 'x-1',
          name: 'A',
          quantity: 2,
          cost: 10,
          unit: { code: 'pc', name: 'Piece', sym: 'pc.' },
        },
        { offerId: '2', properties: { size: 'M' }, quantity: 1, cost: 5, weight: null },
        { offerId: '3', quantity: 1, cost: 5, weight: 100, markingCodes: ['m'] },
      ],
    },
  ],
  delivery: {
    ...{ tariff: 'pickup', withCod: true, cod: 100, cost: 350, codPaymentType: { code: 'cash', name: 'Cash' } },
    ...{ shipmentDate: '2026-03-03', deliveryTime: { from: '9:00', to: '18:00', custom: 'after lunch' }, extraData: { b: '1', a: '2' } },
    shipmentAddress: { countryIso: 'ru', city: 'Москва' },
    deliveryAddress: {
      ...{ countryIso: 'ru', city: 'Москва', cityId: 4, streetType: 'ул.', terminal: 'MSK1' },
      terminalData: { schedule: null, name: 'P', code: 'MSK1', cost: 100, coordinates: { longitude: '37.6', latitude: '55.7' }, other: 1 },
    },
  },
};
const SHIPMENT = {
  ...{
    manager: { id: 4, firstName: 'Анна' },
    date: '2026-03-03',
    time: { from: '9:00', custom: 'early' },
    store: 'main',
    comment: 'Gate 2',
  },
  ...{ address: { city: 'Москва', terminalData: { name: 'P', cost: 1 } }, extraData: { dock: 'A' } },
  orders: [{ deliveryId: 'd-1', packages: [{ packageId: '1', weight: 850 }] }],
};

/** The stored hashes of BODY and SHIPMENT in the previous version. */
const OLD_HASH = 'd4540ed4fddc3d21884a869188e0ebda27acec61cd2dbb20d47c0c81128f0434';
const OLD_SHIPMENT_HASH = 'e0524f5c1e372865958e1db1c94a595592f4ce140eb0361deb9fb17a1d8abebd';
const OLD_POINT = { name: 'P', code: 'MSK1', cost: 100, coordinates: { longitude: '37.6', latitude: '55.7' }, other: 1 };

describe('a save that is stored', () => {
  it('is repeated by an equal one, whatever the order of its fields and our reference', () => {
    const { hash, request } = saved();
    const body = wireSave('courier', sampleOrder());
    const reversed = Object.fromEntries(Object.entries({ ...body, unknown: 1 }).reverse());
    expect(isStored({ request, requestHash: hash }, send(reversed))).toBe(true);
    const extras = [
      { a: '1', b: '2' },
      { b: '2', a: '1' },
    ].map((extraData) => hashOf({ delivery: { extraData } }));
    expect(extras[0]).toBe(extras[1]);
  });

  it('is repeated when the shop only notes something else about its customer', () => {
    const known = { type: 'customer' as const, id: 7, phones: [], firstName: 'Ada' };
    const notes = { vip: true, bad: true, managerId: 2, customFields: { bonus: 20 } };
    const hash = hashOf({ customer: known });
    for (const more of [notes, { vip: false }, { managerId: 1 }, { customFields: { bonus: 10 } }])
      expect(hashOf({ customer: { ...known, ...more } })).toBe(hash);
    expect(hashOf({ customer: { ...known, firstName: 'Eva' } })).not.toBe(hash);
  });

  it.each([{}, { vip: true, managerId: 2, customFields: { bonus: 20 } }, undefined])('is written whole for the database (%j)', (notes) => {
    const sent = saved({ customer: notes && { type: 'customer', id: 7, phones: [], firstName: 'Ada', ...notes } });
    const text = writeSave(sent, 'r-"1"');
    expect(JSON.parse(text)).toEqual(store({ ...sent.request, reference: 'r-"1"' }));
    expect(text).not.toContain('\n');
  });

  it('is not when anything differs, what earlier versions dropped too', () => {
    const item = { quantity: 1, cost: 5 };
    const changes: object[] = [
      ...[{}, { orderNumber: 'x' }, { site: 'x' }, { currency: 'EUR' }, { packages: [{ weight: 1, items: [] }] }],
      ...[{ cost: 1 }, { tariff: 'x' }, { shipmentDate: '2026-01-01' }, { extraData: { a: 1 } }].map((delivery) => ({ delivery })),
      ...[{ xmlId: 'x' }, { properties: { size: 'M' } }, { weight: null }, {}].map((one) => ({
        packages: [{ weight: 1, items: [{ ...item, ...one }] }],
      })),
      { delivery: { codPaymentType: { code: 'cash' } } },
      { customer: { contragent: { INN: '1' } } },
      { store: { code: 'main', name: 'Main store', workTime: { mo: [{ startTime: '9:00', endTime: '18:00' }] } } },
    ];
    const hashes = changes.map((one) => hashOf(one as Changes));
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('has a hash that stays the same from version to version', () => {
    expect(send(BODY).hash).toBe('2:b7b7bc6ff07295fd257c940d59c48b407a78dbf32314417220bffc894b3f3954');
  });
});

describe('a save that the version before stored', () => {
  const old = { request: { parcels: [], extraData: {} } as unknown as SaveRequest, requestHash: OLD_HASH };

  it('is repeated by an equal one, though more of it is read now', () => {
    expect(isStored(old, send(BODY))).toBe(true);
    expect(isStored(old, send({ ...BODY, site: 'other' }))).toBe(false);
    expect(isStored(old, send({ ...BODY, delivery: { ...BODY.delivery, tariff: 'other' } }))).toBe(false);
    expect(isStored({ ...old, requestHash: send(BODY).hash }, send({ ...BODY, manager: { id: 5, firstName: 'Анна' } }))).toBe(false);
  });

  it('has its current point read once', () => {
    const { request } = send(BODY);
    const before = store({ ...request, to: { ...request.to, terminalData: OLD_POINT as object } });
    const point = { code: 'MSK1', name: 'P', cost: { minor: 10_000, currency: 'RUB' }, coordinates: { latitude: 55.7, longitude: 37.6 } };
    expect(request.to?.terminalData).toEqual(point);
    expect(readStoredRequest(before)).toEqual(store(request));
    expect(readStoredRequest(readStoredRequest(before))).toEqual(store(request));
    const now = saved().request;
    expect(readStoredRequest(now)).toBe(now);
  });

  it('is the same for a shipment', () => {
    const dto = getParser(ShipmentSaveDto).parse(SHIPMENT);
    const request = toShipmentRequest(dto, ['RUB']);
    const sent = { request, deliveryIds: ['d-1'], hash: hashShipment(request, ['d-1']) };
    expect(isStoredShipment(OLD_SHIPMENT_HASH, sent, dto)).toBe(true);
    expect(isStoredShipment(OLD_SHIPMENT_HASH, { ...sent, deliveryIds: ['d-2'] }, dto)).toBe(false);
    expect(isStoredShipment(sent.hash, sent, dto)).toBe(true);
    expect(isStoredShipment(sent.hash, { ...sent, hash: hashShipment({ ...request, parcels: {} }, ['d-1']) }, dto)).toBe(false);
    expect(readStoredShipment({ address: { terminalData: { name: 'P', cost: 1 } as object } }).address).toEqual({
      terminalData: { name: 'P', cost: { minor: 100, currency: 'XXX' } },
    });
  });

  it('had a hash before 0.2 too, which an equal save still has', () => {
    const address = {
      text: 'Москва',
      index: '125047',
      floor: 5,
      countryIso: 'ru',
      regionId: 1,
      house: '7',
      terminal: 'MSK1',
      city: 'Москва',
    };
    const customer = {
      phones: ['', '+79161234567'],
      firstName: 'Ольга',
      contragent: { contragentType: 'legal-entity', legalName: ' ООО ' },
    };
    const { building, ...from } = sampleOrder().from;
    const sample = { ...sampleOrder(), from: { ...from, ...(building !== undefined && { house: building }) } };
    const body = { ...wireSave('courier', sample, { delivery: { deliveryAddress: address } }), customer };
    const requestHash = '8d1e2cd8ec99af982910c8523d289840b009d8a674bf505f8fc56e4bafb7f26f';
    expect(isStored({ ...old, requestHash }, send(body))).toBe(true);
    expect(isStored({ ...old, requestHash }, send({ ...body, orderNumber: 'x' }))).toBe(false);
  });
});

describe('a save stored with the CRM’s own amounts', () => {
  const items = [
    { quantity: 2, cost: 1990.5, cod: 1990.5 },
    { quantity: 1.5, cost: 100, cod: 33.33 },
  ];
  const unnamed = items.map(({ cod: _cod, ...item }) => item);
  const collected = (delivery: object, list: typeof unnamed = items): Collect | undefined =>
    saved({ packages: [{ weight: 1, items: list }], delivery: { withCod: true, ...delivery } }).request.collect;

  it('has decided now what is collected', () => {
    const { collect: _none, parcels, ...rest } = saved({ packages: [{ weight: 1, items: unnamed }], delivery: { cost: 350 } }).request;
    const rub = (minor: number): Money => ({ minor, currency: 'RUB' });
    const stored = (changes: object, units = [199_050, 3_333]): Collect | undefined =>
      readStoredRequest({
        ...rest,
        parcels: parcels.map((parcel) => ({ ...parcel, items: parcel.items.map((item, n) => ({ ...item, cod: rub(units[n] ?? 0) })) })),
        withCod: true,
        ...changes,
      } as SaveRequest).collect;
    expect(stored({ cod: rub(35_000) })).toEqual(collected({ cod: 350, cost: 350 }));
    expect(stored({ cod: rub(403_100) })).toMatchObject({ goods: 403_100, delivery: 0 });
    expect(stored({})).toMatchObject({ goods: 403_100, delivery: 0 });
    expect(stored({ cod: rub(448_100) }, [0, 0])).toEqual(collected({ cod: 4_481, cost: 350 }, unnamed));
    expect(stored({ cod: rub(35_000), withCod: false })).toBeUndefined();
  });

  it('is not edited by a repeat', () => {
    const sent = saved({ packages: [{ weight: 1, items }], delivery: { withCod: true, cod: 350, cost: 350 } });
    const { collect: _none, customer: _customer, store: _store, parcels, ...rest } = sent.request;
    const units = [199_050, 3_333].map((minor) => ({ cod: { minor, currency: 'RUB' } }));
    const { id: _id, ...manager } = rest.manager;
    const old = {
      ...{ ...rest, manager, reference: 'r-1', withCod: true, cod: { minor: 35_000, currency: 'RUB' } },
      parcels: parcels.map((parcel) => ({ ...parcel, items: parcel.items.map((item, n) => ({ ...item, ...units[n] })) })),
    };
    const stored = { request: store(old) as SaveRequest, requestHash: 'of another shape' };
    expect(isStored(stored, sent)).toBe(true);
    expect(isStored(stored, { ...sent, request: { ...sent.request, tariff: 'other' } })).toBe(false);
    expect(isStored({ ...stored, request: sent.request }, sent)).toBe(false);
  });
});
