import type { Language } from '../../kit/language.js';

/** Letters and short words that are common in Spanish and rare in English. */
const SPANISH = /[áéíóúüñ¿¡]|(?<!\p{L})(?:al|como|con|debe|del?|el|en|es|está|la|las|los|para|por|que|se|sin|su|tiene|un|una)(?!\p{L})/iu;
const RUSSIAN = /[а-яё]/i;

/**
 * Returns a service's message if it can be read on a page in this language. Services mostly use
 * English. On pages in other languages only our own message is shown, which names the next step.
 */
export function keepReadable(text: string | undefined, language: Language): string | undefined {
  if (text === undefined || language === 'en') return text;
  return (language === 'ru' ? RUSSIAN : SPANISH).test(text) ? text : undefined;
}
