import { describe, expect, it } from '@jest/globals';
import { findForeign } from './check-site.mjs';
import { rewriteLinks } from './links.mjs';

const pages = new Map([
  ['docs/operating.md', 'operating.md'],
  ['docs/adr/README.md', 'adr/index.md'],
  ['README.md', 'run.md'],
  ['libs/providers/cdek/README.md', 'providers/cdek.md'],
]);
const rewrite = (text: string, file: string) => rewriteLinks(text, file, pages, 'https://github.com/acme/shop');

describe('links of the site', () => {
  it('lead to the page of a file, also of a folder', () => {
    expect(rewrite('[a](docs/operating.md#memory) [b](docs/adr)', 'README.md')).toBe('[a](./operating.md#memory) [b](./adr/index.md)');
    expect(rewrite('[a](../../../docs/operating.md)', 'libs/providers/cdek/README.md')).toBe('[a](../operating.md)');
  });

  it('lead to the repository if the site lacks the file', () => {
    expect(rewrite('[a](../package.json) [b](../libs#x)', 'docs/operating.md')).toBe(
      '[a](https://github.com/acme/shop/blob/main/package.json) [b](https://github.com/acme/shop/tree/main/libs#x)',
    );
  });

  it('stay if they are complete, on the same page, or in a block of code', () => {
    const text = '[a](https://example.com) [b](#here)\n\n```\n[c](docs/operating.md)\n```\n';
    expect(rewrite(text, 'README.md')).toBe(text);
  });
});

describe('foreign URLs', () => {
  it.each([
    ['a.html', '<img alt="" src="https://cdn.example/a.png">'],
    ['a.html', '<link rel="stylesheet" href="//fonts.example/css">'],
    ['a.css', '@font-face { src: url(https://fonts.example/a.woff2) }'],
    ['a.js', 'fetch(`https://api.example/x`)'],
    ['a.js', 'const s=document.createElement("script");s.src="https://cdn.example/a.js"'],
  ])('are found in %s', (name, text) => expect(findForeign(name, text)).toHaveLength(1));

  it.each([
    ['a.html', '<a href="https://example.com">a link</a><link rel="stylesheet" href="/assets/a.css">'],
    ['a.js', 'const help="see https://vuejs.org/errors"'],
  ])('are not links and words in %s', (name, text) => expect(findForeign(name, text)).toEqual([]));
});
