/**
 * Generates `generated/` from `contract/`, at every build. Names follow contract paths (`typeName`), so a new
 * type renames no old one. A collision is an error.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const contractDir = new URL('../contract/', import.meta.url);
const outputDir = new URL('../generated/', import.meta.url);

/** Remains of the source from which the contract was taken. They do not exist on the wire. */
const ARTEFACTS = new Set(['RequestData', 'ResponseData', 'Enum/CacheDirectories']);
/** A type named by another language's class in the contract, and a type named without its folder. */
const CUSTOMER_OF_ORDER = 'Entity/Orders/CustomerInterface';
const ALIASES = {
  'RetailCrm\\Api\\Interfaces\\Orders\\CustomerInterface': CUSTOMER_OF_ORDER,
  ProductPropertiesSort: 'Request/Store/ProductPropertiesSort',
};
const STREAM = 'Psr\\Http\\Message\\StreamInterface';
/** Paths for which `typeName` would collide with another type or shadow a global. */
const NAMES = {
  'Response/Api/Credentials': 'Credentials',
  'Entity/Store/StoreOffer': 'StoreProductOfferOfStore',
  'Entity/Files/File': 'FilesFile',
  [CUSTOMER_OF_ORDER]: 'OrderCustomer',
};
const FILE_RESPONSE = 'Response/Files/FilesDownloadResponse';
/**
 * Lists that the CRM keys by code or id (contract/README). Used only by the sandbox, because the client reads
 * both.
 */
const KEYED = {
  deliveryServices: 'code',
  deliveryTypes: 'code',
  orderMethods: 'code',
  orderTypes: 'code',
  paymentStatuses: 'code',
  paymentTypes: 'code',
  productStatuses: 'code',
  sites: 'code',
  statusGroups: 'code',
  statuses: 'code',
  units: 'code',
};

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

const camel = (name) => name[0].toLowerCase() + name.slice(1);
const unwrap = (type) => type.replace(/\|json$/, '');
const quote = (text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
const key = (name) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name));

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

