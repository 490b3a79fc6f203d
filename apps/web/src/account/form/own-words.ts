import type { Language } from '../../kit/language.js';

/** What stands in Spanish and hardly in English: its letters, and its short words. */
const SPANISH = /[áéíóúüñ¿¡]|(?<!\p{L})(?:al|como|con|debe|del?|el|en|es|está|la|las|los|para|por|que|se|sin|su|tiene|un|una)(?!\p{L})/iu;
const RUSSIAN = /[а-яё]/i;

/**
 * Returns what a service said, where it can be read on a page in this language. Services mostly speak
 * English: on other pages our own sentence, which says what to do, stands alone.
 */
export function keepReadable(text: string | undefined, language: Language): string | undefined {
  if (text === undefined || language === 'en') return text;
  return (language === 'ru' ? RUSSIAN : SPANISH).test(text) ? text : undefined;
}
