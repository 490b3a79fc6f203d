import { describe, expect, it } from '@jest/globals';
import { sha256Hex } from '../crypto/crypto.js';
import { allows, findOperator, parseOperatorTokens } from './operator-tokens.js';

const hash = sha256Hex;

describe('tokens of operators', () => {
  it('are read with names and rights, several of one name too', () => {
    const text = `ana:act:${hash('a1')}, ana:act:${hash('a2').toUpperCase()},\n bob.b@x-y:view:${hash('b')}\n\n`;
    const { tokens, problem } = parseOperatorTokens(text);
    expect(problem).toBeUndefined();
    expect(tokens).toEqual([
      { name: 'ana', may: 'act', hash: hash('a1') },
      { name: 'ana', may: 'act', hash: hash('a2') },
      { name: 'bob.b@x-y', may: 'view', hash: hash('b') },
    ]);
    for (const [token, name] of [
      ['a1', 'ana'],
      ['a2', 'ana'],
      ['b', 'bob.b@x-y'],
    ] as const)
      expect(findOperator(tokens, token)?.name).toBe(name);
    for (const wrong of ['', 'a', hash('a1'), 'A1']) expect(findOperator(tokens, wrong)).toBeUndefined();
  });

  it('may have the right to export, and be limited to modules', () => {
    const text = `a:export:${hash('1')},b:act+export:${hash('2')},c:export+act@courier+my-cdek:${hash('3')},d:view@courier:${hash('4')}`;
    expect(parseOperatorTokens(text).tokens.map(({ hash: _, ...operator }) => operator)).toEqual([
      { name: 'a', may: 'export' },
      { name: 'b', may: 'act+export' },
      { name: 'c', may: 'act+export', modules: ['courier', 'my-cdek'] },
      { name: 'd', may: 'view', modules: ['courier'] },
    ]);
  });

  it('allow only their right: act does not export', () => {
    const granted = (['view', 'act', 'export', 'act+export'] as const).map((may) =>
      (['view', 'act', 'export'] as const).filter((right) => allows(may, right)),
    );
    expect(granted).toEqual([['view'], ['view', 'act'], ['view', 'export'], ['view', 'act', 'export']]);
  });

  it.each([
    [`ana:act@:${hash('a')}`, 'entry 1 (ana) must name modules'],
    [`ana:act@courier@cdek:${hash('a')}`, 'entry 1 (ana) must name modules'],
    [`ana:act@Courier:${hash('a')}`, 'entry 1 (ana) must name modules'],
    [`ana:view+act:${hash('a')}`, 'entry 1 (ana) must have view, act, export or act+export'],
    ['hunter2', 'entry 1 must be name:view:sha256'],
    ['ana:hunter2', 'entry 1 (ana) must have view, act, export or act+export'],
    [`ana:act:${hash('a')},bob:view:hunter2`, 'entry 2 (bob) must end in the SHA-256'],
    [`ana:act:${hash('a')}:hunter2`, 'entry 1 must be name:view:sha256'],
    [`hunter2 !:act:${hash('a')}`, 'entry 1 must begin with a name'],
    [`ana:act:${hash('a')},,bob:view:${hash('a')}`, 'entry 3 (bob) has the same token as another entry'],
  ])('that are wrong are reported by their place, without their contents: %s', (text, problem) => {
    const found = parseOperatorTokens(text).problem ?? '';
    expect(found).toContain(problem);
    expect(found).not.toContain('hunter2');
    expect(found).not.toContain(hash('a'));
  });
});
