/** The documents of the API: written by the build, and kept in docs/openapi. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './processes.mjs';
import { during, root, say } from './project.mjs';

/** The folder of the documents, for readers and for the pages' client, with `examples` in it. */
export const documentsFolder = 'docs/openapi';

/**
 * Updates dist/openapi from the compiled code, or from the kept documents if its tool is missing,
 * as in the container image.
 * @param {{ folder?: string, signal?: AbortSignal }} [options]
 */
export async function describeApi({ folder = root, signal } = {}) {
  const tool = join(folder, 'dist/tools/openapi/src/main.js');
  if (existsSync(tool)) {
    const code = await during('describing the API', run(process.execPath, [tool], { cwd: folder, signal }));
    signal?.throwIfAborted();
    // The code works without the documents. Their spec fails.
    if (code !== 0) {
      rmSync(join(folder, 'dist/openapi'), { recursive: true, force: true });
      say('the API cannot be described; see above.');
    }
  } else if (existsSync(join(folder, documentsFolder))) copyDocuments(join(folder, documentsFolder), join(folder, 'dist/openapi'));
}

/**
 * Copies the documents of a folder.
 * @param {string} from
 * @param {string} to
 */
export function copyDocuments(from, to) {
  mkdirSync(to, { recursive: true });
  for (const file of readdirSync(from)) if (file.endsWith('.json')) copyFileSync(join(from, file), join(to, file));
}
