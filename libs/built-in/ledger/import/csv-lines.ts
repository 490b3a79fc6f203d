import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { joined, MOST_LINE, type RawLine, UnreadableFile } from './raw-line.js';
import { LINE_FIELDS } from './stock-line.js';

/** Maximum number of columns. The maximum length of a record does not count its delimiters. */
export const MAX_COLUMNS = 100;

const LINE_ENDS = ['\r\n', '\n', '\r'];

type Field = (typeof LINE_FIELDS)[number];

const NUMBERS: ReadonlySet<Field> = new Set(['quantity', 'purchasePrice']);

/**
 * Reads CSV whose header contains the fields in any order or spelling (`xmlId`, `XML_ID`), separated by
 * comma, semicolon or tab as in the header. With other separators than commas, numbers may have a decimal
 * comma.
 */
export async function* csvLines(chunks: AsyncGenerator<string>): AsyncGenerator<RawLine> {
  const start = await readHead(chunks);
  const delimiter = [';', '\t'].find((one) => start.split('\n', 1)[0]?.includes(one)) ?? ',';
  const parser = parse({
    ...{ delimiter, record_delimiter: LINE_ENDS, info: true, relax_column_count: true, skip_empty_lines: true },
    max_record_size: MOST_LINE,
  });
  // Errors of either end are thrown by the loop below.
  pipeline(Readable.from(limitCells(joined(start, chunks), delimiter)), parser, () => undefined);
  let columns: (Field | undefined)[] | undefined;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      if (columns === undefined) {
        columns = readColumns(record);
        continue;
      }
      yield toLine(record, columns, info.lines, delimiter !== ',');
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const { lines } = error as CsvError & { lines?: number };
    throw new UnreadableFile(lines ?? 1, `cannot be read as CSV: ${error.message}`);
  }
}

function readColumns(header: string[]): (Field | undefined)[] {
  const columns = header.map((name) => LINE_FIELDS.find((field) => normalizeName(field) === normalizeName(name)));
  const twice = columns.find((field, index) => field !== undefined && columns.indexOf(field) !== index);
  if (twice) throw new UnreadableFile(1, `contains the column ${twice} twice`);
  const has = (...fields: Field[]): boolean => fields.some((field) => columns.includes(field));
  if (!has('id', 'xmlId', 'externalId') || !has('quantity', 'purchasePrice'))
    throw new UnreadableFile(
      1,
      `must contain columns of ${LINE_FIELDS.join(', ')}: an identifier of the offer, and quantity or purchasePrice`,
    );
  return columns;
}

function toLine(record: string[], columns: readonly (Field | undefined)[], line: number, commaIsPoint: boolean): RawLine {
  if (record.slice(columns.length).some((cell) => cell.trim() !== '')) return { line, problem: 'has more cells than the header' };
  const value: Partial<Record<Field, string>> = {};
  columns.forEach((field, index) => {
    const cell = record[index]?.trim() ?? '';
    if (field !== undefined && cell !== '') value[field] = commaIsPoint && NUMBERS.has(field) ? cell.replace(',', '.') : cell;
  });
  return { line, value };
}

function normalizeName(name: string): string {
  return name.toLowerCase().replace(/[^a-z]/g, '');
}

/** Counts the cells of each record before the parser does, which keeps a record in memory until its end. */
async function* limitCells(chunks: AsyncIterable<string>, delimiter: string): AsyncGenerator<string> {
  let line = 1;
  let cells = 1;
  let isQuoted = false;
  for await (const chunk of chunks) {
    for (const character of chunk) {
      if (character === '"') isQuoted = !isQuoted;
      else if (character === '\n') line++;
      if (isQuoted) continue;
      if (character === delimiter && ++cells > MAX_COLUMNS) throw new UnreadableFile(line, `has more than ${MAX_COLUMNS} cells`);
      if (character === '\n' || character === '\r') cells = 1;
    }
    yield chunk;
  }
}

/** Reads until the header line is complete. */
async function readHead(chunks: AsyncGenerator<string>): Promise<string> {
  let start = '';
  while (!start.includes('\n') && start.length <= MOST_LINE) {
    const next = await chunks.next();
    if (next.done) break;
    start += next.value;
  }
  return start;
}
