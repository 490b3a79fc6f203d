import { Field, FIELDS, type Language, makeFields, textFor } from '#platform';
import type { ProviderContext } from '#provider-kit';
import { checkExtensions, PBX_FIELDS, PBX_SECTIONS, PbxExternalPhone } from '#telephony/port';
import { texts } from './zadarma.texts.js';

const { field, connect } = FIELDS;
const calls = makeFields(PBX_SECTIONS.calls);
const recordings = makeFields(PBX_SECTIONS.recordings);

/** Names of lookups for `lookUp`. */
export const LOOKUP = { extensions: 'extensions', numbers: 'numbers' } as const;

/** Format of an extension. A full login (`499499-101`) rings no phone. */
export const EXTENSION = /^\d{3,5}$/;
const NO_EXTENSION = texts.problems.extension;

/** Minimum number of seconds after which Zadarma returns a caller, if at all. */
const LEAST_RING_S = 3;

/** A manager's phone. */
export class ZadarmaExtension {
  @field.text({ ...texts.extension.code, lookup: LOOKUP.extensions }, { pattern: EXTENSION, problem: NO_EXTENSION }) code!: string;
  @field.integer(PBX_FIELDS.userId, { optional: true, min: 1, max: Number.MAX_SAFE_INTEGER }) userId?: number;
}

/** A number of the company. The account's numbers are offered. */
export class ZadarmaExternalPhone extends PbxExternalPhone {
  @Field({ ...PBX_FIELDS.phone, lookup: LOOKUP.numbers }) declare phone: string;
}

/** Which callers are put through: none, to a manager who is free, also to one who is not. */
const ROUTINGS = ['none', 'free', 'any'] as const;
export type Routing = (typeof ROUTINGS)[number];

/** How a connection's account at Zadarma is used. */
export class ZadarmaSettings {
  @connect.text(texts.settings.key, { pattern: /^[\w.-]{0,200}$/, problem: texts.problems.key }) key = '';
  /** Signs calls of the API, and Zadarma's notices. */
  @connect.text(texts.settings.secret, { secret: true, optional: true, pattern: /^\S{0,200}$/, problem: 'must be without spaces' })
  secret?: string;

  @field.list(() => ZadarmaExtension, PBX_FIELDS.extensions, { maxItems: 1000 }) extensions: ZadarmaExtension[] = [];
  @field.list(() => ZadarmaExternalPhone, PBX_FIELDS.externalPhones, { maxItems: 500 }) externalPhones: ZadarmaExternalPhone[] = [];
  @field.country(PBX_FIELDS.country) country = 'RU';
  @calls.choice(ROUTINGS, texts.settings.routing) routing: Routing = 'none';
  @calls.integer(texts.settings.returnSeconds, { min: 0, max: 300 }) returnSeconds = 20;
  @calls.flag(texts.settings.checksPhone) checksPhone = true;
  @calls.flag(texts.settings.showsName) showsName = false;
  @field.text(PBX_FIELDS.missedCode, { optional: true, pattern: /^(\d{3,5})?$/, problem: NO_EXTENSION }) missedCode?: string;
  @field.integer(PBX_FIELDS.recordDays, { min: 1, max: 3650 }) recordDays = 365;
  @recordings.flag(texts.settings.keepRecords) keepRecords = false;
}

/** The context of each call of Zadarma's functions. */
export type ZadarmaContext = ProviderContext<ZadarmaSettings>;

/** Whether the settings name the account. */
export function isConfigured({ key, secret = '' }: ZadarmaSettings): boolean {
  return key !== '' && secret !== '';
}

/** Problems that no single field shows, by path. */
export function checkZadarmaSettings(settings: ZadarmaSettings, language: Language): Record<string, string> {
  const problems = checkExtensions(settings, language);
  const say = (path: string, problem: 'both' | 'ring'): void => {
    problems[path] = textFor(texts[problem], language);
  };
  const { key, secret = '', returnSeconds } = settings;
  if (key === '' && secret !== '') say('key', 'both');
  if (key !== '' && secret === '') say('secret', 'both');
  if (returnSeconds > 0 && returnSeconds < LEAST_RING_S) say('returnSeconds', 'ring');
  return problems;
}
