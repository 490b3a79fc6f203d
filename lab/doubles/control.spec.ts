import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { ask } from '../../libs/testing/double/ask.js';
import { LAUNCHES } from './launches.js';

/** The calls of the control in the table of a double's README, each with its example of a body. */
function readTable(code: string): [method: string, path: string, body: object | undefined][] {
  const text = readFileSync(new URL(`./${code}/README.md`, import.meta.url), 'utf8');
  return text.split('\n').flatMap((row) => {
    const [, method = '', first = '', second = ''] = /^\| `(GET|POST) (\/control[^|]*)\|(.*)\|$/.exec(row) ?? [];
    const paths = [...first.matchAll(/\/[\w/-]+/g)].map(([path]) => (path.startsWith('/control') ? path : `/control${path}`));
    const bodies = [...second.matchAll(/`(\{.*?\})`/g)].flatMap(([, body = '']) => (method === 'GET' ? [] : (JSON.parse(body) as object)));
    return paths.map((path, index): [string, string, object | undefined] => [method, path, bodies[index] ?? bodies[0]]);
  });
}

describe.each(Object.keys(LAUNCHES).filter((code) => code !== 'asterisk'))('the control of %s', (code) => {
  it('knows every path of its README, and takes its examples', async () => {
    const double = await LAUNCHES[code]?.start({ every: 0 });
    try {
      const calls = readTable(code);
      for (const [method, path, body] of calls) {
        const { status, text } = await ask(method, `${double?.url}${path}`, body);
        // The state may not allow an example: 409, or 404 for an id that is not there.
        expect([method, path, status === 400 || text.includes('Route') ? text : 'taken']).toEqual([method, path, 'taken']);
      }
      // `fake-gateway`, `fake-pbx` and `telegram` name theirs in a sentence.
      if (!['fake-gateway', 'fake-pbx', 'telegram'].includes(code)) expect(calls).not.toEqual([]);
    } finally {
      await double?.close();
    }
  });
});
