import { IsString, Matches, MaxLength } from 'class-validator';
import { COUNTRIES, Field, type FieldOptions, type FormSection, type Language, type LocalText } from '#platform/plain';
import type { Extension, ExternalPhone } from './manifest.js';

/** Sections of a PBX's settings, after `SECTIONS.connect`. */
export const PBX_SECTIONS = {
  phones: { code: 'phones', title: { en: 'Phones', es: 'Teléfonos', ru: 'Телефоны' } },
  calls: { code: 'calls', title: { en: 'Calls', es: 'Llamadas', ru: 'Звонки' } },
  recordings: { code: 'recordings', title: { en: 'Recordings', es: 'Grabaciones', ru: 'Записи' } },
} satisfies Record<string, FormSection>;

/** For a manifest's `describeMissing` while `isConfigured` is false. */
export const PBX_MISSING: LocalText = {
  en: 'Enter the PBX and its credentials: until then there are no calls',
  es: 'Indique la centralita y sus credenciales: hasta entonces no hay llamadas',
  ru: 'Укажите АТС и доступ к ней: до этого звонков нет',
};

/** What settings of PBXs ask alike; the rules of codes are each PBX's own. */
export const PBX_FIELDS = {
  userId: {
    title: { en: 'User in the CRM', es: 'Usuario del CRM', ru: 'Пользователь CRM' },
    hint: { en: 'Its id', es: 'Su identificador', ru: 'Его идентификатор' },
    lookup: 'users',
  },
  extensions: {
    title: { en: 'Managers’ phones', es: 'Teléfonos de los gestores', ru: 'Телефоны менеджеров' },
    section: PBX_SECTIONS.phones,
  },
  externalPhones: {
    title: { en: 'Company’s numbers', es: 'Números de la empresa', ru: 'Внешние номера' },
    section: PBX_SECTIONS.phones,
    itemKey: 'phone',
  },
  phone: { title: { en: 'Phone', es: 'Teléfono', ru: 'Телефон' } },
  country: {
    title: { en: 'Country', es: 'País', ru: 'Страна' },
    hint: {
      en: 'Numbers without a country are read so',
      es: 'Así se leen los números sin país',
      ru: 'Так читаются номера без кода страны',
    },
    codesOf: COUNTRIES,
    section: PBX_SECTIONS.calls,
  },
  missedCode: {
    title: { en: 'Missed calls of nobody', es: 'Llamadas perdidas de nadie', ru: 'Ничьи пропущенные' },
    hint: {
      en: 'Extension to which calls are put down that rang at nobody’s; empty: they are not told to the CRM',
      es: 'Extensión de las llamadas que no sonaron en ningún teléfono; vacío: no se envían al CRM',
      ru: 'Добавочный, на который записываются звонки, не дошедшие ни до кого; пусто: в CRM не передаются',
    },
    codesOf: 'extensions',
    section: PBX_SECTIONS.calls,
  },
  recordDays: {
    title: { en: 'Links to recordings work', es: 'Los enlaces a grabaciones valen', ru: 'Ссылки на записи действуют' },
    unit: { en: 'days', es: 'días', ru: 'дней' },
    section: PBX_SECTIONS.recordings,
  },
} satisfies Record<string, FieldOptions>;

/** A number of the company, and the store that it belongs to. */
export class PbxExternalPhone implements ExternalPhone {
  @Field({
    title: { en: 'Store', es: 'Tienda', ru: 'Магазин' },
    hint: { en: 'Its code in the CRM', es: 'Su código en el CRM', ru: 'Символьный код в CRM' },
    lookup: 'sites',
  })
  @IsString()
  @MaxLength(255)
  siteCode!: string;

  @Field(PBX_FIELDS.phone)
  @Matches(/^\+?[\d ()-]{3,30}$/, { message: 'must be a phone number' })
  phone!: string;
}

const TWICE: LocalText = { en: 'is listed twice', es: 'está repetida', ru: 'указан дважды' };
const TWO_PHONES: LocalText = { en: 'has two extensions', es: 'tiene dos extensiones', ru: 'имеет два добавочных' };

/** Refuses an extension that is listed twice, and a user with two; for a manifest's `checkSettings`. */
export function checkExtensions({ extensions }: { extensions: readonly Extension[] }, language: Language): Record<string, string> {
  const problems: Record<string, string> = {};
  const codes = new Set<string>();
  const users = new Set<number>();
  for (const [index, { code, userId }] of extensions.entries()) {
    if (codes.has(code)) problems[`extensions[${index}].code`] = TWICE[language];
    if (userId !== undefined && users.has(userId)) problems[`extensions[${index}].userId`] = TWO_PHONES[language];
    codes.add(code);
    if (userId !== undefined) users.add(userId);
  }
  return problems;
}

/** The extensions as the CRM lists them; a manifest's `listExtensions`. */
export function listExtensions({ extensions }: { extensions: readonly Extension[] }): Extension[] {
  return extensions.map(({ code, userId }) => ({ code, ...(userId !== undefined && { userId }) }));
}

/** The company's numbers as the CRM lists them; a manifest's `listExternalPhones`. */
export function listExternalPhones({ externalPhones }: { externalPhones: readonly ExternalPhone[] }): ExternalPhone[] {
  return externalPhones.map(({ siteCode, phone }) => ({ siteCode, phone }));
}
