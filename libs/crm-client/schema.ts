import { TYPES, type TypeName } from './generated/schema-data.js';
import type { TypeSource } from './method-spec.js';

/** The parsed type of a field. `json`: the field is sent as one form field with a JSON document. */
export type FieldType =
  | { readonly kind: 'string' | 'int' | 'float' | 'numeric' | 'bool' | 'any' | 'stream'; readonly json: boolean }
  | { readonly kind: 'datetime'; readonly format: string; readonly json: boolean }
  | { readonly kind: 'list' | 'map'; readonly of: FieldType; readonly json: boolean }
  | { readonly kind: 'type'; readonly name: TypeName; readonly json: boolean };

const SCALARS = new Set(['string', 'int', 'float', 'numeric', 'bool', 'any', 'stream']);

/**
 * Parses a field's notation: a scalar, `T[]`, `map<T>`, `datetime(FORMAT)` or a type name. `|json` may
 * follow.
 */
export function parseFieldType(notation: string): FieldType {
  const json = notation.endsWith('|json');
  const text = json ? notation.slice(0, -5) : notation;
  if (text.endsWith('[]')) return { kind: 'list', of: parseFieldType(text.slice(0, -2)), json };
  if (text.startsWith('map<')) return { kind: 'map', of: parseFieldType(text.slice(4, -1)), json };
  if (text.startsWith('datetime(')) return { kind: 'datetime', format: text.slice(9, -1), json };
  if (SCALARS.has(text)) return { kind: text as 'string', json };
  return { kind: 'type', name: text as TypeName, json };
}

const parsed = new Map<string, ReadonlyMap<string, FieldType>>();

/** Returns the fields of a type, including fields of its bases (base first). */
export function listFields(name: TypeName): ReadonlyMap<string, FieldType> {
  const known = parsed.get(name);
  if (known) return known;
  const source: TypeSource = TYPES[name];
  const fields = new Map<string, FieldType>(source.base ? listFields(source.base as TypeName) : []);
  for (const [field, notation] of Object.entries(source.fields)) fields.set(field, parseFieldType(notation));
  parsed.set(name, fields);
  return fields;
}

/** The names of all fields of the contract. */
export function listFieldNames(): ReadonlySet<string> {
  return new Set(Object.values<TypeSource>(TYPES).flatMap(({ fields }) => Object.keys(fields)));
}
