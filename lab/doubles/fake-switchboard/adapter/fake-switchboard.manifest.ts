import type { TelephonyManifest } from '#telephony/port';
import { FakeSwitchboardSettings } from './fake-switchboard.settings.js';
import { texts } from './fake-switchboard.texts.js';

/**
 * The service's description for the CRM: the module's registration follows from it and the provider's
 * methods.
 */
export const manifest: TelephonyManifest<FakeSwitchboardSettings> = {
  code: 'fake-switchboard',
  portVersion: 2,
  title: texts.title,
  logo: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect x="8" y="12" width="48" height="40" rx="4" fill="#0f766e"/><path d="M20 24h24M20 32h24M20 40h12" stroke="#fff" stroke-width="3"/></svg>',
  countries: ['RU', 'ES', 'MX'],
  settings: FakeSwitchboardSettings,
  // The double's settings. The account adds its extensions.
  createDefaultSettings: () =>
    Object.assign(new FakeSwitchboardSettings(), { baseUrl: 'http://127.0.0.1:4600', token: 'fake-switchboard-token' }),
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
