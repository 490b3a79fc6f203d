/** Reads the contract: its types, what they consist of, and their TypeScript names. */
import { readFileSync } from 'node:fs';

const contractDir = new URL('../contract/', import.meta.url);

/** Remains of the source from which the contract was taken. They do not exist on the wire. */
const ARTEFACTS = new Set(['RequestData', 'ResponseData', 'Enum/CacheDirectories']);
/** A type named by another language's class in the contract, and a type named without its folder. */
const CUSTOMER_OF_ORDER = 'Entity/Orders/CustomerInterface';
const ALIASES = {
  'RetailCrm\\Api\\Interfaces\\Orders\\CustomerInterface': CUSTOMER_OF_ORDER,
  ProductPropertiesSort: 'Request/Store/ProductPropertiesSort',
};
export const STREAM = 'Psr\\Http\\Message\\StreamInterface';
/** Paths for which `typeName` would collide with another type or shadow a global. */
const NAMES = {
  'Response/Api/Credentials': 'Credentials',
  'Entity/Store/StoreOffer': 'StoreProductOfferOfStore',
  'Entity/Files/File': 'FilesFile',
  [CUSTOMER_OF_ORDER]: 'OrderCustomer',
};
export const FILE_RESPONSE = 'Response/Files/FilesDownloadResponse';

const singular = (words) => words.replace(/ies(?=[A-Z]|$)/g, 'y').replace(/(?<=[a-z])s(?=[A-Z]|$)/g, '');

/**
 * TypeScript name of a contract path: folders and last name joined, without folders that the name repeats.
 */
export function typeName(path) {
  if (NAMES[path]) return NAMES[path];
  const parts = path.split('/');
  const callback = parts[0] === 'Callback' ? parts.shift() : '';
  const root = parts.shift();
  let name = parts.pop();
  for (const folder of parts.filter((part) => part !== 'RequestProperty' && part !== 'ResponseProperty').reverse()) {
    if (!name.startsWith(folder) && !name.startsWith(singular(folder))) name = folder + name;
  }
  if (['Request', 'Response', 'Filter'].includes(root) && !name.includes(root)) name += root;
  return callback + name;
}

const unwrap = (type) => type.replace(/\|json$/, '');

/** Splits a contract type: `{ kind, of?, name?, format? }`. */
export function parse(type) {
  const text = unwrap(type);
  if (text.endsWith('[]')) return { kind: 'list', of: parse(text.slice(0, -2)) };
  const map = /^map<(\w+),(.+)>$/.exec(text);
  if (map) return { kind: 'map', of: parse(map[2]) };
  const date = /^datetime\((.+)\)$/.exec(text);
  if (date) return { kind: 'datetime', format: date[1] };
  if (['string', 'int', 'float', 'bool', 'any', 'numeric'].includes(text)) return { kind: text };
  if (text === STREAM) return { kind: 'stream' };
  return { kind: 'type', name: ALIASES[text] ?? text };
}

export function referenced(type) {
  const node = parse(type);
  let inner = node;
  while (inner.of) inner = inner.of;
  return inner.kind === 'type' ? inner.name : undefined;
}

export function loadContract() {
  const read = (name) => JSON.parse(readFileSync(new URL(name, contractDir), 'utf8'));
  const methods = read('methods.json');
  const enums = Object.fromEntries(Object.entries(read('enums.json')).filter(([path]) => !ARTEFACTS.has(path)));
  const notes = read('notes.json');
  const fields = read('fields.json');
  const types = Object.fromEntries(Object.entries(read('types.json')).filter(([path]) => !ARTEFACTS.has(path) && !enums[path]));
  const customer = types['Entity/Customers/Customer'];
  const corporate = types['Entity/CustomersCorporate/CustomerCorporate'];
  types[CUSTOMER_OF_ORDER] = {
    extends: 'Entity/Customers/Customer',
    fields: Object.fromEntries(Object.entries(corporate.fields).filter(([field]) => !customer.fields[field])),
  };
  return { methods, enums, notes, types, enumOf: enumsByField(fields, { enums, types }) };
}

/** Maps `type.field` to its enum. A name that is not in the contract stops the generator. */
export function enumsByField(fields, { enums, types }) {
  const byField = new Map();
  for (const [path, names] of Object.entries(fields)) {
    if (!enums[path]) throw new Error(`contract/fields.json contains ${path}, which is not an enum of the contract`);
    for (const name of names) {
      const dot = name.lastIndexOf('.');
      const type = types[name.slice(0, dot)]?.fields[name.slice(dot + 1)];
      if (!type) throw new Error(`contract/fields.json contains ${name}, which is not a field of the contract`);
      if (!/^(?:string|int)(?:\[\])?(?:\|json)?$/.test(type))
        throw new Error(`contract/fields.json: ${name} is ${type}, but an enum must consist of strings or integers`);
      byField.set(name, path);
    }
  }
  return byField;
}

/** Fields of a type with those it inherits, base first. */
export function allFields(types, path) {
  const type = types[path];
  return { ...(type.extends ? allFields(types, type.extends) : {}), ...type.fields };
}

/** Paths reachable from the roots, through fields and inheritance. */
export function reach(types, roots) {
  const seen = new Set();
  const queue = [...roots];
  while (queue.length) {
    const path = queue.pop();
    if (seen.has(path)) continue;
    if (!types[path]) throw new Error(`The contract has no type ${path}`);
    seen.add(path);
    if (types[path].extends) queue.push(types[path].extends);
    for (const type of Object.values(types[path].fields)) {
      const ref = referenced(type);
      if (ref) queue.push(ref);
    }
  }
  return seen;
}
