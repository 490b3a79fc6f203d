import type { Recorded } from './recorded-scenes.js';

/**
 * Recorded events of different channels have no fixed order if they are less than this apart. Milliseconds.
 */
const BURST_MS = 500;

/**
 * Returns the events in another order that a PBX could have sent. Events of one channel, of one bridge, and
 * events further apart keep their order. The next event is the possible one with the lowest priority, among
 * equals the one recorded first.
 */
export function reorder(events: readonly Recorded[], priorities: readonly number[]): Recorded[] {
  const threads = events.map(listThreads);
  const rest = events.map((_, index) => index);
  const order: number[] = [];
  while (rest.length > 0) {
    const free = rest.filter((index) => rest.every((other) => other >= index || !isBefore(other, index)));
    const next = free.reduce((best, index) => ((priorities[index] ?? 0) < (priorities[best] ?? 0) ? index : best));
    rest.splice(rest.indexOf(next), 1);
    order.push(next);
  }
  // The moments of arrival stay: only the events change places.
  return order.map((index, place) => ({ ...(events[index] as Recorded), ms: events[place]?.ms ?? 0 }));

  function isBefore(one: number, other: number): boolean {
    return (
      (events[other]?.ms ?? 0) - (events[one]?.ms ?? 0) >= BURST_MS ||
      threads[one]?.some((thread) => threads[other]?.includes(thread)) === true
    );
  }
}

/** The channels and bridges that an event belongs to. */
function listThreads(event: Recorded): string[] {
  return ['Uniqueid', 'DestUniqueid', 'TargetUniqueid', 'BridgeUniqueid'].flatMap((name) => {
    const value = event[name];
    return value === undefined ? [] : [String(value)];
  });
}
