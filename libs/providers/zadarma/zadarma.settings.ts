import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsInt, IsOptional, Matches, Max, Min, ValidateNested } from 'class-validator';
import { defineProblem, Field, type Language, Secret, SECTIONS, textFor } from '#platform';
import type { ProviderContext } from '#provider-kit';
import { checkExtensions, PBX_FIELDS, PBX_SECTIONS, PbxExternalPhone } from '#telephony/port';
import { texts } from './zadarma.texts.js';

/** Names of lookups for `lookUp`. */
export const LOOKUP = { extensions: 'extensions', numbers: 'numbers' } as const;

/** Format of an extension. A full login (`499499-101`) rings no phone. */
export const EXTENSION = /^\d{3,5}$/;
const NO_EXTENSION = { message: defineProblem(texts.problems.extension) };

/** Minimum number of seconds after which Zadarma returns a caller, if at all. */
const LEAST_RING_S = 3;

/** A manager's phone. */
export class ZadarmaExtension {
  @Field({ ...texts.extension.code, lookup: LOOKUP.extensions })
  @Matches(EXTENSION, NO_EXTENSION)
  code!: string;

  @Field(PBX_FIELDS.userId)
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  userId?: number;
}

/** A number of the company. The account's numbers are offered. */
export class ZadarmaExternalPhone extends PbxExternalPhone {
  @Field({ ...PBX_FIELDS.phone, lookup: LOOKUP.numbers })
  override phone!: string;
}

/** Which callers are put through: none, to a manager who is free, also to one who is not. */
const ROUTINGS = ['none', 'free', 'any'] as const;
export type Routing = (typeof ROUTINGS)[number];

/** How a connection's account at Zadarma is used. */
export class ZadarmaSettings {
  @Field({ ...texts.settings.key, section: SECTIONS.connect })
  @Matches(/^[\w.-]{0,200}$/, { message: defineProblem(texts.problems.key) })
  key = '';

  /** Signs calls of the API, and Zadarma's notices. */
  @Field({ ...texts.settings.secret, section: SECTIONS.connect })
  @Secret()
  @IsOptional()
  @Matches(/^\S{0,200}$/, { message: 'must be without spaces' })
  secret?: string;

  @Field(PBX_FIELDS.extensions)
  @IsArray()
  @ArrayMaxSize(1000)
  @ValidateNested({ each: true })
  @Type(() => ZadarmaExtension)
  extensions: ZadarmaExtension[] = [];

  @Field(PBX_FIELDS.externalPhones)
  @IsArray()
  @ArrayMaxSize(500)
  @ValidateNested({ each: true })
  @Type(() => ZadarmaExternalPhone)
  externalPhones: ZadarmaExternalPhone[] = [];

  @Field(PBX_FIELDS.country)
  @Matches(/^[A-Z]{2}$/, { message: 'must be two capital letters' })
  country = 'RU';

  @Field({ ...texts.settings.routing, section: PBX_SECTIONS.calls })
  @IsIn(ROUTINGS)
  routing: Routing = 'none';

  @Field({ ...texts.settings.returnSeconds, section: PBX_SECTIONS.calls })
  @IsInt()
  @Min(0)
  @Max(300)
  returnSeconds = 20;

  @Field({ ...texts.settings.checksPhone, section: PBX_SECTIONS.calls })
  @IsBoolean()
  checksPhone = true;

  @Field({ ...texts.settings.showsName, section: PBX_SECTIONS.calls })
  @IsBoolean()
  showsName = false;

  @Field(PBX_FIELDS.missedCode)
  @IsOptional()
  @Matches(/^(\d{3,5})?$/, NO_EXTENSION)
  missedCode?: string;

  @Field(PBX_FIELDS.recordDays)
  @IsInt()
  @Min(1)
  @Max(3650)
  recordDays = 365;

  @Field({ ...texts.settings.keepRecords, section: PBX_SECTIONS.recordings })
  @IsBoolean()
  keepRecords = false;
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
