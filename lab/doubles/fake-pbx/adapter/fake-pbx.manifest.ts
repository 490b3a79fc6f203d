import { listExtensions, listExternalPhones, type TelephonyManifest } from '#telephony/port';
import { FakePbxSettings } from './fake-pbx.settings.js';
import { texts } from './fake-pbx.texts.js';

/** The adapter's manifest. */
export const manifest: TelephonyManifest<FakePbxSettings> = {
  code: 'fake-pbx',
  portVersion: 2,
  title: texts.title,
  logo: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect x="8" y="12" width="48" height="40" rx="4" fill="#6b7280"/><path d="M20 24h24M20 32h24M20 40h12" stroke="#fff" stroke-width="3"/></svg>',
  countries: ['RU', 'ES', 'MX'],
  settings: FakePbxSettings,
  createDefaultSettings: () => new FakePbxSettings(),
  // There is no query whether a call was placed.
  recovery: { kind: 'none' },
  events: { incoming: true, outgoing: true, hangup: true },
  bySettings: ({ placedCalls }) => ({ placedCalls }),
  isConfigured: ({ baseUrl, key, secret }) => baseUrl !== undefined && key !== '' && secret !== '',
  listExtensions,
  listExternalPhones,
  readCountry: ({ country }) => country,
  findMissedCode: ({ missedCode }) => missedCode,
  readRecordDays: ({ recordDays }) => recordDays,
  recordsLate: true,
  keepsRecords: ({ keepRecords }) => keepRecords,
  optionalScopes: ['file_read', 'file_write'],
};
