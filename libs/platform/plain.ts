/** The platform's parts without Nest, database and queue, for providers. */
export { equalInConstantTime, hmacSha256Hex, randomToken, sha256Hex } from './crypto/crypto.js';
export { escapeHtml } from './edge/html.js';
export { errorText, errorTrace } from './errors/error-text.js';
export * from './i18n/index.js';
export { ClosedAddressError, Reach } from './reach/reach.js';
export type { Reachability } from './reach/reach.js';
export { BadInputError } from './validation/bad-input.error.js';
export { defineProblem } from './validation/problem-texts.js';
export type { FieldErrors } from './validation/problem-texts.js';
export {
  COUNTRIES,
  CURRENCIES,
  Field,
  FreeForm,
  IsListOfTextLists,
  KeepsNull,
  MayBeText,
  NamesAddress,
  Secret,
} from './validation/decorators.js';
export type { FieldOptions } from './validation/decorators.js';
export { FIELDS, makeFields } from './validation/fields.js';
export type { AddressRules, FieldRules, ListRules, NumberRules, TextRules } from './validation/fields.js';
export type { DtoClass, JsonObject, JsonValue } from './validation/dto-schema.js';
export { SECTIONS } from './validation/form-sections.js';
export type { FormSection } from './validation/form-sections.js';
export { isUuid } from './validation/is-uuid.js';
export { getParser } from './validation/parser.js';
export type { Parser } from './validation/parser.js';
export { cleanText as toStorableText } from './validation/reader.js';
export { listUntypedProperties, UntypedPropertyError } from './validation/schema-compiler.js';
export { maskSecrets } from './validation/secrets.js';
export { buildSettingsForm } from './validation/settings-form.js';
export type { FormField, FormFieldType, SettingsForm } from './validation/settings-form.js';
