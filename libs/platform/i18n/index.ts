export { LANGUAGES, toLanguage, preferredLanguage, textFor } from './local-text.js';
export type { Language, LocalText } from './local-text.js';
export { fillIn, readTexts } from './texts.js';
export type { Texts, TextValue } from './texts.js';
