import { type FormField, type JsonObject, type JsonValue, sha256Hex } from '#platform';

/** What stands for a long list of settings that a page shows without it; sent back, it means "as it was". */
export interface ListPlaceholder {
  /** How many it has. */
  readonly rows: number;
}

/** Characters of a list's JSON from which it is long. */
const LONG = 4_000;

/** Puts placeholders in place of a form's own long lists of groups. */
export function leaveOutLists(fields: readonly FormField[], values: JsonObject): JsonObject {
  const read = ({ name, type, fields: inner }: FormField): [string, JsonValue][] => {
    const value = values[name];
    if (value === undefined) return [];
    const isLong = type === 'list' && inner && Array.isArray(value) && JSON.stringify(value).length > LONG;
    return [[name, isLong ? { rows: value.length } : value]];
  };
  return Object.fromEntries(fields.flatMap(read));
}

/** Puts stored lists in place of the placeholders in settings from a page. Changes no input. */
export function restoreLists(fields: readonly FormField[], stored: object, incoming: unknown): unknown {
  if (!isObject(incoming)) return incoming;
  const known: { readonly [name: string]: unknown } = { ...stored };
  const lists = fields.filter(({ name, type }) => type === 'list' && isPlaceholder(incoming[name]));
  return { ...incoming, ...Object.fromEntries(lists.map(({ name }) => [name, known[name]])) };
}

/** Names settings as a page shows them: others have another name. `masked`: without secrets. */
export function nameVersion(masked: JsonObject): string {
  return sha256Hex(JSON.stringify(masked));
}

function isPlaceholder(value: unknown): value is ListPlaceholder {
  return isObject(value) && typeof value['rows'] === 'number';
}

function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
