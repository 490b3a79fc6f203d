import { CsvError as ParseError, parse } from 'csv-parse/browser/esm/sync';
import { type Language, textIn } from '../../kit/language.js';
import { CSV_TEXTS, type SayCsv } from './csv-texts.js';
import { findProblems } from './form-problems.js';
import { buildEntry, buildRow, type Entry, type FieldSpec, type GroupEntry, type ListEntry, readValue } from './form-values.js';

/** A list as the table of a file. */
export interface CsvTable {
  readonly header: readonly string[];
  /** `line`: line number in the file, from 1. */
  readonly rows: readonly { readonly line: number; readonly cells: readonly string[] }[];
}

/** A field of a list's rows that a file has as a column. */
export interface CsvColumn {
  /** `limits.maxWeight` for a field within a group. */
  readonly name: string;
  readonly field: FieldSpec;
}

/** One change of a row's field by a file. */
export interface CsvCell {
  readonly column: CsvColumn;
  readonly from: string;
  readonly to: string;
  /** The entry with the new value. */
  readonly entry: Entry;
}

/** The changes that a file makes to a list. */
export interface CsvChanges {
  readonly added: readonly { readonly line: number; readonly row: GroupEntry }[];
  readonly changed: readonly { readonly line: number; readonly row: GroupEntry; readonly cells: readonly CsvCell[] }[];
  /** Rows of the list that the file does not have. */
  readonly missing: readonly GroupEntry[];
  readonly unchanged: number;
  readonly faulty: readonly { readonly line: number; readonly reason: string }[];
  readonly unknownColumns: readonly string[];
}

/** A file that cannot be compared with a list. The message is for people. */
export class CsvError extends Error {}

/** Byte order mark. Excel needs it to recognize UTF-8. */
const BOM = '\uFEFF';
/** Beginnings of a text that a spreadsheet would run as a formula. */
const FORMULA = /^[=+\-@\t\r]/;
const NUMBER = /^[+-]?[\d\s'.,]+$/;
/** Excel's delimiter where numbers have a decimal comma. */
const DELIMITERS: Readonly<Record<string, string>> = { en: ',' };
/** Encodings that older versions of Excel write. */
const OLD_ENCODINGS: Readonly<Record<string, string>> = { ru: 'windows-1251' };
const YES = new Set(['1', 'true', 'si', ...Object.values(CSV_TEXTS.yes)]);
const NO = new Set(['0', 'false', '', ...Object.values(CSV_TEXTS.no)]);

/** Lists the columns of a list's file, and the fields that do not fit into one: lists of groups, secrets. */
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

/** Writes a list as a CSV file that Excel opens in this language. Secrets are left out. */
export function writeCsv(list: ListEntry, language: Language): string {
  const { columns } = listColumns(list.field);
  const delimiter = DELIMITERS[language] ?? ';';
  const lines = [
    columns.map(({ name }) => name),
    ...list.rows.map((row) => columns.map((column) => guard(readCell(findEntry(row, column.name), language)))),
  ];
  return BOM + lines.map((cells) => `${cells.map((cell) => quote(cell, delimiter)).join(delimiter)}\r\n`).join('');
}

/** Reads a file as Excel and others write it: UTF-8, UTF-16 or the language's older encoding. */
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
    // Other complaints of the parser are tolerated.
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
 * Compares a file with a list: rows to add, to change and missing rows, and the file's faulty lines.
 * Throws CsvError if no column is known, or if the column that identifies rows is missing.
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
  /** Identifies a row: its key, or the row's values in the file's columns. */
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
    // Columns that the file does not have keep the stored row's values.
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

/** Applies a file's changes to a list. `removeMissing`: also removes rows that are not in the file. */
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

/** Writes a cell into an entry. Returns the error, if any. */
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

/** Finds the errors in a row's columns. `isKnown`: an error was found before, so it is not repeated. */
function findFaults(row: GroupEntry, columns: readonly CsvColumn[], language: Language, say: SayCsv, isKnown: boolean): string[] {
  if (isKnown) return [];
  return columns.flatMap(({ name, field }) => {
    const groups = name.split('.').slice(0, -1);
    // An optional group without any value is left out.
    if (groups.length > 0 && readValue(findEntry(row, groups.join('.'))) === undefined) return [];
    return [...findProblems(findEntry(row, name)).values()].map(
      ({ kind, limit = 0 }) => `${textIn(field.title, language)} ${say(`problem.${kind}`, { n: limit })}`,
    );
  });
}

/** Returns the members of an entry that hold its value. */
function pickValue(entry: Entry): Partial<Entry> {
  if (entry.kind === 'switch') return { on: entry.on, wasThere: true };
  if (entry.kind === 'choices') return { chosen: entry.chosen };
  if (entry.kind === 'items') return { rows: entry.rows };
  return 'text' in entry ? { text: entry.text } : {};
}

/** Joins items into one cell with commas. If an item contains a comma, each item has its own line. */
function joinItems(items: readonly string[]): string {
  if (!items.some((item) => item.includes(','))) return items.join(', ');
  return items.length === 1 ? `${items[0]}\n` : items.join('\n');
}

function splitItems(text: string): string[] {
  return text.split(text.includes('\n') ? '\n' : ',').flatMap((item) => item.trim() || []);
}

/** Shorter than csv-stringify, which every account page would load. */
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
