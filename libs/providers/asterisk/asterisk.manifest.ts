import { SECTIONS } from '#platform';
import type { FirstStep } from '#provider-kit';
import { listExtensions, listExternalPhones, PBX_MISSING, type TelephonyManifest } from '#telephony/port';
import { AsteriskSettings, checkAsteriskSettings } from './asterisk.settings.js';
import { texts } from './asterisk.texts.js';

/** A star of handsets: drawn for this project. */
const logo =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 64" role="img" aria-label="Asterisk">' +
  '<rect x="2" y="2" width="92" height="60" rx="10" fill="#f06c1a"/><g stroke="#fff" stroke-width="7" stroke-linecap="round">' +
  '<path d="M48 12v40M30.7 22l34.6 20M65.3 22L30.7 42"/></g></svg>';

const isConfigured = ({ host, username }: AsteriskSettings): boolean => host !== '' && username !== '';

/** The first steps of an account with Asterisk. */
const firstSteps: readonly FirstStep<AsteriskSettings>[] = [
  { ...texts.firstSteps.pbx, section: SECTIONS.connect.code, isDone: ({ host, username }) => host !== '' && username !== '' },
  { ...texts.firstSteps.check, section: SECTIONS.connect.code, sign: 'checked' },
  { ...texts.firstSteps.phones, section: 'phones', isDone: ({ extensions }) => extensions.some(({ userId }) => userId !== undefined) },
  { ...texts.firstSteps.call, sign: 'used' },
];

/** Asterisk's manifest. `recordingsRoot`: the operator's folder of recordings, if there is one. */
export const asteriskManifest = (recordingsRoot?: string): TelephonyManifest<AsteriskSettings> => ({
  code: 'asterisk',
  portVersion: 2,
  title: texts.title,
  logo,
  countries: ['RU', 'ES', 'MX'],
  ownHosted: true,
  settings: AsteriskSettings,
  firstSteps,
  describeMissing: (settings) => (isConfigured(settings) ? undefined : PBX_MISSING),
  createDefaultSettings: () => new AsteriskSettings(),
  checkSettings: (settings, language) => checkAsteriskSettings(settings, language, recordingsRoot),
  // A call lives long enough to be seen. If it has already ended, the listener has reported it.
  recovery: { kind: 'find', settleSeconds: 10 },
  events: { incoming: true, outgoing: true, hangup: true },
  isConfigured,
  listExtensions,
  listExternalPhones,
  readCountry: (settings) => settings.country,
  findMissedCode: (settings) => settings.missedCode || undefined,
  readRecordDays: (settings) =>
    (settings.recordingsFolder && recordingsRoot !== undefined) || settings.recordingsUrl ? settings.recordDays : undefined,
});
