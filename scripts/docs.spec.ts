import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { root } from './project.mjs';

// Links of a changeset are correct in CHANGELOG.md, where its text goes.
const skipped = new Set(['node_modules', 'dist', '.git', '.data', '.site', 'coverage', '.changeset']);

/** All files of the repository with one of these endings, relative to its root. */
function findFiles(endings: RegExp, folder = root): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : findFiles(endings, path);
    return endings.test(entry.name) ? [relative(root, path)] : [];
  });
}

const read = (file: string) => readFileSync(join(root, file), 'utf8');

/** A heading's anchor, as GitHub makes it. */
const toAnchor = (heading: string) =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');

const listAnchors = (file: string) => [...read(file).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => toAnchor(heading));

function findBrokenLinks(file: string): string[] {
  const text = read(file).replace(/```[\s\S]*?```/g, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => {
      const [path = '', anchor] = target.split('#');
      const found = path === '' ? file : join(dirname(file), path);
      if (!existsSync(join(root, found))) return true;
      return anchor !== undefined && !listAnchors(found).includes(anchor);
    });
}

/** Paths in backticks that begin in a folder of the repository. `x` stands for any name. */
function findBrokenPaths(file: string): string[] {
  return [...read(file).matchAll(/`((?:apps|libs|tools|scripts|docs|bench)\/[\w./-]+)`/g)]
    .map(([, path = '']) => path.replace(/\/+$/, ''))
    .filter((path) => !path.split(/[/.]/).includes('x') && !path.startsWith('docs/x'))
    .filter((path) => !existsSync(join(root, path)));
}

describe('the documentation', () => {
  const pages = findFiles(/\.md$/);

  it.each(pages)('%s leads nowhere that is not there', (file) => {
    expect([...findBrokenLinks(file), ...findBrokenPaths(file)]).toEqual([]);
  });

  it('is what comments point to', () => {
    const broken = findFiles(/\.(ts|mjs|cjs|yml)$/).flatMap((file) =>
      [...read(file).matchAll(/\bdocs\/[\w./-]+\.md\b/g)]
        .filter(([page]) => !existsSync(join(root, page)))
        .map(([page]) => `${file}: ${page}`),
    );
    expect(broken).toEqual([]);
  });

  it('has every decision record in its index', () => {
    const records = readdirSync(join(root, 'docs/adr')).filter((name) => /^\d{4}-/.test(name));
    expect(records.filter((name) => !read('docs/adr/README.md').includes(`(${name})`))).toEqual([]);
    for (const name of records)
      expect([name, ...[...read(`docs/adr/${name}`).matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)]).toEqual([
        name,
        'Context',
        'Decision',
        'Consequences',
      ]);
  });
});
