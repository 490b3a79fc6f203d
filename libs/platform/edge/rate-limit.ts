import ipaddr from 'ipaddr.js';
import { LRUCache } from 'lru-cache';

/** Keys that a limit remembers. Beyond that the keys that were quiet longest start again. */
export const MAX_LIMITED = 10_000;

/** Counts requests per key in this process, in windows of a fixed length and in bounded memory. */
export class RateLimit {
  private readonly counts: LRUCache<string, { taken: number }>;

  /** @param most Requests of one key in a window of `seconds` */
  constructor(
    private readonly most: number,
    seconds: number,
  ) {
    this.counts = new LRUCache({ max: MAX_LIMITED, ttl: seconds * 1000, perf: Date });
  }

  /** Number of keys in memory. */
  get size(): number {
    return this.counts.size;
  }

  /** Counts a request. Returns whether its key is within the limit. */
  take(key: string): boolean {
    const count = this.counts.get(key) ?? { taken: 0 };
    if (count.taken === 0) this.counts.set(key, count);
    return ++count.taken <= this.most;
  }
}

/** Returns the network of one sender: an address of version 4, or the first half of one of version 6. */
export function toNetwork(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const plain = ipaddr.process(address);
  return plain.kind() === 'ipv4' ? plain.toString() : (plain as ipaddr.IPv6).parts.slice(0, 4).join(':');
}
