/** Installs the packages when they are missing or no longer those of package-lock.json. */
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lockSetup } from './lock.mjs';
import { SetupError, during, root, say } from './project.mjs';
import { run } from './processes.mjs';

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean, peer?:
 * boolean, link?: boolean }} LockedPackage
 */

/**
 * @param {string} file
 * @returns {Record<string, LockedPackage> | undefined}
 */
function packages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/**
 * Whether node_modules holds what package-lock.json says. npm writes what it installed to
 * node_modules/.package-lock.json as its last step, so an install that was cut short, one without the dev
 * packages, and one of another lock file are all told apart from a good one.
 * @param {string} folder of package-lock.json
 */
export function isInstalled(folder) {
  const wanted = packages(join(folder, 'package-lock.json'));
  const present = packages(join(folder, 'node_modules', '.package-lock.json'));
  if (!wanted) throw new SetupError(`package-lock.json is missing or broken in ${folder}: restore it from the repository.`);
  if (!present) return false;
  for (const [path, { version, integrity, optional, devOptional, link }] of Object.entries(wanted)) {
    // The project itself and its workspaces are sources, not installed.
    if (link || !path.includes('node_modules/')) continue;
    const installed = present[path];
    if (!installed && !optional && !devOptional) return false;
    if (installed && (installed.version !== version || installed.integrity !== integrity)) return false;
  }
  return Object.keys(present).every((path) => path in wanted);
}

/**
 * @param {AbortSignal} [signal]
 */
export async function install(signal) {
  if (isInstalled(root)) return;
  const lock = await lockSetup(root, signal);
  try {
    if (!isInstalled(root)) await runNpm(signal);
  } finally {
    lock.release();
  }
}

/** @param {AbortSignal} [signal] */
async function runNpm(signal) {
  if (lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) {
    // npm would empty the folder that the link leads to, which is somebody else's.
    throw new SetupError(
      `${join(root, 'node_modules')} is a link, and what it leads to is not what package-lock.json says: install there, or remove the link.`,
    );
  }
  say('installing packages (npm ci), this takes a minute or so the first time ...');
  // The Nest CLI's packages ask for a newer Node than they need, at length; npm's spinner would stand in our
  // own lines.
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error', '--no-progress'];
  // Under `npm run` the very npm that runs us is used again.
  const npm = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
  let code;
  try {
    code = await during('installing packages', run(npm[0], [...npm.slice(1), ...args], { cwd: root, signal }));
  } catch (error) {
    throw new SetupError(`npm cannot be run (${error.message}): install Node with npm and try again.`);
  }
  signal?.throwIfAborted();
  if (code !== 0) {
    throw new SetupError(
      `npm ci failed (exit code ${code}), its reason is above. Usual causes: no network, a full disk, or a node_modules folder of another user ` +
        `(${join(root, 'node_modules')}).`,
    );
  }
}
