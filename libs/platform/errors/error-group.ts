/** The parts that differ between two errors of one cause, in the order in which they are replaced. */
const VARIABLE: readonly (readonly [RegExp, string])[] = [
  [/"[^"]*"|'[^']*'|«[^»]*»|“[^”]*”|`[^`]*`/gu, '"…"'],
  [/\bhttps?:\/\/\S+/giu, '<address>'],
  [/\S+@\S+\.\S+/gu, '<e-mail>'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/giu, '#'],
  [/\b(?=[a-z]*\d)[0-9a-f]{8,}\b/giu, '#'],
  [/[+-]?\d+(?:[.,:/-]\d+)*/gu, '#'],
  [/\s+/gu, ' '],
];
/** Maximum number of characters read from an error's text, and kept in its group. */
const MOST = { read: 1_000, kept: 200 };

/**
 * Returns the common text of errors with one cause, without ids, numbers, quoted values, addresses and
 * e-mails. At most 200 characters.
 */
export function groupError(text: string): string {
  let group = text.slice(0, MOST.read);
  for (const [pattern, replacement] of VARIABLE) group = group.replace(pattern, replacement);
  return group.trim().slice(0, MOST.kept);
}
