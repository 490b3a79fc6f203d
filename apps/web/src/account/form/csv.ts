import { CsvError as ParseError, parse } from 'csv-parse/browser/esm/sync';
import { type Language, textIn } from '../../kit/language.js';
import { CSV_TEXTS, type SayCsv } from './csv-texts.js';
import {
  buildEntry,
  buildRow,
  type Entry,
  type FieldSpec,
  findProblems,
  type GroupEntry,
  type ListEntry,
  readValue,
} from './form-values.js';

/** A list as a table of a file. */
export interface CsvTable {
  readonly header: readonly string[];
  /** `line`: where it stands in the file, from 1. */
  readonly rows: readonly { readonly line: number; readonly cells: readonly string[] }[];
}

/** A field of a list's rows that a file has as a column. */
export interface CsvColumn {
  /** `limits.maxWeight`: within a group. */
  readonly name: string;
  readonly field: FieldSpec;
}

/** What of a row a file changes. */
export interface CsvCell {
  readonly column: CsvColumn;
  readonly from: string;
  readonly to: string;
  /** Has the new value. */
  readonly entry: Entry;
}

/** What a file does to a list. */
export interface CsvChanges {
  readonly added: readonly { readonly line: number; readonly row: GroupEntry }[];
  readonly changed: readonly { readonly line: number; readonly row: GroupEntry; readonly cells: readonly CsvCell[] }[];
  /** Rows of the list that the file does not have. */
  readonly missing: readonly GroupEntry[];
  readonly unchanged: number;
  readonly faulty: readonly { readonly line: number; readonly reason: string }[];
  readonly unknownColumns: readonly string[];
}

/** A file that cannot be compared with a list; its message is for people. */
export class CsvError extends Error {}

