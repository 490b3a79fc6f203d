import type { ExtraData } from './port/index.js';

/**
 * The CRM sends a map by code (a list if empty), or a list of `{code, value}` or of maps (ExtraDataValue).
 */
export function readExtraData(value: object | undefined): ExtraData {
  const data: ExtraData = {};
  if (!value) return data;
  for (const [key, entry] of listEntries(value)) {
    if (typeof entry === 'string' || typeof entry === 'number' || typeof entry === 'boolean') data[key] = entry;
    else if (Array.isArray(entry)) data[key] = readTexts(entry);
  }
  return data;
}

/** Reads an item's properties, which come as extra data does: texts by code. Undefined of none. */
export function readProperties(value: object): Record<string, string | string[]> | undefined {
  const properties: Record<string, string | string[]> = {};
  for (const [key, entry] of listEntries(value)) {
    if (typeof entry === 'string' || typeof entry === 'number' || typeof entry === 'boolean') properties[key] = String(entry);
    else if (Array.isArray(entry)) properties[key] = readTexts(entry);
  }
  for (const _ in properties) return properties;
  return undefined;
}

/** Sorted, so that equal values have equal hashes. */
function listEntries(value: object): [string, unknown][] {
  const entries = Object.entries(value).flatMap(([key, entry]: [string, unknown]): [string, unknown][] => {
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return [[key, entry]];
    const pair = entry as { code?: unknown; value?: unknown };
    if (typeof pair.code === 'string' && 'value' in pair) return [[pair.code, pair.value]];
    return /^\d+$/.test(key) ? Object.entries(entry) : [];
  });
  return entries.sort(([left], [right]) => (left < right ? -1 : 1));
}

function readTexts(list: unknown[]): string[] {
  return list.filter((item) => typeof item === 'string' || typeof item === 'number').map(String);
}

/** Whether extra data has any field. */
export function hasEntries(data: ExtraData): boolean {
  for (const _ in data) return true;
  return false;
}
