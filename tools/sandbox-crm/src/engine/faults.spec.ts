import { describe, expect, it } from '@jest/globals';
import { Faults } from './faults.js';
import { RateLimiter } from './rate-limiter.js';

describe('faults', () => {
  it('strike so often, on the paths that fit, by chance', () => {
    let chance = 0.4;
    const faults = new Faults(() => chance);
    faults.add({ kind: '503', path: '/api/v5/orders*', times: 2 });
    faults.add({ kind: 'drop', share: 0.5 });
    expect(faults.strike('/api/v5/orders/1')?.kind).toBe('503');
    expect(faults.strike('/api/v5/users')?.kind).toBe('drop');
    expect(faults.strike('/api/v5/orders')?.kind).toBe('503');
    expect(faults.strike('/api/v5/orders')?.kind).toBe('drop');
    chance = 0.6;
    expect(faults.strike('/api/v5/orders')).toBeUndefined();
    expect(faults.remove()).toBe(true);
    expect(faults.list()).toEqual([]);
  });
});

describe('the rate limiter', () => {
  it('lets so many through in a moment, by name', () => {
    let now = 0;
    const limiter = new RateLimiter(() => now);
    expect([1, 2, 3].map(() => limiter.take('a', 2))).toEqual([true, true, false]);
    expect(limiter.take('b', 2)).toBe(true);
    now = 899;
    expect(limiter.take('a', 2)).toBe(false);
    now = 900;
    expect(limiter.take('a', 2)).toBe(true);
  });
});
