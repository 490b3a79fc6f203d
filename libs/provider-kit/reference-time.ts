const DAY_MS = 24 * 3_600_000;
/** Maximum difference between our clock and that of a service. */
const CLOCKS_MS = 10 * 60_000;

/**
 * Returns the earliest time at which something with our reference can have been made at a service: a version
 * 7 UUID starts with the time at which it was made. For any other reference a day ago.
 */
export function estimateStart(reference: string, now: Date): Date {
  const isTimed = /^[0-9a-f]{8}-[0-9a-f]{4}-7/.test(reference);
  const made = isTimed ? Number.parseInt(reference.slice(0, 13).replace('-', ''), 16) : now.getTime() - DAY_MS;
  return new Date(made - CLOCKS_MS);
}
