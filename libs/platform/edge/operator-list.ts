import type { DataSource } from 'typeorm';
import { type Database, isDataException } from '../database/index.js';
import { CallbackError } from '../errors/index.js';
import { getOperatorScope } from '../operators/operator-scope.js';
import { BadInputError, isUuid } from '../validation/index.js';
import type { PageDto } from './page.dto.js';

/** Maximum number of rows for an exact total. Above it, the total is the planner's estimate. */
export const COUNTED_ROWS = 5_000;
/**
 * Maximum number of rows before a page that is read by its number: the database reads them one by one. A
 * cursor skips no rows.
 */
export const SKIPPED_ROWS = 100_000;

/** A page of a list, as all of the operator API answers it. */
export interface Page<Item> {
  items: Item[];
  /** Number of items on all pages. */
  total: number;
  /** True if `total` is above 5,000 and estimated. */
  totalIsEstimate?: true;
  /** The `cursor` of the next page. Missing on the last one. */
  nextCursor?: string;
}

/**
 * SQL condition in which `:status` is the filter's `status`. A function is called even for an empty filter.
 */
export type ListCondition<Value> = string | ((value: Value) => string);

type ListOrder = Readonly<Record<string, 'ASC' | 'DESC'>>;

/**
 * An entity, which SQL calls `row`. Or an entity with joins that the order needs, each of one row, which are
 * omitted when rows are counted. Or the columns and tables of a SELECT.
 */
type ListSource<Row> =
  | (new () => Row)
  | { readonly entity: new () => Row; readonly joins: string }
  | { readonly columns: string; readonly tables: string };

/** A list of the operator API: the source of its rows, the meaning of its filter, the view of a row. */
export interface OperatorList<Filter extends PageDto, Row extends object, Item> {
  readonly from: ListSource<Row>;
  /** The condition of each filter property, applied when the property is present. */
  readonly where: { readonly [Name in Exclude<keyof Filter, keyof PageDto>]-?: ListCondition<Filter[Name]> };
  /**
   * Condition of the rows that an operator sees who is limited to `:scopeModules`; `:scopeOperator` is the
   * operator's name. Missing: made of the condition of `connection`, or of `module`.
   */
  readonly within?: string;
  /** Columns that together make the order total. None may be null. */
  readonly order: ListOrder;
  readonly view: (row: Row) => Item;
}

/** Describes a list; `Filter` is the DTO of its query. */
export function defineOperatorList<Filter extends PageDto, Row extends object, Item>(
  list: OperatorList<Filter, Row, Item>,
): OperatorList<Filter, Row, Item> {
  return list;
}

/**
 * Reads one page of a list, by its number or after a cursor, with a total of all. A filter by a `connection`
 * that is not an id finds nothing.
 * @throws BadInputError for a cursor that no page returned, and for a page with over 100,000 rows before it
 */
export async function readPage<Filter extends PageDto, Row extends object, Item>(
  { dataSource }: Database,
  list: OperatorList<Filter, Row, Item>,
  filter: Filter,
): Promise<Page<Item>> {
  const { page, limit = 50, cursor, connection } = filter as PageDto & { connection?: string };
  const place = cursor === undefined ? undefined : readCursor(cursor, list.order, page);
  const offset = place ? 0 : ((page ?? 1) - 1) * limit;
  if (offset > SKIPPED_ROWS) throw new BadInputError({ page: `has over ${SKIPPED_ROWS} rows before it: follow nextCursor instead` });
  if (connection !== undefined && !isUuid(connection)) return { items: [], total: 0 };
  const selection = toSelection(dataSource, list, filter);
  const range = { limit: limit + 1, offset };
  const found = await readRows<Row>(dataSource, place ? startAfter(selection, place) : selection, range).catch((error: unknown) => {
    throw place && isDataException(error) ? refuseCursor() : error;
  });
  const rows = found.slice(0, limit);
  const last = found.length > limit ? rows.at(-1) : undefined;
  const isLastPage = !place && !last && (rows.length > 0 || offset === 0);
  return {
    items: rows.map(list.view),
    ...(isLastPage ? { total: offset + rows.length } : await countRows(dataSource, selection)),
    ...(last && { nextCursor: Buffer.from(JSON.stringify(last.list_place)).toString('base64url') }),
  };
}

/** A list with its filter, in SQL. */
interface Selection {
  readonly columns: string;
  readonly tables: string;
  readonly conditions: readonly string[];
  readonly sort: readonly { readonly column: string; readonly direction: 'ASC' | 'DESC' }[];
  /** Values of the `:name`s in conditions. */
  readonly values: object;
  /** Joins that only the order needs. */
  readonly joins: string;
}

/** A row with its values of the list's order. */
type Placed<Row> = Row & { readonly list_place: readonly string[] };

type SqlSource = Extract<ListSource<object>, { readonly tables: string }>;

function toSelection<Filter extends PageDto, Row extends object>(
  dataSource: DataSource,
  { from, where, order, within }: Pick<OperatorList<Filter, Row, unknown>, 'from' | 'where' | 'order' | 'within'>,
  filter: Filter,
): Selection {
  const scope = getOperatorScope();
  const entity = typeof from === 'function' ? from : 'entity' in from ? from.entity : undefined;
  const { columns, tables, resolve } = entity ? describeEntity(dataSource, entity) : { ...(from as SqlSource), resolve: String };
  return {
    columns,
    tables,
    conditions: [...listConditions(where, filter), ...(scope ? [within ?? toScopeCondition(where)] : [])].map(resolve),
    sort: Object.entries(order).map(([column, direction]) => ({ column: resolve(column), direction })),
    values: scope ? { ...filter, scopeModules: scope.modules, scopeOperator: scope.operator } : filter,
    joins: 'joins' in from ? ` ${resolve(from.joins)}` : '',
  };
}

