import type { TelephonyManifest } from '#telephony/port';
import { TemplateSettings } from './template.settings.js';
import { texts } from './template.texts.js';

/**
 * The service's description for the CRM: the module's registration follows from it and the provider's
 * methods.
 */
export const manifest: TelephonyManifest<TemplateSettings> = {
  code: 'template',
  title: texts.title,
  logo: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect x="8" y="12" width="48" height="40" rx="4" fill="#0f766e"/><path d="M20 24h24M20 32h24M20 40h12" stroke="#fff" stroke-width="3"/></svg>',
  countries: ['RU', 'ES', 'MX'],
  settings: TemplateSettings,
  // The double's settings. The account adds its extensions.
  createDefaultSettings: () => Object.assign(new TemplateSettings(), { baseUrl: 'http://127.0.0.1:4300', token: 'template-token' }),
  // There is no query whether a call was placed.
  recovery: { kind: 'none' },
  events: { incoming: true, outgoing: true, hangup: true },
  // The service takes our id of a call that is placed, and reports the call under it.
  placedCalls: 'reference',
  isConfigured: ({ extensions }) => extensions.length > 0,
  listExtensions: ({ extensions }) => extensions.map(({ code, userId }) => ({ code, ...(userId !== undefined && { userId }) })),
  listExternalPhones: () => [],
  readCountry: ({ country }) => country,
  readRecordDays: () => undefined,
};
