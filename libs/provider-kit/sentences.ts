import type { LocalText } from '#platform/plain';

/** Changes a text in each of its languages. */
export function mapText(text: LocalText, change: (words: string) => string): LocalText {
  return Object.fromEntries(
    Object.entries(text).map(([language, words]: [string, string]) => [language, change(words)]),
  ) as unknown as LocalText;
}

/** Ends a text with a full stop, unless it ends a sentence already. */
export function endSentence(text: LocalText): LocalText {
  return mapText(text, (words) => (/[.?!…]$/.test(words) ? words : `${words}.`));
}
