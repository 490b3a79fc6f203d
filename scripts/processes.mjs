/**
 * Processes: whether one still runs, running one to its end, waiting. execa does not stop a process with its
 * whole group, nor find processes by their folder.
 */
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';

/** @param {number} milliseconds */
export const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Whether a process runs. A zombie, which has ended and waits for its parent to notice, does not.
 * @param {number} pid
 */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
  try {
    // The name of the process, in brackets, may itself hold blanks and brackets.
    return !/\) Z [^)]*$/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return process.platform !== 'linux';
  }
}

/**
 * Waits until a condition holds.
 * @param {() => boolean | Promise<boolean>} condition
 * @param {number} milliseconds the longest wait
 * @param {number} [every] milliseconds between two looks
 * @returns {Promise<boolean>} whether it came to hold
 */
export async function waitUntil(condition, milliseconds, every = 25) {
  const end = Date.now() + milliseconds;
  while (!(await condition())) {
    if (Date.now() > end) return false;
    await sleep(every);
  }
  return true;
}

/**
 * Ends a process: a signal, a while of patience, then SIGKILL.
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 * @param {number} patience milliseconds
 */
export async function end(pid, signal, patience) {
  for (const [name, time] of /** @type {[NodeJS.Signals, number][]} */ ([
    [signal, patience],
    ['SIGKILL', 5_000],
  ])) {
    if (!isAlive(pid)) return;
    try {
      process.kill(pid, name);
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
    if (await waitUntil(() => !isAlive(pid), time)) return;
  }
}

/** The ids of all processes on Linux. Empty elsewhere. */
const listPids = () => (process.platform === 'linux' ? readdirSync('/proc').map(Number).filter(Boolean) : []);

/**
 * @param {() => string} read of something in /proc
 * @returns {string} nothing when the process has ended, or is another user's
 */
function readIfThere(read) {
  try {
    return read();
  } catch {
    return '';
  }
}

/** @param {number} pid */
const workingFolder = (pid) => readIfThere(() => readlinkSync(`/proc/${pid}/cwd`));

/**
 * The processes whose working directory is this folder. Linux only. Elsewhere none is found.
 * @param {string} folder absolute
 */
export const findProcessesAt = (folder) => listPids().filter((pid) => workingFolder(pid) === folder);

/**
 * Other processes whose command, environment or working directory contains a folder. Linux only, else none.
 * @param {string} folder absolute
 * @returns {{ pid: number, command: string }[]} without ourselves
 */
export function findProcessesIn(folder) {
  return listPids().flatMap((pid) => {
    const read = (/** @type {string} */ name) => readIfThere(() => readFileSync(`/proc/${pid}/${name}`, 'utf8'));
    const command = read('cmdline');
    const isIn = [command, read('environ'), workingFolder(pid)].some((name) => name.includes(folder));
    return isIn && pid !== process.pid && isAlive(pid) ? [{ pid, command: command.replaceAll('\0', ' ').trim() }] : [];
  });
}

/**
 * Ends all processes in a folder: two requests to end, then a kill.
 * @param {string} folder absolute
 */
export async function endProcessesIn(folder) {
  for (const signal of /** @type {NodeJS.Signals[]} */ (['SIGTERM', 'SIGQUIT', 'SIGKILL'])) {
    for (const { pid } of findProcessesIn(folder)) {
      try {
        process.kill(pid, signal);
      } catch {
        // It has ended on its own.
      }
    }
    if (await waitUntil(() => findProcessesIn(folder).length === 0, 5_000, 100)) return;
  }
}

/**
 * Runs a command in its own process group, so that a terminal's Ctrl-C reaches it only through us.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions & { signal?: AbortSignal, onLine?: (line: string) => void, input?: string }} [options] an aborted signal ends the whole group; with onLine the output goes there line by line, else to our own
 * @returns {Promise<number>} the exit code; 128 when a signal ended it
 */
export async function run(command, args, { signal, onLine, input, ...options } = {}) {
  if (signal?.aborted) return 128;
  const output = onLine ? 'pipe' : 'inherit';
  const child = spawn(command, args, { ...options, stdio: [input === undefined ? 'ignore' : 'pipe', output, output], detached: true });
  child.stdin?.on('error', () => {}); // it ended before it read all, which its exit code shows
  child.stdin?.end(input);
  const stop = () => {
    try {
      if (child.pid) process.kill(-child.pid, 'SIGTERM');
    } catch {
      // It has ended on its own.
    }
  };
  signal?.addEventListener('abort', stop);
  if (onLine) for (const stream of [child.stdout, child.stderr]) eachLine(stream, onLine);
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? 128));
    });
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

/**
 * Passes on a stream line by line, including a last line without a line end.
 * @param {import('node:stream').Readable | null} stream nothing when the process could not be started
 * @param {(line: string) => void} onLine
 */
export function eachLine(stream, onLine) {
  if (!stream) return;
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
  stream.on('close', () => {
    if (rest) onLine(rest);
  });
}

/**
 * @param {number} port
 * @param {string} [host] all addresses of the machine when missing
 * @returns {Promise<string | undefined>} why the port cannot be listened on (an error code), or nothing when
 * it can
 */
export async function whyPortIsTaken(port, host) {
  const server = createServer();
  try {
    await new Promise((resolve, reject) => server.once('error', reject).listen({ port, host }, () => resolve(undefined)));
    return undefined;
  } catch (error) {
    return error.code;
  } finally {
    await new Promise((resolve) => server.close(() => resolve(undefined)));
  }
}

/**
 * @returns {Promise<number>} a port of 127.0.0.1 that was free a moment ago, below the ports that the system
 * gives to outgoing connections
 */
export async function freePort() {
  for (;;) {
    const port = randomInt(12_000, 32_000);
    if (!(await whyPortIsTaken(port, '127.0.0.1'))) return port;
  }
}
