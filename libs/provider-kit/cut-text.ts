/** The text, cut to `most` characters by code points, without an ellipsis and blanks at its end. */
export function cutText(text: string, most: number): string {
  const points = [...text];
  return points.length <= most ? text : points.slice(0, most).join('').trimEnd();
}

/** Field paths such as `recipient.phones[0].number`: with a position anywhere, others at the start. */
const FIELD_PATHS = /(?:^|\s)["'`]?[a-z]\w*(?:\.\w+)*\[\d*\](?:\.\w+|\[\d*\])*["'`]?:?|^["'`]?[a-z]\w*(?:\.[a-z]\w*)+["'`]?\s*:?\s/gi;

/** Joins a service's sentences on one line: each once, without the paths of its fields. */
export function joinReasons(sentences: readonly (string | undefined)[], most = 250): string {
  const plain = sentences.map((one) => cleanText(cleanText(one).replace(FIELD_PATHS, ' '))).filter(Boolean);
  const isSaid = (one: string, index: number): boolean =>
    plain.some((other, at) => {
      const [mine, theirs] = [toCore(one), toCore(other)];
      return at !== index && theirs.includes(mine) && (theirs !== mine || at < index);
    });
  return cutText(plain.filter((one, index) => !isSaid(one, index)).join('; '), most);
}

function toCore(sentence: string): string {
  return sentence.toLowerCase().replace(/[\s.!;:]+$/, '');
}

/** A service's words on one line, without markup and addresses. */
export function cleanText(text = ''): string {
  return text
    .replace(/https?:\/\/\S+/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\bnull\b|\bundefined\b|\bNaN\b/g, '–')
    .replace(/\s+/g, ' ')
    .trim();
}
