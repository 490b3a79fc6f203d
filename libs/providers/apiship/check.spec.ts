import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiShipDouble, MemoryCache, providerContext } from '#testing';
import { ApishipProvider } from './apiship.provider.js';
import { type ApishipContext, type ApishipSettings, createDefaultSettings } from './apiship.settings.js';

describe('check', () => {
  let apiship: ApiShipDouble;
  let provider: ApishipProvider;

  beforeAll(async () => {
    apiship = await ApiShipDouble.start();
    provider = new ApishipProvider(apiship.url, 'crossdock');
  });
  beforeEach(() => apiship.reset());
  afterAll(() => apiship.close());

  const makeContext = (settings: Partial<ApishipSettings> = {}): ApishipContext =>
    providerContext(Object.assign(createDefaultSettings(), settings), { now: new Date(), cache: new MemoryCache() });

  async function check(settings: Partial<ApishipSettings> = {}): Promise<{ account?: string; warned: string[] }> {
    const context = makeContext(settings);
    const { account, errors, warnings = {} } = await provider.check(context.settings, context);
    expect(errors ?? {}).toEqual({});
    return { account, warned: Object.keys(warnings).sort() };
  }

  it('identifies a login by its name, and a token by its connections', async () => {
    expect((await check()).account).toBe('общий тестовый аккаунт ApiShip, доступный всем');
    expect((await check({ contour: 'production' })).account).toBe('ApiShip, t…');
    const { account } = await check({ contour: 'production', token: 'apiship-double-token' });
    expect(account).toBe('Договор СДЭК, DPD по договору ApiShip, Почта, склад Москва, Почта, склад Казань');
  });

  it('warns of contracts, carriers and points that are not there, or cannot be used', async () => {
    expect((await check({ contour: 'production', token: 'apiship-double-token' })).warned).toEqual(['carriers']);
    const carriers = [
      { code: 'cdek', connection: '7002', point: 502 },
      { code: 'x5', point: 506 },
      { code: 'rupost', point: 501 },
      { code: 'dpd', connection: '7002', point: 504 },
    ];
    expect((await check({ carriers })).warned).toEqual([
      'carriers[0].connection',
      'carriers[0].point',
      'carriers[1].code',
      'carriers[2].connection',
      'carriers[2].point',
      'contour',
    ]);
  });

  it('warns when nothing is connected, and when calculations are used up', async () => {
    apiship.account.connections = [];
    apiship.account.calculations = 10_000;
    apiship.account.money = 0;
    expect((await check()).warned).toEqual(['', 'carriers', 'contour']);
  });

  it('warns a shop that orders for real without the module’s code at ApiShip', async () => {
    provider = new ApishipProvider(apiship.url);
    expect((await check({ contour: 'production', token: 'apiship-double-token' })).warned).toEqual(['', 'carriers']);
    expect((await check()).warned).toEqual(['carriers', 'contour']);
  });
});
