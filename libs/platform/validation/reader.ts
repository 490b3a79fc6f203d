import type { CompiledSchema, DtoSchema } from './dto-schema.js';
import { getPlainProperty } from './decorators.js';
import { getSchemaClass, REF_PREFIX } from './dto-schema.js';

/**
 * Converts a value that is only spelled differently, and passes others to the validator.
 * @param dirty texts may hold characters that PostgreSQL rejects
 * @param depth the number of levels above
 */
export type Read = (value: unknown, dirty: boolean, depth: number) => unknown;

/** Maximum depth of nested DTOs. Only classes that hold themselves can reach it. */
const MAX_DEPTH = 32;
/** Default for the maximum number of items in a list of a DTO. */
const MAX_ITEMS = 10_000;
/** How deep and how large a free-form value may be. */
const FREE_DEPTH = 8;
const FREE_VALUES = 1_000;

// A symbol fits no schema type. The validator's error carries it, and its description is the message.
const TOO_DEEP = Symbol('is nested too deeply');
const TOO_LARGE = Symbol(`holds more than ${FREE_VALUES} values`);
const TOO_FAR = Symbol('is too large a number');

const NUMERIC = /^-?\d{1,20}(?:\.\d{1,20})?$/;

/** Keys that reach an object's prototype. */
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Text without NUL characters and lone surrogates, which PostgreSQL's text and jsonb refuse. */
export function cleanText(text: string): string {
  const withoutNul = text.includes('\0') ? text.replaceAll('\0', '') : text;
  return withoutNul.isWellFormed() ? withoutNul : withoutNul.toWellFormed();
}

/** Writes a value as JSON that PostgreSQL takes: its texts are cleaned as by `cleanText`. */
export function stringifyClean(value: object): string {
  const text = JSON.stringify(value);
  // Only characters that PostgreSQL rejects are written with such an escape. A text may hold one by chance.
  return /\\u(?:0000|d[89a-f])/.test(text) ? JSON.stringify(value, cleanMember) : text;
}

function cleanMember(_name: string, value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [cleanText(name), member as unknown]));
}

/** Compiles the reader of a class. */
export function compileReader(compiled: CompiledSchema): Read {
  const readers = new Map<string, Read>();
  const ofSchema = (schema: DtoSchema): Read => {
    if (schema.$ref !== undefined) return ofRef(schema.$ref);
    if (schema.freeForm === true) return schema.type === 'object' ? readFreeMap : readFreeValue;
    switch (schema.type) {
      case 'string':
        return readText;
      case 'number':
        return readNumber;
      case 'integer':
        return readInteger;
      case 'boolean':
        return readBoolean;
      case 'array':
        return compileListReader(ofSchema(schema.items ?? { freeForm: true }), schema.maxItems ?? MAX_ITEMS);
      default:
        throw new Error(`no reader for ${JSON.stringify(schema)}`);
    }
  };
  const ofRef = (ref: string): Read => {
    const known = readers.get(ref);
    if (known !== undefined) return known;
    // A class may hold itself: its reader is known by name before it is made.
    readers.set(ref, (value, dirty, depth) => made(value, dirty, depth));
    const { properties, target } = getSchemaClass(compiled, ref);
    const made = compileObjectReader(properties, ofSchema, getPlainProperty(target));
    readers.set(ref, made);
    return made;
  };
  return ofRef(REF_PREFIX + compiled.root);
}

/** Tests by type for values that need no reader; `raw` is the value and `dirty` as in `Read`. */
const AS_IT_IS: { readonly [type: string]: string } = {
  string: "typeof raw === 'string' && !dirty",
  number: "typeof raw === 'number'",
  integer: 'Number.isSafeInteger(raw)',
  boolean: "typeof raw === 'boolean'",
};

const EMPTY: object = Object.freeze(Object.create(null));

type Fill = (source: object, dirty: boolean, depth: number) => object;