function referenced(type) {
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
function allFields(types, path) {
  const type = types[path];
  return { ...(type.extends ? allFields(types, type.extends) : {}), ...type.fields };
}

/** Paths reachable from the roots, through fields and inheritance. */
function reach(types, roots) {
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

const HEADER = '/* Generated from contract/ by generator/generate.mjs. Not in git: `npm run build` writes it. */\n';

const SCALARS = `
/** Any JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };
/** A number from the CRM, which may be sent as a string. */
export type WireNumber = number | string;
/** A string that the CRM may send as a number, as an object with its code, or as \`[]\` if it is empty. */
export type WireString = string | number | WireCoded | never[];
/** A reference by code or id. */
export interface WireCoded {
  code?: string | number | null;
  id?: string | number | null;
  name?: string | null;
}
/** A value of a closed list from the CRM. A newer CRM may send values outside the list. */
export type WireEnum<Value extends string> = OpenEnum<Value> | Exclude<WireString, string>;
/** A normalised value of a closed list. */
export type OpenEnum<Value extends string> = Value | (string & Record<never, never>);
/** The numbers of an enum that contains them as strings in the contract. */
export type NumberOf<Value extends string> = Value extends \`\${infer Number extends number}\` ? Number : never;
/** A boolean from the CRM, which may also send 1, 0, "1" or "0". */
export type WireBoolean = boolean | number | string;
/** A date from the CRM in the format of the field. Without an offset it is in the time zone of the account. */
export type WireDate = string;
/** A nested object. The CRM sends an empty one as \`[]\`, and may send only its code or id. */
export type WireObject<T> = T | never[] | string | number;
/** A list, which is an array or keyed by code or id. */
export type WireList<T> = T[] | { [key: string]: T };
/** A map. The CRM sends an empty one as \`[]\`. */
export type WireMap<T> = { [key: string]: T } | T[];

/** A list in a request. */
export type List<T> = readonly T[];
/** A map in a request. */
export interface Dictionary<T> {
  readonly [key: string]: T;
}
/**
 * A date. A \`Date\` is formatted for the field in the time zone of the account. A string is sent unchanged.
 */
export type DateInput = Date | string;
/** A filter value. A boolean is sent as 1 or 0. */
export type FilterValue = string | number | boolean;
/** The bytes of a file. */
export type UploadSource = Uint8Array | AsyncIterable<Uint8Array>;
`;

function doc(text, indent = '') {
  return `${indent}/** ${text} */\n`;
}

/** TypeScript for a contract type. `mode`: read (lenient), write (exact) or exact (a normalised reply). */
function tsType(node, mode, inFilter, refName, enumName) {
  const inner = (child) => tsType(child, mode, inFilter, refName, enumName);
  if (enumName && !node.of) return enumType(node.kind, mode, inFilter, enumName);
  if (mode === 'read') {
    switch (node.kind) {
      case 'string':
        return 'WireString';
      case 'int':
      case 'float':
      case 'numeric':
        return 'WireNumber';
      case 'bool':
        return 'WireBoolean';
      case 'datetime':
        return 'WireDate';
      case 'any':
        return 'Json';
      case 'list':
        return `WireList<${inner(node.of)}>`;
      case 'map':
        return `WireMap<${inner(node.of)}>`;
      case 'stream':
        return 'UploadSource';
      default:
        return `WireObject<${refName(node.name)}>`;
    }
  }
  const write = mode === 'write';
  switch (node.kind) {
    case 'string':
      return write && inFilter ? 'FilterValue' : 'string';
    case 'int':
    case 'float':
      return write && inFilter ? 'number | boolean' : 'number';
    case 'numeric':
      return write ? 'number | string' : 'number';
    case 'bool':
      return 'boolean';
    case 'datetime':
      return write ? 'DateInput' : /[dY]/.test(node.format) ? 'Date' : 'string';
    case 'any':
      return 'Json';
    case 'list': {
      const item = inner(node.of);
      if (write && inFilter && node.of.kind !== 'type') return `${item} | List<${item}>`;
      return write ? `List<${item}>` : item.includes(' ') ? `(${item})[]` : `${item}[]`;
    }
    case 'map':
      return write ? `Dictionary<${inner(node.of)}>` : `{ [key: string]: ${inner(node.of)} }`;
    case 'stream':
      return 'UploadSource';
    default:
      return refName(node.name);
  }
}

/**
 * A closed list: exact in requests, open to newer values in replies. In a filter, 0 and 1 may also be
 * booleans.
 */
function enumType(kind, mode, inFilter, enumName) {
  if (kind === 'int')
    return mode === 'write' ? `NumberOf<${enumName}>${inFilter ? ' | boolean' : ''}` : mode === 'read' ? 'WireNumber' : 'number';
  if (mode !== 'write') return `${mode === 'read' ? 'WireEnum' : 'OpenEnum'}<${enumName}>`;
  return inFilter && enumName === 'NumericBoolean' ? `${enumName} | NumberOf<${enumName}> | boolean` : enumName;
}

function fieldDoc(type) {
  const node = parse(type);
  let leaf = node;
  while (leaf.of) leaf = leaf.of;
  const parts = [];
  if (leaf.kind === 'datetime') parts.push(`Format ${leaf.format}.`);
  if (type.endsWith('|json')) parts.push('One JSON field.');
  return parts.join(' ');
}

const WHAT = { Entity: 'Entity', Request: 'Request', Response: 'Response', Filter: 'Filter' };

function describe(path) {
  const callback = path.startsWith('Callback/');
  const root = path.split('/')[callback ? 1 : 0];
  return `${callback ? `Callback ${WHAT[root].toLowerCase()}` : WHAT[root]} \`${path}\``;
}

export function generate(contract = loadContract()) {
  const { methods, enums, notes, types, enumOf } = contract;
  const paths = Object.keys(types).sort();
  const names = new Map();
  for (const path of [...paths, ...Object.keys(enums)]) {
    const name = typeName(path);
    const other = [...names].find(([, taken]) => taken === name);
    if (other) throw new Error(`${path} and ${other[0]} would both get the name ${name}. Add one of them to NAMES`);
    names.set(path, name);
  }
  const isWriteRoot = (path) => path.startsWith('Request/') || path.startsWith('Filter/') || path.startsWith('Callback/Response/');
  const written = reach(types, paths.filter(isWriteRoot));
  const readRoots = paths.filter((path) => path.startsWith('Response/') || !written.has(path));
  const read = reach(types, readRoots);
  const writeName = (path) => names.get(path) + (read.has(path) ? 'Input' : '');

  const writeInterface = (path, mode, name, refName) => {
    const type = types[path];
    const inFilter = mode === 'write' && path.startsWith('Filter/');
    const fields = Object.entries(type.fields).map(([field, text]) => {
      const comment = fieldDoc(text);
      return `${comment ? doc(comment, '  ') : ''}  ${key(field)}?: ${tsType(parse(text), mode, inFilter, refName, names.get(enumOf.get(`${path}.${field}`)))} | null;\n`;
    });
    const heritage = type.extends ? ` extends ${refName(type.extends)}` : '';
    const tail = { read: 'as received from the CRM', write: 'as sent to the CRM', exact: 'normalised' }[mode];
    return `${doc(`${describe(path)}, ${tail}.`)}export interface ${name}${heritage} {${fields.length ? `\n${fields.join('')}` : ''}}\n`;
  };

  const enumNames = [...new Set(enumOf.values())].map((path) => names.get(path)).sort();
  let typesFile = `${HEADER}\nimport type { ${enumNames.join(', ')} } from './enums.js';\n${SCALARS}`;
  for (const path of paths) {
    if (read.has(path)) typesFile += `\n${writeInterface(path, 'read', names.get(path), (ref) => names.get(ref))}`;
    if (written.has(path)) typesFile += `\n${writeInterface(path, 'write', writeName(path), writeName)}`;
  }

  let enumsFile = HEADER;
  for (const [path, values] of Object.entries(enums)) {
    const name = names.get(path);
    enumsFile += `\n${doc(`Values of \`${path}\`.`)}export const ${name} = [${values.map(quote).join(', ')}] as const;\n`;
    enumsFile += `${doc(`One of \`${path}\`.`)}export type ${name} = (typeof ${name})[number];\n`;
  }

  const schemaType = (text) => {
    const json = text.endsWith('|json');
    const render = (node) => {
      if (node.kind === 'list') return `${render(node.of)}[]`;
      if (node.kind === 'map') return `map<${render(node.of)}>`;
      if (node.kind === 'datetime') return `datetime(${node.format})`;
      return node.kind === 'type' ? names.get(node.name) : node.kind;
    };
    return render(parse(text)) + (json ? '|json' : '');
  };
  let schemaFile = HEADER;
  schemaFile += "\nimport type { TypeSource } from '../method-spec.js';\n";
  schemaFile += `\n${doc('Every type of the contract by its TypeScript name: its base and its fields, in the notation of `schema.ts`.')}`;
  schemaFile += 'export const TYPES = {\n';
  for (const path of paths) {
    const type = types[path];
    const base = type.extends ? `base: ${quote(names.get(type.extends))}, ` : '';
    const fields = Object.entries(type.fields).map(([field, text]) => `${key(field)}: ${quote(schemaType(text))}`);
    schemaFile += `  ${names.get(path)}: { ${base}fields: { ${fields.join(', ')} } },\n`.replace('{  }', '{}');
  }
  schemaFile += '} as const satisfies Record<string, TypeSource>;\n';
  schemaFile += `\n${doc('Name of a type of the contract.')}export type TypeName = keyof typeof TYPES;\n`;

  const specs = methods.map((method) => methodSpec(method, { types, names, notes }));
  let methodsFile = HEADER;
  methodsFile += "\nimport type { MethodSpec } from '../method-spec.js';\nimport type { TypeName } from './schema-data.js';\n";
  methodsFile += `\n${doc('Every method of the API, in the order of the contract.')}export const METHODS = [\n`;
  for (const spec of specs) {
    const entries = Object.entries(spec).map(([name, value]) => `${name}: ${literal(value)}`);
    methodsFile += `  { ${entries.join(', ')} },\n`;
  }
  methodsFile += '] as const satisfies readonly MethodSpec<TypeName>[];\n';
  methodsFile += `\n${doc('`group.name` of a method, such as `orders.list`.')}`;
  methodsFile += 'export type MethodName = (typeof METHODS)[number]["key"];\n'.replaceAll('"', "'");

  let wireFile = HEADER;
  wireFile += '\n/** JSON of the CRM: types, enums, the table of methods and the runtime schema. The sandbox CRM uses only this. */\n';
  wireFile +=
    "export * from './enums.js';\nexport * from './methods.js';\nexport * from './schema-data.js';\nexport * from './types.js';\nexport * from '../method-spec.js';\nexport * from '../schema.js';\n";

  let exactFile = `${HEADER}\n${doc('Normalised replies: numbers are numbers, lists are arrays, empty objects are objects, dates are `Date`.')}`;
  let exactBody = '';
  for (const path of paths) {
    if (read.has(path) && path !== FILE_RESPONSE)
      exactBody += `\n${writeInterface(path, 'exact', names.get(path), (ref) => names.get(ref))}`;
  }

  const openNames = enumNames.filter((name) => exactBody.includes(`OpenEnum<${name}>`));
  exactFile += `import type { ${openNames.join(', ')} } from './enums.js';\nimport type { Json, OpenEnum } from './types.js';\n${exactBody}`;

  return {
    'types.ts': typesFile,
    'exact.ts': exactFile,
    'enums.ts': enumsFile,
    'schema-data.ts': schemaFile,
    'methods.ts': methodsFile,
    'wire.ts': wireFile,
    'groups.ts': groupsFile(specs, { types, methods, names }),
  };
}

const upper = (name) => name[0].toUpperCase() + name.slice(1);
const LIMITS = { general: '10 requests a second', telephony: '40 requests a second' };

function methodDoc(spec, method, extra) {
  const scope = spec.scope
    ? `Scope \`${spec.scope}\`${spec.scopeStated ? '' : ' (not in the reference, derived from similar methods)'}.`
    : 'The reference does not state a scope.';
  const lines = [
    spec.doc,
    ...(spec.note ? [spec.note] : []),
    '',
    `\`${spec.verb} ${method.path}\`. ${scope} ${upper(LIMITS[spec.limit])}${spec.batch ? `, at most ${spec.batch.max} \`${spec.batch.field}\`${spec.batch.stated ? '' : ' (not in the reference)'}` : ''}.`,
  ];
  return `  /**\n${[...lines, ...extra].map((line) => `   *${line ? ` ${line}` : ''}`).join('\n')}\n   */\n`;
}

/** The group classes: one method for each of the API, plus one for each paged or batch-limited method. */
function groupsFile(specs, { types, methods, names }) {
  let file = `${HEADER}\nimport type { BatchOptions, BatchReport, CallOptions, Caller, CrmFile, PathPart, Reply, ReplyMode } from '../caller.js';\n`;
  file += "import type * as exact from './exact.js';\nimport { METHODS } from './methods.js';\nimport type * as wire from './types.js';\n";
  const groups = [...new Set(specs.map((spec) => spec.group))];
  for (const group of groups) {
    file += `\n${doc(`Methods of the group \`${group}\`.`)}export class ${upper(group)}Methods<Mode extends ReplyMode = 'wire'> {\n`;
    file += '  readonly #caller: Caller;\n\n  constructor(caller: Caller) {\n    this.#caller = caller;\n  }\n';
    specs.forEach((spec, index) => {
      if (spec.group !== group) return;
      const method = methods[index];
      const parts = spec.params.map((param) => `${param}: PathPart`);
      const given = `[${spec.params.join(', ')}]`;
      const requestType = spec.request ? `wire.${spec.request}` : null;
      const requestParam = requestType ? [`request: ${requestType}${spec.verb === 'GET' ? ' = {}' : ''}`] : [];
      const request = requestType ? 'request' : 'undefined';
      const reply = spec.reply === 'file' ? 'CrmFile' : `Reply<Mode, wire.${spec.response}, exact.${spec.response}>`;
      const call = spec.reply === 'file' ? 'file' : 'call';
      file += `\n${methodDoc(spec, method, [])}  ${spec.name}(${[...parts, ...requestParam, 'options?: CallOptions'].join(', ')}): Promise<${reply}> {\n`;
      file += `    return this.#caller.${call}(METHODS[${index}], ${given}, ${request}, options);\n  }\n`;
      if (spec.paging) {
        const item = names.get(referenced(allFields(types, method.response)[spec.paging.list]));
        const how =
          spec.name === 'history'
            ? 'by `filter.sinceId`'
            : spec.paging.by === 'cursor'
              ? 'by cursor'
              : spec.paging.sinceId
                ? 'page by page, or by `filter.sinceId` if it is set'
                : 'page by page';
        file += `\n${doc(`Yields every item of \`${spec.name}\`. Reads ${how}, 100 items at a time unless \`limit\` is set.`, '  ')}`;
        file += `  ${spec.name}All(${[...parts, ...requestParam, 'options?: CallOptions'].join(', ')}): AsyncGenerator<Reply<Mode, wire.${item}, exact.${item}>, void> {\n`;
        file += `    return this.#caller.all(METHODS[${index}], ${given}, request, options);\n  }\n`;
      }
      if (spec.batch) {
        file += `\n${doc(`\`${spec.name}\` for any number of \`${spec.batch.field}\`, ${spec.batch.max} in each call. Yields one report for each call, with its error if it failed. The next batch is sent when the loop continues.`, '  ')}`;
        file += `  ${spec.name}InBatches(${[...parts, ...requestParam, 'options?: BatchOptions'].join(', ')}): AsyncGenerator<BatchReport<${reply}>, void> {\n`;
        file += `    return this.#caller.batches(METHODS[${index}], ${given}, request, options);\n  }\n`;
      }
    });
    file += '}\n';
  }
  file += `\n${doc('All groups of the API.')}export class CrmApi<Mode extends ReplyMode = 'wire'> {\n`;
  file +=
    '  readonly #caller: Caller;\n  /** The groups that were used, because a client usually calls one or two of them. */\n  readonly #used: {\n';
  for (const group of groups) file += `    ${group}?: ${upper(group)}Methods<Mode>;\n`;
  file += '  } = {};\n\n  constructor(caller: Caller) {\n    this.#caller = caller;\n  }\n';
  for (const group of groups)
    file += `\n  get ${group}(): ${upper(group)}Methods<Mode> {\n    return (this.#used.${group} ??= new ${upper(group)}Methods(this.#caller));\n  }\n`;
  return `${file}}\n`;
}

