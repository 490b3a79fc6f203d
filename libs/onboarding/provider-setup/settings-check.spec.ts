import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Connection, HostedModule } from '#connections';
import type { Clock } from '#platform';
import { ProviderError } from '#provider-kit';
import type { CrmValues } from '../crm-lists/crm-values.js';
import type { RulesContributors } from '../contributors/rules-contributors.js';
import { SettingsCheck } from './settings-check.js';
import type { AllProviders } from './all-providers.js';
import type { ProviderWatch } from './provider-watch.js';

const of = (kind: HostedModule['kind']): Connection =>
  ({ id: 'c', rules: null, account: { language: 'en' }, module: { kind, manifest: { code: 'carrier' } } }) as unknown as Connection;

describe('a check of settings', () => {
  const watch = { recordAnswer: jest.fn(), recordOutage: jest.fn() };
  const call = jest.fn<() => Promise<object>>();
  const findUnknown = jest.fn<CrmValues['findUnknown']>(() => Promise.resolve({}));
  const check = new SettingsCheck(
    { of: () => ({ has: () => true, call }) } as unknown as AllProviders,
    {} as RulesContributors,
    { now: () => new Date() } as Clock,
    watch as unknown as ProviderWatch,
    { findUnknown } as unknown as CrmValues,
  );
  beforeEach(() => {
    jest.clearAllMocks();
  });

  it('counts as a call that was not answered, if the settings are the stored ones of an outside service', async () => {
    call.mockRejectedValue(new ProviderError('unavailable', 'no route'));
    expect(await check.run(of('adapter'))).toMatchObject({ state: 'away', message: 'no route' });
    expect(watch.recordOutage.mock.calls).toEqual([[expect.objectContaining({ id: 'c' }), 'no route', expect.any(Number)]]);
    await check.run(of('service'));
    call.mockRejectedValue(new ProviderError('rate_limited', 'too many'));
    await check.run(of('adapter'));
    expect(watch.recordOutage).toHaveBeenCalledTimes(1);
    expect(watch.recordAnswer).not.toHaveBeenCalled();
  });

  it('counts as a response for any result of the settings', async () => {
    call.mockRejectedValue(new ProviderError('auth', 'wrong key'));
    expect(await check.run(of('adapter'))).toMatchObject({ state: 'errors' });
    call.mockResolvedValue({});
    await check.run(of('adapter'));
    expect([watch.recordAnswer.mock.calls.length, watch.recordOutage.mock.calls.length]).toEqual([2, 0]);
  });

  it('warns of values that the CRM does not have, and continues', async () => {
    call.mockResolvedValue({ warnings: { token: 'is old' } });
    findUnknown.mockResolvedValueOnce({ 'stores[0].code': 'no such code', token: 'no such code' });
    expect(await check.run(of('adapter'), { stores: [] })).toMatchObject({
      ...{ state: 'ok', errors: {} },
      warnings: { 'stores[0].code': 'no such code', token: 'is old' },
    });
    expect(findUnknown).toHaveBeenLastCalledWith(expect.objectContaining({ id: 'c' }), { stores: [] });
  });
});
