import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { splitOverPieces } from './pieces.js';

describe('an item’s sum over its pieces', () => {
  it('is one line if it divides evenly, otherwise a second line has a minor unit more', () => {
    expect(splitOverPieces(3_000, 3)).toEqual([{ each: 1_000, pieces: 3 }]);
    expect(splitOverPieces(10_001, 3)).toEqual([
      { each: 3_334, pieces: 2 },
      { each: 3_333, pieces: 1 },
    ]);
    expect(splitOverPieces(0, 2)).toEqual([{ each: 0, pieces: 2 }]);
  });

  it('adds up to it, piece for piece', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000 }), fc.integer({ min: 1, max: 200 }), (sum, pieces) => {
        const parts = splitOverPieces(sum, pieces);
        expect(parts.reduce((all, part) => all + part.each * part.pieces, 0)).toBe(sum);
        expect(parts.reduce((all, part) => all + part.pieces, 0)).toBe(pieces);
      }),
    );
  });
});
