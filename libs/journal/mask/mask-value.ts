import { isKnownWord, listWords } from './known-words.js';
import { listShapes, looksLikeKey, looksLikeNumberOfPerson, looksSecret, mayBeShown, type Shape } from './shown-fields.js';

/** In place of what is not shown. */
export const MASK = '***';
/** As JSON. */
const MASKED = `"${MASK}"`;
/** In place of what there was no room for, as JSON. */
const CUT = '"…"';
/** Characters of one text of an error. */
const LONGEST_TEXT = 1_000;
/** Documents inside of documents: a form's field, and a text in that. */
const DEEPEST_DOCUMENT = 3;
const DEEPEST = 32;
const AMOUNT: readonly Shape[] = ['number'];
/** Of a number that may be somebody's. */
const LEAST_DIGITS = 9;
/** Groups of digits with only blanks and signs between them: one number of seven digits or more. */
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
/** What follows such a name is a secret. */
const NAMED_SECRET = /(?:key|token|secret|passw(?:or)?d|pwd|auth)[=:]./i;

/** What is masked together: its room, and the phones that were seen. */
export interface Masking {
  /** Characters that may still be kept. */
  room: number;
  /** Set once something was left out. */
  cut: boolean;
  /** As they were written. */
  readonly phones: Set<string>;
  /** How deep the masking is just now. */
  depth: number;
  /** In how many documents inside of documents it is. */
  documents: number;
}

/** Begins a masking of at most so many characters. */
export function beginMasking(room: number, phones = new Set<string>()): Masking {
  return { room, cut: false, phones, depth: 0, documents: 0 };
}

/** Returns a JSON value as JSON in one line, with all masked that is not on the list of `shown-fields.ts`. */
export function maskValue(value: unknown, masking: Masking): string {
  return mask(value, [], masking, false);
}

/** `isPhone`: a field around it is named as one of phones. */
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
    const { isKnown, isPhone, shapes: own, json } = readName(name);
    if (!isKnown) notePhone(name, masking);
    const shown = isKnown ? json : `"${MASK}${++unnamed}":`;
    masking.room -= shown.length + 1;
    // What stands beside a currency is an amount.
    const named = name === 'value' && 'currency' in fields ? AMOUNT : own;
    // The texts of `errors` are by the fields that they are about.
    const shapes = isOfError && (typeof value === 'string' || !isKnown) ? around : named;
    if (masked.length > 1) masked += ',';
    masked += shown;
    masked += !isKnown && typeof value === 'boolean' ? MASKED : mask(value, shapes, masking, isPhone);
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

/** Returns the JSON object or list that a text is; undefined for any other text. */
export function parseDocument(text: string): object | undefined {
  if (!mayBeDocument(text)) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}

/** Whether a text begins as a JSON object or list does. */
export function mayBeDocument(text: string): boolean {
  const first = text.trimStart()[0];
  return first === '{' || first === '[';
}

/** Returns a text with each word masked that may be a name, and each number that may be somebody's. */
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

/**
 * Whether the name of a field is one of an API, not data such as a phone or a name by which things are
 * listed.
 */
export function isKnownName(name: string): boolean {
  return (
    name.length <= 60 &&
    /^[A-Za-z][\w:.[\]-]*$/.test(name) &&
    (name.match(/\d/g)?.length ?? 0) <= 3 &&
    // More numbers among the letters are a key, however well known its short words are.
    (name.match(/\d+/g)?.length ?? 0) <= 2 &&
    listWords(name).every(isKnownWord) &&
    !looksLikeKey(name)
  );
}

/** What is known of a name of a field. */
interface FieldName {
  readonly isKnown: boolean;
  readonly isPhone: boolean;
  readonly shapes: readonly Shape[];
  /** The name and its colon, as JSON. */
  readonly json: string;
}

const readName = remember((name: string): FieldName => {
  const isKnown = isKnownName(name);
  return { isKnown, isPhone: isKnown && isNamedPhone(name), shapes: isKnown ? listShapes(name) : [], json: `${JSON.stringify(name)}:` };
});

const MOST_REMEMBERED = 5_000;
const LONGEST_REMEMBERED = 100;

/** Names come again and again; those that are data do not, so that a full memory is emptied. */
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

/** Keeps a text that looks like a phone, to be hashed. */
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

/** Returns an address with its host, and of path and query what is no secret and nobody's. */
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
