import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { judgeTry, TRIES, UnreadableEventError } from './tries.js';

describe('an event that cannot be applied', () => {
  it.each([
    [0, 'pending', 2],
    [1, 'pending', 4],
    [7, 'pending', 256],
    [8, 'pending', 512],
    [9, 'pending', 600],
    [10, 'pending', 600],
    [11, 'failed', 600],
    [12, 'pending', 2],
    [23, 'failed', 600],
  ])('after %s earlier attempts is %s, with a retry after %s s', (before, state, pauseS) => {
    expect(judgeTry(before)).toEqual({ state, pauseS });
  });

  it('fails immediately if it is unreadable', () => {
    expect(judgeTry(0, new UnreadableEventError('no update'))).toMatchObject({ state: 'failed' });
    expect(judgeTry(0, new Error('away'))).toMatchObject({ state: 'pending' });
  });

  it('fails once in twelve attempts after any number of replays, with growing pauses between them', () => {
    fc.assert(
      fc.property(fc.nat(1_000), (before) => {
        const next = Array.from({ length: TRIES }, (_, n) => judgeTry(before + n));
        expect(next.filter(({ state }) => state === 'failed')).toHaveLength(1);
        if (judgeTry(before).state === 'pending') expect(judgeTry(before + 1).pauseS).toBeGreaterThanOrEqual(judgeTry(before).pauseS);
      }),
    );
  });
});
