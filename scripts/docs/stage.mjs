/** Copies the pages of the repository to the site's sources, with links that work there. */
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../project.mjs';
import { rewriteLinks } from './links.mjs';

/** The site's sources and its built pages. Not in git. */
export const sourceFolder = join(root, '.site/pages');
export const siteFolder = join(root, '.site/html');

/** The names of a release: `repository` is its URL. */
export const release = JSON.parse(readFileSync(join(root, 'release.json'), 'utf8'));

/** Pages outside docs, and their places on the site. */
const OTHERS = /** @type {const} */ ([
  ['README.md', 'run.md'],
  ['CONTRIBUTING.md', 'contributing.md'],
  ['SECURITY.md', 'security.md'],
  ['CHANGELOG.md', 'changelog.md'],
  ['lab/README.md', 'lab/index.md'],
  ['lab/sandbox-crm/README.md', 'lab/sandbox-crm.md'],
  ['libs/crm-client/README.md', 'packages/crm-client.md'],
  ['libs/provider-kit/README.md', 'packages/kit-inside.md'],
  ['libs/providers/README.md', 'providers/index.md'],
]);

/** Lists the pages by their path in the repository. */
export function listPages() {
  const readmes = (/** @type {string} */ folder, /** @type {string} */ place) =>
    readdirSync(join(root, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && readdirSync(join(root, folder, entry.name)).includes('README.md'))
      .map(({ name }) => /** @type {const} */ ([`${folder}/${name}/README.md`, `${place}/${name}.md`]));
  const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => /** @type {const} */ ([`docs/${name}`, name.replace(/README\.md$/, 'index.md')]));
  return new Map([
    ...docs,
    ...OTHERS,
    ...readmes('libs/providers', 'providers'),
    ...readmes('libs/built-in', 'providers'),
    ...readmes('packages', 'packages'),
  ]);
}

/** Writes the pages. */
export function stagePages() {
  const pages = listPages();
  const targets = new Map([
    ...pages,
    ['docs/openapi/api.json', 'reference/api/index.md'],
    ['docs/openapi/callbacks.json', 'reference/callbacks/index.md'],
    ...readdirSync(join(root, 'docs/pictures')).map((name) => /** @type {const} */ ([`docs/pictures/${name}`, `pictures/${name}`])),
  ]);
  for (const [file, page] of pages) {
    const text = rewriteLinks(readFileSync(join(root, file), 'utf8'), file, targets, release.repository);
    writePage(page, page === 'index.md' ? HOME + text.replace(/^# .*/, '') : text);
  }
  cpSync(join(root, 'docs/pictures'), join(sourceFolder, 'pictures'), { recursive: true });
}

/**
 * Writes a page of the site.
 * @param {string} page its path, such as `adr/index.md`
 * @param {string} text Markdown
 */
export function writePage(page, text) {
  const file = join(sourceFolder, page);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** The head of the first page. */
const HOME = `---
layout: home
hero:
  name: Crossdock
  text: Marketplace modules for RetailCRM and Simla
  tagline: Nothing is lost, and nothing is done twice. A new carrier is one folder.
  actions:
    - { text: Run it, link: /run, theme: brand }
    - { text: Set up a module, link: /modules/, theme: alt }
    - { text: Add a provider, link: /adding-a-provider, theme: alt }
---
`;
