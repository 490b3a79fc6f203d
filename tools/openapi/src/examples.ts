import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** An exchange in a file of examples. */
export interface Example {
  readonly request?: {
    readonly path?: Readonly<Record<string, string>>;
    readonly query?: Readonly<Record<string, unknown>>;
    readonly body?: unknown;
  };
  readonly reply?: unknown;
}

/** Reads the examples of a folder, by the names of operations. */
export function readExamples(folder: string): Map<string, Example> {
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.json')) : [];
  return new Map(
    files.sort().map((file) => [file.slice(0, -'.json'.length), JSON.parse(readFileSync(join(folder, file), 'utf8')) as Example]),
  );
}
