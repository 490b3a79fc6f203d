/** The text, cut to `most` characters by code points, without an ellipsis and blanks at its end. */
export function cutText(text: string, most: number): string {
  const points = [...text];
  return points.length <= most ? text : points.slice(0, most).join('').trimEnd();
}

/** Field paths such as `recipient.phones[0].number`: with a position or `$` anywhere, others at the start. */
const FIELD_PATHS =
  /\$(?:\.\w+|\[\d*\])+:?|(?:^|\s)["'`]?[a-z]\w*(?:\.\w+)*\[\d*\](?:\.\w+|\[\d*\])*["'`]?:?|^["'`]?[a-z]\w*(?:\.[a-z]\w*)+["'`]?\s*:?\s/gi;

/** Joins a service's sentences on one line: each once, without the paths of its fields. */
export function joinReasons(sentences: readonly (string | undefined)[], most = 250): string {
  const plain = sentences.map((one) => cleanText(cleanText(one).replace(FIELD_PATHS, ' '))).filter(Boolean);
  const isSaid = (one: string, index: number): boolean =>
    plain.some((other, at) => {
      const [mine, theirs] = [toCore(one), toCore(other)];
      return at !== index && theirs.includes(mine) && (theirs !== mine || at < index);
    });
  const said = plain.filter((one, index) => !isSaid(one, index));
  return cutText(said.map((one, index) => (index < said.length - 1 ? one.replace(/[.;,:]+$/, '') : one)).join('; '), most);
}

/**
 * Returns the message of a refusal that has no sentence in our texts: the service's words, quoted once.
 * `otherwise` is the reason if the service gave none. If our texts have a sentence, people read only that.
 */
export function quoteRefusal(service: string, sentences: readonly (string | undefined)[], otherwise: string): string {
  return `${service}: ${quoteReasons(sentences) ?? otherwise}`;
}

/** Returns the words of a service in quotation marks, for a sentence. Undefined without words. */
export function quoteReasons(sentences: readonly (string | undefined)[]): string | undefined {
  const words = joinReasons(sentences).replace(/[\s.:;,]+$/, '');
  if (words === '') return undefined;
  return /\p{Script=Cyrillic}/u.test(words) ? `«${words}»` : `“${words}”`;
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
