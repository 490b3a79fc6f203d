import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Anything JSON can say. */
type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
type JsonMap = { [name: string]: Json };

interface ContractType {
  extends?: string;
  fields: Record<string, string>;
}

/** Returns the value of the field at `path` (`packages[0].weight`); undefined: `fillType` makes one. */
export type ChooseValue = (path: string, type: string) => Json | undefined;

let contract: Record<string, ContractType> | undefined;

function readContract(): Record<string, ContractType> {
  const file = join(process.cwd(), 'libs/crm-client/contract/types.json');
  contract ??= JSON.parse(readFileSync(file, 'utf8')) as Record<string, ContractType>;
  return contract;
}

/**
 * A body with every field of a type of the contract, with another value in each. A list has one entry.
 * @param root the type's name in `types.json`, such as `Callback/Entity/Delivery/RequestProperty/RequestSave`
 */
export function fillType(root: string, choose: ChooseValue = () => undefined): JsonMap {
  let count = 100;
  const fill = (type: string, path: string): Json => {
    const chosen = choose(path, type);
    if (chosen !== undefined) return chosen;
    if (type.endsWith('[]')) return [fill(type.slice(0, -2), `${path}[0]`)];
    const known = readContract()[type];
    if (known) return fillFields(type, path);
    count += 1;
    return fillPlain(type, count);
  };
  const fillFields = (type: string, path: string): JsonMap =>
    Object.fromEntries(listFields(type).map(([name, field]) => [name, fill(field, path === '' ? name : `${path}.${name}`)]));
  return fillFields(root, '');
}

function listFields(type: string): [string, string][] {
  const known = readContract()[type];
  if (!known) throw new Error(`${type} is not a type of the contract`);
  return [...(known.extends === undefined ? [] : listFields(known.extends)), ...Object.entries(known.fields)];
}

function fillPlain(type: string, count: number): Json {
  if (type === 'string') return `text-${count}`;
  if (type === 'int') return count;
  if (type === 'float') return count + 0.5;
  if (type === 'numeric') return `${count / 10}`;
  if (type === 'bool') return true;
  if (type === 'any') return { any: `text-${count}` };
  if (type === 'datetime(H:i)') return `${String(8 + (count % 12)).padStart(2, '0')}:${String(count % 60).padStart(2, '0')}`;
  const day = new Date(Date.UTC(2026, 0, count)).toISOString().slice(0, 10);
  if (type === 'datetime(Y-m-d)') return day;
  if (type === 'datetime(Y-m-d H:i:s)') return `${day} 00:00:00`;
  throw new Error(`no value for a field of type ${type}`);
}

/** The paths of all plain values of a body. A list of plain values counts as one. */
export function listLeaves(body: Json, path = ''): string[] {
  if (isPlain(body) || (Array.isArray(body) && body.every(isPlain))) return [path];
  return listMembers(body).flatMap(([name, value]) => listLeaves(value, joinPath(body, path, name)));
}

/** A copy of a body without the value at `path`. */
export function takeOut(body: JsonMap, path: string): JsonMap {
  const copy = structuredClone(body);
  const names = splitPath(path);
  const last = names.pop() ?? '';
  const parent = names.reduce<Json>((value, name) => (value as JsonMap)[name] ?? {}, copy) as JsonMap;
  delete parent[last];
  return copy;
}

/** The value at `path`. Undefined if there is none. */
export function readAt(body: unknown, path: string): unknown {
  return splitPath(path).reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], body);
}

/** The paths at which two values differ. For a part that only one of them has, the topmost path. */
export function listChanges(before: unknown, after: unknown, path = ''): string[] {
  if (Object.is(before, after)) return [];
  if (!isMap(before) || !isMap(after) || Array.isArray(before) !== Array.isArray(after)) return [path];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => listChanges(before[name], after[name], joinPath(before, path, name)));
}

function isPlain(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function listMembers(value: Json): [string, Json][] {
  return Object.entries(value as JsonMap);
}

function joinPath(parent: unknown, path: string, name: string): string {
  if (Array.isArray(parent)) return `${path}[${name}]`;
  return path === '' ? name : `${path}.${name}`;
}

function splitPath(path: string): string[] {
  return path.split(/[.[\]]+/).filter((name) => name !== '');
}

/** Paths of a callback's fields and, separated by a space, of the port's fields for each. */
export type FieldMap = Readonly<Record<string, string>>;

/** Maps fields of one name: `from` and `to` are prefixes of each of `names`, which spaces separate. */
export function mapAlike(from: string, to: string, names: string): FieldMap {
  return Object.fromEntries(names.split(' ').map((name) => [from + name, to + name]));
}

/** The fields of an address. */
export const POSTAL_FIELDS =
  'index countryIso region regionId city cityId cityType street streetId streetType building flat floor block house housing metro notes text';

/** The fields of `customer` that reach the port's customer and nothing else. */
export const CUSTOMER_FIELDS: FieldMap = {
  ...mapAlike('customer.', 'customer.', 'type externalId isContact createdAt managerId vip bad site sex birthday'),
  'customer.customFields.any': 'customer.customFields',
  ...Object.fromEntries(
    ['INN', 'OKPO', 'KPP', 'OGRN', 'OGRNIP', 'BIK'].map((name) => [
      `customer.contragent.${name}`,
      `customer.contragent.${name.toLowerCase()}`,
    ]),
  ),
  ...mapAlike(
    'customer.contragent.',
    'customer.contragent.',
    'contragentType type legalAddress certificateNumber certificateDate bank bankAddress corrAccount bankAccount',
  ),
  ...mapAlike('customer.address.', 'customer.address.', `${POSTAL_FIELDS} id name isMain externalId`),
};
