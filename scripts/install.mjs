/** Installs the packages when they are missing or differ from package-lock.json. */
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lockSetup } from './lock.mjs';
import { SetupError, during, root, say } from './project.mjs';
import { run } from './processes.mjs';

/**
 * The installed packages of a lock file by their path. The project itself and its workspaces are sources.
 * @param {string} file
 * @returns {Map<string, { version: string, integrity?: string, optional?: boolean, devOptional?: boolean }> | undefined}
 *   nothing when it cannot be read
 */
function readPackages(file) {
  try {
    const { packages } = JSON.parse(readFileSync(file, 'utf8'));
    return new Map(Object.entries(packages).filter(([path, { link }]) => path.includes('node_modules/') && !link));
  } catch {
    return undefined;
  }
}

/**
 * Whether node_modules matches package-lock.json. npm writes what it installed to
 * node_modules/.package-lock.json as its last step, so an install that was cut short is noticed too.
 * @param {string} folder of package-lock.json
 */
export function isInstalled(folder) {
  const wanted = readPackages(join(folder, 'package-lock.json'));
  if (!wanted) throw new SetupError(`package-lock.json is missing or broken in ${folder}: restore it from the repository.`);
  const present = readPackages(join(folder, 'node_modules/.package-lock.json'));
  if (!present) return false;
  const isPresent = [...wanted].every(([path, { version, integrity, optional, devOptional }]) => {
    const installed = present.get(path);
    return installed ? installed.version === version && installed.integrity === integrity : optional || devOptional;
  });
  return isPresent && [...present.keys()].every((path) => wanted.has(path));
}

/** @param {AbortSignal} [signal] */
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
  const target = join(root, 'node_modules');
  // npm would empty the folder that the link leads to, which belongs to another project.
  if (lstatSync(target, { throwIfNoEntry: false })?.isSymbolicLink())
    throw new SetupError(`${target} is a link to packages that do not match package-lock.json. Install there, or remove the link.`);
  say('installing packages (npm ci), this takes a minute or so the first time ...');
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error', '--no-progress'];
  const code = await during('installing packages', run('npm', args, { cwd: root, signal })).catch((error) => {
    throw new SetupError(`npm cannot be run (${error.message}): install Node with npm and try again.`);
  });
  signal?.throwIfAborted();
  if (code === 0) return;
  throw new SetupError(
    `npm ci failed (exit code ${code}), its reason is above. Usual causes: no network, a full disk, or another user's ${target}.`,
  );
}
