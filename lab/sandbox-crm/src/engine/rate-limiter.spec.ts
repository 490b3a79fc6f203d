import { describe, expect, it } from '@jest/globals';
import { RateLimiter } from './rate-limiter.js';

describe('the limit of the API', () => {
  const at = (time: number, since = time): { at: number; since: number } => ({ at: time, since });

  it('takes so many calls of a name within a second, and none more', () => {
    const limiter = new RateLimiter();
    expect([0, 1, 2].map((time) => limiter.take('ordinary', 2, at(time)))).toEqual([true, true, false]);
    expect(limiter.take('telephony', 2, at(2))).toBe(true);
    expect([899, 900, 901, 902].map((time) => limiter.take('ordinary', 2, at(time)))).toEqual([false, true, true, false]);
  });

  it('does not count a call that it refused, nor against a caller what may have come earlier', () => {
    const limiter = new RateLimiter();
    expect([limiter.take('a', 1, at(0)), limiter.take('a', 1, at(899)), limiter.take('a', 1, at(900))]).toEqual([true, false, true]);
    expect(limiter.take('b', 1, at(1_000, 200))).toBe(true);
    expect(limiter.take('b', 1, at(1_100))).toBe(true);
  });
});
