import { listCountries, listCurrencies } from './iso-names.js';
import { readPlainNumber } from './scaled-text.js';
import type { Language, LocalText } from '../../kit/language.js';

/**
 * A form as data: the reply of `GET .../account/api/settings` becomes a tree of entries, which a page shows
 * and changes, and which becomes the values of `PUT`. It knows nothing of the browser.
 */

/** Anything JSON can say. */
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** What a value may be, as the settings API describes it. */
export interface ValueSpec {
  /** A type that is not known here is shown as JSON. */
  type: string;
  choices?: { value: string | number | boolean; title: LocalText }[];
  min?: number;
  max?: number;
  greaterThan?: number;
  lessThan?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  format?: string;
  /** Name of the lookup that finds values. */
  lookup?: string;
  /** Name of a list of the form whose items' codes are on offer; `@countries`, `@currencies`: ISO's lists. */
  codesOf?: string;
  /** The order of a list's rows matters. */
  ordered?: boolean;
  /** Of a list of groups: the field that tells its rows apart. */
  itemKey?: string;
  /** Of a list of groups: the field by which its rows are grouped for people. */
  groupBy?: string;
  fields?: FieldSpec[];
  item?: ValueSpec;
}

/** One field, as the settings API describes it. */
export interface FieldSpec extends ValueSpec {
  name: string;
  /** `zones[].areas`: within a row of another list. */
  path: string;
  title: LocalText;
  hint?: LocalText;
  unit?: LocalText;
  /** Name of the field with the currency of this number of minor units, in its group or one around it. */
  moneyIn?: string;
  /** The number counts hundredths of a percent. */
  isBasisPoints?: boolean;
  required: boolean;
  secret: boolean;
  default?: Json;
  /** Of the form's own fields: code of its section. */
  section?: string;
  /** This field and its neighbours that have one are one text in several languages. */
  language?: Language;
}

/** A field whose value is written as text: a line for each item of `lines`, JSON in `json`. */
export interface TextEntry {
  kind: 'text' | 'number' | 'choice' | 'lines' | 'json';
  field: FieldSpec;
  text: string;
}

/** A yes or no; `wasThere`: it had a value before. */
export interface SwitchEntry {
  kind: 'switch';
  field: FieldSpec;
  on: boolean;
  wasThere: boolean;
}

/** Several of the choices of a list's items. */
export interface ChoicesEntry {
  kind: 'choices';
  field: FieldSpec;
  chosen: string[];
}

/** A secret: `text` is a new one; without it one that is set stays, unless it is to be forgotten. */
export interface SecretEntry {
  kind: 'secret';
  field: FieldSpec;
  text: string;
  isSet: boolean;
  forget: boolean;
}

/** Fields that belong together: the whole form, a nested object, a row of a list. */
export interface GroupEntry {
  kind: 'group';
  field: FieldSpec;
  entries: Entry[];
  wasThere: boolean;
  /** Of a row that was stored: the code by which the server finds its secrets again. */
  code?: string;
}

/** A list of texts or numbers that a lookup finds; rows that are empty do not count. */
export interface ItemsEntry {
  kind: 'items';
  field: FieldSpec;
  rows: TextEntry[];
}

/** A list of objects; `left`: how many rows it has, of which none is here yet (`FormState.fetchRows`). */
export interface ListEntry {
  kind: 'list';
  field: FieldSpec;
  rows: GroupEntry[];
  left?: number;
}

export type Entry = TextEntry | SwitchEntry | ChoicesEntry | SecretEntry | GroupEntry | ListEntry | ItemsEntry;

/** What is wrong with an entry, before the server is asked. */
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

/** Builds the form of all settings. */
export function buildForm(fields: readonly FieldSpec[], values: Json): GroupEntry {
  return buildGroup({ ...NAMELESS, fields: [...fields] }, values);
}

