/**
 * Builds the filter of a list that a person searches.
 * @param term the typed words, in any case and with any accents. Empty matches everything
 * @returns whether the texts of an item together have every word. A missing text has no words
 */
export function buildTermMatcher(term: string): (texts: readonly (string | number | undefined)[]) => boolean {
  const words = foldText(term).split(/\s+/).filter(Boolean);
  return (texts) => {
    const text = foldText(texts.join('\n'));
    return words.every((word) => text.includes(word));
  };
}

function foldText(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