/** Throws CallbackError 403 for a list whose rows belong to no connection. */
function toScopeCondition(where: Readonly<Record<string, unknown>>): string {
  const [, connection] = /^(\S+?)(?:::text)? = (?:lower\()?:connection\)?$/.exec(String(where['connection'])) ?? [];
  if (connection !== undefined) return `${connection} IN (SELECT id FROM connection WHERE module_code = ANY (:scopeModules))`;
  const [, module] = /^(\S+) = :module$/.exec(String(where['module'])) ?? [];
  if (module !== undefined) return `${module} = ANY (:scopeModules)`;
  throw new CallbackError(403, 'Only operators without a module limit may read this list.');
}

/** Returns an entity's columns and table, and a function that replaces its `row.property`s in SQL. */
function describeEntity(
  dataSource: DataSource,
  entity: new () => object,
): { columns: string; tables: string; resolve: (sql: string) => string } {
  const { tablePath, columns } = dataSource.getMetadata(entity);
  const names = new Map(columns.map(({ propertyName, databaseName }) => [propertyName, `"row"."${databaseName}"`]));
  return {
    columns: [...names].map(([property, column]) => `${column} AS "${property}"`).join(', '),
    tables: `"${tablePath}" "row"`,
    resolve: (sql) => sql.replace(/\brow\.(\w+)/g, (text, property: string) => names.get(property) ?? text),
  };
}

async function readRows<Row extends object>(
  dataSource: DataSource,
  selection: Selection,
  { limit, offset }: { limit: number; offset: number },
): Promise<Placed<Row>[]> {
  // As text: a Date would lose the microseconds.
  const place = `ARRAY[${selection.sort.map(({ column }) => `${column}::text`).join(', ')}] AS list_place`;
  return runSelect(
    dataSource,
    { ...selection, tables: selection.tables + selection.joins },
    (rest, orderBy) => `SELECT ${selection.columns}, ${place} ${rest} ${orderBy} LIMIT ${limit} OFFSET ${offset}`,
  );
}

async function countRows(dataSource: DataSource, selection: Selection): Promise<Pick<Page<unknown>, 'total' | 'totalIsEstimate'>> {
  // In the list's order, so that the count uses the page's index. An order by joins has no index.
  const [counted] = await runSelect<{ total: number }>(
    dataSource,
    selection,
    (rest, orderBy) =>
      `SELECT count(*)::int AS total FROM (SELECT ${rest} ${selection.joins ? '' : orderBy} LIMIT ${COUNTED_ROWS + 1}) counted`,
  );
  const total = counted?.total ?? 0;
  if (total <= COUNTED_ROWS) return { total };
  const [explained] = await runSelect<{ 'QUERY PLAN': readonly [{ Plan: { 'Plan Rows': number } }] }>(
    dataSource,
    selection,
    (rest) => `EXPLAIN (FORMAT JSON) SELECT ${rest}`,
  );
  return { total: Math.max(total, explained?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0), totalIsEstimate: true };
}

function runSelect<Result extends object>(
  dataSource: DataSource,
  { tables, conditions, sort, values }: Selection,
  toText: (rest: string, orderBy: string) => string,
): Promise<Result[]> {
  const rest = `FROM ${tables}${conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : ''}`;
  const orderBy = `ORDER BY ${sort.map(({ column, direction }) => `${column} ${direction}`).join(', ')}`;
  return dataSource.query(...dataSource.driver.escapeQueryWithParameters(toText(rest, orderBy), values));
}

/** Narrows a selection to the rows after a place in it. */
function startAfter(selection: Selection, place: readonly string[]): Selection {
  const values = Object.fromEntries(place.map((value, at) => [`place${at}`, value]));
  return {
    ...selection,
    conditions: [...selection.conditions, buildAfter(selection.sort)],
    values: { ...selection.values, ...values },
  };
}

/** A comparison of rows if one direction allows it: only that comparison starts at the place in an index. */
function buildAfter(sort: Selection['sort'], from = 0): string {
  const [{ column, direction } = { column: '', direction: 'ASC' }, ...others] = sort;
  const sign = direction === 'ASC' ? '>' : '<';
  if (others.every((other) => other.direction === direction))
    return `(${sort.map((one) => one.column).join(', ')}) ${sign} (${sort.map((_, at) => `:place${from + at}`).join(', ')})`;
  return `(${column} ${sign}= :place${from} AND (${column} ${sign} :place${from} OR ${buildAfter(others, from + 1)}))`;
}

function readCursor(cursor: string, order: ListOrder, page: number | undefined): string[] {
  if (page !== undefined) throw new BadInputError({ cursor: 'takes the place of page: leave one of them out' });
  const columns = Object.keys(order).length;
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(place) && place.length === columns && place.every((value) => typeof value === 'string')) return place;
  } catch {
    // Refused below.
  }
  throw refuseCursor();
}

function refuseCursor(): BadInputError {
  return new BadInputError({ cursor: 'must be the nextCursor of a page of this list' });
}

function listConditions<Filter extends object>(
  where: Readonly<Record<string, string | ((value: never) => string)>>,
  filter: Filter,
): string[] {
  return Object.entries(where).flatMap(([name, condition]) => {
    const value = (filter as Record<string, unknown>)[name];
    if (typeof condition === 'function') return [condition(value as never)];
    return value === undefined ? [] : [condition];
  });
}
