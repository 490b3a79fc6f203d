import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { BLAMED_AFTER, judge, type Rejection } from './rejection.js';

const first: Rejection = { passing: false, rejections: 0, seconds: 0, passedSince: false, others: 0 };
const rejections = fc.record<Rejection>({
  passing: fc.boolean(),
  rejections: fc.nat(20),
  seconds: fc.nat(2000),
  passedSince: fc.boolean(),
  others: fc.nat(10),
});

describe('what follows from the refusal of', () => {
  it.each([
    ['a row for the first time', {}, 'wait'],
    ['a row for the first time, others of its batch passing', { passing: true, passedSince: true }, 'wait'],
    ['a second row, with nothing passed since the first', { others: 1 }, 'pause'],
    ['a second row of a batch of which something passes', { passing: true, others: 1 }, 'wait'],
    ['many rows in succession, though something passed before', { passing: true, others: 4 }, 'pause'],
    ['a row that was refused before, and another call has passed since', { rejections: 1, passedSince: true }, 'set-aside'],
    ['a row for the fifth time after ten minutes', { rejections: 4, seconds: 600 }, 'set-aside'],
    ['a row for the fourth time after an hour', { rejections: 3, seconds: 3600 }, 'wait'],
    ['a row for the ninth time within ten minutes', { rejections: 8, seconds: 599 }, 'wait'],
  ] as const)('%s', (_what, known, verdict) => {
    expect(judge({ ...first, ...known })).toBe(verdict);
  });

  it('a row is never blamed immediately, or before another call succeeded or the time has passed', () => {
    fc.assert(
      fc.property(rejections, (refusal) => {
        if (judge(refusal) !== 'set-aside') return;
        expect(refusal.rejections).toBeGreaterThan(0);
        if (!refusal.passedSince) {
          expect(refusal.rejections + 1).toBeGreaterThanOrEqual(BLAMED_AFTER.rejections);
          expect(refusal.seconds).toBeGreaterThanOrEqual(BLAMED_AFTER.seconds);
        }
      }),
    );
  });

  it('one row never pauses the lane: a poisoned row does not stop others', () => {
    fc.assert(fc.property(rejections, (refusal) => judge({ ...refusal, others: 0 }) !== 'pause'));
  });
});
