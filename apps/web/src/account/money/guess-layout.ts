/** The probable encoding and delimiter of a file. */
export interface GuessedLayout {
  readonly encoding: 'utf-8' | 'windows-1251';
  readonly delimiter: ';' | ',' | '\t' | '|';
}

/** Lines before the header, at most. */
const MOST_LINES = 50;
const DELIMITERS = [';', ',', '\t', '|'] as const;

/** Guesses the encoding and the delimiter of a file from its first bytes. */
export function guessLayout(bytes: Uint8Array): GuessedLayout {
  const encoding = isUtf8(bytes) ? 'utf-8' : 'windows-1251';
  const lines = readLines(bytes, encoding);
  const most = (delimiter: string): number => Math.max(0, ...lines.map((line) => line.split(delimiter).length));
  const delimiter = DELIMITERS.reduce((best, one) => (most(one) > most(best) ? one : best));
  return { encoding, delimiter };
}

/** Returns the headers of a file: the cells of the first line with the most cells. */
export function guessColumns(bytes: Uint8Array, { encoding, delimiter }: GuessedLayout): string[] {
  const rows = readLines(bytes, encoding).map((line) => line.split(delimiter));
  const header = rows.reduce<string[]>((best, row) => (row.length > best.length ? row : best), []);
  return [...new Set(header.map((cell) => cell.trim().replace(/^"(.*)"$/, '$1')).filter((cell) => cell !== ''))];
}

/** The last character of the bytes may be cut. */
function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function readLines(bytes: Uint8Array, encoding: string): string[] {
  return new TextDecoder(encoding).decode(bytes).split(/\r\n|\r|\n/, MOST_LINES);
}
