import type { Database } from '../database/index.js';
import { isUuid } from '../validation/index.js';
import type { PageDto } from './page.dto.js';

/** A page of a list, as all of the operator API answers it. */
export interface Page<Item> {
  items: Item[];
  /** Of all pages. */
  total: number;
}

/**
 * SQL condition in which `:status` is the filter's `status`; a function is called even for an empty filter.
 */
export type ListCondition<Value> = string | ((value: Value) => string);

/** A list of the operator API: where its rows come from, what its filter means, how a row is shown. */
export interface OperatorList<Filter extends PageDto, Row extends object, Item> {
  /** An entity, which SQL below calls `row`, or the columns and tables of a SELECT. */
  readonly from: (new () => Row) | { readonly columns: string; readonly tables: string };
  /** The condition of each filter property, applied when the property is present. */
  readonly where: { readonly [Name in Exclude<keyof Filter, keyof PageDto>]-?: ListCondition<Filter[Name]> };
  /** Columns that together make the order total. */
  readonly order: Readonly<Record<string, 'ASC' | 'DESC'>>;
  readonly view: (row: Row) => Item;
}

/** Describes a list; `Filter` is the DTO of its query. */
export function defineOperatorList<Filter extends PageDto, Row extends object, Item>(
  list: OperatorList<Filter, Row, Item>,
): OperatorList<Filter, Row, Item> {
  return list;
}

/** Reads one page of a list and counts all of it. A filter by a `connection` that is no id finds nothing. */
export async function readPage<Filter extends PageDto, Row extends object, Item>(
  { dataSource }: Database,
  { from, where, order, view }: OperatorList<Filter, Row, Item>,
  filter: Filter,
): Promise<Page<Item>> {
  const { page = 1, limit = 50, connection } = filter as PageDto & { connection?: string };
  if (connection !== undefined && !isUuid(connection)) return { items: [], total: 0 };
  const conditions = listConditions(where, filter);
  const offset = (page - 1) * limit;
  if (typeof from === 'function') {
    const select = dataSource.getRepository(from).createQueryBuilder('row').orderBy(order).skip(offset).take(limit);
    for (const condition of conditions) select.andWhere(condition, filter);
    const [rows, total] = await select.getManyAndCount();
    return { items: rows.map(view), total };
  }
  const [rest, values] = dataSource.driver.escapeQueryWithParameters(
    `FROM ${from.tables}${conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : ''}`,
    filter,
  );
  const sort = Object.entries(order).map((column) => column.join(' '));
  const rows = await dataSource.query<Row[]>(
    `SELECT ${from.columns} ${rest} ORDER BY ${sort.join(', ')} LIMIT ${limit} OFFSET ${offset}`,
    values,
  );
  const [count] = await dataSource.query<{ total: number }[]>(`SELECT count(*)::int AS total ${rest}`, values);
  return { items: rows.map(view), total: count?.total ?? 0 };
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
