import { type Language, textFor } from '#platform';
import { texts } from '../courier.texts.js';

/** A word of the forms. */
export type Word = keyof typeof texts.printed;

/** Returns the words in a language. */
export function getWords(language: Language): (word: Word) => string {
  return (word) => textFor(texts.printed[word], language);
}
