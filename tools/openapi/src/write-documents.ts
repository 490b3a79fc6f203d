import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildDocuments } from './document.js';
import { readExamples } from './examples.js';
import { listRoutes } from './routes.js';
import { TypeReader } from './type-reader.js';

/**
 * Writes the API's documents into `openapi` in the folder of the compiled code.
 * @param root folder of the project, for its version and the examples
 * @returns the declarations that were read
 */
export async function writeDocuments(dist: string, root: string): Promise<string[]> {
  const types = new TypeReader(dist);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const documents = buildDocuments(await listRoutes(), types, readExamples(join(root, 'docs/openapi/examples')), version);
  mkdirSync(join(dist, 'openapi'), { recursive: true });
  for (const [name, document] of Object.entries(documents))
    writeFileSync(join(dist, 'openapi', `${name}.json`), `${JSON.stringify(document, null, 2)}\n`);
  return types.files;
}
