import type { FieldSpec, Json } from './form-values.js';

/** Values of a form by name. */
export interface Values {
  [name: string]: Json;
}

/** Picks the fields that are not as before; null stands for one that was emptied. */
export function pickChanges(values: Values, before: Values): Values {
  const names = [...new Set([...Object.keys(before), ...Object.keys(values)])];
  const changed = names.filter((name) => JSON.stringify(values[name]) !== JSON.stringify(before[name]));
  return Object.fromEntries(changed.map((name) => [name, values[name] ?? null]));
}

/** Puts what `pickChanges` picked into what is stored. */
export function applyChanges(changes: Values, stored: Values): Values {
  return Object.fromEntries(Object.entries({ ...stored, ...changes }).filter(([, value]) => value !== null));
}

/**
 * Puts what was changed between `before` and `mine` into `theirs`: fields, and of a list whose rows can be
 * told apart the rows. What both have changed is as in `mine`.
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

/** In their order; what is only in `mine` comes last. */
function mergeRows(before: Rows, mine: Rows, theirs: Rows): Json[] {
  const isMine = (key: string): boolean => JSON.stringify(mine.get(key)) !== JSON.stringify(before.get(key));
  const keys = [...new Set([...theirs.keys(), ...mine.keys()])];
  return keys.flatMap((key) => (isMine(key) ? mine : theirs).get(key) ?? []);
}

/** Rows by what tells them apart; undefined where that does not. */
function readRows(value: Json | undefined, key: string): Rows | undefined {
  if (!Array.isArray(value)) return undefined;
  const rows = new Map(value.map((row) => [JSON.stringify((row as Values)[key] ?? null), row]));
  return rows.size === value.length ? rows : undefined;
}
