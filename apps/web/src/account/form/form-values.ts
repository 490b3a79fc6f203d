import { listCountries, listCurrencies } from './iso-names.js';
import { readPlainNumber } from './scaled-text.js';
import type { Language, LocalText } from '../../kit/language.js';

/**
 * A form as data. The reply of `GET .../account/api/settings` becomes a tree of entries, which the page shows
 * and changes. The tree becomes the values of `PUT`. Does not depend on a browser.
 */

/** Any JSON value. */
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** The allowed values, as the settings API describes them. */
export interface ValueSpec {
  /** An unknown type is shown as JSON. */
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
  /** Name of the form's list whose rows' codes are offered, or an ISO list: `@countries`, `@currencies`. */
  codesOf?: string;
  /** The order of a list's rows matters. */
  ordered?: boolean;
  /** For a list of groups: the field that identifies a row. */
  itemKey?: string;
  /** For a list of groups: the page groups rows by this field. */
  groupBy?: string;
  fields?: FieldSpec[];
  item?: ValueSpec;
}

/** One field, as the settings API describes it. */
export interface FieldSpec extends ValueSpec {
  name: string;
  /** Includes the list for a field within a row, such as `zones[].areas`. */
  path: string;
  title: LocalText;
  hint?: LocalText;
  unit?: LocalText;
  /** Name of the field with the currency of this amount in minor units, in the same group or in a parent. */
  moneyIn?: string;
  /** The number counts hundredths of a percent. */
  isBasisPoints?: boolean;
  required: boolean;
  secret: boolean;
  default?: Json;
  /** Code of the section. Only for the form's own fields. */
  section?: string;
  /** Adjacent fields with a language are one text in several languages. */
  language?: Language;
}

/** A field whose value is edited as text. `lines` has one line per item, `json` contains JSON. */
export interface TextEntry {
  kind: 'text' | 'number' | 'choice' | 'lines' | 'json';
  field: FieldSpec;
  text: string;
}

/** A boolean. `wasThere`: whether a value was stored before. */
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

/** A secret. `text` is a new value. Without it, a stored value stays unless `forget` is set. */
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
  /** For a stored row: the code that the server finds the row's secrets by. */
  code?: string;
}

/** A list of texts or numbers that a lookup finds. Empty rows do not count. */
export interface ItemsEntry {
  kind: 'items';
  field: FieldSpec;
  rows: TextEntry[];
}

/** A list of objects. `left`: number of rows that are not loaded yet (`FormState.fetchRows`). */
export interface ListEntry {
  kind: 'list';
  field: FieldSpec;
  rows: GroupEntry[];
  left?: number;
}

export type Entry = TextEntry | SwitchEntry | ChoicesEntry | SecretEntry | GroupEntry | ListEntry | ItemsEntry;

/** Builds the form of all settings. */
export function buildForm(fields: readonly FieldSpec[], values: Json): GroupEntry {
  return buildGroup({ ...NAMELESS, fields: [...fields] }, values);
}

