export { LANGUAGES, toLanguage, preferredLanguage, textFor } from './local-text.js';
export type { Language, LocalText } from './local-text.js';
