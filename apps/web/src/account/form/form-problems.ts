import {
  type Entry,
  type FieldSpec,
  type GroupEntry,
  isLeftOut,
  isTranslated,
  parseJson,
  readCode,
  readObject,
  readValue,
  type SecretEntry,
} from './form-values.js';

/** An error of an entry that the page detects before it calls the server. */
export interface Problem {
  kind:
    | 'required'
    | 'number'
    | 'whole'
    | 'digits'
    | 'min'
    | 'max'
    | 'greaterThan'
    | 'lessThan'
    | 'minLength'
    | 'maxLength'
    | 'minItems'
    | 'maxItems'
    | 'json'
    | 'secretMoved';
  limit?: number;
}

/** Finds the errors that the page can detect, in the order of the form. */
export function findProblems(entry: Entry, codeChanged = false): Map<Entry, Problem> {
  if (entry.kind === 'group') {
    if (isLeftOut(entry)) return new Map();
    // The server finds a row's secrets by its code. If the code changes, the secrets are lost.
    const changed = codeChanged || (entry.code !== undefined && readCode(entry) !== entry.code);
    if (isTranslated(entry.field) && Object.keys(readObject(entry.entries)).length === 0) return new Map([[entry, { kind: 'required' }]]);
    return new Map(entry.entries.flatMap((inner) => [...findProblems(inner, changed)]));
  }
  const inRows = entry.kind === 'list' || entry.kind === 'items' ? entry.rows.flatMap((row) => [...findProblems(row, codeChanged)]) : [];
  const problem = entry.kind === 'secret' ? findSecretProblem(entry, codeChanged) : findProblem(entry);
  return new Map([...(problem ? [[entry, problem] as const] : []), ...inRows]);
}

function findSecretProblem({ field, text, isSet, forget }: SecretEntry, codeChanged: boolean): Problem | undefined {
  if (forget) return undefined;
  if (text === '' && isSet) return codeChanged ? { kind: 'secretMoved' } : undefined;
  return text === '' ? (field.required ? { kind: 'required' } : undefined) : checkLength(text.length, field);
}

function findProblem(entry: Exclude<Entry, GroupEntry | SecretEntry>): Problem | undefined {
  const { kind, field } = entry;
  const value = readValue(entry);
  if (value === undefined) return field.required ? { kind: 'required' } : undefined;
  if (kind === 'number') return typeof value === 'number' ? checkNumber(value, field) : { kind: 'number' };
  if (kind === 'json') return parseJson(entry.text) === undefined ? { kind: 'json' } : undefined;
  if (kind === 'text') return checkLength(entry.text.trim().length, field);
  return Array.isArray(value) ? checkItemCount(value.length, field) : undefined;
}

function checkNumber(value: number, { type, min, max, greaterThan, lessThan }: FieldSpec): Problem | undefined {
  if (type === 'integer' && !Number.isInteger(value)) return { kind: 'whole' };
  if (min !== undefined && value < min) return { kind: 'min', limit: min };
  if (max !== undefined && value > max) return { kind: 'max', limit: max };
  if (greaterThan !== undefined && value <= greaterThan) return { kind: 'greaterThan', limit: greaterThan };
  if (lessThan !== undefined && value >= lessThan) return { kind: 'lessThan', limit: lessThan };
  return undefined;
}

function checkLength(length: number, { minLength = 0, maxLength = Infinity }: FieldSpec): Problem | undefined {
  if (length < minLength) return { kind: 'minLength', limit: minLength };
  return length > maxLength ? { kind: 'maxLength', limit: maxLength } : undefined;
}

function checkItemCount(count: number, { minItems = 0, maxItems = Infinity }: FieldSpec): Problem | undefined {
  if (count < minItems) return { kind: 'minItems', limit: minItems };
  return count > maxItems ? { kind: 'maxItems', limit: maxItems } : undefined;
}
