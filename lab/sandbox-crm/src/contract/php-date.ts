import { DateTime } from 'luxon';

/**
 * PHP format letters of the contract's `datetime(FORMAT)` types, as regular expressions and as luxon tokens.
 */
const LETTERS: { readonly [letter: string]: readonly [pattern: string, token: string] } = {
  Y: ['\\d{4}', 'yyyy'],
  m: ['(?:0[1-9]|1[0-2])', 'MM'],
  d: ['(?:0[1-9]|[12]\\d|3[01])', 'dd'],
  H: ['(?:[01]\\d|2[0-3])', 'HH'],
  i: ['[0-5]\\d', 'mm'],
  s: ['[0-5]\\d', 'ss'],
  P: ['[+-]\\d{2}:\\d{2}', 'ZZ'],
};

const patterns = new Map<string, RegExp>();

/** Whether the text matches the PHP format and is an existing date. */
export function isPhpDate(text: string, format: string): boolean {
  return pattern(format).test(text) && parsePhpDate(text, format, 'UTC') !== undefined;
}

/** Parses a text by a PHP format, in `zone` if the format has no zone. `undefined` if it does not match. */
export function parsePhpDate(text: string, format: string, zone: string): DateTime | undefined {
  const date = DateTime.fromFormat(text, tokens(format), { zone, locale: 'en' });
  return date.isValid ? date : undefined;
}

/** Formats an instant by the PHP format, in the given zone. */
export function formatPhpDate(instant: Date, format: string, zone: string): string {
  return DateTime.fromJSDate(instant, { zone }).setLocale('en').toFormat(tokens(format));
}

function pattern(format: string): RegExp {
  let known = patterns.get(format);
  if (!known) {
    known = new RegExp(`^${translate(format, 0, (literal) => literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))}$`);
    patterns.set(format, known);
  }
  return known;
}

function tokens(format: string): string {
  return translate(format, 1, (literal) => (/[A-Za-z]/.test(literal) ? `'${literal}'` : literal));
}

function translate(format: string, side: 0 | 1, quote: (literal: string) => string): string {
  let result = '';
  for (let index = 0; index < format.length; index += 1) {
    let letter = format.charAt(index);
    const known = LETTERS[letter];
    if (known) {
      result += known[side];
      continue;
    }
    if (letter === '\\') {
      index += 1;
      letter = format.charAt(index);
    }
    result += quote(letter);
  }
  return result;
}
