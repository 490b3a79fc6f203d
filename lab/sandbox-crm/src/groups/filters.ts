import { type FieldType, type TypeName, listFields } from '#crm-client/wire';
import type { Call } from '../engine/call.js';
import { type Json, type JsonObject, asList, asNumber, asObject, asText, isObject } from '../json.js';
import type { AccountContext } from '../store/account-context.js';

/**
 * Where a filter finds its value in a record: paths separated by spaces, `*` for each member of a list or
 * map, `~` in front to compare a part of the text. Or a function.
 */
export type FilterRule = string | ((row: JsonObject, crm: AccountContext) => Json | undefined);

/** The filters whose place does not follow from their names. */
export interface FilterRules {
  readonly [filter: string]: FilterRule;
}

/** How a filter compares: with one of its values, a part of the text, a number, or a date (a whole day). */
type Comparison = 'in' | 'part' | 'least' | 'most' | 'above' | 'from' | 'to';

/**
 * Returns the records that match the filter of the call. By the contract's types, a filter finds the field of
 * its name: `ids` the `id`, `minSumm` and `maxSumm` the `summ`, `createdAtFrom` the `createdAt`, `orderIds`
 * the `order.id`. A filter without a rule or such a field is accepted without effect.
 */
export function applyFilter(call: Call, rows: readonly JsonObject[], rules: FilterRules = {}): JsonObject[] {
  const { request, response, paging } = call.method;
  const filter = request === null ? undefined : listFields(request).get('filter');
  const listed = listFields(response).get(paging?.list ?? '');
  if (filter?.kind !== 'type' || listed?.kind !== 'list' || listed.of.kind !== 'type') return [...rows];
  const record = listed.of.name;
  const tests = Object.entries(asObject(call.input['filter'])).flatMap(([name, wanted]) => {
    const type = listFields(filter.name).get(name);
    const [comparison, base] = readName(name, type);
    const rule = rules[name] ?? findField(record, base) ?? findField(record, name);
    if (rule === undefined || wanted === undefined || wanted === '') return [];
    const isPart = typeof rule === 'string' && rule.startsWith('~');
    const values = (row: JsonObject): Json[] => readValues(row, rule, call.crm);
    return [(row: JsonObject): boolean => isMet(call.crm, isPart ? 'part' : comparison, values(row), wanted)];
  });
  return rows.filter((row) => tests.every((test) => test(row)));
}

/** Returns how a filter compares, and the name of the field that it is about. */
function readName(name: string, type: FieldType | undefined): readonly [Comparison, string] {
  const [, start, rest] = /^(min|max|since)([A-Z]\w*)$/.exec(name) ?? [];
  if (start !== undefined && rest !== undefined) {
    const since = type?.kind === 'datetime' ? 'from' : 'above';
    return [start === 'min' ? 'least' : start === 'max' ? 'most' : since, lowerFirst(rest)];
  }
  const [, base, end] = /^(\w+)(From|To)$/.exec(name) ?? [];
  if (base === undefined) return ['in', name];
  if (type?.kind === 'int') return [end === 'From' ? 'least' : 'most', base];
  return [end === 'From' ? 'from' : 'to', base];
}

/** Returns the path of the field with this name, in plural too. It may be in an object of the type. */
function findField(type: TypeName, name: string): string | undefined {
  const fields = listFields(type);
  const singles = [name, name.replace(/s$/, ''), name.replace(/es$/, '')];
  const isPlain = (field: FieldType | undefined): boolean =>
    field?.kind === 'list' ? isPlain(field.of) : /^(string|int|float|numeric|bool|datetime)$/.test(field?.kind ?? '');
  const own = [...singles, ...singles.map((one) => `${one}Id`)].find((one) => isPlain(fields.get(one)));
  if (own !== undefined) return own;
  for (const [field, inner] of fields) {
    if (inner.kind !== 'type' || !new RegExp(`^${field}[A-Z]`).test(name)) continue;
    const found = singles.map((one) => lowerFirst(one.slice(field.length))).find((one) => isPlain(listFields(inner.name).get(one)));
    if (found !== undefined) return `${field}.${found}`;
  }
  return undefined;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function readValues(row: JsonObject, rule: FilterRule, crm: AccountContext): Json[] {
  const found =
    typeof rule === 'string'
      ? rule
          .replace('~', '')
          .split(' ')
          .flatMap((path) => follow(row, path.split('.')))
      : [rule(row, crm)];
  return found.flatMap((one) => (Array.isArray(one) ? one : [one ?? null]));
}

function follow(value: Json | undefined, [key, ...rest]: readonly string[]): (Json | undefined)[] {
  if (key === undefined) return [value];
  if (key === '*') return asList(value).flatMap((one) => follow(one, rest));
  return isObject(value) ? follow(value[key], rest) : [undefined];
}

function isMet(crm: AccountContext, comparison: Comparison, values: readonly Json[], wanted: Json): boolean {
  const [first] = values;
  const bounds = asList(wanted);
  const bound = Array.isArray(wanted) ? bounds[0] : wanted;
  switch (comparison) {
    case 'in': {
      if (isObject(wanted)) return Object.entries(wanted).every(([name, one]) => asText(asObject(first)[name]) === asText(one));
      const options = new Set((Array.isArray(wanted) ? bounds : [wanted]).map(flag));
      return values.some((one) => options.has(flag(one)));
    }
    case 'part': {
      const text = values
        .flatMap((one) => asText(one) ?? [])
        .join(' ')
        .toLowerCase();
      return (Array.isArray(wanted) ? bounds : [wanted]).some((one) => text.includes((asText(one) ?? '').toLowerCase()));
    }
    case 'least':
    case 'most':
    case 'above': {
      const [number, limit] = [asNumber(first) ?? 0, asNumber(bound)];
      return limit === undefined || (comparison === 'least' ? number >= limit : comparison === 'most' ? number <= limit : number > limit);
    }
    case 'from':
    case 'to': {
      const [time, limit] = [crm.millis(asText(first)), crm.millis(asText(bound))];
      if (limit === undefined || time === undefined) return limit === undefined;
      // A limit that is a day includes the whole day.
      return comparison === 'from' ? time >= limit : time <= limit + (/^\d{4}-\d{2}-\d{2}$/.test(asText(bound) ?? '') ? 86_399_999 : 0);
    }
  }
}

function flag(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  if (value === true) return '1';
  if (value === false) return '0';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
