import { type Language, textIn } from '../../kit/language.js';
import type { SayForm } from './form-texts.js';
import {
  buildRow,
  type Entry,
  type FieldSpec,
  type GroupEntry,
  isTranslated,
  type Json,
  type ListEntry,
  readValue,
  summarise,
  type TextEntry,
} from './form-values.js';

/** Maximum number of columns in a list's table, and in the table of a list within a row. */
const MOST_COLUMNS = { list: 5, within: 3 };
/** Tables with fewer columns than this also show the first items of lists of texts. */
const FEWEST_COLUMNS = 3;
const FIRST_ITEMS = 4;
/** Rows with at most this number of plain fields are edited in the table. */
const MOST_INLINE = 4;
/** Maximum number of characters of a text that may be a column. */
const SHORT = 300;

/** Whether a list's rows are short enough to be edited in its table. */
export function isInline({ fields = [] }: FieldSpec): boolean {
  return (
    fields.length <= MOST_INLINE && fields.every(({ type, secret }) => !secret && ['text', 'number', 'integer', 'choice'].includes(type))
  );
}

/** Chooses the columns of a list's table: the first short fields, required fields before others. */
export function chooseColumns({ fields = [], path }: FieldSpec): FieldSpec[] {
  const most = path.includes('[]') ? MOST_COLUMNS.within : MOST_COLUMNS.list;
  const short = fields.filter(isShort);
  const chosen = new Set([...new Set([...short.filter(({ required }) => required), ...short])].slice(0, most));
  if (chosen.size < FEWEST_COLUMNS)
    for (const field of fields.filter(isListOfTexts).slice(0, FEWEST_COLUMNS - chosen.size)) chosen.add(field);
  return fields.filter((field) => chosen.has(field));
}

/** Formats a row's value for a column. `showText` returns the text of a number for people. */
export function formatCell(
  row: GroupEntry,
  { name }: FieldSpec,
  language: Language,
  say: SayForm,
  showText: (entry: TextEntry) => string = ({ text }) => text,
): string {
  const entry = row.entries.find(({ field }) => field.name === name);
  if (!entry) return '';
  switch (entry.kind) {
    case 'choice':
      return textIn(entry.field.choices?.find(({ value }) => String(value) === entry.text)?.title, language) ?? entry.text;
    case 'switch':
      return say(entry.on ? 'yes' : 'no');
    case 'group':
      return summarise({ ...row, entries: [entry] }, language);
    case 'list':
      return String(entry.rows.length);
    case 'lines':
      return joinFirst(entry.text.split('\n'));
    case 'items':
      return joinFirst(entry.rows.map(({ text }) => text));
    default:
      return entry.kind === 'number' ? showText(entry) : 'text' in entry ? entry.text.trim() : '';
  }
}

/** Finds the rows that contain a text in any column. Returns all rows for an empty text. */
export function searchRows(rows: readonly GroupEntry[], term: string, format: (row: GroupEntry) => readonly string[]): GroupEntry[] {
  const wanted = term.trim().toLocaleLowerCase();
  return rows.filter((row) => wanted === '' || format(row).some((text) => text.toLocaleLowerCase().includes(wanted)));
}

/** Copies a row, without its secrets and with a key that no other row has. */
export function copyRow({ field, rows }: ListEntry, row: GroupEntry): GroupEntry {
  const copy = buildRow(field, withoutSecrets(row.entries));
  delete copy.code;
  const key = copy.entries.find((entry) => entry.field.name === (field.itemKey ?? 'code'));
  if (key?.kind === 'text' && key.field.codesOf === undefined && key.field.lookup === undefined)
    key.text = findFreeKey(key.text.trim(), rows, key.field.name);
  return copy;
}

function findFreeKey(key: string, rows: readonly GroupEntry[], name: string): string {
  const taken = new Set(
    rows
      .map((row) => row.entries.find(({ field }) => field.name === name))
      .map((entry) => (entry?.kind === 'text' ? entry.text.trim() : '')),
  );
  for (let number = 2; ; number++) if (!taken.has(`${key}-${number}`)) return `${key}-${number}`;
}

function withoutSecrets(entries: readonly Entry[]): { [name: string]: Json } {
  return Object.fromEntries(
    entries.flatMap((entry): [string, Json][] => {
      if (entry.kind === 'secret') return [];
      if (entry.kind === 'group') return [[entry.field.name, withoutSecrets(entry.entries)]];
      if (entry.kind === 'list') return [[entry.field.name, entry.rows.map((row) => withoutSecrets(row.entries))]];
      const value = readValue(entry);
      return value === undefined ? [] : [[entry.field.name, value]];
    }),
  );
}

function joinFirst(items: readonly string[]): string {
  const first = items.filter((item) => item.trim() !== '').slice(0, FIRST_ITEMS);
  return first.join(', ') + (items.length > first.length && first.length === FIRST_ITEMS ? ' …' : '');
}

function isListOfTexts({ type, item, secret }: FieldSpec): boolean {
  return type === 'list' && item?.type === 'text' && item.choices === undefined && !secret;
}

function isShort(field: FieldSpec): boolean {
  const { type, secret, maxLength = 0, fields } = field;
  if (secret) return false;
  if (type === 'group') return isTranslated(field);
  if (type === 'list') return fields !== undefined;
  return ['text', 'number', 'integer', 'choice', 'boolean'].includes(type) && maxLength <= SHORT;
}
