/** One process at a time: a file locked with flock(1), which the system frees when its holder dies. */
import { spawnSync } from 'node:child_process';
import { closeSync, constants, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { sleep } from './processes.mjs';
import { SetupError, advice, say } from './project.mjs';

/**
 * @typedef {object} Lock
 * @property {boolean} leftBehind whether its last holder died without releasing it
 * @property {(text: string) => void} note leaves a word for processes that find it taken
 * @property {() => void} release
 *
 * @typedef {{ heldBy: number, note: string }} Held the process that has a lock (0: not known yet), and its note
 */

/**
 * Takes the lock, or returns who has it.
 * @param {string} file made when missing, and never removed. Its folder must exist
 * @returns {Lock | Held}
 */
export function takeLock(file) {
  const fd = openSync(file, constants.O_RDWR | constants.O_CREAT, 0o644);
  // The lock belongs to the open file, which the child shares: it stays when the child ends.
  const { status, error } = spawnSync('flock', ['-n', '3'], { stdio: ['ignore', 'ignore', 'inherit', fd] });
  if (error) throw new SetupError(`flock cannot be run (${error.message}): install it, it is a part of util-linux.`);
  const [, pid, note = ''] = /^(\d+) ?(.*)/.exec(readFileSync(file, 'utf8').trimEnd()) ?? [];
  if (status !== 0) {
    closeSync(fd);
    return { heldBy: Number(pid ?? 0), note };
  }
  let isHeld = true;
  const write = (/** @type {string} */ text) => {
    // Always of the same length, so that it is replaced in one piece.
    if (isHeld) writeSync(fd, `${process.pid} ${text}`.padEnd(40), 0);
  };
  write('');
  const release = () => {
    isHeld = false;
    ftruncateSync(fd);
    closeSync(fd);
  };
  return { leftBehind: pid !== undefined, note: write, release };
}

/**
 * Takes the lock once it is free.
 * @param {string} file
 * @param {(held: Held, first: boolean) => void} onHeld called each time it is found taken. Throws to give up
 * @param {AbortSignal} [signal]
 */
async function waitForLock(file, onHeld, signal) {
  for (let first = true; ;) {
    const lock = takeLock(file);
    if ('release' in lock) return lock;
    if (lock.heldBy) {
      onHeld(lock, first);
      first = false;
    }
    await sleep(100);
    signal?.throwIfAborted();
  }
}

/** The note of a run that is stopping. */
const stoppingNote = 'stopping';

/**
 * The lock of `npm run up` on a DATA_DIR. Waits for a run that is stopping.
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
    const onHeld = (/** @type {Held} */ { heldBy }, /** @type {boolean} */ first) => {
      if (first) say(`waiting for process ${heldBy}, which installs or builds here ...`);
    };
    return await waitForLock(join(dist, '.lock'), onHeld, signal);
  } catch (error) {
    const hint = advice(String(error.code), dist);
    throw hint ? new SetupError(`cannot build: ${hint}`) : error;
  }
}
