import { beforeEach, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import type { CalculateRequest, ExistingDelivery, PrintRequest, SaveRequest, ShipmentRequest, Tariff } from '#delivery/port';
import { type AccountSettings, ProviderError } from '#provider-kit';
import {
  accountSettings,
  calculateRequest,
  buildCollect,
  existingDelivery,
  providerContext,
  sampleOrder,
  saveRequest,
  shipmentRequest,
} from '#testing';
import { CourierProvider } from './courier.provider.js';
import type { CourierContext, CourierSettings } from './courier.settings.js';
import { COURIER_STATUSES } from './courier.statuses.js';
import { exampleNetwork } from './example-network/index.js';
import { isTrackNumber } from './track-number.js';
import { TrackNumberSequence } from './track-number.sequence.js';

// The test data is set at noon on Monday 2 March 2026 in Moscow.
let provider: CourierProvider;
let databaseFails: boolean;

beforeEach(() => {
  let blocks = 0;
  databaseFails = false;
  const query = (): Promise<{ first: string }[]> =>
    databaseFails ? Promise.reject(new Error('password=secret')) : Promise.resolve([{ first: String(1 + 1000 * blocks++) }]);
  provider = new CourierProvider(new TrackNumberSequence({ query } as unknown as DataSource));
});

function context(account: Partial<AccountSettings> = {}, settings: CourierSettings = exampleNetwork): CourierContext {
  return providerContext(settings, { account: accountSettings({ language: 'en', ...account }) });
}

const box = (weight: number, changes: object = {}): CalculateRequest['parcels'][number] => ({ weight, items: [], ...changes });

function quote(
  changes: Partial<CalculateRequest> = {},
  account: Partial<AccountSettings> = {},
  settings?: CourierSettings,
): Promise<Tariff[]> {
  const request: CalculateRequest = { parcels: [box(1000)], to: { countryIso: 'RU', city: 'Москва' }, extraData: {}, ...changes };
  return provider.calculate(request, context(account, settings));
}

async function tariff(code: string, ...of: Parameters<typeof quote>): Promise<Tariff | undefined> {
  return (await quote(...of)).find((one) => one.code === code);
}

async function failure(call: Promise<unknown>): Promise<ProviderError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ProviderError)) throw new Error(`expected a ProviderError, got ${String(error)}`);
  return error;
}

function order(changes: Partial<SaveRequest> = {}): SaveRequest {
  return saveRequest('ref-1', 'courier', sampleOrder('moscowCourier'), { shipmentDate: undefined, ...changes } as Partial<SaveRequest>);
}

const save = (
  changes: Partial<SaveRequest> = {},
  existing?: ExistingDelivery,
  account: Partial<AccountSettings> = {},
): ReturnType<CourierProvider['save']> => provider.save(order(changes), context(account), existing);

async function saved(changes: Partial<SaveRequest> = {}, state: Partial<ExistingDelivery> = {}): Promise<ExistingDelivery> {
  return existingDelivery(await save(changes), order(changes), state);
}

