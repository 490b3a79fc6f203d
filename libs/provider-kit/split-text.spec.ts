import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { splitText } from './split-text.js';

describe('a text for several messages', () => {
  it.each([
    ['short', 'short', ['short']],
    ['a word that is cut', 'abcdefghijkl', ['abcdefghij', 'kl']],
    ['a blank in the second half', 'abcdef ghijkl', ['abcdef', 'ghijkl']],
    ['a line before a blank', 'abcdef\ngh ijkl', ['abcdef', 'gh ijkl']],
    ['a blank in the first half', 'ab cdefghijkl', ['ab cdefghi', 'jkl']],
    ['a blank right behind', 'abcdefghij kl', ['abcdefghij', 'kl']],
    ['an emoji across the border', 'abcdefghi😀kl', ['abcdefghi', '😀kl']],
    ['blanks only', ' '.repeat(25), []],
  ])('is split at %s', (_what, text, pieces) => {
    expect(splitText(text, 10)).toEqual(pieces);
  });

  it('loses nothing but blanks, and no piece is too long or has half a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', ' ', '\n', '😀', 'é') }), fc.integer({ min: 4, max: 12 }), (text, most) => {
        const pieces = splitText(text, most);
        expect(pieces.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
        for (const piece of pieces) expect([piece.length <= most, piece.isWellFormed()]).toEqual([true, true]);
      }),
    );
  });
});