/** Builds the entry of a field; without a value it shows the field's default. */
export function buildEntry(field: FieldSpec, given: Json | undefined): Entry {
  const value = given ?? field.default;
  const kind = chooseKind(field);
  switch (kind) {
    case 'secret':
      // A text is one that was typed, and not stored.
      if (typeof given === 'string') return { kind, field, text: given, isSet: false, forget: false };
      return { kind, field, text: '', isSet: given !== undefined, forget: false };
    case 'group':
      return buildGroup(field, given);
    case 'list':
      if (isPlaceholder(value)) return { kind, field, rows: [], left: value.rows };
      return { kind, field, rows: toList(value).map((item) => buildRow(field, item)) };
    case 'items':
      return { kind, field, rows: toList(value).map((item) => buildItem(field, item)) };
    case 'choices':
      return { kind, field, chosen: toList(value).map(String) };
    case 'switch':
      return { kind, field, on: value === true, wasThere: given !== undefined };
    default:
      return { kind, field, text: formatText(kind, value) };
  }
}

/** Builds a row of a list; a new one without a value. */
export function buildRow(list: FieldSpec, value?: Json): GroupEntry {
  const row = buildGroup({ ...NAMELESS, title: list.title, fields: list.fields ?? [] }, value);
  const code = value !== undefined && readCode(row);
  return code ? { ...row, code } : row;
}

/** Builds an item of a list of texts or numbers; a new one without a value. */
export function buildItem({ path, title, item }: FieldSpec, value?: Json): TextEntry {
  const kind = item?.type === 'text' ? 'text' : 'number';
  const field = { type: 'text', ...item, name: '', path: `${path}[]`, title, required: false, secret: false };
  return { kind, field, text: formatText(kind, value) };
}

/** Returns an entry's value; undefined when it is to be left out and its default holds. */
export function readValue(entry: Entry): Json | undefined {
  switch (entry.kind) {
    case 'secret':
      if (entry.forget) return null;
      if (entry.text !== '') return entry.text;
      return entry.isSet ? { set: true } : undefined;
    case 'group':
      return isLeftOut(entry) ? undefined : readObject(entry.entries);
    case 'list':
      if (entry.left !== undefined) return { rows: entry.left };
      return entry.rows.length === 0 && mayBeLeftOut(entry.field) ? undefined : entry.rows.map((row) => readObject(row.entries));
    case 'items': {
      const items = entry.rows.flatMap((row) => readText(row) ?? []);
      return items.length === 0 && mayBeLeftOut(entry.field) ? undefined : items;
    }
    case 'choices': {
      const chosen = (entry.field.item?.choices ?? []).map(({ value }) => value).filter((value) => entry.chosen.includes(String(value)));
      return chosen.length === 0 && mayBeLeftOut(entry.field) ? undefined : chosen;
    }
    case 'switch':
      return entry.on || entry.wasThere || entry.field.required || entry.field.default !== undefined ? entry.on : undefined;
    default:
      return readText(entry);
  }
}

/** Copies entries as they stand, with what was typed of secrets; the fields are the same ones. */
export function copyEntries(entries: readonly Entry[]): Entry[] {
  return entries.map((entry): Entry => {
    if (entry.kind === 'group') return { ...entry, entries: copyEntries(entry.entries) };
    if (entry.kind === 'list' || entry.kind === 'items') return { ...entry, rows: copyEntries(entry.rows) } as Entry;
    return entry.kind === 'choices' ? { ...entry, chosen: [...entry.chosen] } : { ...entry };
  });
}

