import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { DateTime } from 'luxon';
import { MoneyError, readDecimalMoney, type Register, type RegisterRow } from '#provider-kit';
import { KEY_COLUMNS, type RegisterLayout } from './register-layout.js';

/** Maximum characters of a line, and lines before the header. */
const MOST = { line: 65_536, preamble: 50 };
/** Maximum number of listed lines. All are counted. */
const MOST_NAMED = 1_000;

const NO_CSV = 'is not valid CSV';

/** A line that cannot be read. */
export interface BadRegisterLine {
  line: number;
  problem: RegisterLineProblem;
  /** The cell, or the names of the columns. */
  value?: string;
  /** The problem in plain English. Completes "The line ...". */
  reason: string;
}

/** The problem of a line. `encoding` and `columns` also concern the lines below it. */
export type RegisterLineProblem = 'csv' | 'long' | 'encoding' | 'columns' | 'number' | 'amount' | 'date';

/** The result of reading a file, in addition to its rows. */
export class RegisterFileReport {
  /** Headers of the file. Without a header line, the cells of the first line. */
  columns: string[] = [];
  bad = 0;
  private readonly named: BadRegisterLine[] = [];

  /** The first thousand unreadable lines. The parser reports its own before the rows that it has read. */
  get badLines(): BadRegisterLine[] {
    return this.named.toSorted((left, right) => left.line - right.line);
  }

  add(line: number, problem: RegisterLineProblem, reason: string, value?: string): void {
    this.bad++;
    if (this.named.length < MOST_NAMED) this.named.push({ line, problem, ...(value !== undefined && { value }), reason });
  }
}

/** The file's register, as far as reading its rows needs it. */
export interface RegisterFile {
  readonly kind: Register['kind'];
  readonly currency: string;
  /** IANA name of the zone of its times. */
  readonly timeZone: string;
}

/** The columns of a layout by their position in the file. */
type Positions = Partial<Record<Exclude<keyof RegisterLayout, 'delimiter' | 'decimal' | 'encoding' | 'dateFormat' | 'fees'>, number>> & {
  readonly fees: readonly { readonly position: number; readonly code: string }[];
};

class UnreadableCell extends Error {
  constructor(
    readonly problem: RegisterLineProblem,
    reason: string,
    readonly value?: string,
  ) {
    super(reason);
  }
}

/**
 * Streams the rows of a CSV file. Lines before the header are skipped. An unreadable line is added to
 * `report` with its reason and left out.
 */
export async function* readRegister(
  bytes: AsyncIterable<Uint8Array>,
  layout: RegisterLayout,
  file: RegisterFile,
  report: RegisterFileReport,
): AsyncGenerator<RegisterRow> {
  const parser = parse({
    ...{ bom: true, delimiter: layout.delimiter, info: true, relax_column_count: true, skip_empty_lines: true },
    ...{ skip_records_with_error: true, max_record_size: MOST.line },
    on_skip: (error) => {
      report.add((error as (CsvError & { lines?: number }) | undefined)?.lines ?? 0, 'csv', NO_CSV);
      return undefined;
    },
  });
  // Errors of either end are thrown by the loop below.
  pipeline(Readable.from(limitLines(decode(bytes, layout.encoding))), parser, () => undefined);
  let positions: Positions | undefined;
  let skipped = 0;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      if (!positions) {
        if (skipped === 0) report.columns = record.map((cell) => cell.trim());
        positions = findPositions(record, layout);
        if (positions) report.columns = record.map((cell) => cell.trim());
        else if (++skipped > MOST.preamble) break;
        continue;
      }
      const row = readRow(record, info.lines, positions, layout, file, report);
      if (row) yield row;
    }
  } catch (error) {
    if (!(error instanceof CsvError) && !(error instanceof UnreadableCell)) throw error;
    if (error instanceof CsvError) report.add(Number((error as { lines?: number }).lines ?? 0), 'csv', NO_CSV);
    else report.add(0, error.problem, error.message);
  }
  const named = listNamed(layout).join(', ');
  if (!positions) report.add(1, 'columns', `or a line below it must contain the columns ${named}`, named);
}

async function* decode(bytes: AsyncIterable<Uint8Array>, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  try {
    for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UnreadableCell('encoding', `or a line below it is not ${encoding} text`);
  }
}

/** The parser's own limit does not count delimiters. */
async function* limitLines(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let length = 0;
  for await (const chunk of chunks) {
    for (const part of chunk.split(/(?<=[\r\n])/)) {
      length += part.length;
      if (length > MOST.line) throw new UnreadableCell('long', 'is too long');
      if (/[\r\n]$/.test(part)) length = 0;
    }
    yield chunk;
  }
}

