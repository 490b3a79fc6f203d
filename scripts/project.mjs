/** Shared by all scripts: the project's folder, terminal output and stopping with a useful message. */
import { chmodSync, mkdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json, whatever the working directory is. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** An error whose message contains advice. It is printed without a stack. */
export class SetupError extends Error {}

/**
 * Prints one line of progress.
 * @param {string} text
 */
export function say(text) {
  process.stdout.write(`${process.stdout.isTTY ? '\x1b[2mcrossdock\x1b[0m' : 'crossdock'} ${text}\n`);
}

/**
 * Prints every ten seconds how long some announced work has taken.
 * @template T
 * @param {string} what
 * @param {Promise<T>} work
 * @returns {Promise<T>}
 */
export async function during(what, work) {
  const started = Date.now();
  const timer = setInterval(() => say(`${what} (${Math.round((Date.now() - started) / 1000)} s) ...`), 10_000);
  return work.finally(() => clearInterval(timer));
}

/** Stops with a plain message when Node is older than package.json "engines" requires. */
function checkNodeVersion() {
  const wanted = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).engines.node.replace(/^[^\d]*/, '');
  const [major = 0, minor = 0] = wanted.split('.').map(Number);
  const [ownMajor = 0, ownMinor = 0] = process.versions.node.split('.').map(Number);
  if (ownMajor > major || (ownMajor === major && ownMinor >= minor)) return;
  throw new SetupError(
    `Node ${wanted} or newer is needed, this is Node ${process.versions.node} (${process.execPath}). Install it from https://nodejs.org and try again.`,
  );
}

/**
 * Whether a script was started on its own and not imported by another one.
 * @param {string} url its import.meta.url
 */
export const isStarted = (url) => Boolean(process.argv[1]) && realpathSync(process.argv[1]) === realpathSync(fileURLToPath(url));

/**
 * Runs a script. Prints a SetupError's message, or another error's stack, and exits with 1.
 * @param {() => Promise<number>} run returns the exit code
 */
export async function main(run) {
  // A closed reader (`npm run up | head`, a closed terminal) must not end us during a shutdown.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  let code = 1;
  try {
    process.chdir(root);
    checkNodeVersion();
    code = await run();
  } catch (error) {
    process.stderr.write(`\ncrossdock: ${error instanceof SetupError ? error.message : (error?.stack ?? error)}\n`);
  }
  process.exit(code);
}

/**
 * Makes a folder that others can traverse despite the umask: the database may run as another user.
 * @param {string} folder absolute. An existing one stays unchanged
 */
export function makeFolder(folder) {
  const made = mkdirSync(folder, { recursive: true });
  if (!made) return;
  for (let path = folder; path.startsWith(made); path = dirname(path)) chmodSync(path, 0o755);
}

/**
 * Writes a file that only its owner can read, in one piece: a reader finds the old one or the new one.
 * @param {string} file
 * @param {string} content
 */
export function writeSecretFile(file, content) {
  writeFileSync(`${file}.new`, content, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/**
 * Turns the text of a failed file operation or of a server's log into advice.
 * @param {string} text the failure, in the system's words
 * @param {string} where the folder to write
 * @returns {string | undefined} advice, or nothing for other failures
 */
export function advice(text, where) {
  if (/ENOSPC|No space left on device/i.test(text))
    return `the disk that holds ${where} is full: free some space, or set DATA_DIR to another disk.`;
  if (/EDQUOT|quota exceeded/i.test(text))
    return `the disk quota for ${where} is used up: free some space, or set DATA_DIR to another disk.`;
  if (/EROFS|Read-only file system/i.test(text)) return `${where} is on a read-only disk: set DATA_DIR to a folder that can be written.`;
  if (/EACCES|EPERM|Permission denied|Operation not permitted|invalid permissions|wrong ownership/i.test(text)) {
    return (
      `${where} cannot be used by this user: run as the user it belongs to (ls -ld shows who), give it to yourself with ` +
      `"sudo chown -R $(id -u) ...", or set DATA_DIR to a folder of your own.`
    );
  }
  return undefined;
}
