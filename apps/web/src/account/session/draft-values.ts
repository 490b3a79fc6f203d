import type { FieldSpec, Json } from '../form/form-values.js';

/**
 * Marks secrets as stored in a draft, which contains none, so that the form keeps them.
 * Rows of a list are matched by their code, as the server matches them when they are saved.
 */
export function restoreSecrets(fields: readonly FieldSpec[], draft: Json, stored: Json | undefined): Json {
  if (!isObject(draft)) return draft;
  const before = isObject(stored) ? stored : {};
  const restored = { ...draft };
  for (const field of fields) {
    const [value, kept] = [draft[field.name], before[field.name]];
    if (field.secret) {
      if (kept !== undefined) restored[field.name] = kept;
    } else if (value !== undefined && field.fields) restored[field.name] = restoreField(field, value, kept);
  }
  return restored;
}

/** Removes all secrets and the marks of stored secrets. */
export function dropSecrets(fields: readonly FieldSpec[], values: Json): Json {
  if (!isObject(values)) return values;
  const kept = fields.flatMap((field) => {
    const value = values[field.name];
    if (field.secret || value === undefined) return [];
    if (!field.fields) return [[field.name, value]];
    const inner = field.fields;
    return [[field.name, Array.isArray(value) ? value.map((row) => dropSecrets(inner, row)) : dropSecrets(inner, value)]];
  });
  return Object.fromEntries(kept) as Json;
}

/** Whether a secret was typed, or a stored secret is to be removed. */
export function holdsNewSecret(fields: readonly FieldSpec[], values: Json | undefined): boolean {
  if (Array.isArray(values)) return values.some((row) => holdsNewSecret(fields, row));
  if (!isObject(values)) return false;
  return fields.some(({ name, secret, fields: inner = [] }) => {
    const value = values[name];
    return secret ? value === null || typeof value === 'string' : holdsNewSecret(inner, value);
  });
}

function restoreField({ type, fields = [] }: FieldSpec, value: Json, kept: Json | undefined): Json {
  if (type !== 'list' || !Array.isArray(value)) return restoreSecrets(fields, value, kept);
  const rows = Array.isArray(kept) ? kept.filter(isObject) : [];
  return value.map((row) =>
    restoreSecrets(
      fields,
      row,
      isObject(row) && row.code !== undefined ? rows.find(({ code }) => String(code) === String(row.code)) : undefined,
    ),
  );
}

function isObject(value: Json | undefined): value is { [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
