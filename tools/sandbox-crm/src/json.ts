/** Any JSON value, as it travels on the wire. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

/** A JSON object; a missing field reads as `undefined`. */
export interface JsonObject {
  [field: string]: Json | undefined;
}

/** Tells whether a value is a JSON object (not a list, not null). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as an object; anything else (the CRM's `[]` for "empty" among it) reads as `{}`. */
export function asObject(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** A value as list: an object (a list keyed by code or id) by its values, anything else as `[]`. */
export function asList(value: Json | undefined): Json[] {
  if (Array.isArray(value)) return value;
  return isObject(value) ? Object.values(value).filter((item): item is Json => item !== undefined) : [];
}

/** The objects of a list; other members are left out. */
export function asObjects(value: Json | undefined): JsonObject[] {
  return asList(value).filter(isObject);
}

/** The value as text when it is a non-empty string or a number; `undefined` otherwise. */
export function asText(value: Json | undefined): string | undefined {
  if (typeof value === 'string' && value !== '') return value;
  return typeof value === 'number' ? String(value) : undefined;
}

/** The value as a finite number when it is one or spells one; `undefined` otherwise. */
export function asNumber(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** Reads a path such as `delivery.address.city`; lists are entered by number. */
export function at(value: Json | undefined, path: string): Json | undefined {
  let current: Json | undefined = value;
  for (const key of path.split('.')) {
    if (Array.isArray(current)) current = current[Number(key)];
    else if (isObject(current)) current = current[key];
    else return undefined;
  }
  return current;
}

/** A deep copy that shares nothing with the original. */
export function copy<T extends Json>(value: T): T {
  return structuredClone(value);
}

/** The named fields of an object that are there. */
export function pick(source: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(fields.filter((field) => source[field] !== undefined).map((field) => [field, source[field]]));
}

/**
 * The value as the CRM writes it: an object without fields leaves it as `[]`, as PHP writes an empty array.
 */
export function written(value: Json): Json {
  if (Array.isArray(value)) return value.map(written);
  if (!isObject(value)) return value;
  const fields = Object.entries(value).flatMap(([name, field]) => (field === undefined ? [] : [[name, written(field)] as const]));
  return fields.length === 0 ? [] : Object.fromEntries(fields);
}

/** Deepest nesting of JSON that is read; what goes deeper is no document that this API exchanges. */
export const MAX_DEPTH = 64;

/** Parses JSON text; `undefined` when it is not JSON, or nested deeper than `MAX_DEPTH`. */
export function parseJson(text: string): Json | undefined {
  if (isDeeper(text, MAX_DEPTH)) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function isDeeper(text: string, limit: number): boolean {
  let depth = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charCodeAt(index);
    if (quoted) {
      if (character === 0x5c) index += 1;
      else if (character === 0x22) quoted = false;
    } else if (character === 0x22) quoted = true;
    else if (character === 0x5b || character === 0x7b) {
      depth += 1;
      if (depth > limit) return true;
    } else if (character === 0x5d || character === 0x7d) depth -= 1;
  }
  return false;
}