/** Finds what is wrong with which entry, as far as the page can know, in the order of the form. */
export function findProblems(entry: Entry, codeChanged = false): Map<Entry, Problem> {
  if (entry.kind === 'group') {
    if (isLeftOut(entry)) return new Map();
    // The server finds the secrets of a row by its code: under another one they would be lost.
    const changed = codeChanged || (entry.code !== undefined && readCode(entry) !== entry.code);
    if (isTranslated(entry.field) && Object.keys(readObject(entry.entries)).length === 0) return new Map([[entry, { kind: 'required' }]]);
    return new Map(entry.entries.flatMap((inner) => [...findProblems(inner, changed)]));
  }
  const inRows = entry.kind === 'list' || entry.kind === 'items' ? entry.rows.flatMap((row) => [...findProblems(row, codeChanged)]) : [];
  const problem = entry.kind === 'secret' ? findSecretProblem(entry, codeChanged) : findProblem(entry);
  return new Map([...(problem ? [[entry, problem] as const] : []), ...inRows]);
}

/** Finds the entries along a path such as `shops[0].code`, root first; `rest` is the path inside the last. */
export function findEntries(root: GroupEntry, path: string): { trail: Entry[]; rest: string[] } {
  const trail: Entry[] = [root];
  const rest = path.match(/[^.[\]]+/g) ?? [];
  for (let entry: Entry | undefined = root; rest[0] !== undefined; rest.shift()) {
    const step: string = rest[0];
    if (entry.kind === 'group') entry = entry.entries.find(({ field }) => field.name === step);
    else entry = findRow(entry, Number(step));
    if (!entry) break;
    trail.push(entry);
  }
  return { trail, rest };
}

function findRow(entry: Entry, index: number): Entry | undefined {
  if (entry.kind === 'list') return entry.rows[index];
  return entry.kind === 'items' ? entry.rows.filter(({ text }) => text.trim() !== '')[index] : undefined;
}

/** `FieldSpec.codesOf` of the lists that every form has. */
const ISO_LISTS: Readonly<Record<string, (language: string) => ReadonlyMap<string, string>>> = {
  '@countries': listCountries,
  '@currencies': listCurrencies,
};

/** Whether the codes on offer are all there are, so that one of them is chosen instead of typed. */
export function isChosenCode({ codesOf = '' }: FieldSpec): boolean {
  return codesOf in ISO_LISTS;
}

/**
 * Lists the codes of the rows of a list of the form, as they stand there, with what else names the rows;
 * undefined while the rows are not here.
 */
export function listCodes(form: GroupEntry, list: string, language: string): ReadonlyMap<string, string> | undefined {
  const isoList = ISO_LISTS[list];
  if (isoList) return isoList(language);
  const entry = form.entries.find(({ field }) => field.name === list);
  if (entry?.kind === 'list' && entry.left !== undefined) return undefined;
  const rows = entry?.kind === 'list' ? entry.rows : [];
  return new Map(
    rows.flatMap((row): [string, string][] => {
      const code = readCode(row);
      return code ? [[code, summarise(row, language).replace(`${code}, `, '')]] : [];
    }),
  );
}

/** Whether a group's fields are one text in several languages. */
export function isTranslated({ fields = [] }: FieldSpec): boolean {
  return fields.length > 0 && fields.every(({ language, type }) => language !== undefined && type === 'text');
}

/** Names a row by its first two texts; of a list the first line, of a group the one in this language. */
export function summarise({ entries }: GroupEntry, language: string): string {
  const texts = entries.map((entry) => {
    if (entry.kind !== 'group') return entry.kind === 'text' || entry.kind === 'lines' ? (entry.text.trim().split('\n')[0] ?? '') : '';
    const named = entry.entries.filter(({ field }) => field.name === language);
    return summarise({ ...entry, entries: named.length > 0 ? named : entry.entries.slice(0, 1) }, language);
  });
  return texts.filter(Boolean).slice(0, 2).join(', ');
}

/** Joins hints, whether they end in a stop or not. */
export function joinHints(...hints: readonly (string | undefined)[]): string {
  const [last, ...before] = hints.filter((hint) => hint !== undefined && hint !== '').reverse();
  return [...before.reverse().map((hint) => hint?.replace(/\.$/, '')), last ?? ''].join('. ');
}

