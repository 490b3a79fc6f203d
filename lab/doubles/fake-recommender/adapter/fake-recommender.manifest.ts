import type { RecommendationManifest } from '#recommendation/port';
import { FakeRecommenderSettings } from './fake-recommender.settings.js';
import { texts } from './fake-recommender.texts.js';

/** The service's description for the CRM: the module's registration follows from it. */
export const manifest: RecommendationManifest<FakeRecommenderSettings> = {
  code: 'fake-recommender',
  portVersion: 2,
  title: texts.title,
  logo: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><circle cx="22" cy="32" r="14" fill="#0f766e"/><circle cx="42" cy="32" r="14" fill="#5eead4" fill-opacity=".7"/></svg>',
  countries: ['RU', 'ES', 'MX'],
  settings: FakeRecommenderSettings,
  // The double's settings, so that the module works immediately.
  createDefaultSettings: () =>
    Object.assign(new FakeRecommenderSettings(), { baseUrl: 'http://127.0.0.1:4700', token: 'fake-recommender-token' }),
  modes: [{ code: 'related', name: texts.modes.related }],
  // The data that the service itself reads in the CRM, if any.
  scopes: [],
  addDefaultModes: () => false,
};
