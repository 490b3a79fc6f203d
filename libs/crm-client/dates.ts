import { DateTime, IANAZone } from 'luxon';

/** PHP format letters of the contract, and their names in luxon. */
const TOKENS: { readonly [letter: string]: string } = { Y: 'yyyy', m: 'MM', d: 'dd', H: 'HH', i: 'mm', s: 'ss', P: 'ZZ' };

const translated = new Map<string, string>();

/** Converts a PHP date format to luxon's. A letter after a backslash is literal. */
function luxonFormat(php: string): string {
  let format = translated.get(php);
  if (format === undefined) {
    format = php.replace(/\\(.)|([A-Za-z])/g, (_, escaped: string | undefined, letter: string) => {
      if (escaped) return `'${escaped}'`;
      const token = TOKENS[letter];
      if (!token) throw new Error(`The date format ${php} has an unknown letter: ${letter}`);
      return token;
    });
    translated.set(php, format);
  }
  return format;
}

/** Whether a format defines an instant, because it includes the offset. */
export function hasOffset(format: string): boolean {
  return format.endsWith('P');
}

/** Whether a format contains a day (and so becomes a `Date` when read exactly), not only a time of day. */
export function hasDay(format: string): boolean {
  return format.startsWith('Y');
}

/**
 * Caches checked zones, because a check takes half a millisecond, and every client needs one. Names are
 * case-insensitive, but few.
 */
const knownZones = new Set<string>();

/** Whether this is a time zone's IANA name. */
export function isTimeZone(zone: string): boolean {
  if (knownZones.has(zone)) return true;
  const isValid = IANAZone.isValidZone(zone);
  if (isValid) knownZones.add(zone);
  return isValid;
}

/**
 * Formats an instant in a zone by one of the contract's PHP formats, such as `Y-m-d\TH:i:sP`.
 * @throws RangeError for an invalid `Date`
 */
export function formatDate(date: Date, format: string, zone: string): string {
  if (Number.isNaN(date.getTime())) throw new RangeError('The date is invalid');
  return DateTime.fromJSDate(date, { zone }).toFormat(luxonFormat(format), { locale: 'en-US', numberingSystem: 'latn' });
}

/**
 * Parses a CRM date by its format, then as ISO 8601 or SQL. `zone` applies if the text has no offset.
 * @returns the instant. Null for an empty or zero date, undefined for unreadable text. A repeated hour is the
 * earlier one
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

/** Returns the first of the instants that show the same wall time. */
function earlier(time: DateTime): DateTime {
  const [first] = time.getPossibleOffsets();
  return first && first < time ? first : time;
}
