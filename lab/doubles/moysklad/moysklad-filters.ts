import { isUuid } from '#platform/plain';
import { MoySkladRefusal, wrong } from './moysklad-refusal.js';
import { readMoment } from './moysklad-units.js';

/** How a field is compared: `ref` by a whole href, `many` is a list of texts. */
export interface MoySkladField<Row> {
  kind: 'text' | 'many' | 'flag' | 'id' | 'date' | 'ref';
  /** Undefined for an empty field. A date is milliseconds. A reference is its id. */
  read(row: Row): string | boolean | number | readonly string[] | undefined;
  /** The required value of rows when the filter does not contain this field. */
  byDefault?: boolean;
}
export type MoySkladFields<Row> = Readonly<Record<string, MoySkladField<Row>>>;

const TEXT_SIGNS = ['=', '!=', '~', '~=', '=~'];
const SIGNS: Readonly<Record<MoySkladField<unknown>['kind'], readonly string[]>> = {
  text: TEXT_SIGNS,
  many: ['=', '~', '~=', '=~'],
  flag: ['='],
  id: ['=', '!='],
  date: ['=', '!=', '<', '>', '<=', '>='],
  ref: ['=', '!='],
};

type Query = ReadonlyMap<string, string>;
type Test<Row> = (row: Row) => boolean;

/**
 * Rows that `filter` chooses, ordered and cut according to the query: the same name with `=` is OR, else AND.
 * `hrefOf`: the href for a reference's id. Throws for undocumented fields and signs.
 */
export function chooseRows<Row>(
  rows: readonly Row[],
  query: Query,
  fields: MoySkladFields<Row>,
  hrefOf: (field: string, id: string) => string,
): { rows: Row[]; size: number; limit: number; offset: number } {
  const { limit, offset } = readPage(query);
  const found = rows.filter(buildTest(query.get('filter'), fields, hrefOf));
  const ordered = orderRows(found, query.get('order'), fields);
  return { rows: ordered.slice(offset, offset + limit), size: found.length, limit, offset };
}

/** `limit` 1..1000, 1000 when left out; `offset`. */
export function readPage(query: Query): { limit: number; offset: number } {
  const read = (name: string, least: number, most: number, byDefault: number): number => {
    const text = query.get(name);
    if (text === undefined) return byDefault;
    if (!/^\d{1,9}$/.test(text) || Number(text) < least || Number(text) > most) throw wrong(`${name} is from ${least} to ${most}`, name);
    return Number(text);
  };
  return { limit: read('limit', 1, 1_000, 1_000), offset: read('offset', 0, 999_999_999, 0) };
}

/** The paths to expand, at most 3 deep. */
export function readExpand(query: Query): ReadonlySet<string> {
  const text = query.get('expand');
  const paths = text === undefined ? [] : text.split(',').map((path) => path.trim());
  if (paths.some((path) => !/^[a-zA-Z]+(\.[a-zA-Z]+){0,2}$/.test(path))) throw wrong('expand is a list of paths at most 3 deep', 'expand');
  return new Set(paths.flatMap((path) => path.split('.').map((_, index, steps) => steps.slice(0, index + 1).join('.'))));
}

function buildTest<Row>(filter: string | undefined, fields: MoySkladFields<Row>, hrefOf: (field: string, id: string) => string): Test<Row> {
  const parts = splitFilter(filter ?? '');
  const equal = new Map<string, Test<Row>[]>();
  const tests: Test<Row>[] = [];
  for (const { name, sign, value } of parts) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (!field) throw wrong(`There is no filter by ${name}`, 'filter');
    if (!SIGNS[field.kind].includes(sign)) throw wrong(`${name} has no ${sign}`, 'filter');
    const test = compare(field, sign, readValue(field, name, value, hrefOf));
    if (sign === '=') equal.set(name, [...(equal.get(name) ?? []), test]);
    else tests.push(test);
  }
  for (const [name, { byDefault, read }] of Object.entries(fields))
    if (byDefault !== undefined && !parts.some((part) => part.name === name)) tests.push((row) => read(row) === byDefault);
  return (row) => tests.every((test) => test(row)) && [...equal.values()].every((any) => any.some((test) => test(row)));
}

/** `a=1;b>=2`, where `\;` is a semicolon. */
export function splitFilter(filter: string): { name: string; sign: string; value: string }[] {
  if (filter === '') return [];
  return filter
    .split(/(?<!\\);/)
    .filter((part) => part !== '')
    .map((part) => {
      const [, name = '', sign, value = ''] = /^(.*?)(=~|~=|!=|<=|>=|=|<|>|~)(.*)$/s.exec(part) ?? [];
      if (sign === undefined || name === '') throw wrong(`The filter cannot be read: ${part}`, 'filter');
      return { name, sign, value: value.replaceAll('\\;', ';') };
    });
}

function readValue<Row>(
  { kind }: MoySkladField<Row>,
  name: string,
  text: string,
  hrefOf: (field: string, id: string) => string,
): string | boolean | number | undefined {
  if (text === '') return undefined;
  if (kind === 'flag') {
    if (text !== 'true' && text !== 'false') throw wrong(`${name} is true or false`, 'filter');
    return text === 'true';
  }
  if (kind === 'date') return readMoment(text, 'filter');
  if (kind === 'id') {
    if (!isUuid(text)) throw wrong(`${name} is an id`, 'filter');
    return text;
  }
  if (kind !== 'ref') return text;
  const id = text.slice(text.lastIndexOf('/') + 1);
  // A bare id, or the href of another kind or host.
  if (!isUuid(id) || text !== hrefOf(name, id)) throw new MoySkladRefusal(2013, 'filter');
  return id;
}

function compare<Row>({ read, kind }: MoySkladField<Row>, sign: string, wanted: string | boolean | number | undefined): Test<Row> {
  const isMet = (own: unknown): boolean => {
    if (sign === '=') return own === wanted;
    if (sign === '!=') return own !== wanted;
    if (own === undefined || wanted === undefined) return false;
    if (kind === 'date') {
      const difference = Number(own) - Number(wanted);
      return sign === '<' ? difference < 0 : sign === '>' ? difference > 0 : sign === '<=' ? difference <= 0 : difference >= 0;
    }
    const [text, part] = [String(own).toLowerCase(), String(wanted).toLowerCase()];
    return sign === '~' ? text.includes(part) : sign === '~=' ? text.startsWith(part) : text.endsWith(part);
  };
  return (row) => {
    const own = read(row);
    if (kind !== 'many') return isMet(own);
    const values = own as readonly string[];
    return wanted === undefined ? values.length === 0 : values.some(isMet);
  };
}

function orderRows<Row>(rows: Row[], order: string | undefined, fields: MoySkladFields<Row>): Row[] {
  if (order === undefined) return rows;
  const keys = order.split(';').map((part) => {
    const [name = '', way = 'asc'] = part.split(',');
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (!field || (way !== 'asc' && way !== 'desc')) throw wrong(`There is no order by ${part}`, 'order');
    return { read: field.read, sign: way === 'asc' ? 1 : -1 };
  });
  return rows.toSorted((one, other) => {
    for (const { read, sign } of keys) {
      const [a, b] = [read(one) ?? '', read(other) ?? ''];
      if (a !== b) return a < b ? -sign : sign;
    }
    return 0;
  });
}
