import type { RecommendationManifest } from '#recommendation/port';
import { TemplateSettings } from '../common/template.settings.js';
import { texts } from './template.texts.js';

/** The service's description for the CRM: the module's registration follows from it. */
export const manifest: RecommendationManifest<TemplateSettings> = {
  code: 'template',
  title: texts.title,
  logo: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><circle cx="22" cy="32" r="14" fill="#0f766e"/><circle cx="42" cy="32" r="14" fill="#5eead4" fill-opacity=".7"/></svg>',
  countries: ['RU', 'ES', 'MX'],
  settings: TemplateSettings,
  // The double's settings, so that the module works immediately.
  createDefaultSettings: () => Object.assign(new TemplateSettings(), { baseUrl: 'http://127.0.0.1:4300', token: 'template-token' }),
  modes: [{ code: 'related', name: texts.modes.related }],
  // The data that the service itself reads in the CRM, if any.
  scopes: [],
  addDefaultModes: () => false,
};
