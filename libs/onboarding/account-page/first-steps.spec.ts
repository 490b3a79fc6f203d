import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Connection } from '#connections';
import type { LocalText } from '#platform';
import type { FirstStep } from '#provider-kit';
import { FirstStepsService } from './first-steps.service.js';
import { type RegistrationContributor, RegistrationContributors } from '../contributors/registration-contributors.js';
import type { ProviderSetups } from '../provider-setup/provider-setups.js';
import { AllProviders } from '../provider-setup/all-providers.js';
import type { ProviderSetupView } from '../provider-setup/provider-setup-view.js';
import type { Trials } from '../contributors/trials.js';

interface Settings {
  keys: string[];
}

const say = (text: string): LocalText => ({ en: text, es: `${text} (es)`, ru: `${text} (ru)` });
const STEPS: readonly FirstStep<Settings>[] = [
  { title: say('Key'), text: say('Paste it'), section: 'connect', isDone: ({ keys }) => keys.length > 0 },
  { title: say('Check'), text: say('Press it'), sign: 'checked' },
  { title: say('Webhook'), text: say('Wait'), sign: 'set-up' },
  { title: say('Payment'), text: say('Make it'), trial: say('Press the button'), sign: 'used' },
];

describe('the first steps of an account', () => {
  let service: ProviderSetupView | undefined;
  let contributor: Partial<RegistrationContributor>;
  let ownAnswer: boolean | undefined;

  const list = async (keys: string[], firstSteps: readonly FirstStep<Settings>[] | undefined = STEPS): Promise<unknown[]> => {
    const providers = new AllProviders();
    providers.add('payment', {
      getMember: () => undefined as never,
      has: (_connection, member) => member === 'isUsed' && ownAnswer !== undefined,
      call: (_connection, _method, work) => work({ isUsed: () => Promise.resolve(ownAnswer) } as never, {} as never),
    });
    const contributors = new RegistrationContributors();
    contributors.add({ integration: 'payment', ...contributor } as RegistrationContributor);
    const setups = { view: () => Promise.resolve(service) } as unknown as ProviderSetups;
    const connection = {
      module: { integration: 'payment', manifest: { firstSteps } },
      settings: { keys },
      account: { language: 'es' },
    } as unknown as Connection;
    return (await new FirstStepsService(setups, providers, contributors).list(connection)).steps;
  };
  const done = async (keys: string[]): Promise<unknown[]> => ((await list(keys)) as { isDone: boolean }[]).map(({ isDone }) => isDone);

  beforeEach(() => {
    service = undefined;
    contributor = {};
    ownAnswer = undefined;
  });

  it('are in its language, each with its place', async () => {
    expect((await list([])).slice(0, 2)).toEqual([
      { title: 'Key (es)', text: 'Paste it (es)', section: 'connect', isDone: false },
      { title: 'Check (es)', text: 'Press it (es)', isDone: false },
    ]);
    expect(await list([], undefined)).toHaveLength(4);
    expect(await list([], [])).toEqual([]);
  });

  it('are done as the settings, the service and the use of it show', async () => {
    expect(await done(['sk'])).toEqual([true, false, false, false]);
    service = { state: 'connected', check: { state: 'ok', at: '2026-01-01T00:00:00Z' } };
    expect(await done(['sk'])).toEqual([true, true, true, false]);
    contributor = { isUsed: () => Promise.resolve(true) };
    expect(await done(['sk'])).toEqual([true, true, true, true]);
    service = { state: 'conflict', check: { state: 'errors', at: '2026-01-01T00:00:00Z' } };
    expect(await done(['sk'])).toEqual([true, false, false, true]);
  });

  it('are not done because a service has nothing against settings that are empty', async () => {
    service = { state: 'connected', check: { state: 'ok', at: '2026-01-01T00:00:00Z' } };
    expect(await done([])).toEqual([false, false, false, false]);
  });

  it('are done once it is used, whatever comes before them', async () => {
    contributor = { isUsed: () => Promise.resolve(true) };
    expect(await done([])).toEqual([false, false, false, true]);
  });

  it('offer a trial where the integration does, until they are done', async () => {
    const last = async (keys: string[]): Promise<unknown> => (await list(keys)).at(-1);
    const plain = { title: 'Payment (es)', text: 'Make it (es)' };
    expect(await last(['sk'])).toEqual({ ...plain, isDone: false });
    let isOffered = true;
    contributor = { trials: { isOffered: () => isOffered } as unknown as Trials };
    expect(await last(['sk'])).toEqual({ ...plain, text: 'Press the button (es)', isDone: false, canTry: true });
    expect(await last([])).toEqual({ ...plain, isDone: false });
    isOffered = false;
    expect(await last(['sk'])).toEqual({ ...plain, isDone: false });
    contributor = { trials: { isOffered: () => true } as unknown as Trials, isUsed: () => Promise.resolve(true) };
    expect(await last(['sk'])).toEqual({ ...plain, isDone: true });
  });

  it('prefer the provider’s own sign that the module is used', async () => {
    contributor = { isUsed: () => Promise.resolve(true) };
    ownAnswer = false;
    expect((await done(['sk'])).at(-1)).toBe(false);
    ownAnswer = true;
    expect((await done(['sk'])).at(-1)).toBe(true);
  });
});
