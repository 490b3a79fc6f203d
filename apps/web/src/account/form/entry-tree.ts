import { reactive } from 'vue';
import { type Entry, type FieldSpec, type GroupEntry, buildForm } from './form-values.js';
import type { Values } from './form-changes.js';

/** Returns the code of the section that contains one of the form's own fields. */
export function sectionOf({ section = 'general' }: FieldSpec): string {
  return section;
}

/** Lists the entries that an entry contains. */
export function listInner(entry: Entry): readonly Entry[] {
  if (entry.kind === 'group') return entry.entries;
  return 'rows' in entry ? entry.rows : [];
}

/** Maps each entry within an entry to the one that contains it. */
export function findParents(entry: Entry, parents = new Map<Entry, Entry>()): Map<Entry, Entry> {
  for (const inner of listInner(entry)) {
    parents.set(inner, entry);
    findParents(inner, parents);
  }
  return parents;
}

/** Returns the first entry that fits, of an entry and those within it. */
export function findFirst(entry: Entry, fits: (entry: Entry) => boolean): Entry | undefined {
  if (fits(entry)) return entry;
  for (const inner of listInner(entry)) {
    const found = findFirst(inner, fits);
    if (found) return found;
  }
  return undefined;
}

/** Builds reactive entries. The type stays that of the plain entries. */
export function buildReactive(fields: readonly FieldSpec[], values: Values): GroupEntry {
  return reactive<object>(buildForm(fields, values)) as GroupEntry;
}
