export { CRM_LANGUAGES, LANGUAGES, toLanguage, preferredLanguage, textFor } from './local-text.js';
export type { Language, LocalText } from './local-text.js';
export { fillIn, findText, makeText, mapText, readTexts, repeatText, toCrmText } from './texts.js';
export type { Texts, TextTable, TextValue } from './texts.js';
