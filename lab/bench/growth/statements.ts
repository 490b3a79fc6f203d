import pg from 'pg';
import { DataSource } from 'typeorm';
import { listSchemas } from '#catalogue';
import { Database, dataSourceOptions, Environment, type OperatorList, type PageDto, readPage, Retention } from '#platform';
import type { Recurring } from './part.js';

/** Maximum milliseconds of a page of an operator's list, of its total and of a purge with nothing to do. */
const LARGEST_MS = 20;

const source = new DataSource(dataSourceOptions(new Environment(), listSchemas(), 'bench'));
await (source as unknown as { buildMetadatas(): Promise<void> }).buildMetadatas();

/**
 * Returns the statements of a list's first page, its total and a page that starts far into it, for
 * each of the filters.
 */
export async function listStatements<Filter extends PageDto, Row extends object>(
  name: string,
  list: OperatorList<Filter, Row, unknown>,
  filters: Readonly<Record<string, Filter>>,
  { tables, place }: { tables: readonly string[]; place: readonly string[] },
): Promise<Recurring[]> {
  const statements: Recurring[] = [];
  for (const [by, filter] of Object.entries(filters)) {
    const cursor = Buffer.from(JSON.stringify(place)).toString('base64url');
    const [page, total] = await capture((database) => readPage(database, { ...list, view: () => ({}) }, filter), place);
    const [far] = await capture((database) => readPage(database, { ...list, view: () => ({}) }, { ...filter, cursor }), place);
    for (const [what, sql] of [['page', page] as const, ['total', total] as const, ['far page', far] as const])
      statements.push({ name: `${name} ${by}: ${what}`, sql: sql ?? '', largestMs: LARGEST_MS, tables });
  }
  return statements;
}

/** Returns the values of a list's sort columns in the middle of a table. */
export async function findMiddle(database: pg.Client, table: string, columns: readonly string[]): Promise<string[]> {
  const { rows } = await database.query<{ place: string[] }>(
    `SELECT ARRAY[${columns.map((column) => `${column}::text`).join(', ')}] AS place FROM ${table}
     ORDER BY ${columns.join(', ')} OFFSET (SELECT count(*) / 2 FROM ${table}) LIMIT 1`,
  );
  return rows[0]?.place ?? [];
}

/** Returns the statements that a purge repeats until nothing remains, for a purge with nothing to do. */
export async function purgeStatements(
  name: string,
  purge: (retention: Retention, environment: Environment, database: Database) => Promise<void>,
  tables: readonly string[],
): Promise<Recurring[]> {
  const environment = new Environment();
  const statements = await capture((database) => purge(new Retention(database, environment), environment, database));
  return statements.map((sql, at) => ({ name: `${name} ${at + 1}`, sql, largestMs: LARGEST_MS, tables }));
}

/** Runs work on a database that returns a full page. Returns its statements with their values inserted. */
async function capture(work: (database: Database) => Promise<unknown>, place?: readonly string[]): Promise<string[]> {
  const statements: string[] = [];
  source.query = ((text: string, values: unknown[] = []) => {
    if (!text.startsWith('EXPLAIN')) statements.push(text.replace(/\$(\d+)/g, (_, n) => toLiteral(values[Number(n) - 1])));
    const isPage = text.includes('AS list_place');
    return Promise.resolve(isPage ? Array.from({ length: 51 }, () => ({ list_place: place })) : place ? [{ total: 1 }] : []);
  }) as DataSource['query'];
  source.transaction = ((inside: (tx: Pick<DataSource, 'query'>) => unknown) => inside(source)) as DataSource['transaction'];
  await work(new Database(source));
  return statements;
}

function toLiteral(value: unknown): string {
  return typeof value === 'number' ? String(value) : pg.escapeLiteral(String(value));
}
