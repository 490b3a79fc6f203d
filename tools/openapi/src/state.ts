import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The input of the documents: declarations, and a hash of everything that they depend on. */
interface State {
  readonly declarations: readonly string[];
  readonly hash: string;
}

const toPath = (dist: string): string => join(dist, 'openapi/.state');

/** Whether the documents match the compiled code. */
export function isUpToDate(dist: string): boolean {
  const path = toPath(dist);
  if (!existsSync(path)) return false;
  const { declarations, hash } = JSON.parse(readFileSync(path, 'utf8')) as State;
  return hash === computeHash(dist, declarations);
}

/** Stores the input of the documents. */
export function keepState(dist: string, declarations: readonly string[]): void {
  writeFileSync(toPath(dist), JSON.stringify({ declarations, hash: computeHash(dist, declarations) } satisfies State));
}

/** Also hashes controllers and DTOs, because their declarations do not contain decorators. */
function computeHash(dist: string, declarations: readonly string[]): string {
  const compiled = readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((file) =>
      /(\.(controller|dto|module|integration)|tools\/openapi\/src\/[\w-]+|libs\/platform\/validation\/[\w-]+)\.js$/.test(file),
    )
    .map((file) => join(dist, file));
  const examples = join(dist, '../docs/openapi/examples');
  const exampleFiles = existsSync(examples) ? readdirSync(examples).map((file) => join(examples, file)) : [];
  const hash = createHash('sha256');
  for (const file of [...compiled, ...declarations, ...exampleFiles, join(dist, '../package.json')].sort())
    hash.update(file).update(existsSync(file) ? readFileSync(file) : '');
  return hash.digest('base64');
}
