import type { Arrival } from './arrival-clock.js';

/**
 * Calls per second that the API accepts, [platform.md]: ordinary and telephony methods are counted
 * separately.
 */
export interface RateLimits {
  readonly ordinary: number;
  readonly telephony: number;
}

/** Milliseconds: a second less a tenth, so that other clocks and networks do not fail a correct caller. */
const WINDOW = 900;

/** Counts recent calls by name, in memory. */
export class RateLimiter {
  private readonly calls = new Map<string, Arrival[]>();

  /** Counts a call. Returns false, without counting, if `limit` calls were certainly within the window. */
  take(name: string, limit: number, arrival: Arrival): boolean {
    const recent = (this.calls.get(name) ?? []).filter((one) => arrival.at - one.since < WINDOW);
    const free = recent.length < limit;
    if (free) recent.push(arrival);
    this.calls.set(name, recent);
    return free;
  }
}