describe('calculate', () => {
  it.each([
    ['RU', 'Москва', 'RUB', 39_000],
    ['ES', 'Madrid', 'EUR', 590],
    ['MX', 'Ciudad de México', 'MXN', 11_900],
  ])('prices %s, %s in its own currency', async (countryIso, city, currency, minor) => {
    const tariffs = await quote({ to: { countryIso, city }, currency });
    expect(tariffs.map(({ code, type }) => [code, type])).toEqual([
      ['courier', 'courier'],
      ['express', 'courier'],
      ['pickup', 'selfDelivery'],
    ]);
    expect(tariffs[0]?.cost).toEqual({ minor, currency });
    expect(tariffs.map(({ cost }) => cost?.currency)).toEqual([currency, currency, currency]);
  });

  it('answers nothing where it does not deliver', async () => {
    await expect(quote({ to: { countryIso: 'DE', city: 'Berlin' } })).resolves.toEqual([]);
    await expect(quote({ to: {} })).resolves.toEqual([]);
    await expect(provider.calculate({ parcels: [box(1)], extraData: {} }, context())).resolves.toEqual([]);
  });

  it('prices the zone of the shipment when no delivery address is known', async () => {
    const from = { countryIso: 'ES', city: 'Madrid' };
    expect((await quote({ to: undefined, from } as unknown as CalculateRequest))[0]?.cost?.currency).toBe('EUR');
    expect((await quote({ to: {}, from }))[0]?.cost?.currency).toBe('EUR');
    expect((await quote({ from }))[0]?.cost?.currency).toBe('RUB');
  });

  it('adds insurance and cash on delivery, and describes the insurance in the language', async () => {
    const request: Partial<CalculateRequest> = {
      declaredValue: { minor: 1_500_000, currency: 'RUB' },
      cod: { minor: 1_000_000, currency: 'RUB' },
      currency: 'RUB',
    };
    const found = await tariff('courier', request);
    // 390 + 0.5 % of the 10,000 above 5,000 + 2 % of 10,000
    expect(found?.cost).toEqual({ minor: 39_000 + 5000 + 20_000, currency: 'RUB' });
    expect(found?.extraData).toEqual({ insuranceCost: 'RUB\u00a050.00' });
    expect((await tariff('courier', request, { language: 'ru' }))?.extraData).toEqual({ insuranceCost: '50,00\u00a0₽' });
  });

  it('charges trying on, however the checkbox arrives', async () => {
    const plain = (await tariff('courier'))?.cost?.minor ?? 0;
    for (const fitting of [true, 1, '1', 'true'])
      expect((await tariff('courier', { extraData: { fitting } }))?.cost?.minor).toBe(plain + 15_000);
    for (const fitting of [false, 0, '0', '']) expect((await tariff('courier', { extraData: { fitting } }))?.cost?.minor).toBe(plain);
  });

  it.each([
    ['50 kg', box(50_000), ['courier']],
    ['50 kg by volume', box(1000, { length: 1000, width: 500, height: 500 }), ['courier']],
    ['a gram more', box(50_001), []],
    ['a little more by volume', box(1000, { length: 1001, width: 500, height: 500 }), []],
    ['30 kg', box(30_000), ['courier', 'pickup']],
    ['too long', box(1000, { length: 2001, width: 10, height: 10 }), []],
    ['too long, lying on its side', box(1000, { length: 10, width: 10, height: 2001 }), []],
  ])('offers what takes %s', async (_, parcel, codes) => {
    expect((await quote({ parcels: [parcel] })).map(({ code }) => code)).toEqual(codes);
  });

  it('offers no tariff over its limits of value and cash', async () => {
    const over = { minor: 50_000_001, currency: 'RUB' };
    await expect(quote({ declaredValue: over, currency: 'RUB' })).resolves.toEqual([]);
    await expect(quote({ declaredValue: { ...over, minor: 50_000_000 }, currency: 'RUB' })).resolves.not.toEqual([]);
    await expect(quote({ cod: { ...over, minor: 25_000_001 }, currency: 'RUB' })).resolves.toEqual([]);
    await expect(quote({ cod: { ...over, minor: 25_000_000 }, currency: 'RUB' })).resolves.toHaveLength(3);
  });

  it('shows a tariff in another currency without a price, and why', async () => {
    for (const found of await quote({ currency: 'EUR' })) {
      expect(found.cost).toBeUndefined();
      expect(found.description).toContain('Priced in RUB; an order in EUR cannot use it.');
    }
    expect((await quote({ currency: 'EUR' }, { language: 'ru' }))[2]?.description).toContain('Цена в RUB');
  });

  it('lists the points of the city that take the packages', async () => {
    const codes = async (changes: Partial<CalculateRequest>): Promise<string[] | undefined> =>
      (await tariff('pickup', changes))?.pickupPoints?.map(({ code }) => code);
    await expect(codes({})).resolves.toEqual(['MSK-TVERSKAYA', 'MSK-PROFSOYUZNAYA', 'MSK-MIRA', 'MSK-KUTUZOVSKY']);
    await expect(codes({ parcels: [box(15_001)] })).resolves.toEqual(['MSK-TVERSKAYA', 'MSK-PROFSOYUZNAYA', 'MSK-MIRA']);
    await expect(codes({ parcels: [box(25_000)] })).resolves.toEqual(['MSK-TVERSKAYA']);
    await expect(codes({ parcels: [box(100, { length: 700, width: 100, height: 50 })] })).resolves.not.toContain('MSK-KUTUZOVSKY');
    await expect(codes({ cod: { minor: 100, currency: 'RUB' } })).resolves.not.toContain('MSK-KUTUZOVSKY');
    await expect(codes({ to: { countryIso: 'ES', city: 'Sevilla' } })).resolves.toEqual(['SVQ-NERVION']);
    await expect(codes({ to: { countryIso: 'RU', city: 'Владивосток' } })).resolves.toBeUndefined();
  });

  it('describes points whole', async () => {
    expect((await tariff('pickup', { to: { countryIso: 'ES', city: 'Sevilla' } }))?.pickupPoints).toEqual([
      {
        code: 'SVQ-NERVION',
        name: 'Nervión',
        address: 'Calle Luis de Morales, 3, 41018 Sevilla',
        description: 'Up to 30 kg, 1200 x 800 x 600 mm; payment on delivery.',
        schedule: 'Lu-Sá 10:00-21:00',
        phone: '+34 950 000 101',
        coordinates: { latitude: 37.3845, longitude: -5.9713 },
      },
    ]);
  });

  it('counts terms over the account’s working days', async () => {
    const workTimes = [{ day: 'Thursday' as const, start: '10:00', end: '18:00' }];
    expect(await tariff('courier')).toMatchObject({ minTerm: 1, maxTerm: 2 });
    expect(await tariff('courier', {}, { workTimes })).toMatchObject({ minTerm: 10, maxTerm: 17 });
    expect(await tariff('courier', {}, { nonWorkingDays: [{ start: '03.03', end: '03.08' }] })).toMatchObject({ minTerm: 7, maxTerm: 8 });
    expect(await tariff('courier', { shipmentDate: '2026-03-06' })).toMatchObject({ minTerm: 3, maxTerm: 4 });
  });

  it('speaks the account’s language', async () => {
    expect(await tariff('courier', {}, { language: 'es' })).toMatchObject({
      name: 'Mensajero a domicilio',
      description: 'Hasta la puerta. Entrega 09:00-12:00, 12:00-18:00, 18:00-22:00.',
    });
    expect(await tariff('courier', {}, { language: 'ru' })).toMatchObject({ name: 'Курьер' });
  });
});

