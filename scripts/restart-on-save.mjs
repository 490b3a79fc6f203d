/** The watching part of `npm run dev`: compiles saved files and restarts the parts they belong to. */
import { sep } from 'node:path';
import { build } from './build.mjs';
import { SetupError, root, say } from './project.mjs';

/** Milliseconds within which the files of one save in an editor arrive. */
const quietTime = 100;

/**
 * @typedef {object} Running
 * @property {Pick<import('./supervisor.mjs').Part, 'options' | 'restart'>[]} parts
 * @property {number} drainTime how long a part may take to end, milliseconds
 * @property {() => Promise<void>} migrate
 * @property {() => Promise<void>} waitForReady
 */

/**
 * Watches until stopped. A failed compilation or migration leaves the running parts unchanged.
 * @param {Running} running
 * @param {AbortSignal} signal
 * @param {{ folder?: string, compile?: () => Promise<boolean> }} [project] this one by default. `compile` returns whether anything was written
 */
export async function restartOnSave(running, signal, { folder = root, compile = () => build({ signal }) } = {}) {
  /** @type {Set<string>} sources that the running parts do not have yet */
  const saved = new Set();
  const apply = async () => {
    const startedAt = Date.now();
    const files = [...saved];
    saved.clear();
    const hasChanged = await compile().catch((error) => {
      for (const file of files) saved.add(file);
      throw error;
    });
    if (!hasChanged) return;
    if (files.some((file) => file.includes('/migrations/'))) await running.migrate();
    const parts = running.parts.filter((part) => files.some((file) => isUsedBy(part, file)));
    if (parts.length === 0) return say('built: reload the page');
    await Promise.all(parts.map((part) => part.restart(running.drainTime)));
    await running.waitForReady();
    say(`${parts.map(({ options }) => options.name).join(', ')} restarted in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
  };

  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  let earlier = Promise.resolve();
  const applySoon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => (earlier = earlier.then(apply).catch(report)), quietTime);
  };
  const report = (/** @type {Error} */ error) => {
    if (!signal.aborted) say(`${error instanceof SetupError ? error.message : error.stack} Waiting for the next save.`);
  };

  const { watch } = await import('chokidar');
  const watcher = watch(['apps', 'libs', 'lab'], { cwd: folder, ignoreInitial: true, ignored: /\/(node_modules|dist)$|\.spec\.ts$/ });
  watcher.on('all', (_, file) => {
    saved.add(file);
    applySoon();
  });
  await new Promise((resolve) => watcher.once('ready', () => resolve(undefined)));
  say('watching apps, libs and lab: what is saved is compiled, and what uses it is restarted');
  signal.addEventListener('abort', () => void watcher.close());
}

/**
 * @param {Running['parts'][number]} part
 * @param {string} file from the project's folder
 */
function isUsedBy({ options }, file) {
  const [kind, name] = file.split(sep);
  return kind === 'libs' || options.file.includes(`/dist/${kind}/${name}/`);
}
