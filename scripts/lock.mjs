/**
 * A lock file: one process at a time, free again when its holder is gone, however it went.
 * Our own, as it also guards the installation of packages, before which there is no library.
 */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, sleep, startMark } from './processes.mjs';
import { SetupError, advice, say } from './project.mjs';

/**
 * @typedef {{ release: () => void, note: (text: string) => void, leftBehind: boolean }} Lock `leftBehind`: its last holder died without releasing it; `note`: tells
 *   those who ask
 * @typedef {{ heldBy: number, note: string }} Held the process that has a lock, and what it tells
 */

/**
 * @param {string} file
 * @returns {{ pid: number, mark: string, note: string } | undefined}
 */
function read(file) {
  try {
    const [pid, mark = '', note = ''] = readFileSync(file, 'utf8').split('\n');
    return { pid: Number(pid), mark, note };
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** @param {{ pid: number, mark: string }} holder */
const holds = (holder) => holder.pid > 0 && isAlive(holder.pid) && startMark(holder.pid) === holder.mark;

/**
 * Takes the lock, or tells who has it.
 * @param {string} file in a folder that exists
 * @returns {Lock | Held}
 */
export function takeLock(file) {
  const own = `${file}.${process.pid}`;
  const content = (note = '') => `${process.pid}\n${startMark(process.pid)}\n${note}\n`;
  writeFileSync(own, content(), { mode: 0o644 });
  let leftBehind = false;
  try {
    for (;;) {
      try {
        linkSync(own, file); // unlike a rename it fails when the lock exists
        let held = true;
        const note = (/** @type {string} */ text) => {
          if (!held) return;
          writeFileSync(own, content(text));
          renameSync(own, file);
        };
        const release = () => {
          held = false;
          rmSync(file, { force: true });
        };
        return { leftBehind, note, release };
      } catch (error) {
        if (error.code !== 'EEXIST') throw error;
      }
      const holder = read(file);
      if (!holder) continue;
      if (holds(holder)) return { heldBy: holder.pid, note: holder.note };
      leftBehind = true;
      // Only one of several finders moves it away; should a new holder have come in between, its lock is put
      // back.
      const aside = `${own}.stale`;
      try {
        renameSync(file, aside);
        const moved = read(aside);
        if (moved && holds(moved)) linkSync(aside, file);
      } catch (error) {
        if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
      } finally {
        rmSync(aside, { force: true });
      }
    }
  } finally {
    rmSync(own, { force: true });
  }
}

/**
 * Takes the lock as soon as it is free.
 * @param {string} file
 * @param {(held: Held, first: boolean) => void} onHeld called at each look that finds it taken; throws to
 * give up
 * @param {AbortSignal} [signal]
 */
async function waitForLock(file, onHeld, signal) {
  for (let first = true; ; first = false) {
    const lock = takeLock(file);
    if ('release' in lock) return lock;
    onHeld(lock, first);
    await sleep(100);
    signal?.throwIfAborted();
  }
}

/** The note of a run that is stopping. */
const stoppingNote = 'stopping';

/**
 * The lock of `npm run up` on a DATA_DIR; a run that is stopping is waited for.
 * @param {string} dataDir
 * @param {AbortSignal} signal once aborted, the next run waits for this one
 */
export async function lockDataDir(dataDir, signal) {
  const onHeld = (/** @type {Held} */ { heldBy, note }, /** @type {boolean} */ first) => {
    if (note !== stoppingNote) {
      throw new SetupError(
        `Crossdock already runs on ${dataDir} (process ${heldBy}): stop it first, or set DATA_DIR (and PORT, SANDBOX_PORT) to run another one.`,
      );
    }
    if (first) say(`waiting for an earlier run to end (process ${heldBy}) ...`);
  };
  const lock = await waitForLock(join(dataDir, 'up.lock'), onHeld, signal);
  signal.addEventListener('abort', () => lock.note(stoppingNote));
  return lock;
}

/**
 * The lock under which packages are installed and dist is built.
 * @param {string} folder the project
 * @param {AbortSignal} [signal]
 */
export async function lockSetup(folder, signal) {
  const dist = join(folder, 'dist');
  try {
    mkdirSync(dist, { recursive: true });
    return await waitForLock(
      join(dist, '.lock'),
      ({ heldBy }, first) => first && say(`waiting for process ${heldBy}, which installs or builds here ...`),
      signal,
    );
  } catch (error) {
    const hint = advice(String(error.code), dist);
    throw hint ? new SetupError(`cannot build: ${hint}`) : error;
  }
}
