/** `npm run new:version`: makes the next version of the product and its packages from the changesets. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './processes.mjs';
import { isStarted, main, root, say, SetupError } from './project.mjs';
import { release } from './release-names.mjs';

const FOLDER = '.changeset';
const HEADINGS = ['Added', 'Changed', 'Removed', 'Fixed', 'Security'];

/** @typedef {{ bump: string, heading: string, text: string }} Changeset `bump`: patch, minor or major */

/**
 * Reads a changeset.
 * @param {string} file its name, for the error
 * @param {string} content
 * @returns {Changeset}
 */
export function readChangeset(file, content) {
  const [, bump, heading, text] = /^---\n['"][^'"\n]+['"]: (patch|minor|major)\n---\n+(\w+): (.+?)\n*$/s.exec(content) ?? [];
  if (!HEADINGS.includes(heading))
    throw new SetupError(`${FOLDER}/${file} must name one package with patch, minor or major, and begin with ${HEADINGS.join(': or ')}:`);
  return { bump, heading, text };
}

/** @returns {Changeset[]} the changesets since the last version */
export const listChangesets = () =>
  readdirSync(join(root, FOLDER))
    .filter((file) => file.endsWith('.md'))
    .map((file) => readChangeset(file, readFileSync(join(root, FOLDER, file), 'utf8')));

/**
 * Adds a version to the changelog. `day`: ISO 8601.
 * @param {string} changelog
 * @param {string} version
 * @param {string} day
 * @param {readonly Changeset[]} changesets
 */
export function addSection(changelog, version, day, changesets) {
  const parts = HEADINGS.flatMap((name) => {
    const items = changesets.filter(({ heading }) => heading === name).map(({ text }) => `- ${text.replaceAll('\n', '\n  ')}\n`);
    return items.length > 0 ? [`### ${name}\n\n${items.join('')}\n`] : [];
  });
  return changelog.replace(/^(?=## \[)/m, () => `## [${version}] - ${day}\n\n${parts.join('')}`);
}

/** Files that name the image of the current version. */
export const IMAGE_FILES = [
  'deploy/kubernetes/base/kustomization.yaml',
  'deploy/kubernetes/overlays/production/modules/Dockerfile',
  'docs/operating.md',
];

/**
 * Replaces the version of the image in one of these files.
 * @param {string} text
 * @param {string} version
 */
export const nameImage = (text, version) =>
  text.replace(new RegExp(`(${release.image}:|newTag: )\\d+\\.\\d+\\.\\d+\\b`, 'g'), `$1${version}`);

/** @param {string[]} command */
async function execute([program = '', ...args]) {
  say(`${program} ${args.join(' ')} ...`);
  const code = await run(program, args, { cwd: root, onLine: (/** @type {string} */ line) => say(line) });
  if (code !== 0) throw new SetupError(`${program} ended with ${code}. \`git checkout .\` undoes what was changed.`);
}

if (isStarted(import.meta.url))
  await main(async () => {
    const changesets = listChangesets();
    if (changesets.length === 0) throw new SetupError('There are no changesets, so there is nothing to release.');
    // Needs Node 22.11.
    await execute(['npm', 'exec', '--no', 'changeset', 'version']);
    const { version } = JSON.parse(readFileSync(join(root, 'libs/crm-client/package.json'), 'utf8'));
    await execute(['npm', 'pkg', 'set', `version=${version}`]);
    await execute(['npm', 'install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund']);
    const file = join(root, 'CHANGELOG.md');
    writeFileSync(file, addSection(readFileSync(file, 'utf8'), version, new Date().toISOString().slice(0, 10), changesets));
    for (const name of IMAGE_FILES) writeFileSync(join(root, name), nameImage(readFileSync(join(root, name), 'utf8'), version));
    await execute(['npm', 'run', 'generate:openapi']);
    await execute(['npm', 'exec', '--no', 'oxfmt', 'CHANGELOG.md', 'package.json']);
    say(`${version} is ready. CONTRIBUTING.md, "Releasing", has the next steps.`);
    return 0;
  });
