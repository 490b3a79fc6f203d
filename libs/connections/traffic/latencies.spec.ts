import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findBucket, LATENCY_BUCKETS, readQuantile } from './latencies.js';

const count = (latencies: readonly number[]): number[] => {
  const counts = new Array<number>(LATENCY_BUCKETS).fill(0);
  for (const ms of latencies) counts[findBucket(ms)]!++;
  return counts;
};

describe('latencies that are counted by bucket', () => {
  it('have quantiles within their bucket of the true ones', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1, max: 30_000, noNaN: true }), { minLength: 1 }),
        fc.constantFrom(0.5, 0.95, 1),
        (latencies, quantile) => {
          const sorted = [...latencies].sort((left, right) => left - right);
          const exact = sorted[Math.ceil(quantile * sorted.length) - 1] ?? NaN;
          const read = readQuantile(count(latencies), quantile) ?? NaN;
          expect(read / exact).toBeGreaterThan(0.7);
          expect(read / exact).toBeLessThan(1.42);
        },
      ),
    );
  });

  it('are missing without values, and fit all values', () => {
    expect(readQuantile(count([]), 0.5)).toBeUndefined();
    expect(count([0, 0.2, 1])[0]).toBe(3);
    expect(count([1e9]).at(-1)).toBe(1);
  });
});
