import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { sayProblem } from '#platform';
import { builtIn, listCodes } from './catalogue.js';

const SETTINGS = ['providers', 'built-in', 'integrations'].flatMap((folder) =>
  readdirSync(`libs/${folder}`, { recursive: true, encoding: 'utf8' })
    .filter((name) => /[.-]settings\.ts$/.test(name))
    .map((name) => `libs/${folder}/${name}`),
);
/** Other files with fields of the account page. */
const FILES = [...SETTINGS, 'libs/onboarding/connecting/instances.service.ts'];
/** A pattern without its own message. */
const WORDLESS = /@Matches\((?:\w+|\/.*\/\w*)(?:, \{ each: true \})?\)$/m;
const GENERAL = sayProblem('must be what no table has', 'ru');

describe('what is wrong with a setting', () => {
  it('is known of each provider', () => {
    expect(FILES.length).toBeGreaterThanOrEqual(listCodes(builtIn).length);
  });

  it.each(FILES)('is in the language of the account: %s', (file) => {
    const source = readFileSync(file, 'utf8');
    expect(WORDLESS.exec(source)?.[0]).toBeUndefined();
    const said = [...source.matchAll(/message: '([^']+)'/g)].map(([, message = '']) => message);
    expect(said.filter((message) => sayProblem(message, 'ru') === GENERAL)).toEqual([]);
  });
});
