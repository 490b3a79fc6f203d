import type { Arrival } from './arrival-clock.js';

/**
 * Calls a second that the API takes, [platform.md]: ordinary methods and telephony methods, counted apart.
 */
export interface RateLimits {
  readonly ordinary: number;
  readonly telephony: number;
}

/** A second less a tenth: different clocks and networks must not fail a caller within the limit. */
const WINDOW = 900;

/** Counts the calls of the last moment by name, in memory. */
export class RateLimiter {
  private readonly calls = new Map<string, Arrival[]>();

  /** Counts a call; false, uncounted, when `limit` calls were certainly within the window. */
  take(name: string, limit: number, arrival: Arrival): boolean {
    const recent = (this.calls.get(name) ?? []).filter((one) => arrival.at - one.since < WINDOW);
    const free = recent.length < limit;
    if (free) recent.push(arrival);
    this.calls.set(name, recent);
    return free;
  }
}