describe('save', () => {
  it('gives a track number, a price and a status', async () => {
    const result = await save();
    expect(isTrackNumber(result.trackNumber ?? '')).toBe(true);
    expect(result).toMatchObject({ externalId: result.trackNumber, status: 'created', extraData: { sortingHub: 'RU-MSK' } });
    expect(result.cost).toEqual((await provider.calculate(calculateRequest(sampleOrder('moscowCourier')), context()))[0]?.cost);
  });

  it('takes no two numbers alike', async () => {
    const results = await Promise.all(Array.from({ length: 300 }, () => save()));
    expect(new Set(results.map(({ trackNumber }) => trackNumber)).size).toBe(300);
  });

  it('keeps number and status when it is edited', async () => {
    const existing = await saved({}, { status: 'sorting' });
    const result = await save({ parcels: [box(20_000)] }, existing);
    expect(result).toMatchObject({ externalId: existing.externalId, trackNumber: existing.trackNumber, status: 'sorting' });
    expect(result.cost?.minor).toBeGreaterThan(existing.cost?.minor ?? Infinity);
  });

  it.each(COURIER_STATUSES.filter((status) => !('isEditable' in status)).map(({ code }) => code))(
    'refuses an edit once it is %s',
    async (status) => {
      const error = await failure(save({}, await saved({}, { status })));
      expect(error.kind).toBe('rejected');
      expect(error.message).toContain('can no longer be changed');
    },
  );

  it('reports unavailable without the reason when it gets no number', async () => {
    databaseFails = true;
    const error = await failure(save());
    expect(error.kind).toBe('unavailable');
    expect(error.message).not.toContain('secret');
  });

  it.each<[string, Partial<SaveRequest>, string]>([
    ['no address', { to: undefined } as unknown as Partial<SaveRequest>, 'delivery.deliveryAddress'],
    ['an empty address', { to: {} }, 'delivery.deliveryAddress'],
    ['an address not served', { to: { countryIso: 'DE', city: 'Berlin' } }, 'delivery.deliveryAddress'],
    ['a tariff that does not exist', { tariff: 'none' }, 'delivery.tariff'],
    ['a tariff not offered there', { tariff: 'express', to: { countryIso: 'RU', city: 'Казань' } }, 'delivery.tariff'],
    ['another currency', { currency: 'EUR' }, 'currency'],
    ['no packages', { parcels: [] }, 'packages'],
    ['a heavy package', { parcels: [box(100), box(50_001)] }, 'packages[1].weight'],
    ['a large package', { parcels: [box(100, { length: 2500, width: 10, height: 10 })] }, 'packages[0].length'],
    ['too much cash', { collect: buildCollect(25_000_001) }, 'delivery.cod'],
    ['too high a value', { declaredValue: { minor: 50_000_001, currency: 'RUB' } }, 'packages'],
    ['no point', { tariff: 'pickup' }, 'delivery.deliveryAddress.terminal'],
    [
      'an unknown point',
      { tariff: 'pickup', to: { countryIso: 'RU', city: 'Москва', terminal: 'NONE' } },
      'delivery.deliveryAddress.terminal',
    ],
    [
      'a point of another zone',
      { tariff: 'pickup', to: { countryIso: 'RU', city: 'Москва', terminal: 'SPB-NEVSKY' } },
      'delivery.deliveryAddress.terminal',
    ],
    [
      'a point too small',
      { tariff: 'pickup', to: { city: 'Москва', terminal: 'MSK-KUTUZOVSKY' }, parcels: [box(16_000)] },
      'packages[0].weight',
    ],
    [
      'a point without a till',
      { tariff: 'pickup', to: { city: 'Москва', terminal: 'MSK-KUTUZOVSKY' }, collect: buildCollect(1) },
      'delivery.cod',
    ],
    ['a date too early', { deliveryDate: '2026-03-02' }, 'delivery.deliveryDate'],
    ['a Sunday', { deliveryDate: '2026-03-08' }, 'delivery.deliveryDate'],
    ['no date', { deliveryDate: 'soon' }, 'delivery.deliveryDate'],
    ['a time before the first window', { deliveryTime: { to: '09:00' } }, 'delivery.deliveryTime'],
    ['a time at the end of the day', { deliveryTime: { from: '22:00' } }, 'delivery.deliveryTime'],
    ['a time that runs back', { deliveryTime: { from: '18:00', to: '12:00' } }, 'delivery.deliveryTime'],
    [
      'a time that is past',
      { tariff: 'express', deliveryDate: '2026-03-02', deliveryTime: { from: '09:00', to: '12:00' } },
      'delivery.deliveryTime',
    ],
    [
      'a window not offered',
      { to: { countryIso: 'RU', city: 'Казань' }, extraData: { deliveryWindow: 'evening' } },
      'delivery.extraData.deliveryWindow',
    ],
    [
      'a window and a time that differ',
      { deliveryTime: { from: '09:00', to: '12:00' }, extraData: { deliveryWindow: 'evening' } },
      'delivery.extraData.deliveryWindow',
    ],
    ['an unknown hub', { extraData: { sortingHub: 'NONE' } }, 'delivery.extraData.sortingHub'],
    ['a long note', { extraData: { courierNote: 'x'.repeat(501) } }, 'delivery.extraData.courierNote'],
  ])('refuses %s and names the field', async (_, changes, path) => {
    const error = await failure(save(changes));
    expect(error.kind).toBe('invalid');
    expect(Object.keys(error.fields ?? {})).toEqual([path]);
    const russian = await failure(save(changes, undefined, { language: 'ru' }));
    expect(russian.fields?.[path]).toMatch(/[а-я]/);
    expect(russian.message).toContain(russian.fields?.[path] ?? '?');
  });

  it('lists all problems together', async () => {
    const error = await failure(save({ currency: 'EUR', parcels: [box(60_000)], deliveryDate: '2026-03-08' }));
    expect(Object.keys(error.fields ?? {}).sort()).toEqual(['currency', 'delivery.deliveryDate', 'packages[0].weight']);
  });

  it('lists the offered alternatives', async () => {
    expect((await failure(save({ deliveryDate: '2026-03-02' }))).message).toContain('2026-03-03');
    expect((await failure(save({ deliveryDate: '2026-03-07' }))).message).toContain('2026-03-09');
    expect((await failure(save({ deliveryTime: { from: '07:00', to: '08:00' } }))).message).toContain(
      '09:00-12:00, 12:00-18:00, 18:00-22:00',
    );
    expect((await failure(save({ tariff: 'none' }))).message).toContain('courier, express, pickup');
    expect((await failure(save({ tariff: 'pickup' }))).fields).toEqual({ 'delivery.deliveryAddress.terminal': 'Choose a pickup point.' });
  });

  it.each<[string, Partial<SaveRequest>, object]>([
    ['a whole window', { deliveryDate: '2026-03-03', deliveryTime: { from: '18:00', to: '22:00' } }, { deliveryWindow: 'evening' }],
    ['an hour of one', { deliveryTime: { from: '13:00', to: '14:00' } }, { deliveryWindow: 'day' }],
    ['hours that hold one window whole', { deliveryTime: { from: '10:00', to: '18:00' } }, { deliveryWindow: 'day' }],
    ['hours that begin before the first window', { deliveryTime: { from: '07:00', to: '11:00' } }, { deliveryWindow: 'morning' }],
    ['the end of one window', { deliveryTime: { from: '22:00', to: '22:00' } }, { deliveryWindow: 'evening' }],
    ['from an hour on', { deliveryTime: { from: '18:00' } }, { deliveryWindow: 'evening' }],
    ['a part of the day', { extraData: { deliveryWindow: 'morning' } }, { deliveryWindow: 'morning' }],
    [
      'both, agreeing',
      { deliveryTime: { from: '09:30', to: '11:00' }, extraData: { deliveryWindow: 'morning' } },
      { deliveryWindow: 'morning' },
    ],
    [
      'a hub of one’s own',
      { extraData: { sortingHub: 'RU-SPB', courierNote: 'Ring twice', fitting: '1' } },
      { sortingHub: 'RU-SPB', courierNote: 'Ring twice', fitting: true },
    ],
    ['fields that are not ours', { extraData: { other: 'x' } }, { sortingHub: 'RU-MSK' }],
  ])('takes %s', async (_, changes, kept) => {
    const result = await save(changes);
    expect(result.extraData).toMatchObject(kept);
    expect(Object.keys(result.extraData ?? {})).not.toContain('other');
  });

  it('takes a time in which several windows may be meant, and chooses none of them', async () => {
    for (const deliveryTime of [{ from: '09:00', to: '18:00' }, { from: '11:00', to: '13:00' }, { to: '23:00' }])
      expect((await save({ deliveryTime })).extraData).not.toHaveProperty('deliveryWindow');
    const chosen = await save({ deliveryTime: { from: '10:00', to: '20:00' }, extraData: { deliveryWindow: 'evening' } });
    expect(chosen.extraData).toMatchObject({ deliveryWindow: 'evening' });
  });

  it('takes a delivery to a point, for which the city’s hours do not count', async () => {
    const to = { countryIso: 'RU', city: 'Москва', terminal: 'MSK-TVERSKAYA' };
    expect((await save({ tariff: 'pickup', to, deliveryTime: { from: '23:00', to: '23:30' } })).extraData).not.toHaveProperty(
      'deliveryWindow',
    );
    await expect(save({ tariff: 'pickup', to: { terminal: 'MSK-TVERSKAYA' } })).resolves.toMatchObject({ status: 'created' });
  });

  it('takes no extra data at all, and either payer', async () => {
    for (const payerType of ['receiver', 'sender'] as const)
      await expect(save({ payerType, extraData: {} })).resolves.toMatchObject({ status: 'created' });
  });

  it('does not charge cash on delivery that is not collected', async () => {
    const [without, withCod] = [await save({}), await save({ collect: buildCollect(1_000_000) })];
    expect((withCod.cost?.minor ?? 0) - (without.cost?.minor ?? 0)).toBe(20_000);
  });

  it('keeps an agreed day when something else is edited', async () => {
    const deliveryDate = '2026-03-03';
    const existing = await saved({ deliveryDate });
    const later = { ...context(), now: new Date('2026-03-05T09:00:00Z') };
    await expect(provider.save(order({ deliveryDate, parcels: [box(2000)] }), later, existing)).resolves.toMatchObject({
      externalId: existing.externalId,
    });
    expect((await failure(provider.save(order({ deliveryDate: '2026-03-04' }), later, existing))).kind).toBe('invalid');
  });

  it('needs no working day if the account has no working days', async () => {
    const result = save({ deliveryDate: '2026-03-08' }, undefined, { nonWorkingDays: [{ start: '01.01', end: '12.31' }] });
    await expect(result).resolves.toMatchObject({ status: 'created' });
  });
});

