/**
 * Generates `generated/` from `contract/`, at every build. Names follow contract paths (`typeName`), so a new
 * type renames no old one. A collision is an error.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { loadContract, typeName } from './contract.mjs';
import { groupsFile, methodsFile, methodSpec } from './method-files.mjs';
import { HEADER } from './source-text.mjs';
import { enumsFile, schemaFile, typeFiles } from './type-files.mjs';

const outputDir = new URL('../generated/', import.meta.url);

/** Names every path. Throws for two paths with one name. */
function nameTypes(paths) {
  const names = new Map();
  for (const path of paths) {
    const name = typeName(path);
    const other = [...names].find(([, taken]) => taken === name);
    if (other) throw new Error(`${path} and ${other[0]} would both get the name ${name}. Add one of them to NAMES`);
    names.set(path, name);
  }
  return names;
}

/** Everything but the groups, for the sandbox CRM. */
function wireFile() {
  let file = HEADER;
  file += '\n/** JSON of the CRM: types, enums, the table of methods and the runtime schema. The sandbox CRM uses only this. */\n';
  file +=
    "export * from './enums.js';\nexport * from './methods.js';\nexport * from './schema-data.js';\nexport * from './types.js';\nexport * from '../method-spec.js';\nexport * from '../schema.js';\n";
  return file;
}

/** Returns the generated files by name. */
export function generate(contract = loadContract()) {
  const { methods, enums, notes, types } = contract;
  const names = nameTypes([...Object.keys(types).sort(), ...Object.keys(enums)]);
  const specs = methods.map((method) => methodSpec(method, { types, names, notes }));
  return {
    ...typeFiles(contract, names),
    'enums.ts': enumsFile(enums, names),
    'schema-data.ts': schemaFile(types, names),
    'methods.ts': methodsFile(specs),
    'wire.ts': wireFile(),
    'groups.ts': groupsFile(specs, { types, methods, names }),
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
