import { listFields, type FieldType, type TypeName } from '#crm-client/wire';
import { type Json, type JsonObject, isObject } from '../json.js';

import { isPhpDate } from './php-date.js';

/** One violation of the contract. */
export interface Violation {
  /** The violating field, such as `result[0].cost`. Empty for the whole value. */
  readonly path: string;
  readonly message: string;
}

/** The message for a field that the contract does not have. */
export const UNKNOWN_FIELD = 'is not a field of the contract';

/** How to compare a value with a type of the contract. */
export interface ReadingRules {
  /**
   * `exact`: the contract's JSON types, no null (for replies of modules). `lenient`: numbers and booleans may
   * be text, null counts as absent (for API requests).
   */
  readonly types: 'exact' | 'lenient';
  /** How to handle a field that the contract does not have. */
  readonly unknownFields: 'refuse' | 'ignore';
  /** Whether a date must have the contract's format, or may have another readable format. */
  readonly dates: 'exact' | 'lenient';
  /** Whether `[]` is accepted for an object without fields, because PHP writes it so. */
  readonly emptyObjects: 'exact' | 'list-too';
}

/** The value converted to the contract's types, and all violations. */
export interface Reading {
  readonly value: Json | undefined;
  readonly violations: Violation[];
}

/** For replies of modules: the contract's types, no unknown fields. */
export const EXACT: ReadingRules = { types: 'exact', unknownFields: 'refuse', dates: 'exact', emptyObjects: 'exact' };
/** For API requests: forms send numbers as text, and new fields appear over time. */
export const LENIENT: ReadingRules = { types: 'lenient', unknownFields: 'ignore', dates: 'lenient', emptyObjects: 'list-too' };
/** For API requests whose fields are all checked (module registrations, tracking). */
export const LENIENT_CLOSED: ReadingRules = { types: 'lenient', unknownFields: 'refuse', dates: 'exact', emptyObjects: 'list-too' };

/**
 * Reads a value by a type of the contract. Returns the converted value and the list of
 * violations. Never throws. `path` is prepended to the paths of violations.
 */
export function read(value: Json | undefined, type: TypeName, rules: ReadingRules, path = ''): Reading {
  const violations: Violation[] = [];
  return { value: visit(value, { kind: 'type', name: type, json: false }, rules, path, violations), violations };
}

/** Reads one field of a type like `read`. A field that the type does not have stays unchanged. */
export function readField(value: Json | undefined, type: TypeName, field: string, rules: ReadingRules): Reading {
  const violations: Violation[] = [];
  const fieldType = listFields(type).get(field);
  return { value: fieldType ? visit(value, fieldType, rules, field, violations) : value, violations };
}

function visit(value: Json | undefined, type: FieldType, rules: ReadingRules, path: string, violations: Violation[]): Json | undefined {
  if (value === undefined) return undefined;
  if (type.kind === 'any' || type.kind === 'stream') return value;
  if (value === null) {
    if (rules.types === 'exact') violations.push({ path, message: 'is null; leave the field out instead' });
    return undefined;
  }
  switch (type.kind) {
    case 'list':
      return list(value, type.of, rules, path, violations);
    case 'map':
      return entries(value, type.of, rules, path, violations);
    case 'datetime':
      return datetime(value, type.format, rules, path, violations);
    case 'string':
      return string(value, rules, path, violations);
    case 'int':
    case 'float':
      return number(value, type.kind, rules, path, violations);
    case 'numeric':
      return numeric(value, path, violations);
    case 'bool':
      return boolean(value, rules, path, violations);
    case 'type':
      return object(value, type.name, rules, path, violations);
  }
}

function list(value: Json, type: FieldType, rules: ReadingRules, path: string, violations: Violation[]): Json | undefined {
  const items = Array.isArray(value) ? value : rules.types === 'lenient' && isObject(value) ? Object.values(value) : undefined;
  if (!items) return refuse(value, 'a list', path, violations);
  return items
    .map((item, index) => visit(item ?? null, type, rules, `${path}[${index}]`, violations))
    .filter((item): item is Json => item !== undefined);
}

function entries(value: Json, type: FieldType, rules: ReadingRules, path: string, violations: Violation[]): Json | undefined {
  // PHP writes an empty map as [], and accepts a list for a map with numeric keys.
  if (Array.isArray(value) && (value.length === 0 || rules.types === 'lenient')) value = { ...value };
  if (!isObject(value)) return refuse(value, 'an object', path, violations);
  const result: JsonObject = {};
  for (const [key, item] of Object.entries(value)) result[key] = visit(item, type, rules, join(path, key), violations);
  return result;
}

function object(value: Json, type: TypeName, rules: ReadingRules, path: string, violations: Violation[]): Json | undefined {
  const fields = listFields(type);
  if (rules.emptyObjects === 'list-too' && Array.isArray(value) && value.length === 0) return {};
  if (!isObject(value)) return refuse(value, 'an object', path, violations);
  const result: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    const fieldType = fields.get(key);
    if (fieldType !== undefined) {
      const field = visit(item, fieldType, rules, join(path, key), violations);
      if (field !== undefined) result[key] = field;
    } else if (rules.unknownFields === 'refuse') {
      violations.push({ path: join(path, key), message: UNKNOWN_FIELD });
    }
  }
  return result;
}

function datetime(value: Json, format: string, rules: ReadingRules, path: string, violations: Violation[]): Json | undefined {
  if (typeof value === 'string' && isPhpDate(value, format)) return value;
  if (rules.types === 'lenient' && value === '') return undefined;
  // A date instead of date and time, and the other way round. The API accepts both.
  if (rules.dates === 'lenient' && typeof value === 'string' && /^\d{4}-\d{2}-\d{2}/.test(value) && !Number.isNaN(Date.parse(value)))
    return value;
  violations.push({ path, message: `must be a date in the format ${format.replaceAll('\\', '')}, not ${show(value)}` });
  return undefined;
}

function string(value: Json, rules: ReadingRules, path: string, violations: Violation[]): Json | undefined {
  if (typeof value === 'string') return value;
  if (rules.types === 'lenient' && (typeof value === 'number' || typeof value === 'boolean')) return String(value);
  return refuse(value, 'a string', path, violations);
}

function number(value: Json, type: 'int' | 'float', rules: ReadingRules, path: string, violations: Violation[]): Json | undefined {
  const what = type === 'int' ? 'a whole number' : 'a number';
  let result = value;
  if (rules.types === 'lenient') {
    if (value === '') return undefined;
    if (typeof value === 'string' && /^\s*-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\s*$/.test(value)) result = Number(value);
    if (typeof value === 'boolean') result = value ? 1 : 0;
  }
  if (typeof result !== 'number' || !Number.isFinite(result) || (type === 'int' && !Number.isInteger(result)))
    return refuse(value, what, path, violations);
  return result;
}

function numeric(value: Json, path: string, violations: Violation[]): Json | undefined {
  if (typeof value === 'number' || (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)))) return value;
  return refuse(value, 'a number or its text', path, violations);
}

function boolean(value: Json, rules: ReadingRules, path: string, violations: Violation[]): Json | undefined {
  if (typeof value === 'boolean') return value;
  if (rules.types === 'lenient') {
    if (value === '') return undefined;
    if (value === 1 || value === '1' || value === 'true') return true;
    if (value === 0 || value === '0' || value === 'false') return false;
  }
  return refuse(value, 'true or false', path, violations);
}

function refuse(value: Json, what: string, path: string, violations: Violation[]): undefined {
  violations.push({ path, message: `must be ${what}, not ${show(value)}` });
  return undefined;
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

function show(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
