/** `npm run release:names`: checks on npm, ghcr.io and GitHub whether the names in release.json are free. */
import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isStarted, main, root } from './project.mjs';

const help = `npm run release:names   who owns the names that a release publishes under

Prints for each package, the image and the repository: ours, free, someone else's, or could not be reached. Ends with 1 if one is someone else's.
A package is ours if its repository on npm is the one in release.json. The repository is ours if this checkout's origin is that repository.
npm does not show who owns the scope before a package of it exists.
`;

/** The names of a release. */
export const release = /** @type {{ scope: string, image: string, repository: string }} */ (readJson('release.json'));

/**
 * @typedef {"ours" | "free" | "someone else's" | "could not be reached"} Owner
 * @typedef {object} Services
 * @property {(name: string) => Promise<string>} [view] returns the reply of `npm view`
 * @property {(address: string) => Promise<number>} [get] returns the status of an address, 0 without a reply
 * @property {boolean} [isOurs] whether the repository in release.json is this checkout's origin
 */

/** @param {string} file */
function readJson(file) {
  return JSON.parse(readFileSync(join(root, file), 'utf8'));
}

/**
 * Lists the packages that a release publishes, each after the packages it needs.
 * @returns {{ name: string, version: string, folder: string }[]} folder: relative to the project
 */
export function listPackages() {
  const open = /** @type {string[]} */ (readJson('package.json').workspaces).map((folder) => {
    const { name, version, dependencies, peerDependencies } = readJson(`${folder}/package.json`);
    return { name, version, folder, needs: Object.keys({ ...dependencies, ...peerDependencies }) };
  });
  const ordered = [];
  while (open.length > 0) {
    const next = open.findIndex(({ needs }) => !open.some(({ name }) => needs.includes(name)));
    if (next < 0) throw new Error(`the packages ${open.map(({ name }) => name).join(', ')} need each other`);
    ordered.push(...open.splice(next, 1));
  }
  return ordered;
}

/**
 * Looks up at npm, GitHub and ghcr.io who owns the names of a release.
 * @param {Services} [services]
 * @returns {Promise<[name: string, owner: Owner][]>}
 */
export async function findOwners({ view = (name) => viewPackage(name), get = getStatus, isOurs = isOrigin() } = {}) {
  const [account = ''] = new URL(release.repository).pathname.slice(1).split('/');
  const image = new URL(`https://${release.image}`).pathname.slice(1);
  const ask = async (/** @type {string} */ address, /** @type {number[]} */ ...missing) => {
    const status = await get(address);
    if (status === 200) return isOurs ? 'ours' : "someone else's";
    return missing.includes(status) ? 'free' : 'could not be reached';
  };
  /** @type {[string, Promise<Owner>][]} */
  const asked = [
    ...listPackages().map(({ name }) => /** @type {[string, Promise<Owner>]} */ ([`${name} on npm`, view(name).then(judgePackage)])),
    [`the account ${account} on GitHub`, ask(`https://api.github.com/users/${account}`, 404)],
    // ghcr.io refuses a token for an image that does not exist.
    [release.image, ask(`https://ghcr.io/token?scope=repository:${image}:pull`, 401, 403, 404)],
  ];
  return Promise.all(asked.map(async ([name, owner]) => /** @type {[string, Owner]} */ ([name, await owner])));
}

/**
 * @param {string} reply of viewPackage
 * @returns {Owner}
 */
function judgePackage(reply) {
  if (isMissing(reply)) return 'free';
  if (/^\s*$|"error": \{/.test(reply)) return 'could not be reached';
  return JSON.parse(reply).includes(`${release.repository}.git`) ? 'ours' : "someone else's";
}

/**
 * Whether the registry does not have a package.
 * @param {string} reply of viewPackage
 */
export const isMissing = (reply) => /"code": "E404"/.test(reply);

/**
 * Reads a field of a package in the registry of npm's configuration. The reply contains a failure, too.
 * @param {string} name may end in a version
 * @param {string} [field]
 * @returns {Promise<string>} JSON: the field, or `{ error: { code } }`
 */
export function viewPackage(name, field = 'repository.url') {
  return new Promise((resolve) => {
    execFile('npm', ['view', name, field, '--json', '--fetch-retries=0'], { timeout: 30_000 }, (error, text) => {
      // A package without the field has an empty reply.
      resolve(text || (error ? '' : '""'));
    });
  });
}

/** @param {string} address */
function getStatus(address) {
  return fetch(address, { signal: AbortSignal.timeout(10_000) }).then(
    ({ status }) => status,
    () => 0,
  );
}

/** Whether this checkout was cloned from the repository in release.json. */
function isOrigin() {
  try {
    const origin = execFileSync('git', ['remote', 'get-url', 'origin'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return (
      origin
        .trim()
        .replace(/^git@([^:]+):/, 'https://$1/')
        .replace(/\.git$/, '') === release.repository
    );
  } catch {
    return false;
  }
}

if (isStarted(import.meta.url)) {
  await main(async () => {
    if (process.argv.length > 2) {
      process.stdout.write(help);
      return 0;
    }
    const owners = await findOwners();
    for (const [name, owner] of owners) process.stdout.write(`${name}: ${owner}\n`);
    return owners.some(([, owner]) => owner === "someone else's") ? 1 : 0;
  });
}
