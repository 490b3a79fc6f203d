/** Writes the types, enums and schema of the contract. */
import { FILE_RESPONSE, parse, reach } from './contract.mjs';
import { doc, HEADER, key, quote } from './source-text.mjs';

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

/** The types as received and as sent (`types.ts`), and the normalised replies (`exact.ts`). */
export function typeFiles({ types, enumOf }, names) {
  const paths = Object.keys(types).sort();
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

  let exactFile = `${HEADER}\n${doc('Normalised replies: numbers are numbers, lists are arrays, empty objects are objects, dates are `Date`.')}`;
  let exactBody = '';
  for (const path of paths) {
    if (read.has(path) && path !== FILE_RESPONSE)
      exactBody += `\n${writeInterface(path, 'exact', names.get(path), (ref) => names.get(ref))}`;
  }

  const openNames = enumNames.filter((name) => exactBody.includes(`OpenEnum<${name}>`));
  exactFile += `import type { ${openNames.join(', ')} } from './enums.js';\nimport type { Json, OpenEnum } from './types.js';\n${exactBody}`;

  return { 'types.ts': typesFile, 'exact.ts': exactFile };
}

/** The closed lists of values. */
export function enumsFile(enums, names) {
  let file = HEADER;
  for (const [path, values] of Object.entries(enums)) {
    const name = names.get(path);
    file += `\n${doc(`Values of \`${path}\`.`)}export const ${name} = [${values.map(quote).join(', ')}] as const;\n`;
    file += `${doc(`One of \`${path}\`.`)}export type ${name} = (typeof ${name})[number];\n`;
  }
  return file;
}

/** Every type as data, from which requests are encoded and replies normalised. */
export function schemaFile(types, names) {
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
  let file = HEADER;
  file += "\nimport type { TypeSource } from '../method-spec.js';\n";
  file += `\n${doc('Every type of the contract by its TypeScript name: its base and its fields, in the notation of `schema.ts`.')}`;
  file += 'export const TYPES = {\n';
  for (const path of Object.keys(types).sort()) {
    const type = types[path];
    const base = type.extends ? `base: ${quote(names.get(type.extends))}, ` : '';
    const fields = Object.entries(type.fields).map(([field, text]) => `${key(field)}: ${quote(schemaType(text))}`);
    file += `  ${names.get(path)}: { ${base}fields: { ${fields.join(', ')} } },\n`.replace('{  }', '{}');
  }
  file += '} as const satisfies Record<string, TypeSource>;\n';
  file += `\n${doc('Name of a type of the contract.')}export type TypeName = keyof typeof TYPES;\n`;
  return file;
}
