import { readTexts } from '#platform';
import { cleanText, cutText } from '#provider-kit';
import type en from './texts/en.json';

/** The module's texts for people of a shop. */
export const texts = readTexts<typeof en>(new URL('./texts/', import.meta.url));

/** Names that a text shows, and their length. */
const MOST_SHOWN = 5;
const LONGEST_SHOWN = 60;

/** Lists the first names, shortened, and the number of all if there are more. */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, MOST_SHOWN).map((name) => cutText(cleanText(name), LONGEST_SHOWN));
  return [...shown, ...(names.length > shown.length ? [`… (${names.length})`] : [])].join(', ');
}
