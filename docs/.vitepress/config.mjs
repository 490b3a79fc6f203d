import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitepress';
import { toAnchor } from '../../scripts/docs/links.mjs';
import { listSidebar } from '../../scripts/docs/sidebar.mjs';

const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
const { repository } = read('../../release.json');

/** The words of the frame of a page, and the sidebar of its language. */
function describeLocale(language, label) {
  const words = read(`../../scripts/docs/texts/${language}.json`);
  const base = language === 'en' ? '/' : `/${language}/`;
  return {
    label,
    lang: language,
    link: base,
    themeConfig: {
      sidebar: listSidebar(language),
      outline: { level: [2, 3], label: words.onThisPage },
      docFooter: { prev: words.previous, next: words.next },
      sidebarMenuLabel: words.menu,
      returnToTopLabel: words.toTop,
      darkModeSwitchLabel: words.theme,
      langMenuLabel: words.language,
    },
  };
}

const searchWords = (language) => {
  const { search, noResults } = read(`../../scripts/docs/texts/${language}.json`);
  return { translations: { button: { buttonText: search, buttonAriaLabel: search }, modal: { noResultsText: noResults } } };
};

/** The site. `npm run docs` writes its sources, because pages come from the whole repository. */
export default defineConfig({
  title: 'Crossdock',
  description: 'The backend of marketplace modules for RetailCRM and Simla',
  base: process.env.DOCS_BASE ?? '/',
  // Without it a browser asks for /favicon.ico.
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  srcDir: '../.site/pages',
  outDir: '../.site/html',
  cacheDir: '../node_modules/.cache/vitepress',
  cleanUrls: true,
  locales: { root: describeLocale('en', 'English'), es: describeLocale('es', 'Español'), ru: describeLocale('ru', 'Русский') },
  markdown: { anchor: { slugify: toAnchor }, theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' } },
  themeConfig: {
    // Only the pages of modules are in every language, and link to each other.
    i18nRouting: false,
    search: { provider: 'local', options: { locales: { es: searchWords('es'), ru: searchWords('ru') } } },
    socialLinks: [{ icon: 'github', link: repository }],
  },
});
