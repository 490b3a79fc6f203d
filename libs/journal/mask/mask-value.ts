import { isKnownWord, listWords } from './known-words.js';
import { listShapes, looksLikeKey, looksLikeNumberOfPerson, looksSecret, mayBeShown, type Shape } from './shown-fields.js';

/** Replaces a hidden value. */
export const MASK = '***';
/** The mask as JSON. */
const MASKED = `"${MASK}"`;
/** Replaces values that exceed the room, as JSON. */
const CUT = '"…"';
/** Maximum number of characters of one text of an error. */
const LONGEST_TEXT = 1_000;
/** Maximum nesting of documents within texts: a form's field, and a text in it. */
const DEEPEST_DOCUMENT = 3;
const DEEPEST = 32;
const AMOUNT: readonly Shape[] = ['number'];
/** Minimum number of digits of a number that may be personal. */
const LEAST_DIGITS = 9;
/** Groups of digits with only blanks and signs between them, at least seven digits: one number. */
const NUMBER = /\+?\(?\p{N}(?:[\s\p{Pd}\p{Pc}.,:;/\\()*·•|]{0,3}\p{N}){6,}/gu;
/**
 * Facts in our own sentences that are not personal: our id, an instant, an amount with two decimals, and an
 * address of the operator API. A date without a time may be a birthday, so it is masked.
 */
const FACT = new RegExp(
  `((?<![\\p{L}\\p{N}_-])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![\\p{L}\\p{N}_-])` +
    '|(?<![\\p{L}\\p{N}_-])\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d{3})?)?Z(?![\\p{L}\\p{N}_-])' +
    '|(?<![\\p{L}\\p{N}_.,:/+-])(?<!\\p{N}[\\s()]{1,3})\\d{1,7}\\.\\d\\d(?![\\p{L}\\p{N}_]|[.,:/()-]?\\s?\\p{N})' +
    '|(?<!\\S)/operator/api(?:/[a-z][a-z-]{0,30}|/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})+(?![^\\s.,;:)]))',
  'u',
);
/** The value after such a name is a secret. */
const NAMED_SECRET = /(?:key|token|secret|passw(?:or)?d|pwd|auth)[=:]./i;

/** The state of a masking: its room, and the phones found. */
export interface Masking {
  /** Number of characters that may still be stored. */
  room: number;
  /** Whether anything was left out. */
  cut: boolean;
  /** The phones in their original notation. */
  readonly phones: Set<string>;
  /** The current nesting depth. */
  depth: number;
  /** The current number of documents within documents. */
  documents: number;
}

/** Starts a masking of at most `room` characters. */
export function beginMasking(room: number, phones = new Set<string>()): Masking {
  return { room, cut: false, phones, depth: 0, documents: 0 };
}

/** Returns a JSON value as JSON in one line. Masks everything that `shown-fields.ts` does not list. */
export function maskValue(value: unknown, masking: Masking): string {
  return mask(value, [], masking, false);
}

/** `isPhone`: the name of a parent field contains phones. */
function mask(value: unknown, shapes: readonly Shape[], masking: Masking, isPhone: boolean): string {
  if (value === null || value === undefined) return 'null';
  if (masking.room <= 0 || masking.depth > DEEPEST) {
    masking.cut = true;
    return CUT;
  }
  if (typeof value === 'string') return maskText(value, shapes, masking, isPhone);
  if (typeof value === 'object') {
    masking.depth++;
    const masked = Array.isArray(value) ? maskList(value, shapes, masking, isPhone) : maskFields(value, shapes, masking);
    masking.depth--;
    return masked;
  }
  masking.room -= 6;
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  const text = String(value);
  if (isPhone) masking.phones.add(text);
  if (shapes.length === 0 || !mayBeShown(text, shapes)) return MASKED;
  return Number.isFinite(value) ? text : 'null';
}

function maskList(values: readonly unknown[], shapes: readonly Shape[], masking: Masking, isPhone: boolean): string {
  let masked = '[';
  let count = 0;
  for (const value of values) {
    if (count++ > 0) masked += ',';
    masked += mask(value, shapes, masking, isPhone);
    if (masking.room <= 0) break;
  }
  if (count < values.length) masking.cut = true;
  return masked + ']';
}

function maskFields(fields: object, around: readonly Shape[], masking: Masking): string {
  let masked = '{';
  let unnamed = 0;
  const isOfError = around.includes('error');
  for (const name of Object.keys(fields)) {
    const value = (fields as Record<string, unknown>)[name];
    if (masking.room <= 0) {
      masking.cut = true;
      break;
    }
    const { isKnown, isPhone, isShops, shapes: own, json } = readName(name);
    if (!isKnown) notePhone(name, masking);
    const shown = isKnown ? json : `"${MASK}${++unnamed}":`;
    masking.room -= shown.length + 1;
    // A value next to a currency is an amount.
    const named = name === 'value' && 'currency' in fields ? AMOUNT : own;
    // The texts of `errors` are keyed by their field.
    const shapes = isOfError && (typeof value === 'string' || !isKnown) ? around : named;
    if (masked.length > 1) masked += ',';
    masked += shown;
    masked += isShops || (!isKnown && typeof value === 'boolean') ? MASKED : mask(value, shapes, masking, isPhone);
  }
  return masked + '}';
}

function maskText(text: string, shapes: readonly Shape[], masking: Masking, isPhone: boolean): string {
  if (text === '') return '""';
  if (isPhone) masking.phones.add(text);
  else notePhone(text, masking);
  const document = masking.documents < DEEPEST_DOCUMENT ? parseDocument(text) : undefined;
  if (document) {
    masking.documents++;
    const masked = mask(document, shapes, masking, isPhone);
    masking.documents--;
    return masked;
  }
  const isError = shapes.includes('error');
  const shown = isError ? maskWords(text) : shapes.length > 0 && mayBeShown(text, shapes) ? text : MASK;
  masking.room -= shown.length + 3;
  if (shown === MASK) return `"${MASK}(${text.length})"`;
  // No other shape has a character that JSON escapes.
  return isError ? JSON.stringify(shown) : `"${shown}"`;
}

/** Returns the JSON object or list in a text. Undefined for any other text. */
export function parseDocument(text: string): object | undefined {
  if (!mayBeDocument(text)) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}

/** Whether a text begins like a JSON object or list. */
export function mayBeDocument(text: string): boolean {
  const first = text.trimStart()[0];
  return first === '{' || first === '[';
}

/** Returns a text with every word masked that may be a name, and every number that may be personal. */
export function maskWords(text: string): string {
  return text
    .slice(0, LONGEST_TEXT)
    .toWellFormed()
    .split(FACT)
    .map((part, at) => (at % 2 === 0 ? maskPart(part) : part.startsWith('/') ? maskAddress(part) : part))
    .join('')
    .replace(/\*{3}(?:[\s,;'"«»“”]+\*{3})+/g, MASK);
}

function maskPart(text: string): string {
  return text.replace(NUMBER, MASK).replace(/[^\s,;!?()[\]{}<>"'«»“”]+/gu, (part) => (isHarmless(part) ? part : MASK));
}

function isHarmless(part: string): boolean {
  if (part.includes('@') || part.includes('\0') || NAMED_SECRET.test(part) || looksSecret(part)) return false;
  const digits = part.match(/\p{N}/gu)?.length ?? 0;
  if (
    digits >= 5 ||
    (digits > 0 && !/^[-+#%]?\d{1,4}([.:/-]\d{1,2}){0,2}[.:%]?$/.test(part) && !/^[A-Za-z]+[-_/]?\d{1,3}[.:]?$/.test(part))
  )
    return false;
  return listWords(part).every(isKnownWord) && /^[\p{Lu}\p{Ll}\p{N}\p{P}\p{S}]*$/u.test(part);
}

/** Whether a field's name belongs to an API, and is not data such as a phone or a name used as a key. */
export function isKnownName(name: string): boolean {
  return (
    name.length <= 60 &&
    /^[A-Za-z][\w:.[\]-]*$/.test(name) &&
    (name.match(/\d/g)?.length ?? 0) <= 3 &&
    // With more numbers between letters it is a key, however common its short words are.
    (name.match(/\d+/g)?.length ?? 0) <= 2 &&
    listWords(name).every(isKnownWord) &&
    !looksLikeKey(name)
  );
}

/** The facts about a field's name. */
interface FieldName {
  readonly isKnown: boolean;
  readonly isPhone: boolean;
  /** The shop defines the fields in it, so a known name may have any value. */
  readonly isShops: boolean;
  readonly shapes: readonly Shape[];
  /** The name and its colon, as JSON. */
  readonly json: string;
}

const readName = remember((name: string): FieldName => {
  const isKnown = isKnownName(name);
  const isShops = /^custom_?fields$/i.test(name);
  return {
    isKnown,
    isShops,
    isPhone: isKnown && isNamedPhone(name),
    shapes: isKnown ? listShapes(name) : [],
    json: `${JSON.stringify(name)}:`,
  };
});

const MOST_REMEMBERED = 5_000;
const LONGEST_REMEMBERED = 100;

/** Remembers results by name. Clears a full memory, because data used as names does not repeat. */
function remember<Value>(read: (text: string) => Value): (text: string) => Value {
  const known = new Map<string, Value>();
  return (text) => {
    if (text.length > LONGEST_REMEMBERED) return read(text);
    let value = known.get(text);
    if (value === undefined) {
      value = read(text);
      if (known.size >= MOST_REMEMBERED) known.clear();
      known.set(text, value);
    }
    return value;
  };
}

function isNamedPhone(name: string): boolean {
  return /phone|msisdn|callerid|^tel$|^(src|dst|caller|callee)$/i.test(name);
}

/** Adds a text that looks like a phone to the phones to be hashed. */
function notePhone(text: string, { phones }: Masking): void {
  if (
    text.length >= LEAST_DIGITS &&
    text.length <= 24 &&
    phones.size < 20 &&
    /^\+?[\d\s().-]+$/.test(text) &&
    (text.match(/\d/g)?.length ?? 0) >= LEAST_DIGITS
  )
    phones.add(text);
}

/** Returns an address with its host, and the parts of path and query that are neither secret nor personal. */
export function maskAddress(address: string, known: readonly (string | undefined)[] = []): string {
  const [, scheme = '', host = '', path = '', query] = /^(?:(\w+:)\/\/(?:[^/?#@]*@)?([^/?#]*))?([^?#]*)(?:\?([^#]*))?/s.exec(address) ?? [];
  const segments = path.split('/').map((segment) => (isShownSegment(segment) || known.includes(segment) ? segment : MASK));
  const shownHost = scheme === '' ? '' : `${scheme}//${host}`;
  return `${shownHost}${segments.join('/')}${query === undefined ? '' : `?${maskQuery(query)}`}`.slice(0, LONGEST_TEXT);
}

const isShownSegment = remember((segment: string): boolean => {
  if (/^(|v\d+(\.\d+)?|\d{1,8})$/.test(segment)) return true;
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(segment)) return true;
  if (/^([a-z_]{2,8}_[A-Za-z0-9]+|[A-Z]{3,6}[0-9A-Z]{26})$/.test(segment) && mayBeShown(segment, ['id'])) return true;
  return isKnownName(segment) && !looksSecret(segment) && !looksLikeNumberOfPerson(segment);
});

function maskQuery(query: string): string {
  return query
    .split('&', 30)
    .map((pair) => {
      const [name = '', value = ''] = pair.split('=', 2).map(decode);
      if (!isKnownName(name)) return `${MASK}=${MASK}`;
      return `${name}=${value === '' || mayBeShown(value, listShapes(name.replace(/\[\w*\]$/, ''))) ? value : MASK}`;
    })
    .join('&');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return '%';
  }
}