describe('cancel', () => {
  it.each(COURIER_STATUSES.map(({ code }) => code))('of a delivery that is %s', async (status) => {
    const past = ['delivered', 'refused', 'return-in-transit', 'returned', 'lost', 'damaged'].includes(status);
    const call = provider.cancel(await saved({}, { status }), context());
    if (past) expect((await failure(call)).kind).toBe('rejected');
    else await expect(call).resolves.toBeUndefined();
  });
});

describe('print', () => {
  it.each<PrintRequest>([
    { entity: 'order', form: 'label', deliveries: [] },
    { entity: 'shipment', form: 'manifest', shipments: [] },
  ])('refuses an empty $form', async (request) => {
    const error = await failure(provider.print(request, context()));
    expect(error).toMatchObject({ kind: 'invalid', message: 'There is nothing to print.' });
  });

  it('refuses forms of the other entity', async () => {
    const error = await failure(provider.print({ entity: 'order', form: 'manifest', deliveries: [await saved()] }, context()));
    expect(error).toMatchObject({ kind: 'invalid', message: 'There is no such printed form.' });
  });
});

describe('the statuses', () => {
  it('mark errors and preprocessing where they belong', () => {
    const marked = (flag: string): string[] => COURIER_STATUSES.filter((status) => flag in status).map(({ code }) => code);
    expect(marked('isError')).toEqual(['delivery-failed', 'address-problem', 'lost', 'damaged']);
    expect(marked('isPreprocessing')).toEqual(['awaiting-confirmation']);
    expect(marked('isFinal')).toEqual(['delivered', 'returned', 'lost', 'damaged', 'cancelled']);
  });
});

