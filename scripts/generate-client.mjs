/** The types of the pages' client: made out of docs/openapi/api.json. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import openapiTs, { astToString } from 'openapi-typescript';
import { root } from './project.mjs';

/** Where the types are kept. */
export const clientTypes = 'apps/web/api/schema.d.ts';

const head = `/** Written by \`npm run generate:openapi\` out of docs/openapi/api.json. */
/* eslint-disable */
type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

`;

/** Returns the types that fit the document as it is kept. */
export async function describeClient() {
  const document = JSON.parse(readFileSync(join(root, 'docs/openapi/api.json'), 'utf8'));
  dropExamples(document);
  // As a union it would name itself, which the compiler refuses where types are properties of one interface.
  delete document.components.schemas.JsonValue.anyOf;
  return head + astToString(await openapiTs(document)).replace('JsonValue: unknown;', 'JsonValue: Json;');
}

/** Writes the types; returns whether they have changed. */
export async function writeClient() {
  const file = join(root, clientTypes);
  const text = await describeClient();
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return false;
  writeFileSync(file, text);
  return true;
}

/**
 * Examples are for readers; as comments of types they would be most of the file.
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
