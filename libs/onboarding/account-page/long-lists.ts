import { CallbackError, type FormField, type JsonObject, type JsonValue, sha256Hex } from '#platform';
import { texts } from '../onboarding.texts.js';

/** Replaces a long list in settings shown on a page. When sent back, it means the unchanged list. */
export interface ListPlaceholder {
  /** Number of rows in the list. */
  readonly rows: number;
}

/** Minimum length of a long list's JSON, in characters. */
const LONG = 4_000;

/** Replaces a form's own long lists of groups with placeholders. */
export function leaveOutLists(fields: readonly FormField[], values: JsonObject): JsonObject {
  const read = ({ name, type, fields: inner }: FormField): [string, JsonValue][] => {
    const value = values[name];
    if (value === undefined) return [];
    const isLong = type === 'list' && inner && Array.isArray(value) && JSON.stringify(value).length > LONG;
    return [[name, isLong ? { rows: value.length } : value]];
  };
  return Object.fromEntries(fields.flatMap(read));
}

/** Replaces placeholders in settings from a page with the stored lists. Changes no input. */
export function restoreLists(fields: readonly FormField[], stored: object, incoming: unknown): unknown {
  if (!isObject(incoming)) return incoming;
  const known: { readonly [name: string]: unknown } = { ...stored };
  const lists = fields.filter(({ name, type }) => type === 'list' && isPlaceholder(incoming[name]));
  return { ...incoming, ...Object.fromEntries(lists.map(({ name }) => [name, known[name]])) };
}

/** Returns the version of settings: a hash that differs for other settings. `masked`: without secrets. */
export function nameVersion(masked: JsonObject): string {
  return sha256Hex(JSON.stringify(masked));
}

/** Throws CallbackError 409 if the stored settings have another version. `masked`: without secrets. */
export function refuseOtherVersion(version: string, masked: JsonObject): void {
  if (version !== nameVersion(masked)) throw new CallbackError(409, texts.changed);
}

function isPlaceholder(value: unknown): value is ListPlaceholder {
  return isObject(value) && typeof value['rows'] === 'number';
}

function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