describe('autocomplete', () => {
  it('suggests hubs by name, code and address', async () => {
    await expect(provider.autocomplete('sortingHub', 'шушары', context())).resolves.toEqual([
      { value: 'RU-SPB', label: 'Санкт-Петербург, Шушары', description: 'Санкт-Петербург, пос. Шушары, Московское ш., 70' },
    ]);
    await expect(provider.autocomplete('sortingHub', 'AGUIMES', context())).resolves.toHaveLength(1);
    await expect(provider.autocomplete('sortingHub', '', context())).resolves.toHaveLength(11);
    await expect(provider.autocomplete('courierNote', 'a', context())).resolves.toEqual([]);
  });
});

describe('shipments', () => {
  const ship = (deliveries: ExistingDelivery[], changes: Partial<ShipmentRequest> = {}): ReturnType<CourierProvider['saveShipment']> =>
    provider.saveShipment(shipmentRequest('ship-1', deliveries, changes), context());

  it('are taken under our reference, with the packages counted', async () => {
    const deliveries = [await saved(), await saved({ parcels: [box(1), box(2)] })];
    await expect(ship(deliveries, { extraData: { vehicle: 'van', gate: '3', other: 'x' } })).resolves.toEqual({
      externalId: 'ship-1',
      extraData: { vehicle: 'van', gate: '3', packageCount: (deliveries[0]?.request.parcels.length ?? 0) + 2 },
    });
  });

  it.each<[string, Partial<ShipmentRequest>, string]>([
    ['no deliveries', { deliveries: [] }, 'orders'],
    ['a time that runs back', { time: { from: '12:00', to: '11:00' } }, 'time'],
    ['an unknown vehicle', { extraData: { vehicle: 'rocket' } }, 'extraData.vehicle'],
    ['a long gate', { extraData: { gate: 'x'.repeat(501) } }, 'extraData.gate'],
    ['a point that takes nothing in', { address: { terminal: 'MSK-KUTUZOVSKY' } }, 'address.terminal'],
  ])('are refused with %s', async (_, changes, path) => {
    const error = await failure(ship([await saved()], changes));
    expect(error.kind).toBe('invalid');
    expect(Object.keys(error.fields ?? {})).toEqual([path]);
  });

  it('are rejected with deliveries that have ended', async () => {
    const error = await failure(ship([await saved(), await saved({}, { status: 'cancelled' })]));
    expect(Object.keys(error.fields ?? {})).toEqual(['orders[1].deliveryId']);
  });
});
