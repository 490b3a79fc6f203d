import { describe, expect, it } from '@jest/globals';
import type { Traffic, Connection, ProviderContexts } from '#connections';
import { Providers } from '#integration-kit';
import type { Journal } from '#journal';
import type { ProviderWatch } from '#onboarding';
import { BadInputError, getParser } from '#platform';
import { fillType, listLeaves } from '#testing';
import { RecommendationDto } from './dto/callback.dto.js';
import type { RecommendationManifest, RecommendationMode, RecommendationProvider, RecommendationRequest } from './port/index.js';
import { RecommendationRegistration } from './recommendation.registration.js';
import { RecommendationService } from './recommendation.service.js';

interface Settings {
  modes?: RecommendationMode[];
  withoutDefaults?: boolean;
}

const buildMode = (code: string): RecommendationMode => ({ code, name: { en: `${code} en`, es: `${code} es`, ru: `${code} ru` } });

const asked: RecommendationRequest[] = [];
const manifest: Partial<RecommendationManifest<Settings>> = {
  ...{ code: 'probe', title: { en: 'Probe', es: 'Probe', ru: 'Probe' }, modes: [buildMode('analogs')], scopes: [] },
  addDefaultModes: ({ withoutDefaults = false }) => !withoutDefaults,
  bySettings: ({ modes }) => (modes ? { modes } : {}),
};
const probe = {
  manifest,
  recommend(request: RecommendationRequest): Promise<string[]> {
    asked.push(request);
    return Promise.resolve(['12', '7']);
  },
};
const providers = new Providers<RecommendationProvider>(
  { adapters: [], services: [probe as unknown as RecommendationProvider] },
  { contextFor: () => ({ budget: { left: 1 } }) } as unknown as ProviderContexts,
  { recordSuccess: () => undefined, recordAnswer: () => undefined } as unknown as ProviderWatch,
  { isOn: false } as Journal,
  {} as Traffic,
);
const service = new RecommendationService(providers);
const connect = (settings: Settings): Connection =>
  ({ id: 'c-1', module: { code: 'probe', manifest }, settings, account: { language: 'en' } }) as unknown as Connection;

async function ask(query: object, settings: Settings = {}): Promise<unknown> {
  return service.recommend(connect(settings), getParser(RecommendationDto).parse(query));
}

describe('the recommendation callback', () => {
  it('is passed to the provider unchanged, and its reply to the CRM', async () => {
    const reply = await ask({ clientId: 'c', ids: ['3', '1'], mode: 'analogs' });
    expect(asked.at(-1)).toEqual({ by: 'id', products: ['3', '1'], mode: 'analogs' });
    expect(reply).toEqual({ by: 'id', ids: ['12', '7'] });
    expect(listLeaves(reply as never)).toEqual(listLeaves(fillType('Callback/Response/Recommendation/RecommendationResponse')));
    expect(await ask({ externalIds: ['P-1'], mode: 'analogs' })).toEqual({ by: 'externalId', ids: ['12', '7'] });
    expect(asked.at(-1)).toEqual({ by: 'externalId', products: ['P-1'], mode: 'analogs' });
  });

  it('accepts only the modes of the settings', async () => {
    const settings = { modes: [buildMode('similar')], withoutDefaults: true };
    expect(await ask({ ids: ['3'], mode: 'similar' }, settings)).toMatchObject({ by: 'id' });
    await expect(ask({ ids: ['3'], mode: 'analogs' }, settings)).rejects.toThrow(BadInputError);
    await expect(ask({ ids: ['3'], mode: 'similar' })).rejects.toThrow(BadInputError);
  });

  it('accepts the modes of the CRM if they are offered too', async () => {
    const modes = [buildMode('similar')];
    for (const mode of ['buying_with', 'analogs', 'similar']) {
      expect(await ask({ ids: ['3'], mode }, { modes })).toMatchObject({ by: 'id' });
      expect(asked.at(-1)).toMatchObject({ mode });
    }
    await expect(ask({ ids: ['3'], mode: 'other' }, { modes })).rejects.toThrow(BadInputError);
    await expect(ask({ ids: ['3'], mode: 'buying_with' }, { modes, withoutDefaults: true })).rejects.toThrow(BadInputError);
  });
});

describe('the registration', () => {
  const registration = new RecommendationRegistration(providers);

  it('has every field of the contract, and the modes of the settings', () => {
    const { recommendation } = registration.build(connect({}));
    const fields = (value: unknown): string[] => Object.keys(value as object).toSorted();
    expect(fields(recommendation)).toEqual(fields(fillType('Entity/Integration/Recommendation/RecommendationConfiguration', fill)));
    expect(recommendation).toEqual({
      actions: { recommendation: expect.any(String) },
      addDefaultModes: true,
      modes: [{ code: 'analogs', names: { en: 'analogs en', es: 'analogs es', ru: 'analogs ru' } }],
    });
    expect(registration.build(connect({ modes: [buildMode('similar'), buildMode('a')] })).recommendation?.modes).toMatchObject([
      { code: 'similar' },
      { code: 'a' },
    ]);
  });
});

/** A map in the contract has no fixed fields. */
function fill(path: string): Record<string, string> | undefined {
  return path === 'actions' ? { recommendation: '/recommendation' } : undefined;
}
