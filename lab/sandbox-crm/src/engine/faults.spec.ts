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

  it('strike only calls that hold a text', () => {
    const faults = new Faults();
    faults.add({ kind: 'error-before', path: '*tracking', holding: '"D1"' });
    expect(faults.strike('/x/tracking', 'statusUpdate=[{"deliveryId":"D10"}]')).toBeUndefined();
    expect(faults.strike('/x/tracking', 'statusUpdate=[{"deliveryId":"D1"}]')?.kind).toBe('error-before');
  });

  it('that keep a call waiting let it go when they are switched off', async () => {
    const faults = new Faults();
    const { id } = faults.add({ kind: 'hang', times: 1 });
    const struck = faults.strike('/x');
    expect([struck?.id, faults.strike('/x')]).toEqual([id, undefined]);
    const answered = struck && faults.waitForEnd(struck).then(() => 'answered');
    expect(faults.remove(id)).toBe(true);
    expect(await answered).toBe('answered');
  });
});

describe('the rate limiter', () => {
  it('lets so many through in a moment, by name', () => {
    const limiter = new RateLimiter();
    const take = (name: string, at: number, since = at): boolean => limiter.take(name, 2, { since, at });
    expect([1, 2, 3].map(() => take('a', 0))).toEqual([true, true, false]);
    expect(take('b', 0)).toBe(true);
    expect(take('a', 899)).toBe(false);
    expect(take('a', 900)).toBe(true);
  });

  it('gives calls that were read late the benefit of the doubt', () => {
    const limiter = new RateLimiter();
    const late = { since: 0, at: 1000 };
    expect([late, late, late].map((arrival) => limiter.take('a', 2, arrival))).toEqual([true, true, true]);
  });
});
