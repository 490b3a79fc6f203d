import type { FieldSpec, Json } from './form-values.js';

/** Values of a form by name. */
export interface Values {
  [name: string]: Json;
}

/** Returns the fields that differ from before. A field that was emptied is null. */
export function pickChanges(values: Values, before: Values): Values {
  const names = [...new Set([...Object.keys(before), ...Object.keys(values)])];
  const changed = names.filter((name) => JSON.stringify(values[name]) !== JSON.stringify(before[name]));
  return Object.fromEntries(changed.map((name) => [name, values[name] ?? null]));
}

/** Applies the result of `pickChanges` to the stored values. */
export function applyChanges(changes: Values, stored: Values): Values {
  return Object.fromEntries(Object.entries({ ...stored, ...changes }).filter(([, value]) => value !== null));
}

/**
 * Puts the changes between `before` and `mine` into `theirs`: fields, and for a list with identifiable rows
 * its rows. If both sides changed the same value, `mine` wins.
 */
export function mergeChanges(fields: readonly FieldSpec[], before: Values, mine: Values, theirs: Values): Values {
  const changes = pickChanges(mine, before);
  for (const { name, itemKey, ordered } of fields) {
    const lists = [before[name], changes[name], theirs[name]].map((value) =>
      itemKey === undefined ? undefined : readRows(value, itemKey),
    );
    const [old, own, other] = lists;
    if (old && own && other && !ordered) changes[name] = mergeRows(old, own, other);
  }
  return applyChanges(changes, theirs);
}

type Rows = ReadonlyMap<string, Json>;

/** Merges rows in their order. Rows that are only in `mine` come last. */
function mergeRows(before: Rows, mine: Rows, theirs: Rows): Json[] {
  const isMine = (key: string): boolean => JSON.stringify(mine.get(key)) !== JSON.stringify(before.get(key));
  const keys = [...new Set([...theirs.keys(), ...mine.keys()])];
  return keys.flatMap((key) => (isMine(key) ? mine : theirs).get(key) ?? []);
}

/** Returns rows by their key. Undefined if keys are missing or repeated. */
function readRows(value: Json | undefined, key: string): Rows | undefined {
  if (!Array.isArray(value)) return undefined;
  const rows = new Map(value.map((row) => [JSON.stringify((row as Values)[key] ?? null), row]));
  return rows.size === value.length ? rows : undefined;
}
