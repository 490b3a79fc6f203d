/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

/** A JSON object. A missing field is `undefined`. */
export interface JsonObject {
  [field: string]: Json | undefined;
}

/** Whether a value is a JSON object (not a list, not null). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns the value as an object, and `{}` for other types, such as the CRM's `[]` for "empty". */
export function asObject(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** Returns the value as a list: an object's values (a list keyed by code or id), `[]` for other types. */
export function asList(value: Json | undefined): Json[] {
  if (Array.isArray(value)) return value;
  return isObject(value) ? Object.values(value).filter((item): item is Json => item !== undefined) : [];
}

/** Returns the objects of a list, without other members. */
export function asObjects(value: Json | undefined): JsonObject[] {
  return asList(value).filter(isObject);
}

/** Returns a non-empty string or a number as text, otherwise `undefined`. */
export function asText(value: Json | undefined): string | undefined {
  if (typeof value === 'string' && value !== '') return value;
  return typeof value === 'number' ? String(value) : undefined;
}

/** Returns a number, or a text that is a number, as a finite number, otherwise `undefined`. */
export function asNumber(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** Reads a path such as `delivery.address.city`. List items are addressed by index. */
export function at(value: Json | undefined, path: string): Json | undefined {
  let current: Json | undefined = value;
  for (const key of path.split('.')) {
    if (Array.isArray(current)) current = current[Number(key)];
    else if (isObject(current)) current = current[key];
    else return undefined;
  }
  return current;
}

/** Returns a deep copy. */
export function copy<T extends Json>(value: T): T {
  return structuredClone(value);
}

/** Returns the given fields of an object, as far as they exist. */
export function pick(source: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(fields.filter((field) => source[field] !== undefined).map((field) => [field, source[field]]));
}

/**
 * Returns the value in the CRM's notation: an object without fields is `[]`, as PHP writes an empty array.
 */
export function written(value: Json): Json {
  if (Array.isArray(value)) return value.map(written);
  if (!isObject(value)) return value;
  const fields = Object.entries(value).flatMap(([name, field]) => (field === undefined ? [] : [[name, written(field)] as const]));
  return fields.length === 0 ? [] : Object.fromEntries(fields);
}

/** Maximum nesting of JSON that is read. The API exchanges no document that is nested deeper. */
export const MAX_DEPTH = 64;

/** Parses JSON text. `undefined` if it is not JSON, or nested deeper than `MAX_DEPTH`. */
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
