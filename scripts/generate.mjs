/** Writes the sources that are not in git, because they follow from the contract and docs/openapi. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isStarted, root } from './project.mjs';

/** Types of the pages' client. */
const CLIENT_TYPES = 'apps/web/api/schema.d.ts';
const DOCUMENT = 'docs/openapi/api.json';
const CRM_GENERATOR = 'libs/crm-client/generator/generate.mjs';

/**
 * Brings the generated sources up to date: libs/crm-client/generated and the types of the pages' client.
 * @param {string} [folder] the project (this one by default)
 */
export async function generateSources(folder = root) {
  const generator = join(folder, CRM_GENERATOR);
  if (existsSync(generator)) (await import(pathToFileURL(generator).href)).writeGenerated();
  if (existsSync(join(folder, DOCUMENT))) await writeClientTypes(folder);
}

/**
 * Writes the types of the pages' client if the document changed.
 * @param {string} folder
 */
async function writeClientTypes(folder) {
  const text = readFileSync(join(folder, DOCUMENT), 'utf8');
  const mark = createHash('sha1')
    .update(readFileSync(import.meta.filename))
    .update(text)
    .digest('hex');
  const head = `/* Generated from ${DOCUMENT}. Not in git: \`npm run build\` writes it. ${mark} */\n`;
  const file = join(folder, CLIENT_TYPES);
  if (existsSync(file) && readFileSync(file, 'utf8').startsWith(head)) return;
  writeFileSync(file, head + (await describeClient(JSON.parse(text))));
}

/**
 * Returns the types of a document.
 * @param {any} document it is changed
 */
async function describeClient(document) {
  // It takes a second to load, and is needed only when the document changed.
  const { default: openapiTs, astToString } = await import('openapi-typescript');
  dropExamples(document);
  // As a union it would name itself, which the compiler refuses if types are properties of one interface.
  delete document.components.schemas.JsonValue.anyOf;
  const json = '/* eslint-disable */\ntype Json = null | boolean | number | string | Json[] | { [name: string]: Json };\n\n';
  return json + astToString(await openapiTs(document)).replace('JsonValue: unknown;', 'JsonValue: Json;');
}

/**
 * Removes examples, which are for readers. As comments of types they would be most of the file.
 * @param {unknown} value
 */
function dropExamples(value) {
  if (typeof value !== 'object' || value === null) return;
  const object = /** @type {Record<string, unknown>} */ (value);
  for (const [name, inner] of Object.entries(object)) {
    // A property of this name is described by an object with a type.
    const isExample = name === 'examples' || (name === 'example' && !isSchema(inner));
    if (isExample) delete object[name];
    else dropExamples(inner);
  }
}

/** @param {unknown} value */
function isSchema(value) {
  return typeof value === 'object' && value !== null && ('type' in value || '$ref' in value || 'anyOf' in value);
}

if (isStarted(import.meta.url)) await generateSources();