/** Byte order mark: by it Excel knows a file to be UTF-8. */
const BOM = '\uFEFF';
/** What a spreadsheet would take for a formula begins so. */
const FORMULA = /^[=+\-@\t\r]/;
const NUMBER = /^[+-]?[\d\s'.,]+$/;
/** Excel's delimiter where numbers have a decimal comma. */
const DELIMITERS: Readonly<Record<string, string>> = { en: ',' };
/** What older versions of Excel write. */
const OLD_ENCODINGS: Readonly<Record<string, string>> = { ru: 'windows-1251' };
const YES = new Set(['1', 'true', 'si', ...Object.values(CSV_TEXTS.yes)]);
const NO = new Set(['0', 'false', '', ...Object.values(CSV_TEXTS.no)]);

/** Lists the columns of a list's file, and the fields that it has no place for: lists of groups, secrets. */
export function listColumns({ fields = [] }: FieldSpec, prefix = ''): { columns: CsvColumn[]; leftOut: FieldSpec[] } {
  const columns: CsvColumn[] = [];
  const leftOut: FieldSpec[] = [];
  for (const field of fields) {
    const name = prefix + field.name;
    const { kind } = buildEntry(field, undefined);
    if (kind === 'group') {
      const inner = listColumns(field, `${name}.`);
      columns.push(...inner.columns);
      leftOut.push(...inner.leftOut);
    } else if (kind === 'secret' || kind === 'list' || kind === 'json') leftOut.push(field);
    else columns.push({ name, field });
  }
  return { columns, leftOut };
}

/** Writes a list as a file that Excel opens in this language; secrets are left out. */
export function writeCsv(list: ListEntry, language: Language): string {
  const { columns } = listColumns(list.field);
  const delimiter = DELIMITERS[language] ?? ';';
  const lines = [
    columns.map(({ name }) => name),
    ...list.rows.map((row) => columns.map((column) => guard(readCell(findEntry(row, column.name), language)))),
  ];
  return BOM + lines.map((cells) => `${cells.map((cell) => quote(cell, delimiter)).join(delimiter)}\r\n`).join('');
}

/** Reads a file as Excel and others write it: in UTF-8, UTF-16 or what the language had before them. */
export function readCsv(bytes: Uint8Array, language: Language, say: SayCsv): CsvTable {
  const text = decode(bytes, language);
  if (text.includes('\0')) throw new CsvError(say('csvNoText'));
  const told = /^sep=(.)\r?\n/.exec(text);
  const body = (told ? text.slice(told[0].length) : text).replaceAll('\r\n', '\n');
  let records: { record: string[]; info: { lines: number } }[];
  try {
    records = parse(body, {
      delimiter: told?.[1] ?? findDelimiter(body),
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as typeof records;
  } catch (error) {
    // All else that a parser may complain of is allowed.
    if (!(error instanceof ParseError)) throw error;
    throw new CsvError(say('csvQuote', { n: Number(error['lines']) + (told ? 1 : 0) }));
  }
  const [first, ...others] = records.filter(({ record }) => record.some((cell) => cell !== ''));
  if (!first || others.length === 0) throw new CsvError(say('csvEmpty'));
  return {
    header: first.record,
    rows: others.map(({ record, info }) => ({ line: info.lines + (told ? 1 : 0), cells: record.map(unguard) })),
  };
}

/**
 * Says what a file does to a list: which rows it adds, changes and lacks, and which of its lines are faulty.
 * Throws CsvError when no column is known, or what tells rows apart is missing.
 */
export function compareCsv(list: ListEntry, table: CsvTable, language: Language, say: SayCsv): CsvChanges {
  const { field } = list;
  const { columns } = listColumns(field);
  const places = table.header.map((title) => findColumn(columns, title));
  if (places.every((column) => !column)) throw new CsvError(say('csvNoColumns', { names: columns.map(({ name }) => name).join(', ') }));
  const key = field.itemKey;
  const keyPlace = places.findIndex((column) => column?.name === key);
  if (key !== undefined && keyPlace === -1) throw new CsvError(say('csvNoKey', { name: key }));
  const inFile = [...new Set(places.flatMap((column) => column ?? []))];
  /** What tells a row apart: its key, or all that the file has of it. */
  const nameRow = (row: GroupEntry): string =>
    key === undefined
      ? JSON.stringify(inFile.map(({ name }) => readCell(findEntry(row, name), language)))
      : readCell(findEntry(row, key), language);

  const known = new Map(list.rows.map((row) => [nameRow(row), row]));
  const lines = new Map<string, number>();
  const added: { line: number; row: GroupEntry }[] = [];
  const changed: { line: number; row: GroupEntry; cells: CsvCell[] }[] = [];
  const faulty: { line: number; reason: string }[] = [];
  let unchanged = 0;
  for (const { line, cells } of table.rows) {
    const row = buildRow(field);
    const reasons = places.flatMap((column, place) => {
      if (!column) return [];
      const problem = writeCell(findEntry(row, column.name), cells[place] ?? '', say);
      return problem === undefined ? [] : [`${textIn(column.field.title, language)} ${problem}`];
    });
    const name = nameRow(row);
    const stored = known.get(name);
    const before = lines.get(name);
    if (before !== undefined && key !== undefined)
      reasons.unshift(`${textIn(places[keyPlace]?.field.title, language) ?? key} ${say('csvRepeated', { n: before })}`);
    // What the file lacks of a row that is known stays as it is.
    const checked = stored ? inFile : columns;
    reasons.push(...findFaults(row, checked, language, say, reasons.length > 0));
    if (reasons.length > 0) faulty.push({ line, reason: reasons.join('; ') });
    else if (!stored) added.push({ line, row });
    else {
      const changes = inFile.flatMap((column): CsvCell[] => {
        const entry = findEntry(row, column.name);
        const [from, to] = [readCell(findEntry(stored, column.name), language), readCell(entry, language)];
        return from === to ? [] : [{ column, from, to, entry }];
      });
      if (changes.length > 0) changed.push({ line, row: stored, cells: changes });
      else unchanged++;
    }
    if (!lines.has(name)) lines.set(name, line);
  }
  return {
    ...{ added, changed, unchanged, faulty },
    missing: list.rows.filter((row) => !lines.has(nameRow(row))),
    unknownColumns: table.header.filter((title, place) => !places[place] && title !== ''),
  };
}

/** Does to a list what a file says; `removeMissing`: also takes out what the file does not have. */
export function applyCsv(list: ListEntry, { added, changed, missing }: CsvChanges, removeMissing: boolean): void {
  for (const { row, cells } of changed) for (const { column, entry } of cells) Object.assign(findEntry(row, column.name), pickValue(entry));
  const gone = new Set(removeMissing ? missing : []);
  list.rows = [...list.rows.filter((row) => !gone.has(row)), ...added.map(({ row }) => row)];
}

function findEntry(row: GroupEntry, name: string): Entry {
  let entry: Entry = row;
  for (const step of name.split('.')) {
    const inner: Entry | undefined = entry.kind === 'group' ? entry.entries.find(({ field }) => field.name === step) : undefined;
    if (!inner) throw new Error(`A row has no ${name}`);
    entry = inner;
  }
  return entry;
}

/** A header may be the field's name or its title in any language. */
function findColumn(columns: readonly CsvColumn[], title: string): CsvColumn | undefined {
  const wanted = title.trim().toLowerCase();
  return (
    columns.find(({ name }) => name.toLowerCase() === wanted) ??
    columns.find(({ field, name }) => !name.includes('.') && Object.values(field.title).some((one) => one.toLowerCase() === wanted))
  );
}

function readCell(entry: Entry, language: Language): string {
  switch (entry.kind) {
    case 'switch':
      return textIn(CSV_TEXTS[entry.on ? 'yes' : 'no'], language);
    case 'choices':
      return joinItems(entry.chosen);
    case 'items':
      return joinItems(entry.rows.map(({ text }) => text.trim()).filter(Boolean));
    case 'lines':
      return joinItems(entry.text.split('\n').flatMap((line) => line.trim() || []));
    case 'number': {
      const value = readValue(entry);
      return value === undefined ? '' : String(value).replace('.', language === 'en' ? '.' : ',');
    }
    default:
      return 'text' in entry ? entry.text.trim() : '';
  }
}

/** Writes a cell into an entry. Returns what is wrong with it. */
function writeCell(entry: Entry, text: string, say: SayCsv): string | undefined {
  switch (entry.kind) {
    case 'switch': {
      const answer = text.toLowerCase();
      if (!YES.has(answer) && !NO.has(answer)) return say('problem.choice', { text });
      Object.assign(entry, { on: text === '' ? entry.on : YES.has(answer), wasThere: true });
      return undefined;
    }
    case 'choices': {
      const chosen = splitItems(text).map((one) => findChoice(entry.field.item?.choices, one) ?? one);
      const unknown = chosen.find((one) => !entry.field.item?.choices?.some(({ value }) => String(value) === one));
      Object.assign(entry, { chosen });
      return unknown === undefined ? undefined : say('problem.choice', { text: unknown });
    }
    case 'choice': {
      const value = text === '' ? entry.text : findChoice(entry.field.choices, text);
      if (value === undefined) return say('problem.choice', { text });
      entry.text = value;
      return undefined;
    }
    case 'items':
      Object.assign(entry, pickValue(buildEntry(entry.field, splitItems(text))));
      return undefined;
    case 'lines':
      entry.text = splitItems(text).join('\n');
      return undefined;
    default:
      // An empty cell of a field with a default means the default.
      if ('text' in entry && (text !== '' || entry.field.default === undefined)) entry.text = text;
      return undefined;
  }
}

function findChoice(choices: FieldSpec['choices'] = [], text: string): string | undefined {
  const wanted = text.toLowerCase();
  const found = choices.find(
    ({ value, title }) => String(value).toLowerCase() === wanted || Object.values(title).some((one) => one.toLowerCase() === wanted),
  );
  return found && String(found.value);
}

/** What is wrong with the columns of a row; `isKnown`: something was found before, and is not said again. */
function findFaults(row: GroupEntry, columns: readonly CsvColumn[], language: Language, say: SayCsv, isKnown: boolean): string[] {
  if (isKnown) return [];
  return columns.flatMap(({ name, field }) => {
    const groups = name.split('.').slice(0, -1);
    // A group that need not be there, and has nothing, is left out.
    if (groups.length > 0 && readValue(findEntry(row, groups.join('.'))) === undefined) return [];
    return [...findProblems(findEntry(row, name)).values()].map(
      ({ kind, limit = 0 }) => `${textIn(field.title, language)} ${say(`problem.${kind}`, { n: limit })}`,
    );
  });
}

/** What of an entry is its value. */
function pickValue(entry: Entry): Partial<Entry> {
  if (entry.kind === 'switch') return { on: entry.on, wasThere: true };
  if (entry.kind === 'choices') return { chosen: entry.chosen };
  if (entry.kind === 'items') return { rows: entry.rows };
  return 'text' in entry ? { text: entry.text } : {};
}

/** Items in one cell, with commas; where an item has one itself, each on a line of its own. */
function joinItems(items: readonly string[]): string {
  if (!items.some((item) => item.includes(','))) return items.join(', ');
  return items.length === 1 ? `${items[0]}\n` : items.join('\n');
}

function splitItems(text: string): string[] {
  return text.split(text.includes('\n') ? '\n' : ',').flatMap((item) => item.trim() || []);
}

function quote(cell: string, delimiter: string): string {
  return cell.includes(delimiter) || /["\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** Keeps a spreadsheet from running a text as a formula. */
function guard(cell: string): string {
  return FORMULA.test(cell) && !NUMBER.test(cell) ? `'${cell}` : cell;
}

function unguard(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell.slice(1)) ? cell.slice(1) : cell;
}

function findDelimiter(text: string): string {
  const line = (text.split(/\r?\n/).find((one) => one.trim() !== '') ?? '').replaceAll(/"[^"]*"/g, '');
  const count = (sign: string): number => line.split(sign).length;
  return [';', ',', '\t'].reduce((best, sign) => (count(sign) > count(best) ? sign : best));
}

function decode(bytes: Uint8Array, language: Language): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder(OLD_ENCODINGS[language] ?? 'windows-1252').decode(bytes);
  }
}
