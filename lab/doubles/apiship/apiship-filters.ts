import { refuse } from './apiship-objects.js';

/** A row of a list. */
export type ApiShipRow = Readonly<Record<string, unknown>>;

/** Keys that points may be filtered by. */
export const POINT_KEYS = [
  ...['id', 'providerKey', 'code', 'codeOriginal', 'name', 'postIndex', 'lat', 'lng', 'countryCode', 'region', 'city', 'cityGuid'],
  ...['community', 'communityGuid', 'area', 'street', 'address', 'url', 'email', 'phone', 'availableOperation', 'type', 'cod'],
  ...['paymentCash', 'paymentCard', 'paymentOnline', 'multiplaceDeliveryAllowed', 'fittingRoom'],
];

/**
 * The rows that a filter chooses: `key=value;key2=[a,b];key3>5;name%text`. Throws Refusal 040010 when
 * it cannot be read, 040011 for a key that is not among `keys`.
 */
export function filterRows<Row extends object>(rows: readonly Row[], filter: string | undefined, keys: readonly string[]): Row[] {
  if (filter === undefined || filter === '') return [...rows];
  const tests = filter.split(';').map((part) => readPart(part, keys));
  return rows.filter((row) => tests.every((test) => test(row as ApiShipRow)));
}

function readPart(part: string, keys: readonly string[]): (row: ApiShipRow) => boolean {
  const [, key = '', sign, value = ''] = /^(\w+)([=<>%])(.+)$/s.exec(part) ?? [];
  if (sign === undefined) throw refuse(400, '040010', `Не удалось разобрать фильтр: ${part}`);
  if (!keys.includes(key)) throw refuse(400, '040011', `По полю ${key} фильтр не работает`);
  const isList = value.startsWith('[') && value.endsWith(']');
  if (isList && sign !== '=') throw refuse(400, '040010', 'Список только со знаком =');
  const values = isList ? value.slice(1, -1).split(',') : [value];
  return (row) => valuesOf(row, key).some((own) => values.some((one) => matches(own, sign, one)));
}

/** A search by city also covers the community around it. */
function valuesOf(row: ApiShipRow, key: string): string[] {
  const found = key === 'city' ? [row['city'], row['community']] : [row[key]];
  return found.filter((one) => one !== undefined && one !== null).map(String);
}

function matches(own: string, sign: string, value: string): boolean {
  if (sign === '=') return own.toLowerCase() === value.toLowerCase();
  if (sign === '%') return own.toLowerCase().includes(value.toLowerCase().replaceAll('%', ''));
  return sign === '>' ? Number(own) > Number(value) : Number(own) < Number(value);
}

/** The requested fields of a row, or all. Throws Refusal 040012 for an unknown one. */
export function pickFields(row: object, fields: string | undefined): object {
  if (fields === undefined || fields === '') return row;
  const names = fields.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !(name in row));
  if (unknown !== undefined) throw refuse(400, '040012', `Нет поля ${unknown}`);
  return Object.fromEntries(names.map((name) => [name, (row as ApiShipRow)[name]]));
}

/** A page of a list. `totals`: the place of the total number. Throws for a limit beyond `most`. */
export function cutPage(
  rows: readonly object[],
  query: Readonly<Record<string, string | undefined>>,
  { byDefault = 20, most = 100, totals }: { byDefault?: number; most?: number; totals: 'meta' | 'top' },
): object {
  const [limit, offset] = [Number(query['limit'] ?? byDefault), Number(query['offset'] ?? 0)];
  if (limit < 1 || limit > most) throw refuse(400, '040002', 'Ошибка валидации', { limit: `От 1 до ${most}` });
  const counts = { total: rows.length, offset, limit };
  return { rows: rows.slice(offset, offset + limit), ...(totals === 'meta' ? { meta: counts } : counts) };
}