function listNamed(layout: RegisterLayout): string[] {
  const { externalId, trackNumber, reference, gross, net, date, text, fees } = layout;
  return [externalId, trackNumber, reference, gross, net, date, text, ...fees.map(({ column }) => column)].filter(
    (name) => name !== undefined,
  );
}

/** Returns undefined if the line is not the header. */
function findPositions(record: readonly string[], layout: RegisterLayout): Positions | undefined {
  const normalize = (name: string): string => name.trim().toLowerCase();
  const find = (name: string): number => record.findIndex((cell) => normalize(cell) === normalize(name));
  const named = listNamed(layout);
  if (named.length === 0 || named.some((name) => find(name) < 0)) return undefined;
  const { externalId, trackNumber, reference, gross, net, date, text, fees } = layout;
  const columns = Object.entries({ externalId, trackNumber, reference, gross, net, date, text });
  return {
    ...Object.fromEntries(columns.flatMap(([key, name]) => (name === undefined ? [] : [[key, find(name)]]))),
    fees: fees.map(({ column, code }) => ({ position: find(column), code })),
  };
}

function readRow(
  record: readonly string[],
  line: number,
  positions: Positions,
  layout: RegisterLayout,
  { kind, currency, timeZone }: RegisterFile,
  report: RegisterFileReport,
): RegisterRow | undefined {
  const cell = (position: number | undefined): string => (position === undefined ? '' : (record[position]?.trim() ?? ''));
  const amount = (position: number | undefined): number => readAmount(cell(position), layout.decimal, currency);
  try {
    const keys = Object.fromEntries(KEY_COLUMNS.map((key) => [key, cell(positions[key])]).filter(([, value]) => value !== ''));
    // Two columns with one code are two fees, not a fee that was taken twice.
    const sums = new Map<string, number>();
    for (const { position, code } of positions.fees) sums.set(code, (sums.get(code) ?? 0) + amount(position));
    const written = [...sums].map(([code, minor]) => ({ code, minor })).filter(({ minor }) => minor !== 0);
    const gross = kind === 'bill' ? 0 : amount(positions.gross);
    const taken = written.reduce((sum, { minor }) => sum + minor, 0);
    const net = cell(positions.net) === '' ? gross - taken : amount(positions.net);
    // Some services write fees as negative amounts.
    const fees = taken !== 0 && net === gross + taken ? written.map(({ code, minor }) => ({ code, minor: -minor })) : written;
    if (Object.keys(keys).length === 0) throw new UnreadableCell('number', 'has no number of a delivery or payment');
    const at = cell(positions.date);
    const text = cell(positions.text);
    return {
      ...{ line, ...keys, gross, fees, net },
      kind: gross > 0 ? 'sale' : gross < 0 ? 'refund' : fees.length > 0 ? 'fee' : 'other',
      ...(at !== '' && { at: readMoment(at, layout.dateFormat, timeZone) }),
      ...(text !== '' && { text }),
    };
  } catch (error) {
    if (!(error instanceof UnreadableCell)) throw error;
    report.add(line, error.problem, error.message, error.value);
    return undefined;
  }
}

/** Reads an amount exactly. Spaces and apostrophes separate thousands. An empty cell is 0. */
function readAmount(cell: string, decimal: ',' | '.', currency: string): number {
  const text = cell.replaceAll(/[\s'\u2019]/g, '').replace('\u2212', '-');
  if (text === '' || text === '-') return 0;
  const sign = text.startsWith('-') ? -1 : 1;
  const plain = text.replace(/^[+-]/, '');
  const other = decimal === ',' ? '.' : ',';
  const whole = plain.split(decimal)[0] ?? '';
  const grouped = whole.includes(other) && /^\d{1,3}(?:[.,]\d{3})+$/.test(whole) ? plain.replaceAll(other, '') : plain;
  try {
    if (grouped.includes(other)) throw new MoneyError('the other decimal sign');
    return sign * readDecimalMoney(grouped.replace(decimal, '.'), currency).minor + 0;
  } catch (error) {
    if (!(error instanceof MoneyError)) throw error;
    const value = cell.slice(0, 40);
    throw new UnreadableCell('amount', `contains "${value}", which is not an amount in ${currency}`, value);
  }
}

function readMoment(cell: string, format: string, zone: string): Date {
  const moment = DateTime.fromFormat(cell, format, { zone });
  const value = cell.slice(0, 40);
  if (!moment.isValid) throw new UnreadableCell('date', `contains "${value}", which is not a date as ${format}`, value);
  return moment.toJSDate();
}
