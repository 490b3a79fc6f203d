import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { accountSettings, CdekDouble, providerContext } from '#testing';
import { CdekProvider } from './cdek.provider.js';
import { type CdekContext, type CdekSettings, createDefaultSettings } from './cdek.settings.js';

let cdek: CdekDouble;
let provider: CdekProvider;

beforeEach(async () => {
  cdek = await CdekDouble.start();
  provider = new CdekProvider(cdek.url);
});
afterEach(() => cdek.close());

function makeContext(settings: Partial<CdekSettings> = {}): CdekContext {
  const account = accountSettings({ language: 'en' });
  return providerContext({ ...createDefaultSettings(), contour: 'production', ...settings }, { account });
}

describe('check', () => {
  const check = async (settings: Partial<CdekSettings> = {}, context = makeContext(settings)): ReturnType<CdekProvider['check']> =>
    provider.check(context.settings, context);

  it('returns the account, and has no warnings for valid settings', async () => {
    expect(await check()).toEqual({ account: 'the shared test account of CDEK, which everyone can use', warnings: {} });
    expect(await check({ contour: 'test' })).toMatchObject({ warnings: { contour: expect.stringContaining('Nothing is delivered') } });
  });

  it('tries credentials with a new token each time: one in the cache may outlive them', async () => {
    const context = makeContext();
    await check({}, context);
    cdek.fail('token', { kind: 'error-before', status: 401 });
    expect(await check({}, context)).toEqual({ errors: { clientId: expect.any(String), clientSecret: expect.any(String) } });
  });

  it('warns of tariffs that the contract lacks, without stopping the save', async () => {
    const tariffs = [{ code: 136 }, { code: 9_999, mode: 'point-door' as const }, { code: 231 }];
    const { errors, warnings } = await check({ tariffs });
    expect(errors).toBeUndefined();
    expect(Object.keys(warnings ?? {})).toEqual(['tariffs[1].code', 'tariffs[2].code']);
  });

  it.each([{ fromCityCode: undefined }, { fromCityCode: 137 }, { fromCityCode: 9_220 }, { fromCityCode: 4_756 }])(
    'quotes from %j, abroad within the city',
    async (settings) => {
      expect((await check({ ...settings, shipmentPoint: undefined } as Partial<CdekSettings>)).warnings).toEqual({});
      const [body] = cdek.calls.filter(({ call }) => call === 'quotes').map((one) => one.body as { [end: string]: { code: number } });
      const [from, to] = [body?.['from_location']?.code ?? 0, body?.['to_location']?.code ?? 0];
      expect([from, to]).toEqual({ 44: [44, 137], 137: [137, 44], 9220: [9220, 9220], 4756: [4756, 4756] }[from]);
    },
  );

  it('warns of an unknown city and point, and of a point that does not accept parcels', async () => {
    expect((await check({ fromCityCode: 99, shipmentPoint: 'MSK9999' })).warnings).toEqual({
      fromCityCode: 'does not exist at CDEK',
      shipmentPoint: 'does not exist at CDEK',
    });
    expect(Object.keys((await check({ shipmentPoint: 'MSK901' })).warnings ?? {})).toEqual(['shipmentPoint']);
  });

  it('warns in CDEK’s words when it refuses to quote', async () => {
    cdek.fail('quotes', { kind: 'refuse', code: 'v2_bad_request', message: 'Договор заблокирован' });
    expect((await check()).warnings).toEqual({ tariffs: 'CDEK: «Договор заблокирован»' });
  });

  it.each(['token', 'cities', 'quotes', 'points'] as const)('throws if CDEK is unavailable at %s', async (call) => {
    cdek.fail(call, { kind: 'error-before', status: 503 }, 10);
    await expect(check()).rejects.toMatchObject({ kind: 'unavailable' });
  });
});

describe('lookUp', () => {
  const find = async (name: string, term: string, settings: Partial<CdekSettings> = {}): Promise<(string | number)[]> =>
    (await provider.lookUp(name, term, makeContext(settings))).map(({ value }) => value);

  it('finds cities by name, also several of one name, and by code', async () => {
    expect(await find('cities', 'советский')).toEqual([1073, 2519]);
    expect(await provider.lookUp('cities', '270', makeContext())).toEqual([{ value: 270, label: 'Новосибирск, Новосибирская область' }]);
    expect(await find('cities', '99')).toEqual([]);
    // Without a search term the page shows the name of the stored value.
    expect(await find('cities', '')).toEqual([44]);
    expect(await find('cities', '', { fromCityCode: undefined } as Partial<CdekSettings>)).toEqual([]);
  });

  it('finds points that take parcels in, by code, name and metro', async () => {
    expect(await find('points', '')).toEqual(['MSK67', 'MSK5', 'MSK71', 'MSK124', 'MSK263', 'MSK301']);
    expect(await find('points', 'белорусская')).toEqual(['MSK71']);
    expect(await find('points', 'примерная msk12')).toEqual(['MSK124']);
    expect(await find('points', 'spb9')).toEqual([]);
    const [point] = await provider.lookUp('points', 'msk67', makeContext());
    expect(point).toMatchObject({ label: 'MSK67, Москва, ул. Примерная, 1', hint: expect.stringContaining('Россия, Москва') });
  });

  it('finds a point only by its code if no city is set', async () => {
    const nowhere = { fromCityCode: undefined } as Partial<CdekSettings>;
    expect(await find('points', 'spb9', nowhere)).toEqual(['SPB9']);
    expect(await find('points', 'spb', nowhere)).toEqual([]);
    expect(await find('points', '', nowhere)).toEqual([]);
    expect(cdek.countCalls('points')).toBe(2);
  });

  it('finds tariffs of the contract first, then the module’s known tariffs', async () => {
    const all = await provider.lookUp('tariffs', '', makeContext());
    expect(all.slice(0, 2)).toEqual([
      { value: 136, label: '136, Посылка склад-склад', hint: 'point to point' },
      { value: 137, label: '137, Посылка склад-дверь', hint: 'point to door' },
    ]);
    expect(all.map(({ value }) => value).lastIndexOf(480)).toBeLessThan(all.findIndex(({ value }) => value === 231));
    expect(all.find(({ value }) => value === 231)?.hint).toBe('door to door, not offered for a parcel of 1 kg');
    expect(await find('tariffs', '137')).toEqual([137]);
    expect(await find('tariffs', 'посылка locker')).toEqual([366, 368]);
  });

  it('asks for the tariffs once while a term is typed, and has no other lists', async () => {
    const context = makeContext();
    for (const term of ['п', 'по', 'пос']) await provider.lookUp('tariffs', term, context);
    expect(cdek.countCalls('quotes')).toBe(1);
    await expect(provider.lookUp('streets', '', context)).rejects.toMatchObject({ kind: 'invalid' });
  });
});
