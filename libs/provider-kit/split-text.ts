/**
 * Splits a text into pieces of at most `most` UTF-16 units, at the last line or blank of the second half of a
 * piece, else between characters. Only the separators between pieces are omitted.
 */
export function splitText(text: string, most: number): string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > most) {
    const found = ['\n', ' '].map((blank) => rest.lastIndexOf(blank, most)).find((index) => index > most / 2);
    const end = found ?? (isSplitPair(rest, most) ? most - 1 : most);
    pieces.push(rest.slice(0, end));
    rest = rest.slice(found === undefined ? end : end + 1);
  }
  // Messengers reject a piece that has only blanks.
  return [...pieces, rest].filter((piece) => piece.trim() !== '');
}

/** Whether a surrogate pair stands across an index. */
function isSplitPair(text: string, index: number): boolean {
  return /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(text.slice(index - 1, index + 1));
}