/** Field of a group that nothing else names. */
const NO_TITLE = Object.fromEntries(['en', 'es', 'ru'].map((language) => [language, ''])) as FieldSpec['title'];
const NAMELESS: FieldSpec = { name: '', path: '', type: 'group', title: NO_TITLE, required: true, secret: false };

function chooseKind(field: FieldSpec): Entry['kind'] {
  const { type, fields, item } = field;
  if (field.secret) return 'secret';
  if (type === 'text' || type === 'number' || type === 'choice') return type;
  if (type === 'integer') return 'number';
  if (type === 'boolean') return 'switch';
  if ((type === 'group' || type === 'list') && fields) return type;
  if (type === 'list' && item?.choices) return 'choices';
  if (type === 'list' && (item?.lookup !== undefined || item?.codesOf !== undefined)) return 'items';
  return type === 'list' && item && ['text', 'number', 'integer'].includes(item.type) ? 'lines' : 'json';
}

function buildGroup(field: FieldSpec, value: Json | undefined): GroupEntry {
  const values = isObject(value) ? value : {};
  return {
    kind: 'group',
    field,
    entries: (field.fields ?? []).map((inner) => buildEntry(inner, values[inner.name] ?? undefined)),
    wasThere: value !== undefined,
  };
}

function formatText(kind: TextEntry['kind'], value: Json | undefined): string {
  if (value === undefined) return '';
  if (kind === 'json') return JSON.stringify(value, null, 2);
  return kind === 'lines' ? toList(value).map(String).join('\n') : String(value);
}

function readText({ kind, field, text }: TextEntry): Json | undefined {
  const trimmed = text.trim();
  if (kind === 'lines') {
    const lines = text.split('\n').flatMap((line) => line.trim() || []);
    const items = field.item?.type === 'text' ? lines : lines.map((line) => parseNumber(line) ?? line);
    return items.length === 0 && mayBeLeftOut(field) ? undefined : items;
  }
  if (trimmed === '') return undefined;
  // `findProblems` refuses what is no number or no JSON, and so would the server.
  if (kind === 'number') return parseNumber(trimmed) ?? trimmed;
  if (kind === 'json') {
    const parsed = parseJson(trimmed);
    return parsed === undefined ? trimmed : parsed;
  }
  return kind === 'choice' ? (field.choices?.find(({ value }) => String(value) === text)?.value ?? text) : trimmed;
}

function parseNumber(text: string): number | undefined {
  const plain = readPlainNumber(text);
  return plain === undefined ? undefined : Number(plain);
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function readObject(entries: readonly Entry[]): { [name: string]: Json } {
  return Object.fromEntries(
    entries.flatMap((entry) => {
      const value = readValue(entry);
      return value === undefined ? [] : [[entry.field.name, value]];
    }),
  );
}

/** Whether an optional group is absent: nothing was entered into it, or all of it was removed again. */
function isLeftOut({ field, entries, wasThere }: GroupEntry): boolean {
  if (field.required) return false;
  const object = readObject(entries);
  if (Object.keys(object).length === 0) return true;
  return !wasThere && JSON.stringify(object) === JSON.stringify(readObject(buildGroup(field, undefined).entries));
}

/** Whether an empty list may be left out: with a default, that would take its place. */
function mayBeLeftOut({ required, default: value }: FieldSpec): boolean {
  return !required && value === undefined;
}

function readCode(row: GroupEntry): string | undefined {
  const entry = row.entries.find(({ field }) => field.name === 'code');
  return entry?.kind === 'text' || entry?.kind === 'number' ? entry.text.trim() : undefined;
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

function toList(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

/** Whether a value is what the server puts in place of a long list. */
export function isPlaceholder(value: Json | undefined): value is { rows: number } {
  return isObject(value) && typeof value['rows'] === 'number';
}

function isObject(value: Json | undefined): value is { [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