function literal(value) {
  if (value === null) return 'null';
  if (typeof value === 'string') return quote(value);
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  return `{ ${Object.entries(value)
    .map(([name, entry]) => `${key(name)}: ${literal(entry)}`)
    .join(', ')} }`;
}

function methodSpec(method, { types, names, notes }) {
  const note = notes[`${method.group}.${method.name}`];
  if (!note) throw new Error(`contract/notes.json has no entry for ${method.group}.${method.name}`);
  const request = method.request ? allFields(types, method.request) : {};
  const response = allFields(types, method.response);
  const raw = Object.values(request).some((type) => type === STREAM);
  const filter = request.filter ? allFields(types, referenced(request.filter)) : {};
  const lists = Object.entries(response)
    .filter(([, type]) => type.endsWith('[]'))
    .map(([field]) => field);
  let paging = null;
  if (response.pagination) {
    if (lists.length !== 1)
      throw new Error(`${method.group}.${method.name}: the reply must contain one list, but contains ${lists.join(', ') || 'none'}`);
    const by = response.pagination === 'Entity/CursorPagination' ? 'cursor' : 'page';
    paging = { by, list: lists[0], sinceId: Boolean(filter.sinceId) };
  }
  return {
    key: `${camel(method.group)}.${method.name}`,
    group: camel(method.group),
    name: method.name,
    verb: method.verb,
    path: method.path,
    params: [...method.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]),
    request: method.request ? names.get(method.request) : null,
    response: names.get(method.response),
    body: method.verb === 'GET' ? 'query' : raw ? 'raw' : 'form',
    reply: method.response === FILE_RESPONSE ? 'file' : 'json',
    limit: method.group === 'Telephony' ? 'telephony' : 'general',
    batch: note.batch ? { field: note.batch.field, max: note.batch.max, stated: !note.batch.unstated } : null,
    paging,
    keyed: Object.keys(response).filter((field) => KEYED[field] && method.group === 'References'),
    scope: note.scope ?? null,
    scopeStated: Boolean(note.scope) && !note.scopeInferred,
    doc: note.doc,
    note: note.note ?? null,
  };
}

/**
 * Brings `generated/`, or another folder, up to date. Does not touch correct files, so that compilers see no
 * change.
 */
export function writeGenerated(folder = outputDir) {
  const files = generate();
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) if (!files[name]) rmSync(new URL(name, folder));
  for (const [name, text] of Object.entries(files)) {
    const file = new URL(name, folder);
    if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) writeGenerated();
