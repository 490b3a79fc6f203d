import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsInt, IsOptional, Matches, Max, Min, ValidateNested } from 'class-validator';
import { defineProblem, Field, type Language, Secret, SECTIONS, textFor } from '#platform';
import type { ProviderContext } from '#provider-kit';
import { checkExtensions, PBX_FIELDS, PBX_SECTIONS, PbxExternalPhone } from '#telephony/port';
import { TEXTS } from './zadarma.texts.js';

/** Names that `lookUp` answers to. */
export const LOOKUP = { extensions: 'extensions', numbers: 'numbers' } as const;

/** What an extension is called; a full login (`499499-101`) rings no phone. */
export const EXTENSION = /^\d{3,5}$/;
const NO_EXTENSION = {
  message: defineProblem({
    en: 'must be 3 to 5 digits, such as 101',
    es: 'deben ser de 3 a 5 cifras, como 101',
    ru: 'должно быть из 3–5 цифр, например 101',
  }),
};

/** Zadarma returns a caller after so many seconds at the soonest, or never. */
const LEAST_RING_S = 3;

/** A manager's phone. */
export class ZadarmaExtension {
  @Field({
    title: { en: 'Extension', es: 'Extensión', ru: 'Добавочный номер' },
    hint: { en: 'Short, such as 101', es: 'Corta, como 101', ru: 'Короткий, например 101' },
    lookup: LOOKUP.extensions,
  })
  @Matches(EXTENSION, NO_EXTENSION)
  code!: string;

  @Field(PBX_FIELDS.userId)
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  userId?: number;
}

/** A number of the company; the account's are offered. */
export class ZadarmaExternalPhone extends PbxExternalPhone {
  @Field({ ...PBX_FIELDS.phone, lookup: LOOKUP.numbers })
  override phone!: string;
}

/** Which callers are put through: none, to a manager who is free, also to one who is not. */
const ROUTINGS = ['none', 'free', 'any'] as const;
export type Routing = (typeof ROUTINGS)[number];

/** How a connection's account at Zadarma is used. */
export class ZadarmaSettings {
  @Field({
    title: { en: 'Key', es: 'Clave', ru: 'Ключ' },
    hint: {
      en: 'At Zadarma: Settings, Integrations and API, Keys and API',
      es: 'En Zadarma: Ajustes, Integraciones y API, Claves y API',
      ru: 'В кабинете Zadarma: Настройки, Интеграции и API, Ключи и API',
    },
    section: SECTIONS.connect,
  })
  @Matches(/^[\w.-]{0,200}$/, {
    message: defineProblem({ en: 'must be letters and digits', es: 'deben ser letras y cifras', ru: 'должно состоять из букв и цифр' }),
  })
  key = '';

  /** Signs calls of the API, and Zadarma's notices. */
  @Field({ title: { en: 'Secret', es: 'Secreto', ru: 'Секрет' }, section: SECTIONS.connect })
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

  @Field({
    title: { en: 'Callers are put through', es: 'Quien llama pasa', ru: 'Звонящего соединять' },
    hint: {
      en: 'The CRM names the manager when the call comes; if it does not within 2 seconds, the PBX’s own rules hold',
      es: 'El CRM indica el gestor al entrar la llamada; si no lo hace en 2 segundos, valen las reglas de la centralita',
      ru: 'Менеджера называет CRM, когда приходит звонок; если за 2 секунды не назвала – действуют правила АТС',
    },
    choices: {
      none: { en: 'as the PBX has it', es: 'como diga la centralita', ru: 'по правилам АТС' },
      free: { en: 'to their manager, if he is free', es: 'a su gestor, si está libre', ru: 'с его менеджером, если тот свободен' },
      any: { en: 'to their manager in any case', es: 'a su gestor en todo caso', ru: 'с его менеджером в любом случае' },
    },
    section: PBX_SECTIONS.calls,
  })
  @IsIn(ROUTINGS)
  routing: Routing = 'none';

  @Field({
    title: { en: 'Manager’s phone rings', es: 'Suena el teléfono del gestor', ru: 'Телефон менеджера звонит' },
    hint: {
      en: 'Then the caller goes back to the PBX’s own rules; 0: he does not go back',
      es: 'Después la llamada vuelve a las reglas de la centralita; 0: no vuelve',
      ru: 'Затем звонок возвращается к правилам АТС; 0: не возвращается',
    },
    unit: { en: 's', es: 's', ru: 'с' },
    section: PBX_SECTIONS.calls,
  })
  @IsInt()
  @Min(0)
  @Max(300)
  returnSeconds = 20;

  @Field({
    title: {
      en: 'Refuse calls from a phone that is off',
      es: 'Rechazar llamadas desde un teléfono apagado',
      ru: 'Не звонить с выключенного телефона',
    },
    hint: {
      en: 'Zadarma is asked before each call from the CRM; switch it off where an app wakes up for calls',
      es: 'Se pregunta a Zadarma antes de cada llamada desde el CRM; desactívelo si una aplicación despierta con las llamadas',
      ru: 'Перед каждым звонком из CRM спрашиваем Zadarma; выключите, если приложение на телефоне просыпается от звонка',
    },
    section: PBX_SECTIONS.calls,
  })
  @IsBoolean()
  checksPhone = true;

  @Field({
    title: { en: 'Show the customer’s name on the phone', es: 'Mostrar el nombre del cliente', ru: 'Показывать имя клиента на телефоне' },
    section: PBX_SECTIONS.calls,
  })
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

  @Field({
    title: { en: 'Copy recordings to the CRM', es: 'Copiar grabaciones al CRM', ru: 'Копировать записи в CRM' },
    hint: {
      en: 'Zadarma’s storage is small, and new recordings replace the oldest',
      es: 'El espacio de Zadarma es pequeño y las grabaciones nuevas sustituyen a las antiguas',
      ru: 'Место в Zadarma небольшое, и новые записи вытесняют старые',
    },
    section: PBX_SECTIONS.recordings,
  })
  @IsBoolean()
  keepRecords = false;
}

/** What Zadarma's functions receive with each call. */
export type ZadarmaContext = ProviderContext<ZadarmaSettings>;

/** Whether the settings name the account. */
export function isConfigured({ key, secret = '' }: ZadarmaSettings): boolean {
  return key !== '' && secret !== '';
}

/** Problems that no single field shows, by path. */
export function checkZadarmaSettings(settings: ZadarmaSettings, language: Language): Record<string, string> {
  const problems = checkExtensions(settings, language);
  const say = (path: string, problem: 'both' | 'ring'): void => {
    problems[path] = textFor(TEXTS[problem], language);
  };
  const { key, secret = '', returnSeconds } = settings;
  if (key === '' && secret !== '') say('key', 'both');
  if (key !== '' && secret === '') say('secret', 'both');
  if (returnSeconds > 0 && returnSeconds < LEAST_RING_S) say('returnSeconds', 'ring');
  return problems;
}
