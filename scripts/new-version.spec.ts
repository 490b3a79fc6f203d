import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { addSection, IMAGE_FILES, listChangesets, nameImage, readChangeset } from './new-version.mjs';
import { root } from './project.mjs';

const write = (text: string, bump = 'minor') => `---\n'@crossdock/crm-client': ${bump}\n---\n\n${text}\n`;

describe('npm run new:version', () => {
  it('turns changesets into a section of the changelog, in the order of its headings', () => {
    const changesets = ['Fixed: A race.', 'Added: A setting,\nwith a default.', 'Fixed: A typing error.'].map((text) =>
      readChangeset('one.md', write(text)),
    );
    expect(addSection('# Changelog\n\n## [0.2.0] - 2026-12-01\n\n- $1\n', '0.3.0', '2027-01-02', changesets)).toBe(
      '# Changelog\n\n## [0.3.0] - 2027-01-02\n\n### Added\n\n- A setting,\n  with a default.\n\n### Fixed\n\n- A race.\n- A typing error.\n\n' +
        '## [0.2.0] - 2026-12-01\n\n- $1\n',
    );
  });

  it.each([write('A setting.'), write('New: A setting.'), write('Added: A setting.', 'huge'), 'Added: A setting.'])(
    'refuses the changeset %j with advice',
    (content) => {
      expect(() => readChangeset('one.md', content)).toThrow('.changeset/one.md must name one package with patch, minor or major');
    },
  );

  it.each(IMAGE_FILES)('names the new image in %s', (file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(nameImage(text, '9.8.7')).toContain('9.8.7');
    expect(nameImage(nameImage(text, '9.8.7'), version)).toBe(text);
  });

  it('can read all changesets', () => {
    expect(listChangesets()).toBeInstanceOf(Array);
  });
});
