import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Connection, type ConnectionLists, type ConnectionStore, type HostedModule, HostedModules } from '#connections';
import { type ProviderContext, ProviderError } from '#provider-kit';
import { ProviderUpkeep } from './provider-upkeep.js';
import { type ProviderCalls, AllProviders } from './all-providers.js';

const module = (code: string, integration: string): HostedModule => {
  const made = { code, integration, manifest: { code: `${code}-provider` } } as unknown as HostedModule;
  return Object.assign(made, { providers: [made] });
};
const modules = [module('carrier', 'delivery'), module('walker', 'delivery'), module('pbx', 'telephony')];
/** Live connections by id, with their module. */
const LIVE: Readonly<Record<string, string>> = { c1: 'carrier', c2: 'carrier', w1: 'walker', p1: 'pbx' };

describe('the upkeep of providers', () => {
  let refreshed: string[];
  let failing: string | undefined;
  let upkeep: ProviderUpkeep;

  /** Providers of an integration. Those listed in `able` have `refresh`. */
  const calls = (able: readonly string[]): ProviderCalls => ({
    getMember: () => undefined as never,
    has: ({ module: { code } }, member) => member === 'refresh' && able.includes(code),
    call: (connection, _method, work, options) => {
      if (options?.budgetMs !== 60_000) throw new Error('it has the time of a callback');
      const provider = {
        refresh: ({ connectionId }: ProviderContext<object>) => {
          refreshed.push(connectionId);
          return connectionId === failing ? Promise.reject(new ProviderError('unavailable', 'away')) : Promise.resolve();
        },
      };
      return work(provider as unknown as Parameters<typeof work>[0], { connectionId: connection.id } as ProviderContext<object>);
    },
  });

  beforeEach(() => {
    refreshed = [];
    failing = undefined;
    const providers = new AllProviders();
    providers.add('delivery', calls(['carrier']));
    providers.add('telephony', calls(['pbx']));
    const store = {
      listIds: ({ modules: codes, live }: { modules: string[]; live: boolean }) =>
        Promise.resolve(live ? Object.keys(LIVE).filter((id) => codes.includes(LIVE[id] ?? '')) : []),
      findById: (id: string) => Promise.resolve({ id, module: modules.find(({ code }) => code === LIVE[id]) } as Connection),
    };
    const hosted = new HostedModules(new Map(modules.map((one) => [one.code, one])));
    upkeep = new ProviderUpkeep(store as unknown as ConnectionStore, store as unknown as ConnectionLists, hosted, providers);
  });

  it('calls the providers of all integrations that have something to do', async () => {
    await upkeep.refresh({}, new AbortController().signal);
    expect(refreshed).toEqual(['c1', 'c2', 'p1']);
  });

  it('continues after a failure, and ends with the process', async () => {
    failing = 'c1';
    await upkeep.refresh({}, new AbortController().signal);
    expect(refreshed).toEqual(['c1', 'c2', 'p1']);
    await upkeep.refresh({}, AbortSignal.abort());
    expect(refreshed).toHaveLength(3);
  });

  it('reports the integration that has no providers', () => {
    expect(() => new AllProviders().of({ module: modules[0] as HostedModule })).toThrow('integration delivery has no providers');
  });
});
