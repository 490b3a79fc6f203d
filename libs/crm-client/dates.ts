import { DateTime, IANAZone } from 'luxon';

/** PHP format letters of the contract, and their names in luxon. */
const TOKENS: { readonly [letter: string]: string } = { Y: 'yyyy', m: 'MM', d: 'dd', H: 'HH', i: 'mm', s: 'ss', P: 'ZZ' };

const translated = new Map<string, string>();

/** A PHP date format in luxon's letters; a letter after a backslash stands for itself. */
function luxonFormat(php: string): string {
  let format = translated.get(php);
  if (format === undefined) {
    format = php.replace(/\\(.)|([A-Za-z])/g, (_, escaped: string | undefined, letter: string) => {
      if (escaped) return `'${escaped}'`;
      const token = TOKENS[letter];
      if (!token) throw new Error(`The date format ${php} has a letter that is not known: ${letter}`);
      return token;
    });
    translated.set(php, format);
  }
  return format;
}

/** Whether a format names an instant on its own, offset included. */
export function hasOffset(format: string): boolean {
  return format.endsWith('P');
}

/** Whether a format holds a day (and so becomes a `Date` when read exactly) and not only a time of day. */
export function hasDay(format: string): boolean {
  return format.startsWith('Y');
}

/** Whether this is a time zone's IANA name. */
export function isTimeZone(zone: string): boolean {
  return IANAZone.isValidZone(zone);
}

/**
 * An instant in a zone, in one of the contract's PHP formats (`Y-m-d`, `Y-m-d H:i:s`, `Y-m-d\TH:i:sP`, ...).
 * Throws a RangeError for an invalid `Date`.
 */
export function formatDate(date: Date, format: string, zone: string): string {
  if (Number.isNaN(date.getTime())) throw new RangeError('The date is invalid');
  return DateTime.fromJSDate(date, { zone }).toFormat(luxonFormat(format), { locale: 'en-US', numberingSystem: 'latn' });
}

/**
 * The instant of a date as the CRM sends it: its format first, then any ISO 8601 or SQL form; without an
 * offset it is in the zone. A day without a time is its start in that zone. In an hour that a clock change
 * repeats the earlier instant is taken, in one it skips the time after. An empty or zero date (`0000-00-00
 * ...`) is null; undefined when it cannot be read.
 */
export function parseDate(text: string, format: string, zone: string): Date | null | undefined {
  if (text === '' || /^(0000-00-00|-0001-11-30)/.test(text)) return null;
  let parsed = DateTime.fromFormat(text, luxonFormat(format), { zone });
  if (!parsed.isValid) parsed = DateTime.fromISO(text, { zone });
  if (!parsed.isValid) parsed = DateTime.fromSQL(text, { zone });
  if (!parsed.isValid) return undefined;
  const named = /(Z|[+-]\d\d:?\d\d)$/.test(text);
  return (named ? parsed : earlier(parsed)).toJSDate();
}

/** The first of the instants that show the same wall time. */
function earlier(time: DateTime): DateTime {
  const [first] = time.getPossibleOffsets();
  return first && first < time ? first : time;
}
