import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsInt, IsOptional, IsUrl, Matches, Max, Min, ValidateNested } from 'class-validator';
import { defineProblem, Field, type Language, type LocalText, NamesAddress, Secret, SECTIONS, textFor } from '#platform';
import { type ProviderContext, ProviderError } from '#provider-kit';
import { checkExtensions, PBX_FIELDS, PBX_SECTIONS, PbxExternalPhone } from '#telephony/port';

/** What an extension may be called. */
const EXTENSION = /^[\w*#+.-]{1,40}$/;
const NO_EXTENSION = defineProblem({
  en: 'must be letters, digits and * # + . _ -',
  es: 'deben ser letras, cifras y * # + . _ -',
  ru: 'должно состоять из букв, цифр и * # + . _ -',
});

/** A manager's phone. */
export class AsteriskExtension {
  @Field({
    title: { en: 'Extension', es: 'Extensión', ru: 'Добавочный номер' },
    hint: { en: 'What the phone is called inside', es: 'El número interno', ru: 'Внутренний номер телефона' },
  })
  @Matches(EXTENSION, { message: NO_EXTENSION })
  code!: string;

  @Field(PBX_FIELDS.userId)
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  userId?: number;

  @Field({
    title: { en: 'Channel', es: 'Canal', ru: 'Канал' },
    hint: {
      en: 'How Asterisk dials it; empty: technology and extension, as in PJSIP/101',
      es: 'Cómo lo marca Asterisk; vacío: tecnología y extensión, como PJSIP/101',
      ru: 'Как его вызывает Asterisk; пусто: технология и номер, например PJSIP/101',
    },
  })
  @IsOptional()
  @Matches(/^[A-Za-z0-9]+\/[\w*#+.@:/-]{1,100}$/, {
    message: defineProblem({ en: 'must be like PJSIP/101', es: 'debe ser como PJSIP/101', ru: 'должно быть вида PJSIP/101' }),
  })
  channel?: string;
}

/** How an outside number is dialled. */
export const DIAL_FORMATS = ['plus', 'digits', 'national'] as const;
export type DialFormat = (typeof DIAL_FORMATS)[number];

/** How a connection's Asterisk is reached and used. */
export class AsteriskSettings {
  @Field({
    title: { en: 'Host', es: 'Servidor', ru: 'Адрес сервера' },
    hint: {
      en: 'Where the manager interface (AMI) is',
      es: 'Dónde está la interfaz de gestión (AMI)',
      ru: 'Где находится интерфейс управления (AMI)',
    },
    section: SECTIONS.connect,
  })
  @NamesAddress({ port: 'port' })
  @Matches(/^([A-Za-z0-9._-]{1,253}|[0-9A-Fa-f:]{2,45})?$/, {
    message: defineProblem({
      en: 'must be a host name or an address',
      es: 'debe ser un nombre de host o una dirección',
      ru: 'должно быть именем хоста или адресом',
    }),
  })
  host = '';

  @Field({ title: { en: 'Port', es: 'Puerto', ru: 'Порт' }, section: SECTIONS.connect })
  @IsInt()
  @Min(1)
  @Max(65_535)
  port = 5038;

  @Field({
    title: { en: 'User name', es: 'Usuario', ru: 'Имя пользователя' },
    hint: { en: 'From manager.conf', es: 'De manager.conf', ru: 'Из manager.conf' },
    section: SECTIONS.connect,
  })
  @Matches(/^[^\r\n]{0,100}$/, { message: 'must be one line' })
  username = '';

  @Field({ title: { en: 'Secret', es: 'Contraseña', ru: 'Пароль' }, section: SECTIONS.connect })
  @Secret()
  @IsOptional()
  @Matches(/^[^\r\n]{0,200}$/, { message: 'must be one line' })
  secret?: string;

  @Field({
    title: { en: 'Context for outgoing calls', es: 'Contexto de llamadas salientes', ru: 'Контекст исходящих звонков' },
    hint: { en: 'Of the dial plan', es: 'Del plan de marcado', ru: 'Контекст диалплана' },
    section: PBX_SECTIONS.calls,
  })
  @Matches(/^[\w.-]{1,79}$/, {
    message: defineProblem({
      en: 'must be letters, digits and . _ -',
      es: 'deben ser letras, cifras y . _ -',
      ru: 'должно состоять из букв, цифр и . _ -',
    }),
  })
  context = 'from-internal';

  @Field({
    title: { en: 'Technology of the phones', es: 'Tecnología de los teléfonos', ru: 'Технология телефонов' },
    choices: {
      PJSIP: { en: 'PJSIP', es: 'PJSIP', ru: 'PJSIP' },
      SIP: { en: 'SIP (old)', es: 'SIP (antiguo)', ru: 'SIP (старый)' },
      IAX2: { en: 'IAX2', es: 'IAX2', ru: 'IAX2' },
    },
    section: PBX_SECTIONS.phones,
  })
  @IsIn(['PJSIP', 'SIP', 'IAX2'])
  technology = 'PJSIP';

  @Field(PBX_FIELDS.extensions)
  @IsArray()
  @ArrayMaxSize(1000)
  @ValidateNested({ each: true })
  @Type(() => AsteriskExtension)
  extensions: AsteriskExtension[] = [];

  @Field({
    title: { en: 'Digits of an extension', es: 'Dígitos de una extensión', ru: 'Цифр во внутреннем номере' },
    hint: {
      en: 'Numbers of up to so many digits are phones inside, also when they are not listed above',
      es: 'Los números de hasta tantos dígitos son internos, aunque no estén en la lista',
      ru: 'Номера не длиннее этого считаются внутренними, даже если их нет в списке',
    },
    section: PBX_SECTIONS.phones,
  })
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

  @Field({
    title: { en: 'Outside numbers are dialled', es: 'Los números externos se marcan', ru: 'Внешние номера набираются' },
    choices: {
      plus: { en: 'with a plus: +79161234567', es: 'con más: +79161234567', ru: 'с плюсом: +79161234567' },
      digits: { en: 'without: 79161234567', es: 'sin él: 79161234567', ru: 'без него: 79161234567' },
      national: { en: 'as within the country: 89161234567', es: 'como en el país: 89161234567', ru: 'как внутри страны: 89161234567' },
    },
    section: PBX_SECTIONS.calls,
  })
  @IsIn(DIAL_FORMATS)
  dialFormat: DialFormat = 'digits';

  @Field({
    title: { en: 'Prefix for outside', es: 'Prefijo para salir', ru: 'Префикс выхода на линию' },
    hint: { en: 'Such as 9', es: 'Como 9', ru: 'Например 9' },
    section: PBX_SECTIONS.calls,
  })
  @IsOptional()
  @Matches(/^[\d*#]{0,8}$/, {
    message: defineProblem({ en: 'must be digits, * and #', es: 'deben ser cifras, * y #', ru: 'должно состоять из цифр, * и #' }),
  })
  dialPrefix?: string;

  @Field({
    title: { en: 'Ringing', es: 'Tono', ru: 'Вызов менеджера' },
    hint: {
      en: 'How long the manager’s phone rings at click-to-call',
      es: 'Cuánto suena el teléfono del gestor',
      ru: 'Сколько звонит телефон менеджера',
    },
    unit: { en: 's', es: 's', ru: 'с' },
    section: PBX_SECTIONS.calls,
  })
  @IsInt()
  @Min(5)
  @Max(300)
  ringSeconds = 30;

  @Field(PBX_FIELDS.missedCode)
  @IsOptional()
  @Matches(/^[\w*#+.-]{0,40}$/, { message: NO_EXTENSION })
  missedCode?: string;

  @Field({
    title: { en: 'Recordings on the PBX', es: 'Grabaciones en la centralita', ru: 'Папка записей на АТС' },
    hint: { en: 'Folder where Asterisk keeps them', es: 'Carpeta donde las guarda Asterisk', ru: 'Куда их пишет Asterisk' },
    section: PBX_SECTIONS.recordings,
  })
  @Matches(/^\/[^\0\r\n]{0,500}$/, {
    message: defineProblem({ en: 'must be an absolute path', es: 'debe ser una ruta absoluta', ru: 'должно быть абсолютным путём' }),
  })
  recordingsPath = '/var/spool/asterisk/monitor';

  @Field({
    title: { en: 'The same folder here', es: 'La misma carpeta aquí', ru: 'Та же папка здесь' },
    hint: {
      en: 'Its name beneath the folder of recordings of this service, from whoever runs it; one of this and the address below',
      es: 'Su nombre dentro de la carpeta de grabaciones de este servicio, de quien lo administra; esta o la dirección de abajo',
      ru: 'Её имя внутри папки записей этого сервиса, у того, кто его обслуживает; либо она, либо адрес ниже',
    },
    section: PBX_SECTIONS.recordings,
  })
  @IsOptional()
  @Matches(/^[^\0\r\n]{0,500}$/, { message: 'must be one line' })
  recordingsFolder?: string;

  @Field({
    title: { en: 'Address of the recordings', es: 'Dirección de las grabaciones', ru: 'Адрес записей' },
    hint: {
      en: 'Where a web server gives that folder out',
      es: 'Dónde un servidor web ofrece esa carpeta',
      ru: 'По которому веб-сервер отдаёт эту папку',
    },
    section: PBX_SECTIONS.recordings,
  })
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

/** What Asterisk's functions receive with each call. */
export type AsteriskContext = ProviderContext<AsteriskSettings>;

/** Throws ProviderError `rejected` for a code that is no extension: `101@trunk` would call somebody else. */
export function refuseUnlessExtension(code: string): void {
  if (!EXTENSION.test(code))
    throw new ProviderError('rejected', 'The code is no extension: it may hold up to 40 letters, digits and * # + . _ -');
}

const PROBLEMS: Readonly<Record<'name' | 'secret' | 'either' | 'none' | 'beneath', LocalText>> = {
  name: { en: 'is needed with a host', es: 'hace falta con el servidor', ru: 'нужно вместе с адресом сервера' },
  secret: { en: 'is needed with a host', es: 'hace falta con el servidor', ru: 'нужен вместе с адресом сервера' },
  either: { en: 'cannot be together with the folder', es: 'no puede ir junto con la carpeta', ru: 'нельзя указать вместе с папкой' },
  none: {
    en: 'cannot be used: this service has no folder of recordings (RECORDINGS_ROOT); leave it empty or ask whoever runs the service',
    es: 'no se puede usar: este servicio no tiene carpeta de grabaciones (RECORDINGS_ROOT); déjela vacía o pregunte a quien lo administra',
    ru: 'нельзя указать: у этого сервиса нет папки записей (RECORDINGS_ROOT); оставьте пустым или спросите того, кто его обслуживает',
  },
  beneath: {
    en: 'must be a name beneath the folder of recordings, such as shop-7, without a slash in front, dots alone or backslashes',
    es: 'debe ser un nombre dentro de la carpeta de grabaciones, como shop-7, sin barra inicial, puntos solos ni barras invertidas',
    ru: 'должно быть именем внутри папки записей, например shop-7, без косой черты в начале, одних точек и обратной косой черты',
  },
};

/** Whether a path leads down from a folder, and only down. */
export function isBeneath(path: string): boolean {
  return !/[\\\0]/.test(path) && path.split('/').every((part) => !['', '.', '..'].includes(part));
}

/** Problems that no single field shows, by path. `recordingsRoot`: the operator's folder, if there is one. */
export function checkAsteriskSettings(settings: AsteriskSettings, language: Language, recordingsRoot?: string): Record<string, string> {
  const problems = checkExtensions(settings, language);
  const say = (path: string, problem: keyof typeof PROBLEMS): void => {
    problems[path] ??= textFor(PROBLEMS[problem], language);
  };
  if (settings.host && !settings.username) say('username', 'name');
  if (settings.host && !settings.secret) say('secret', 'secret');
  if (settings.recordingsFolder && settings.recordingsUrl) say('recordingsUrl', 'either');
  if (settings.recordingsFolder && recordingsRoot === undefined) say('recordingsFolder', 'none');
  if (settings.recordingsFolder && !isBeneath(settings.recordingsFolder)) say('recordingsFolder', 'beneath');
  return problems;
}
