import { FIELDS, type FieldOptions, type FormSection, type Language, type LocalText, textFor } from '#platform/plain';
import type { Extension, ExternalPhone } from './manifest.js';
import { texts } from './port.texts.js';

const { field } = FIELDS;

/** Sections of a PBX's settings, after `SECTIONS.connect`. */
export const PBX_SECTIONS = {
  phones: { code: 'phones', title: texts.sections.phones.title },
  calls: { code: 'calls', title: texts.sections.calls.title },
  recordings: { code: 'recordings', title: texts.sections.recordings.title },
} satisfies Record<string, FormSection>;

/** For a manifest's `describeMissing` while `isConfigured` is false. */
export const PBX_MISSING: LocalText = texts.missing;

/** Fields shared by settings of PBXs. Each PBX has its own rules for codes. */
export const PBX_FIELDS = {
  userId: { ...texts.fields.userId, lookup: 'users' },
  extensions: { title: texts.fields.extensions.title, section: PBX_SECTIONS.phones },
  externalPhones: { title: texts.fields.externalPhones.title, section: PBX_SECTIONS.phones, itemKey: 'phone' },
  phone: texts.fields.phone,
  country: { ...texts.fields.country, section: PBX_SECTIONS.calls },
  missedCode: { ...texts.fields.missedCode, codesOf: 'extensions', section: PBX_SECTIONS.calls },
  recordDays: { ...texts.fields.recordDays, section: PBX_SECTIONS.recordings },
} satisfies Record<string, FieldOptions>;

/** A number of the company, and the shop that it belongs to. */
export class PbxExternalPhone implements ExternalPhone {
  @field.text({ ...texts.externalPhone.siteCode, lookup: 'sites' }, { maxLength: 255 }) siteCode!: string;
  @field.text(PBX_FIELDS.phone, { pattern: /^\+?[\d ()-]{3,30}$/, problem: 'must be a phone number' }) phone!: string;
}

/** Rejects an extension that is listed twice, and a user with two. For a manifest's `checkSettings`. */
export function checkExtensions({ extensions }: { extensions: readonly Extension[] }, language: Language): Record<string, string> {
  const problems: Record<string, string> = {};
  const codes = new Set<string>();
  const users = new Set<number>();
  for (const [index, { code, userId }] of extensions.entries()) {
    if (codes.has(code)) problems[`extensions[${index}].code`] = textFor(texts.twice, language);
    if (userId !== undefined && users.has(userId)) problems[`extensions[${index}].userId`] = textFor(texts.twoPhones, language);
    codes.add(code);
    if (userId !== undefined) users.add(userId);
  }
  return problems;
}

/** Returns the extensions in the CRM's format. For a manifest's `listExtensions`. */
export function listExtensions({ extensions }: { extensions: readonly Extension[] }): Extension[] {
  return extensions.map(({ code, userId }) => ({ code, ...(userId !== undefined && { userId }) }));
}

/** Returns the company's numbers in the CRM's format. For a manifest's `listExternalPhones`. */
export function listExternalPhones({ externalPhones }: { externalPhones: readonly ExternalPhone[] }): ExternalPhone[] {
  return externalPhones.map(({ siteCode, phone }) => ({ siteCode, phone }));
}
