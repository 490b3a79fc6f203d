import { expect, it } from '@jest/globals';
import { findOperator, parseOperatorTokens } from '#platform';
import { makeOperatorToken } from './operator-token.mjs';

it('a token that is made is that of its entry', () => {
  const { token, entry } = makeOperatorToken('ana', 'view');
  const { tokens, problem } = parseOperatorTokens(entry);
  expect(problem).toBeUndefined();
  expect(findOperator(tokens, token)).toMatchObject({ name: 'ana', may: 'view' });
  const limited = parseOperatorTokens(makeOperatorToken('ana', 'act+export', 'courier, cdek').entry);
  expect(limited.tokens).toEqual([expect.objectContaining({ may: 'act+export', modules: ['courier', 'cdek'] })]);
  expect(() => makeOperatorToken('ana', 'act', 'courier,')).toThrow('--modules');
  expect(token.length).toBeGreaterThan(40);
  for (const [name, may] of [
    ['a:b', 'act'],
    ['ana', 'rule'],
    ['', 'view'],
  ] as const)
    expect(() => makeOperatorToken(name, may)).toThrow('--');
});
