import { type Json, type JsonObject, isObject } from '../json.js';

/**
 * Reads nested form names (`filter[ids][]=1`, `a[b][c]=2`, ordered `[0]`, `[1]`) as objects and lists, to
 * depth 20. Drops prototype names. A later plain value replaces an earlier one.
 */
export function nest(pairs: Iterable<readonly [string, string]>): JsonObject {
  const root: JsonObject = Object.create(null) as JsonObject;
  for (const [name, value] of pairs) {
    const keys = path(name);
    if (keys.length === 0 || keys.length > 20 || keys.includes('__proto__')) continue;
    put(root, keys, value);
  }
  return tidy(root) as JsonObject;
}

/** Reads a query string or an urlencoded body. */
export function parseForm(text: string): JsonObject {
  return nest(new URLSearchParams(text));
}

function path(name: string): string[] {
  const start = name.indexOf('[');
  if (start < 0) return [name];
  const keys = [name.slice(0, start)];
  for (const match of name.slice(start).matchAll(/\[([^\]]*)\]/g)) keys.push(match[1] ?? '');
  return keys;
}

function put(target: JsonObject, keys: readonly string[], value: string): void {
  let current = target;
  keys.forEach((key, index) => {
    const name = key === '' ? String(Object.keys(current).length) : key;
    if (index === keys.length - 1) {
      current[name] = value;
      return;
    }
    const next = current[name];
    const inner: JsonObject = isObject(next) ? next : (Object.create(null) as JsonObject);
    current[name] = inner;
    current = inner;
  });
}

function tidy(value: Json): Json {
  if (!isObject(value)) return value;
  const keys = Object.keys(value);
  const items = keys.map((key) => tidy(value[key] ?? null));
  if (keys.length > 0 && keys.every((key, index) => key === String(index))) return items;
  return Object.fromEntries(keys.map((key, index) => [key, items[index]]));
}
