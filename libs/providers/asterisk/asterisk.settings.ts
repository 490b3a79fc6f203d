import { FIELDS, type Language, type LocalText, makeFields, NamesAddress, textFor } from '#platform';
import { makeError, type ProviderContext } from '#provider-kit';
import { checkExtensions, PBX_FIELDS, PBX_SECTIONS, PbxExternalPhone } from '#telephony/port';
import { texts } from './asterisk.texts.js';

const { field, connect } = FIELDS;
const phones = makeFields(PBX_SECTIONS.phones);
const calls = makeFields(PBX_SECTIONS.calls);
const recordings = makeFields(PBX_SECTIONS.recordings);

/** Format of an extension. */
const EXTENSION = /^[\w*#+.-]{1,40}$/;
const NO_EXTENSION = texts.problems.extension;

/** A manager's phone. */
export class AsteriskExtension {
  @field.text(texts.extension.code, { pattern: EXTENSION, problem: NO_EXTENSION }) code!: string;
  @field.integer(PBX_FIELDS.userId, { optional: true, min: 1, max: Number.MAX_SAFE_INTEGER }) userId?: number;

  @field.text(texts.extension.channel, { optional: true, pattern: /^[A-Za-z0-9]+\/[\w*#+.@:/-]{1,100}$/, problem: texts.problems.channel })
  channel?: string;
}

/** How an outside number is dialled. */
export const DIAL_FORMATS = ['plus', 'digits', 'national'] as const;
export type DialFormat = (typeof DIAL_FORMATS)[number];

/** How a connection's Asterisk is reached and used. */
export class AsteriskSettings {
  @NamesAddress({ port: 'port' })
  @connect.text(texts.settings.host, { pattern: /^([A-Za-z0-9._-]{1,253}|[0-9A-Fa-f:]{2,45})?$/, problem: texts.problems.host })
  host = '';

  @connect.integer(texts.settings.port, { min: 1, max: 65_535 }) port = 5038;
  @connect.text(texts.settings.username, { pattern: /^[^\r\n]{0,100}$/, problem: 'must be one line' }) username = '';

  @connect.text(texts.settings.secret, { secret: true, optional: true, pattern: /^[^\r\n]{0,200}$/, problem: 'must be one line' })
  secret?: string;

  @calls.text(texts.settings.context, { pattern: /^[\w.-]{1,79}$/, problem: texts.problems.context }) context = 'from-internal';
  @phones.choice(['PJSIP', 'SIP', 'IAX2'], texts.settings.technology) technology = 'PJSIP';
  @field.list(() => AsteriskExtension, PBX_FIELDS.extensions, { maxItems: 1000 }) extensions: AsteriskExtension[] = [];
  @phones.integer(texts.settings.extensionDigits, { min: 1, max: 8 }) extensionDigits = 4;
  @field.list(() => PbxExternalPhone, PBX_FIELDS.externalPhones, { maxItems: 500 }) externalPhones: PbxExternalPhone[] = [];
  @field.country(PBX_FIELDS.country) country = 'RU';
  @calls.choice(DIAL_FORMATS, texts.settings.dialFormat) dialFormat: DialFormat = 'digits';

  @calls.text(texts.settings.dialPrefix, { optional: true, pattern: /^[\d*#]{0,8}$/, problem: texts.problems.dialPrefix })
  dialPrefix?: string;

  @calls.integer(texts.settings.ringSeconds, { min: 5, max: 300 }) ringSeconds = 30;
  @field.text(PBX_FIELDS.missedCode, { optional: true, pattern: /^[\w*#+.-]{0,40}$/, problem: NO_EXTENSION }) missedCode?: string;

  @recordings.text(texts.settings.recordingsPath, { pattern: /^\/[^\0\r\n]{0,500}$/, problem: texts.problems.recordingsPath })
  recordingsPath = '/var/spool/asterisk/monitor';

  @recordings.text(texts.settings.recordingsFolder, { optional: true, pattern: /^[^\0\r\n]{0,500}$/, problem: 'must be one line' })
  recordingsFolder?: string;

  /** Names of recordings are put behind it. */
  @recordings.address(texts.settings.recordingsUrl, { optional: true, isBare: true }) recordingsUrl?: string;

  @field.integer(PBX_FIELDS.recordDays, { min: 1, max: 3650 }) recordDays = 365;
}

/** The context of each call of Asterisk's functions. */
export type AsteriskContext = ProviderContext<AsteriskSettings>;

/**
 * Throws ProviderError `rejected` for a code that is not an extension: `101@trunk` would call someone else.
 */
export function refuseUnlessExtension(code: string): void {
  if (!EXTENSION.test(code)) throw makeError('rejected', texts.noExtension);
}

/** Whether a path leads down from a folder, and only down. */
export function isBeneath(path: string): boolean {
  return !/[\\\0]/.test(path) && path.split('/').every((part) => !['', '.', '..'].includes(part));
}

/** Problems that no single field shows, by path. `recordingsRoot`: the operator's folder, if there is one. */
export function checkAsteriskSettings(settings: AsteriskSettings, language: Language, recordingsRoot?: string): Record<string, string> {
  const problems = checkExtensions(settings, language);
  const say = (path: string, problem: LocalText): void => {
    problems[path] ??= textFor(problem, language);
  };
  if (settings.host && !settings.username) say('username', texts.problems.username);
  if (settings.host && !settings.secret) say('secret', texts.problems.secret);
  if (settings.recordingsFolder && settings.recordingsUrl) say('recordingsUrl', texts.problems.folderAndUrl);
  if (settings.recordingsFolder && recordingsRoot === undefined) say('recordingsFolder', texts.problems.noFolder);
  if (settings.recordingsFolder && !isBeneath(settings.recordingsFolder)) say('recordingsFolder', texts.problems.folder);
  return problems;
}
