import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Address } from '#delivery/port';
import type { CourierSettings } from '../courier.settings.js';
import { exampleNetwork } from '../example-network/index.js';
import type { AddressHints } from '#delivery/prices';
import { CourierNetwork } from './courier-network.js';
import { packNetwork } from './pack-network.js';

const network = CourierNetwork.of(exampleNetwork);
const zone = (address: Address, hints: AddressHints = {}): string | undefined => network.findZone(address, hints)?.settings.code;

describe('the example network', () => {
  it.each<[Address, string]>([
    [{ countryIso: 'RU', city: 'Москва' }, 'ru-moscow'],
    [{ countryIso: 'RU', region: 'г. Москва', city: 'г. Москва', index: '101000' }, 'ru-moscow'],
    [{ countryIso: 'RU', region: 'Москва', city: 'поселение Сосенское' }, 'ru-moscow'],
    [{ countryIso: 'RU', city: 'Moscú' }, 'ru-moscow'],
    [{ countryIso: 'RU', region: 'Moscow Oblast', city: 'Khimki' }, 'ru-moscow-oblast'],
    [{ countryIso: 'RU', region: 'Московская обл', city: 'Дубна' }, 'ru-moscow-oblast'],
    [{ countryIso: 'RU', city: 'Королев' }, 'ru-moscow-oblast'],
    [{ countryIso: 'RU', city: 'СПб' }, 'ru-saint-petersburg'],
    [{ countryIso: 'RU', index: '191186' }, 'ru-saint-petersburg'],
    [{ countryIso: 'RU', region: 'Ленинградская область', city: 'Тосно' }, 'ru-leningrad-oblast'],
    [{ countryIso: 'RU', region: 'Свердловская область', city: 'Екатеринбург' }, 'ru-ural'],
    [{ countryIso: 'RU', city: 'Yekaterinburg' }, 'ru-ural'],
    [{ countryIso: 'RU', index: '630099', city: 'Бердск' }, 'ru-siberia'],
    [{ countryIso: 'RU', region: 'Республика Татарстан (Татарстан)', city: 'Альметьевск' }, 'ru-volga-south'],
    [{ countryIso: 'RU', city: 'Владивосток' }, 'ru-far'],
    [{ countryIso: 'RU', region: 'Республика Саха /Якутия/', city: 'Мирный' }, 'ru-far'],
    [{ countryIso: 'RU', city: 'Неизвестный' }, 'ru-far'],
    // Places with the same name: the region decides, then the code. Only by city, the nearer one is chosen.
    [{ countryIso: 'RU', region: 'Москва', city: 'Троицк' }, 'ru-moscow'],
    [{ countryIso: 'RU', region: 'Челябинская область', city: 'Троицк' }, 'ru-ural'],
    [{ countryIso: 'RU', index: '457100', city: 'Троицк' }, 'ru-ural'],
    [{ countryIso: 'RU', city: 'Троицк' }, 'ru-moscow'],
    // A city that contradicts a wide code wins.
    [{ countryIso: 'RU', index: '690000', city: 'Москва' }, 'ru-moscow'],
    [{ countryIso: 'ES', index: '28013', city: 'Madrid' }, 'es-madrid'],
    [{ countryIso: 'ES', region: 'Comunidad de Madrid', city: 'Aranjuez' }, 'es-madrid'],
    [{ countryIso: 'ES', region: 'Madrid', city: 'Мадрид' }, 'es-madrid'],
    [{ countryIso: 'ES', index: '08001' }, 'es-barcelona'],
    [{ countryIso: 'ES', region: 'Cataluña', city: 'Girona' }, 'es-peninsula'],
    [{ countryIso: 'ES', region: 'Illes Balears', city: 'Palma' }, 'es-baleares'],
    [{ countryIso: 'ES', index: '35001' }, 'es-canarias'],
    [{ countryIso: 'ES', region: 'Santa Cruz de Tenerife', city: 'Adeje' }, 'es-canarias'],
    [{ countryIso: 'ES', city: 'Ceuta' }, 'es-ceuta-melilla'],
    [{ countryIso: 'ES', city: 'Soria' }, 'es-peninsula'],
    [{ countryIso: 'MX', index: '06600' }, 'mx-cdmx'],
    [{ countryIso: 'MX', region: 'Ciudad de México', city: 'Coyoacán' }, 'mx-cdmx'],
    [{ countryIso: 'MX', city: 'Mexico' }, 'mx-cdmx'],
    [{ countryIso: 'MX', region: 'México', city: 'Toluca' }, 'mx-rest'],
    [{ countryIso: 'MX', region: 'Estado de México', city: 'Naucalpan' }, 'mx-rest'],
    [{ countryIso: 'MX', region: 'Jalisco', city: 'Zapopan' }, 'mx-guadalajara'],
    [{ countryIso: 'MX', region: 'Jalisco', city: 'Puerto Vallarta' }, 'mx-rest'],
    [{ countryIso: 'MX', region: 'Nuevo León', city: 'Guadalupe' }, 'mx-monterrey'],
    [{ countryIso: 'MX', region: 'Zacatecas', city: 'Guadalupe' }, 'mx-rest'],
    [{ countryIso: 'MX', index: '77500' }, 'mx-rest'],
  ])('%j lies in %s', (address, code) => {
    expect(zone(address)).toBe(code);
  });

  it.each<[Address, AddressHints, string | undefined]>([
    [{ city: 'Москва' }, {}, 'ru-moscow'],
    [{ index: '190000' }, {}, 'ru-saint-petersburg'],
    [{ index: '190000', city: 'Где-то' }, {}, 'ru-saint-petersburg'],
    [{ city: 'Barcelona', index: '08001' }, {}, 'es-barcelona'],
    [{ city: 'Ciudad de México' }, {}, 'mx-cdmx'],
    [{ text: 'г. Москва, ул. Ленина, д. 1' }, {}, 'ru-moscow'],
    [{ text: 'Calle Mayor 1, 28013 Madrid, España' }, {}, 'es-madrid'],
    // Guadalajara is in Spain and in Mexico, 44100 in both.
    [{ city: 'Guadalajara', index: '44100' }, { currency: 'MXN' }, 'mx-guadalajara'],
    [{ city: 'Guadalajara' }, { currency: 'EUR' }, 'es-peninsula'],
    [{ city: 'Guadalajara' }, { accountCurrency: 'MXN' }, 'mx-guadalajara'],
    [{ city: 'Guadalajara' }, { currency: 'USD' }, undefined],
    [{ city: 'Paris' }, { accountCurrency: 'EUR' }, undefined],
    [{}, { currency: 'RUB' }, undefined],
    [{ street: 'Main street' }, { currency: 'RUB' }, undefined],
    [{ terminal: 'MAD-GOYA' }, {}, 'es-madrid'],
    [{ terminal: 'MAD-GOYA', countryIso: 'ES' }, {}, 'es-madrid'],
    [{ terminal: 'MAD-GOYA', countryIso: 'RU' }, {}, 'ru-far'],
    [{ countryIso: 'FR', city: 'Madrid' }, {}, undefined],
  ])('%j without more, %j, lies in %s', (address, hints, code) => {
    expect(zone(address, hints)).toBe(code);
  });

  it('serves every address of its three countries, and answers any address', () => {
    const text = fc.option(fc.string({ unit: 'grapheme', maxLength: 40 }), { nil: undefined });
    const address = fc.record({ index: text, region: text, city: text, text, terminal: text }).map((parts) => parts as Address);
    fc.assert(
      fc.property(
        address,
        fc.constantFrom('RU', 'ES', 'MX'),
        (parts, countryIso) => zone({ ...parts, countryIso })?.startsWith(countryIso.toLowerCase()) === true,
      ),
    );
    fc.assert(
      fc.property(address, (parts) => {
        zone(parts);
      }),
    );
  });

  it('has the points asked for', () => {
    const count = (city: string): number => exampleNetwork.points.filter((point) => point.city === city).length;
    for (const city of ['Москва', 'Санкт-Петербург', 'Madrid', 'Barcelona', 'Ciudad de México'])
      expect(count(city)).toBeGreaterThanOrEqual(3);
    for (const city of ['Екатеринбург', 'Новосибирск', 'Казань', 'Valencia', 'Sevilla', 'Guadalajara', 'Monterrey'])
      expect(count(city)).toBeGreaterThanOrEqual(1);
  });

  it('has of each zone, point and tariff all that the settings say', () => {
    for (const point of exampleNetwork.points) expect(network.findPoint(point.code)?.settings).toEqual(point);
    expect([network.tariffs, network.hubs]).toEqual([exampleNetwork.tariffs, exampleNetwork.hubs]);
    const { tariffs: _tariffs, zones, points: _points, hubs: _hubs, ...basics } = exampleNetwork;
    expect(network.basics).toEqual(basics);
    for (const { areas, prices, ...rest } of zones) {
      const found = network.findZone({ countryIso: areas[0]?.country ?? '', ...findPlace(areas) }, {});
      expect(found?.settings).toEqual(rest);
      expect(found?.rates.map(({ price }) => price)).toEqual(prices);
    }
  });

  it('offers the points of the city, else of the zone', () => {
    const points = (address: Address): string[] => {
      const found = network.findZone(address, {});
      return found ? network.listPointsNear(found, address).map(({ settings }) => settings.code) : [];
    };
    expect(points({ countryIso: 'ES', city: 'Sevilla' })).toEqual(['SVQ-NERVION']);
    expect(points({ countryIso: 'ES', city: 'Seville' })).toEqual(['SVQ-NERVION']);
    expect(points({ countryIso: 'ES', city: 'Toledo' })).toEqual(['VLC-COLON', 'SVQ-NERVION']);
    expect(points({ countryIso: 'RU', region: 'Московская область', city: 'Химки' })).toContain('MSK-TVERSKAYA');
    expect(points({ countryIso: 'RU', city: 'Владивосток' })).toEqual([]);
  });

  it('lists the points of a place once, and also the points of the next place', () => {
    const list = (place: Address): unknown => {
      const found = network.findZone(place, {});
      return found && network.listPointsNear(found, place);
    };
    const [seville, toledo] = [
      { countryIso: 'ES', city: 'Sevilla' },
      { countryIso: 'ES', city: 'Toledo' },
    ];
    const first = list(seville);
    expect(list({ ...seville, city: 'Seville' })).toBe(first);
    expect(list(toledo)).not.toEqual(first);
    expect(list(seville)).toEqual(first);
  });

  it.each([
    [{}, 16],
    [{ countryIso: 'es' }, 5],
    [{ countryIso: 'RU', city: 'г. Казань' }, 1],
    [{ countryIso: 'RU', region: 'Tatarstan' }, 1],
    [{ city: 'Moscow' }, 2],
    [{ countryIso: 'ES', city: 'Moscow' }, 0],
    [{ code: 'MAD-GOYA' }, 1],
    [{ code: 'MAD-GOYA', countryIso: 'RU' }, 0],
    // A warehouse in the CRM, not a point.
    [{ code: 'main-warehouse', countryIso: 'ES' }, 5],
    [{ countryIso: 'DE' }, 0],
  ])('points that accept parcels, queried with %j: %d', (query, count) => {
    expect(network.listShipmentPoints(query, 'en')).toHaveLength(count);
  });
});

