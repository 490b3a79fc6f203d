import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { computeDammDigit, isTrackNumber, buildTrackNumber } from './track-number.js';

const numbers = fc.integer({ min: 1, max: 10_000_000_000 });
const prefixes = fc.stringMatching(/^[A-Z]{1,4}$/);

describe('track numbers', () => {
  it('carry the Damm digit', () => {
    // The example in Damm's own description.
    expect(computeDammDigit('572')).toBe(4);
    expect(computeDammDigit('5724')).toBe(0);
    expect(buildTrackNumber('CD', 1)).toBe('CD0000000013');
    expect(isTrackNumber('CD0000000013')).toBe(true);
  });

  it.each(['', 'CD', 'CD0000000012', '0000000013', 'cd0000000013', 'CD00000013', 'CD 0000000013', 'CD0000000013\n', 'ABCDE0000000013'])(
    'refuse %j',
    (text) => {
      expect(isTrackNumber(text)).toBe(false);
    },
  );

  it('are recognised, whatever number and prefix', () => {
    fc.assert(fc.property(prefixes, numbers, (prefix, number) => isTrackNumber(buildTrackNumber(prefix, number))));
  });

  it('are all different', () => {
    fc.assert(fc.property(numbers, numbers, (a, b) => (buildTrackNumber('CD', a) === buildTrackNumber('CD', b)) === (a === b)));
  });

  it('show every wrong digit', () => {
    fc.assert(
      fc.property(numbers, fc.nat(), fc.integer({ min: 1, max: 9 }), (number, place, shift) => {
        const good = buildTrackNumber('CD', number);
        const at = 2 + (place % (good.length - 2));
        const wrong = (Number(good[at]) + shift) % 10;
        return !isTrackNumber(`${good.slice(0, at)}${wrong}${good.slice(at + 1)}`);
      }),
    );
  });

  it('show every swap of neighbours', () => {
    fc.assert(
      fc.property(numbers, fc.nat(), (number, place) => {
        const good = buildTrackNumber('CD', number);
        const at = 2 + (place % (good.length - 3));
        const [a, b] = [good.charAt(at), good.charAt(at + 1)];
        return a === b || !isTrackNumber(`${good.slice(0, at)}${b}${a}${good.slice(at + 2)}`);
      }),
    );
  });
});