/** Builds the entry of a field. Without a value it shows the field's default. */
export function buildEntry(field: FieldSpec, given: Json | undefined): Entry {
  const value = given ?? field.default;
  const kind = chooseKind(field);
  switch (kind) {
    case 'secret':
      // A text was typed by the user and is not stored.
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

/** Builds a row of a list. Without a value the row is new. */
export function buildRow(list: FieldSpec, value?: Json): GroupEntry {
  const row = buildGroup({ ...NAMELESS, title: list.title, fields: list.fields ?? [] }, value);
  const code = value !== undefined && readCode(row);
  return code ? { ...row, code } : row;
}

/** Builds an item of a list of texts or numbers. Without a value the item is new. */
export function buildItem({ path, title, item }: FieldSpec, value?: Json): TextEntry {
  const kind = item?.type === 'text' ? 'text' : 'number';
  const field = { type: 'text', ...item, name: '', path: `${path}[]`, title, required: false, secret: false };
  return { kind, field, text: formatText(kind, value) };
}

/** Returns an entry's value. Undefined if the value is to be left out, so that its default applies. */
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

/** Copies entries with their current values, including typed secrets. The copies share the fields. */
export function copyEntries(entries: readonly Entry[]): Entry[] {
  return entries.map((entry): Entry => {
    if (entry.kind === 'group') return { ...entry, entries: copyEntries(entry.entries) };
    if (entry.kind === 'list' || entry.kind === 'items') return { ...entry, rows: copyEntries(entry.rows) } as Entry;
    return entry.kind === 'choices' ? { ...entry, chosen: [...entry.chosen] } : { ...entry };
  });
}

/** Finds the entries along a path such as `shops[0].code`, root first. `rest` is the path inside the last. */
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

/** Lists for `FieldSpec.codesOf` that every form has. */
const ISO_LISTS: Readonly<Record<string, (language: string) => ReadonlyMap<string, string>>> = {
  '@countries': listCountries,
  '@currencies': listCurrencies,
};

/** Whether the offered codes are complete, so that the user chooses one instead of typing it. */
export function isChosenCode({ codesOf = '' }: FieldSpec): boolean {
  return codesOf in ISO_LISTS;
}

/**
 * Lists the codes of the rows of a list of the form, with the rows' names. Undefined while the
 * rows are not loaded.
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

/** Names a row by its first two texts: the first line of a list, and this language's text of a group. */
export function summarise({ entries }: GroupEntry, language: string): string {
  const texts = entries.map((entry) => {
    if (entry.kind !== 'group') return entry.kind === 'text' || entry.kind === 'lines' ? (entry.text.trim().split('\n')[0] ?? '') : '';
    const named = entry.entries.filter(({ field }) => field.name === language);
    return summarise({ ...entry, entries: named.length > 0 ? named : entry.entries.slice(0, 1) }, language);
  });
  return texts.filter(Boolean).slice(0, 2).join(', ');
}

/** Joins hints as sentences, whether or not they end with a full stop. */
export function joinHints(...hints: readonly (string | undefined)[]): string {
  const [last, ...before] = hints.filter((hint) => hint !== undefined && hint !== '').reverse();
  return [...before.reverse().map((hint) => hint?.replace(/\.$/, '')), last ?? ''].join('. ');
}

/** Title of a group's field that has no name. */
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
  // `findProblems` rejects a text that is not a number or not JSON, as the server would.
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

/** Returns undefined for a text that is not JSON. */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Returns the values of entries by their fields' names. */
export function readObject(entries: readonly Entry[]): { [name: string]: Json } {
  return Object.fromEntries(
    entries.flatMap((entry) => {
      const value = readValue(entry);
      return value === undefined ? [] : [[entry.field.name, value]];
    }),
  );
}

/** Whether an optional group is absent: nothing was entered into it, or all of its values were removed. */
export function isLeftOut({ field, entries, wasThere }: GroupEntry): boolean {
  if (field.required) return false;
  const object = readObject(entries);
  if (Object.keys(object).length === 0) return true;
  return !wasThere && JSON.stringify(object) === JSON.stringify(readObject(buildGroup(field, undefined).entries));
}

/** Whether an empty list may be left out. With a default it may not, because the default would replace it. */
function mayBeLeftOut({ required, default: value }: FieldSpec): boolean {
  return !required && value === undefined;
}

/** Returns the code of a row, if its list has codes. */
export function readCode(row: GroupEntry): string | undefined {
  const entry = row.entries.find(({ field }) => field.name === 'code');
  return entry?.kind === 'text' || entry?.kind === 'number' ? entry.text.trim() : undefined;
}

function toList(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

/** Whether a value is the server's placeholder for a long list. */
export function isPlaceholder(value: Json | undefined): value is { rows: number } {
  return isObject(value) && typeof value['rows'] === 'number';
}

function isObject(value: Json | undefined): value is { [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