/** `plain`: the property that a text or number in place of the object is. */
function compileObjectReader(
  schemas: { readonly [name: string]: DtoSchema },
  ofSchema: (schema: DtoSchema) => Read,
  plain: string | undefined,
): Read {
  const properties = Object.entries(schemas);
  // Written out property by property, as Ajv does it, it is nine times as fast as a loop over them.
  const lines = properties.map(([name, property], index) => {
    const key = JSON.stringify(name);
    const ready = AS_IT_IS[typeof property.type === 'string' ? property.type : ''];
    const read = `reads[${index}](raw, dirty, depth)`;
    const initial = typeof property.default === 'object' ? `structuredClone(initials[${index}])` : `initials[${index}]`;
    const otherwise = property.nullable === true ? ` else if (raw === null) result[${key}] = null;` : '';
    const missing = property.default === undefined ? otherwise : ` else result[${key}] = ${initial};`;
    return (
      `raw = source[${key}]; if (raw !== undefined && raw !== null) ` +
      `result[${key}] = ${ready === undefined ? read : `${ready} ? raw : ${read}`};${missing}`
    );
  });
  const body = `return (source, dirty, depth) => { const result = {}; let raw; ${lines.join('\n')} return result; };`;
  // Only names from our own classes, quoted, reach this text.
  const make = new Function('reads', 'initials', body) as (reads: Read[], initials: unknown[]) => Fill;
  const fill = make(
    properties.map(([, property]) => ofSchema(property)),
    properties.map(([, property]) => property.default),
  );
  return (value, dirty, depth) => {
    if (plain !== undefined && (typeof value === 'string' || typeof value === 'number')) return fill({ [plain]: value }, dirty, depth + 1);
    if (typeof value !== 'object' || value === null || (Array.isArray(value) && value.length > 0)) return value;
    // PHP's empty object. The members of every list, such as `flat`, are not its properties.
    return depth > MAX_DEPTH ? TOO_DEEP : fill(Array.isArray(value) ? EMPTY : value, dirty, depth + 1);
  };
}

function compileListReader(item: Read, maxItems: number): Read {
  const tooMany = Symbol(`must have at most ${maxItems} items`);
  return (value, dirty, depth) => {
    if (typeof value !== 'object' || value === null) return value;
    const items: unknown[] = Array.isArray(value) ? value : Object.values(value);
    if (items.length > maxItems) return tooMany;
    const result: unknown[] = [];
    for (const entry of items) result.push(item(entry, dirty, depth + 1));
    return result;
  };
}

function readText(value: unknown, dirty: boolean): unknown {
  if (typeof value === 'string') return dirty ? cleanText(value) : value;
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : value;
}

function readNumber(value: unknown): unknown {
  // Adding 0 turns -0 into 0.
  return typeof value === 'string' && NUMERIC.test(value) ? Number(value) + 0 : value;
}

function readInteger(value: unknown): unknown {
  const number = readNumber(value);
  // Larger numbers would lose digits, and bigint columns refuse exponents.
  return typeof number === 'number' && Math.abs(number) > Number.MAX_SAFE_INTEGER ? TOO_FAR : number;
}

function readBoolean(value: unknown): unknown {
  if (value === 1 || value === '1' || value === 'true') return true;
  if (value === 0 || value === '0' || value === 'false') return false;
  return value;
}

function readFreeMap(value: unknown, dirty: boolean): unknown {
  // A list of things with codes stands for a map, and an empty list for an empty one.
  const isMap = Array.isArray(value) && value.every((item) => typeof item === 'object' && item !== null && !Array.isArray(item));
  return readFreeValue(isMap ? { ...(value as unknown[]) } : value, dirty);
}

function readFreeValue(value: unknown, dirty: boolean): unknown {
  let values = 0;
  const copy = (source: unknown, depth: number): unknown => {
    if (++values > FREE_VALUES) return TOO_LARGE;
    if (typeof source === 'string') return dirty ? cleanText(source) : source;
    if (typeof source !== 'object' || source === null) return source;
    if (depth > FREE_DEPTH) return TOO_DEEP;
    if (Array.isArray(source)) {
      const list: unknown[] = [];
      for (const item of source as unknown[]) {
        const copied = copy(item, depth + 1);
        if (typeof copied === 'symbol') return copied;
        list.push(copied);
      }
      return list;
    }
    const map: { [key: string]: unknown } = {};
    for (const [key, item] of Object.entries(source)) {
      const name = dirty ? cleanText(key) : key;
      if (FORBIDDEN_KEYS.has(name) || item === null || item === undefined) continue;
      const copied = copy(item, depth + 1);
      if (typeof copied === 'symbol') return copied;
      map[name] = copied;
    }
    return map;
  };
  return copy(value, 1);
}
