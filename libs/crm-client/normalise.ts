import { hasDay, hasOffset, parseDate } from './dates.js';
import { listFields, type FieldType } from './schema.js';
import type { TypeName } from './generated/schema-data.js';
import type { Json } from './generated/types.js';

/** A value of a reply that does not match the contract's type, even when read leniently. */
export class NormalisingError extends Error {}

type JsonObject = { readonly [key: string]: Json | undefined };

/**
 * Converts lenient replies to the exact types, with dates in the account's zone. Unknown fields stay
 * unchanged.
 */
export class Normaliser {
  /** `zone`: the account's time zone. Without it, a date that has no offset cannot be read. */
  constructor(private readonly zone: string | undefined) {}

  /** Converts a whole reply of a type. */
  answer(type: TypeName, value: Json): unknown {
    return this.#object(type, value, type);
  }

  /** Converts one item of a type, such as an item of a page. */
  item(type: FieldType, value: Json): unknown {
    return this.#value(type, value, 'item');
  }

  #value(type: FieldType, value: Json | undefined, path: string): unknown {
    if (value === null || value === undefined) return value;
    switch (type.kind) {
      case 'any':
      case 'stream':
        return value;
      case 'string':
        return text(value, path);
      case 'int':
      case 'float':
      case 'numeric':
        return number(value, path);
      case 'bool':
        return bool(value, path);
      case 'datetime':
        return this.#date(type.format, value, path);
      case 'list':
        return this.#list(type.of, value, path);
      case 'map':
        return this.#map(type.of, value, path);
      case 'type':
        return this.#object(type.name, value, path);
    }
  }

  #list(type: FieldType, value: Json, path: string): unknown[] {
    if (typeof value !== 'object' || value === null) throw wrong(path, 'a list', value);
    return Object.values(value as JsonObject).map((item, index) => this.#value(type, item, `${path}[${index}]`));
  }

  #map(type: FieldType, value: Json, path: string): { [key: string]: unknown } {
    if (typeof value !== 'object' || value === null) throw wrong(path, 'a map', value);
    return Object.fromEntries(Object.entries(value as JsonObject).map(([key, item]) => [key, this.#value(type, item, `${path}.${key}`)]));
  }

  #object(name: TypeName, value: Json, path: string): unknown {
    const fields = listFields(name);
    if (Array.isArray(value)) {
      if (value.length > 0) throw wrong(path, `an object (${name})`, value);
      return {};
    }
    if (typeof value === 'object' && value !== null) {
      const result: { [key: string]: unknown } = {};
      for (const [field, entry] of Object.entries(value as JsonObject)) {
        const type = fields.get(field);
        // `__proto__` as a field's name would set the prototype.
        if (field !== '__proto__') result[field] = type ? this.#value(type, entry, `${path}.${field}`) : entry;
      }
      return result;
    }
    if (typeof value === 'string' || typeof value === 'number') {
      if (value === '') return {};
      const key = ['code', 'id', 'externalId', 'name', 'number', 'value'].find((field) => fields.has(field));
      const type = key === undefined ? undefined : fields.get(key);
      if (key !== undefined && type) return { [key]: this.#value(type, value, `${path}.${key}`) };
    }
    throw wrong(path, `an object (${name})`, value);
  }

  #date(format: string, value: Json, path: string): Date | string | null {
    if (typeof value !== 'string') throw wrong(path, `a date (${format})`, value);
    if (!hasDay(format)) return value;
    if (this.zone === undefined && !hasOffset(format)) {
      throw new NormalisingError(`${path} is in the account's time zone. Pass timeZone to the client, or call loadTimeZone() first`);
    }
    const date = parseDate(value, format, this.zone ?? 'utc');
    if (date === undefined) throw wrong(path, `a date (${format})`, value);
    return date;
  }
}

function text(value: Json, path: string): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) {
    if (value.length === 0) return null;
    throw wrong(path, 'a text', value);
  }
  const { code, id, name } = value as JsonObject;
  const named = code ?? id ?? name;
  if (typeof named === 'string' || typeof named === 'number') return String(named);
  throw wrong(path, 'a text', value);
}

function number(value: Json, path: string): number | null {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string') {
    if (value.trim() === '') return null;
    const parsed = Number(value);
    if (Number.isFinite(parsed)) return parsed;
  } else if (Array.isArray(value)) {
    if (value.length === 0) return null;
  } else if (value !== null) {
    const { id } = value as JsonObject;
    if (typeof id === 'number' || typeof id === 'string') return number(id, path);
  }
  throw wrong(path, 'a number', value);
}

function bool(value: Json, path: string): boolean | null {
  if (typeof value === 'boolean') return value;
  if (value === 1 || value === '1' || value === 'true') return true;
  if (value === 0 || value === '0' || value === 'false') return false;
  if (value === '' || (Array.isArray(value) && value.length === 0)) return null;
  throw wrong(path, 'a boolean', value);
}

function wrong(path: string, expected: string, value: Json): NormalisingError {
  const type = Array.isArray(value) ? 'list' : typeof value;
  const got = value === null ? 'null' : `${type === 'object' ? 'an' : 'a'} ${type}`;
  return new NormalisingError(`${path} must be ${expected}, but is ${got}`);
}
