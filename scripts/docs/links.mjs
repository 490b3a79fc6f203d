/** Links of pages, rewritten from the repository's paths to the site's. */
import { statSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { root } from '../project.mjs';

/**
 * Returns the anchor of a heading, as GitHub makes it.
 * @param {string} heading
 */
export const toAnchor = (heading) =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');

/**
 * Rewrites the links of a page. Files that are not on the site become links to the repository.
 * @param {string} text Markdown
 * @param {string} file path of its source in the repository
 * @param {ReadonlyMap<string, string>} pages site paths by repository path
 * @param {string} repository its URL
 * @returns {string}
 */
export function rewriteLinks(text, file, pages, repository) {
  const own = pages.get(file) ?? file;
  return outsideCode(text, (prose) =>
    prose.replace(/\]\(([^)\s]+)\)/g, (link, target) => {
      if (/^([a-z]+:|#)/.test(target)) return link;
      const [path = '', anchor] = target.split('#');
      const found = posix.join(dirname(file), path).replace(/\/$/, '');
      const page = pages.get(found) ?? pages.get(posix.join(found, 'README.md'));
      const hash = anchor === undefined ? '' : `#${anchor}`;
      if (page) return `](${posix.relative(posix.dirname(own), page).replace(/^(?!\.)/, './')}${hash})`;
      const kind = statSync(join(root, found)).isDirectory() ? 'tree' : 'blob';
      return `](${repository}/${kind}/main/${found}${hash})`;
    }),
  );
}

/**
 * Changes the parts of a page outside blocks of code.
 * @param {string} text Markdown
 * @param {(prose: string) => string} change
 */
function outsideCode(text, change) {
  const parts = text.split(/(^ *```[\s\S]*?^ *```)/m);
  return parts.map((part, index) => (index % 2 === 1 ? part : change(part))).join('');
}
