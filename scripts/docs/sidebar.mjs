/** The sidebar of the site, by reader. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sourceFolder } from './stage.mjs';

/** Short titles of pages whose heading does not fit a sidebar. */
const SHORT = /** @type {Record<string, string>} */ ({ 'run.md': 'Run it', 'changelog.md': 'Changes' });

/** Entry points of the kit, and the pages that TypeDoc writes for them. */
const KIT = /** @type {const} */ ([
  ['provider-kit', 'provider-kit/package'],
  ...['delivery', 'payment', 'telephony', 'inventory', 'recommendation', 'chat'].map((kind) => [
    `provider-kit/${kind === 'inventory' ? 'store' : kind}`,
    `integrations/${kind}/port`,
  ]),
]);

/**
 * Returns an entry with the first heading of the page as its text.
 * @param {string} page such as `adr/index.md`
 */
function link(page) {
  const [, heading = page] = /^# (.+)$/m.exec(readFileSync(join(sourceFolder, page), 'utf8')) ?? [];
  return { text: SHORT[page] ?? heading.replace(/[\\`]/g, ''), link: `/${page.replace(/(index)?\.md$/, '')}` };
}

/**
 * Returns entries for the pages of a folder, its index first.
 * @param {string} folder
 * @param {number} [cut] characters of the common start of headings
 */
function folder(folder, cut = 0) {
  const names = readdirSync(join(sourceFolder, folder)).filter((name) => name.endsWith('.md') && name !== 'index.md');
  const rest = names.map((name) => link(`${folder}/${name}`)).map((entry) => ({ ...entry, text: entry.text.slice(cut) }));
  return [link(`${folder}/index.md`), ...rest];
}

/**
 * Returns the sidebar of a language.
 * @param {string} language
 */
export function listSidebar(language) {
  const words = JSON.parse(readFileSync(new URL(`texts/${language}.json`, import.meta.url), 'utf8'));
  const base = language === 'en' ? '' : `${language}/`;
  const modules = { text: words.modules, items: folder(`${base}modules`) };
  if (language !== 'en') return [modules];
  const part = (/** @type {string} */ text, /** @type {object[]} */ items) => ({ text, items, collapsed: true });
  return [
    part(
      'Run it',
      ['run', 'operating', 'moving-in', 'versions', 'security', 'changelog'].map((name) => link(`${name}.md`)),
    ),
    part('Set up a module', [...modules.items, link('delivery-rules.md'), link('widgets.md')]),
    part('Add a provider', [
      ...[
        'adding-a-provider',
        'packages/create-crossdock-provider',
        'packages/provider-kit',
        'packages/provider-testing',
        'packages/kit-inside',
      ].map((name) => link(`${name}.md`)),
      part(
        'Types of the kit',
        KIT.map(([text, page]) => ({ text, link: `/reference/kit/${page}` })),
      ),
      part('Providers', folder('providers')),
      part('Contract of the CRM', folder('contract')),
      part('Try it', folder('lab')),
    ]),
    part('The API', [
      part('For operators', folder('reference/api', 'Crossdock API: '.length)),
      part('Callbacks', folder('reference/callbacks', 'Crossdock callbacks: '.length)),
      link('packages/crm-client.md'),
    ]),
    part('Decisions', [link('architecture.md'), link('contributing.md'), ...folder('adr')]),
  ];
}
