import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { MAX_LIMITED, RateLimit, toNetwork } from './rate-limit.js';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('a limit of requests', () => {
  it('is counted by key, until its window ends', () => {
    const limit = new RateLimit(2, 60);
    expect(['a', 'a', 'a', 'b', 'a'].map((key) => limit.take(key))).toEqual([true, true, false, true, false]);
    jest.advanceTimersByTime(59_000);
    expect(limit.take('a')).toBe(false);
    jest.advanceTimersByTime(1_001);
    expect(limit.take('a')).toBe(true);
  });

  it('takes a bounded memory, however many keys it counts', () => {
    const limit = new RateLimit(2, 60);
    for (let at = 0; at < 3 * MAX_LIMITED; at++) limit.take(`key ${at}`);
    expect(limit.size).toBe(MAX_LIMITED);
  });

  it('may be by the network of an address', () => {
    expect(toNetwork('::ffff:203.0.113.7')).toBe('203.0.113.7');
    expect(toNetwork('2001:db8:1:2::1')).toBe(toNetwork('2001:db8:1:2:ffff::2'));
    expect(toNetwork('2001:db8:1:2::1')).not.toBe(toNetwork('2001:db8:1:3::1'));
  });
});
