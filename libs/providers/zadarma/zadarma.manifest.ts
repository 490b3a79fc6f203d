import { SECTIONS } from '#platform';
import type { FirstStep } from '#provider-kit';
import { listExtensions, listExternalPhones, PBX_MISSING, type TelephonyManifest } from '#telephony/port';
import { checkZadarmaSettings, isConfigured, LOOKUP, ZadarmaSettings } from './zadarma.settings.js';
import { texts } from './zadarma.texts.js';

/** A cloud with a handset's waves: drawn for this project. */
const logo =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 64" role="img" aria-label="Zadarma">' +
  '<rect x="2" y="2" width="92" height="60" rx="10" fill="#4fae3a"/><path d="M32 46a11 11 0 0 1 0-22 16 16 0 0 1 31-2 12 12 0 0 1 1 24z" fill="#fff"/>' +
  '<path d="M40 33h16L40 41h16" fill="none" stroke="#4fae3a" stroke-width="4" stroke-linejoin="round"/></svg>';

/** The first steps of an account with Zadarma. */
const firstSteps: readonly FirstStep<ZadarmaSettings>[] = [
  { ...texts.firstSteps.key, section: SECTIONS.connect.code, isDone: isConfigured },
  { ...texts.firstSteps.webhook, section: SECTIONS.connect.code, sign: 'set-up' },
  { ...texts.firstSteps.phones, section: 'phones', isDone: ({ extensions }) => extensions.some(({ userId }) => userId !== undefined) },
  { ...texts.firstSteps.call, sign: 'used' },
];

/** Zadarma's manifest. */
export const manifest: TelephonyManifest<ZadarmaSettings> = {
  code: 'zadarma',
  portVersion: 2,
  title: texts.title,
  logo,
  countries: ['RU', 'ES', 'MX'],
  settings: ZadarmaSettings,
  firstSteps,
  lookups: Object.values(LOOKUP),
  describeMissing: (settings) => (isConfigured(settings) ? undefined : PBX_MISSING),
  createDefaultSettings: () => new ZadarmaSettings(),
  checkSettings: checkZadarmaSettings,
  // Zadarma returns no id for a call that it places, and reports none before the call ended.
  recovery: { kind: 'none' },
  placedCalls: 'matched',
  events: { incoming: true, outgoing: true, hangup: true },
  isConfigured,
  listExtensions,
  listExternalPhones,
  readCountry: ({ country }) => country,
  findMissedCode: ({ missedCode }) => missedCode || undefined,
  readRecordDays: ({ recordDays }) => recordDays,
  recordsLate: true,
  keepsRecords: ({ keepRecords }) => keepRecords,
  optionalScopes: ['file_read', 'file_write'],
};
