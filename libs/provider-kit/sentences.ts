import { type LocalText, mapText } from '#platform/plain';

/** Ends a text with a full stop, unless it ends a sentence already. */
export function endSentence(text: LocalText): LocalText {
  return mapText(text, (words) => (/[.?!…]$/.test(words) ? words : `${words}.`));
}