/** Returns an address in one of a zone's areas. */
function findPlace(areas: CourierSettings['zones'][number]['areas']): Address {
  const area = areas.find(({ regions, cities }) => regions.length > 0 || cities.length > 0);
  const [region, city] = [area?.regions[0], area?.cities[0]].map((name) => name?.split('|')[0]);
  return { ...(region !== undefined && { region }), ...(city !== undefined && { city }) };
}

describe('a network of one’s own', () => {
  const area = { country: 'DE', regions: [] as string[], cities: [] as string[], postalCodes: [] as string[] };
  const settings = (zones: { code: string; areas: (typeof area)[] }[]): CourierSettings => ({
    ...exampleNetwork,
    points: [],
    zones: zones.map((one) => ({ ...exampleNetwork.zones[0], ...one }) as CourierSettings['zones'][number]),
  });
  const all = settings([
    { code: 'country', areas: [area] },
    { code: 'region', areas: [{ ...area, regions: ['Bayern|Bavaria'] }] },
    { code: 'city', areas: [{ ...area, cities: ['München|Munich'] }] },
    { code: 'postal-area', areas: [{ ...area, postalCodes: ['80-81'] }] },
    { code: 'quarter', areas: [{ ...area, postalCodes: ['8033'] }] },
    { code: 'street', areas: [{ ...area, postalCodes: ['80331'] }] },
  ]);

  it.each<[Address, string]>([
    [{ countryIso: 'DE' }, 'country'],
    [{ countryIso: 'DE', region: 'Bavaria' }, 'region'],
    [{ countryIso: 'DE', region: 'Bayern', index: '81999' }, 'postal-area'],
    [{ countryIso: 'DE', region: 'Bayern', index: '81999', city: 'Munchen' }, 'city'],
    [{ countryIso: 'DE', region: 'Bayern', index: '80332', city: 'München' }, 'quarter'],
    [{ countryIso: 'DE', region: 'Bayern', index: '80331', city: 'München' }, 'street'],
    // The only country, so an address without one is in it.
    [{ city: 'Anywhere' }, 'country'],
  ])('the finest part of %j selects %s', (address, code) => {
    expect(CourierNetwork.of(all).findZone(address, {})?.settings.code).toBe(code);
  });

  it('opens points and tariffs that it has in common with another account once', () => {
    const parts = packNetwork(exampleNetwork);
    const pack = (change: (settings: CourierSettings) => void): Buffer[] => {
      const settings = structuredClone(exampleNetwork);
      change(settings);
      return packNetwork(settings).map((part, at) => (parts[at]?.equals(part) ? parts[at] : part));
    };
    const own = new CourierNetwork(parts);
    const shared = new CourierNetwork(pack(({ zones }) => void zones.pop()));
    const other = new CourierNetwork(pack(({ points }) => points[0] && (points[0].address = 'Elsewhere')));
    const code = exampleNetwork.points[0]?.code ?? '';
    expect(shared.findPoint(code)).toBe(own.findPoint(code));
    expect(shared.tariffs).toBe(own.tariffs);
    expect(other.findPoint(code)?.settings.address).toBe('Elsewhere');
    expect(own.findPoint(code)?.settings).toEqual(exampleNetwork.points[0]);
  });

  it('is made once for a settings object', () => {
    expect(CourierNetwork.of(all)).toBe(CourierNetwork.of(all));
    expect(CourierNetwork.of(structuredClone(all))).not.toBe(CourierNetwork.of(all));
  });
});
