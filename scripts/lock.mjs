/** A lock file: one process at a time, free again when its holder is gone, however it went. */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { isAlive, startMark } from './processes.mjs';

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
 * @returns {{ release: () => void, note: (text: string) => void, leftBehind: boolean } | { heldBy: number, note: string }} `leftBehind`: its last holder died without
 *   giving it back; `note`: what the holder wants those who ask to know
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
      // Only one of several finders moves it away; should a new holder have come in between, its lock is put back.
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
