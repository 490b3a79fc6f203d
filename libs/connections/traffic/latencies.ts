/** Bounds grow by the square root of 2, starting at 1 ms, so a value read from them is at most 20 % off. */
const STEPS_PER_DOUBLING = 2;
/** The last bucket, from 32 s on, has no upper bound. */
export const LATENCY_BUCKETS = 32;

/** Finds the bucket of a latency in milliseconds. */
export function findBucket(ms: number): number {
  return ms <= 1 ? 0 : Math.min(Math.ceil(STEPS_PER_DOUBLING * Math.log2(ms)), LATENCY_BUCKETS - 1);
}

/**
 * Reads a quantile, such as 0.95, from latencies counted by bucket, in milliseconds. Undefined
 * without any counts. Assumes that values are spread evenly within a bucket.
 */
export function readQuantile(counts: readonly number[], quantile: number): number | undefined {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  let below = 0;
  for (const [bucket, count] of counts.entries()) {
    if (count > 0 && below + count >= quantile * total) {
      const to = boundOf(bucket);
      // The first bucket counts as one millisecond.
      const from = bucket === 0 ? to : boundOf(bucket - 1);
      return from + (to - from) * ((quantile * total - below) / count);
    }
    below += count;
  }
  return boundOf(counts.length - 1);
}

/** Returns the upper bound of a bucket in milliseconds. */
function boundOf(bucket: number): number {
  return 2 ** (bucket / STEPS_PER_DOUBLING);
}
