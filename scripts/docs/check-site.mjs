/** Checks the built site: links lead to pages and headings, and nothing is loaded from other hosts. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';

/** Ways to load something from another host, by the ending of the file. */
const LOADS = /** @type {const} */ ([
  [/\.html$/, /<(?:img|script|iframe|source|video|audio|object|embed|use)\b[^>]*\s(?:src|srcset|data|href)="((?:https?:)?\/\/[^"]*)"/g],
  [/\.html$/, /<link\b(?![^>]*rel="(?:canonical|alternate)")[^>]*\shref="((?:https?:)?\/\/[^"]*)"/g],
  [/\.(html|css)$/, /(?:url\(\s*["']?|@import\s+["'])((?:https?:)?\/\/[^"')]*)/g],
  [/\.js$/, /(?:\bfetch|\bimport|importScripts|EventSource|WebSocket|Worker)\(\s*["'`]((?:https?:|wss?:)?\/\/[^"'`]*)/g],
  [/\.js$/, /\.(?:src|srcset)\s*=\s*["'`]((?:https?:)?\/\/[^"'`]*)/g],
]);

/**
 * Finds URLs of other hosts that a file loads.
 * @param {string} name of the file
 * @param {string} text
 * @returns {string[]}
 */
export const findForeign = (name, text) =>
  LOADS.flatMap(([ending, pattern]) => (ending.test(name) ? [...text.matchAll(pattern)].map(([, url = '']) => url) : []));

/**
 * Returns what is wrong, a line for each problem.
 * @param {string} folder of the built site
 * @param {string} base the site's path, such as `/`
 * @returns {string[]}
 */
export function checkSite(folder, base) {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(html|css|js)$/.test(name));
  const texts = new Map(files.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
  const anchors = new Map(
    [...texts].map(([name, text]) => [name, new Set([...text.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => decode(id)))]),
  );
  return [...texts].flatMap(([name, text]) => [
    ...findForeign(name, text).map((url) => `${name} loads ${url}`),
    ...(name.endsWith('.html') && name !== '404.html' ? findDead(name, text) : []),
  ]);

  /**
   * @param {string} page
   * @param {string} text
   */
  function findDead(page, text) {
    const targets = new Set([...text.matchAll(/<a\b[^>]*\shref="([^"]+)"/g)].map(([, href = '']) => decode(href)));
    return [...targets]
      .filter((target) => !/^([a-z]+:|\/\/)/.test(target) && !leads(page, target))
      .map((target) => `${page} links to ${target}`);
  }

  /**
   * Whether a link leads to a page and its heading.
   * @param {string} page
   * @param {string} target
   */
  function leads(page, target) {
    const [path = '', anchor = ''] = target.split('#');
    const absolute = path.startsWith('/') ? path.slice(base.length) : posix.join(posix.dirname(page), path);
    const file = path === '' ? page : absolute === '' || absolute.endsWith('/') ? `${absolute}index.html` : absolute;
    const html = [file, `${file}.html`].find((name) => anchors.has(name));
    return html === undefined ? existsSync(join(folder, file)) && file !== '' : anchor === '' || anchors.get(html)?.has(anchor);
  }
}

/** @param {string} [text] */
const decode = (text = '') => decodeURIComponent(text.replace(/&amp;/g, '&'));
