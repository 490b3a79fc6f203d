/** The text, cut to `most` characters by code points, without an ellipsis and blanks at its end. */
export function cutText(text: string, most: number): string {
  const points = [...text];
  return points.length <= most ? text : points.slice(0, most).join('').trimEnd();
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
