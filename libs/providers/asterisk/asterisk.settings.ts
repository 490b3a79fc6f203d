import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsInt, IsOptional, IsUrl, Matches, Max, Min, ValidateNested } from 'class-validator';
import { defineProblem, Field, type Language, type LocalText, NamesAddress, Secret, SECTIONS, textFor } from '#platform';
import { makeError, type ProviderContext } from '#provider-kit';
import { checkExtensions, PBX_FIELDS, PBX_SECTIONS, PbxExternalPhone } from '#telephony/port';
import { texts } from './asterisk.texts.js';

/** Format of an extension. */
const EXTENSION = /^[\w*#+.-]{1,40}$/;
const NO_EXTENSION = defineProblem(texts.problems.extension);

/** A manager's phone. */
export class AsteriskExtension {
  @Field(texts.extension.code)
  @Matches(EXTENSION, { message: NO_EXTENSION })
  code!: string;

  @Field(PBX_FIELDS.userId)
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  userId?: number;

  @Field(texts.extension.channel)
  @IsOptional()
  @Matches(/^[A-Za-z0-9]+\/[\w*#+.@:/-]{1,100}$/, { message: defineProblem(texts.problems.channel) })
  channel?: string;
}

/** How an outside number is dialled. */
export const DIAL_FORMATS = ['plus', 'digits', 'national'] as const;
export type DialFormat = (typeof DIAL_FORMATS)[number];

/** How a connection's Asterisk is reached and used. */
export class AsteriskSettings {
  @Field({ ...texts.settings.host, section: SECTIONS.connect })
  @NamesAddress({ port: 'port' })
  @Matches(/^([A-Za-z0-9._-]{1,253}|[0-9A-Fa-f:]{2,45})?$/, { message: defineProblem(texts.problems.host) })
  host = '';

  @Field({ ...texts.settings.port, section: SECTIONS.connect })
  @IsInt()
  @Min(1)
  @Max(65_535)
  port = 5038;

  @Field({ ...texts.settings.username, section: SECTIONS.connect })
  @Matches(/^[^\r\n]{0,100}$/, { message: 'must be one line' })
  username = '';

  @Field({ ...texts.settings.secret, section: SECTIONS.connect })
  @Secret()
  @IsOptional()
  @Matches(/^[^\r\n]{0,200}$/, { message: 'must be one line' })
  secret?: string;

  @Field({ ...texts.settings.context, section: PBX_SECTIONS.calls })
  @Matches(/^[\w.-]{1,79}$/, { message: defineProblem(texts.problems.context) })
  context = 'from-internal';

  @Field({ ...texts.settings.technology, section: PBX_SECTIONS.phones })
  @IsIn(['PJSIP', 'SIP', 'IAX2'])
  technology = 'PJSIP';

  @Field(PBX_FIELDS.extensions)
  @IsArray()
  @ArrayMaxSize(1000)
  @ValidateNested({ each: true })
  @Type(() => AsteriskExtension)
  extensions: AsteriskExtension[] = [];

  @Field({ ...texts.settings.extensionDigits, section: PBX_SECTIONS.phones })
  @IsInt()
  @Min(1)
  @Max(8)
  extensionDigits = 4;

  @Field(PBX_FIELDS.externalPhones)
  @IsArray()
  @ArrayMaxSize(500)
  @ValidateNested({ each: true })
  @Type(() => PbxExternalPhone)
  externalPhones: PbxExternalPhone[] = [];

  @Field(PBX_FIELDS.country)
  @Matches(/^[A-Z]{2}$/, { message: 'must be two capital letters' })
  country = 'RU';

  @Field({ ...texts.settings.dialFormat, section: PBX_SECTIONS.calls })
  @IsIn(DIAL_FORMATS)
  dialFormat: DialFormat = 'digits';

  @Field({ ...texts.settings.dialPrefix, section: PBX_SECTIONS.calls })
  @IsOptional()
  @Matches(/^[\d*#]{0,8}$/, { message: defineProblem(texts.problems.dialPrefix) })
  dialPrefix?: string;

  @Field({ ...texts.settings.ringSeconds, section: PBX_SECTIONS.calls })
  @IsInt()
  @Min(5)
  @Max(300)
  ringSeconds = 30;

  @Field(PBX_FIELDS.missedCode)
  @IsOptional()
  @Matches(/^[\w*#+.-]{0,40}$/, { message: NO_EXTENSION })
  missedCode?: string;

  @Field({ ...texts.settings.recordingsPath, section: PBX_SECTIONS.recordings })
  @Matches(/^\/[^\0\r\n]{0,500}$/, { message: defineProblem(texts.problems.recordingsPath) })
  recordingsPath = '/var/spool/asterisk/monitor';

  @Field({ ...texts.settings.recordingsFolder, section: PBX_SECTIONS.recordings })
  @IsOptional()
  @Matches(/^[^\0\r\n]{0,500}$/, { message: 'must be one line' })
  recordingsFolder?: string;

  @Field({ ...texts.settings.recordingsUrl, section: PBX_SECTIONS.recordings })
  @NamesAddress()
  @IsOptional()
  // Names of recordings are put behind it.
  @IsUrl({
    protocols: ['http', 'https'],
    require_tld: false,
    require_protocol: true,
    allow_query_components: false,
    allow_fragments: false,
  })
  recordingsUrl?: string;

  @Field(PBX_FIELDS.recordDays)
  @IsInt()
  @Min(1)
  @Max(3650)
  recordDays = 365;
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
