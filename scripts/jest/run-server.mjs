/**
 * Runs one of the bundled servers of scripts/jest/servers.mjs: `run-server.mjs FOLDER MAIN ...`. Runs a main
 * that is not in the bundle from dist. Without a main it keeps the code that V8 compiled, for later starts.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Script, constants } from 'node:vm';
import 'reflect-metadata';

const [, , folder, main] = process.argv;
const file = join(folder, 'servers.cjs');
const cache = join(folder, 'servers.cache');

if (main !== undefined && !JSON.parse(readFileSync(join(folder, 'mains.json'), 'utf8')).includes(main)) {
  const compiled = join(import.meta.dirname, '../../dist', main);
  process.argv.splice(1, 3, compiled);
  await import(pathToFileURL(compiled).href);
} else {
  process.argv.splice(1, 3, file);
  const script = new Script(readFileSync(file, 'utf8'), {
    filename: file,
    cachedData: existsSync(cache) ? readFileSync(cache) : undefined,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const { load, mains } = script.runInThisContext()(createRequire(file), file, folder, pathToFileURL(file).href, import.meta.resolve);
  if (main === undefined) {
    load();
    writeFileSync(cache, script.createCachedData());
    process.exit();
  }
  mains[main]();
}
