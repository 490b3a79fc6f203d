import type { Verdict } from './rejection.js';

/** Fields of a row that splitting needs. */
interface About {
  readonly subject: string;
}

/** Sends the rows of a call. */
export interface Calls<Entry> {
  /** Makes one call. Returns the CRM's rejection of its contents. Throws any other failure. */
  call(entries: Entry[]): Promise<Error | undefined>;
  /**
   * Records that a row was rejected on its own and decides the consequence. `passing`: other rows of the
   * batch have passed.
   */
  reject(entry: Entry, passing: boolean, error: Error): Promise<Verdict>;
}

/**
 * Sends rows in one call. Splits a rejected call until the bad row is found or nothing passes. Throws the
 * rejection if everything seems to be rejected, and any other error of a call.
 */
export async function sendInParts<Entry extends About>(entries: readonly Entry[], calls: Calls<Entry>): Promise<void> {
  const parts = [[...entries]];
  const waiting = new Set<string>();
  let passing = false;
  for (let next = parts.shift(); next; next = parts.shift()) {
    // Later rows of a rejected row's subject wait with it.
    const part = next.filter((entry) => !waiting.has(entry.subject));
    const [first] = part;
    if (!first) continue;
    const error = await calls.call(part);
    if (!error) passing = true;
    else if (part.length > 1) parts.unshift(...split(part, passing));
    else {
      const verdict = await calls.reject(first, passing, error);
      if (verdict === 'pause') throw error;
      if (verdict === 'wait') waiting.add(first.subject);
    }
  }
}

/**
 * Splits a rejected call: into halves if anything passes, otherwise one row first, to see whether anything
 * does.
 */
export function split<Entry extends About>(entries: readonly Entry[], passing: boolean): Entry[][] {
  const parts = passing ? halve(entries) : [entries.slice(0, 1), ...halve(entries.slice(1))];
  return parts.filter((part) => part.length > 0);
}

/** Splits rows by subject if there are several, otherwise by row. A single row has no second half. */
function halve<Entry extends About>(entries: readonly Entry[]): [Entry[], Entry[]] {
  const subjects = [...new Set(entries.map((entry) => entry.subject))];
  if (subjects.length === 1) return [entries.slice(0, Math.ceil(entries.length / 2)), entries.slice(Math.ceil(entries.length / 2))];
  const first = new Set(subjects.slice(0, Math.ceil(subjects.length / 2)));
  return [entries.filter((entry) => first.has(entry.subject)), entries.filter((entry) => !first.has(entry.subject))];
}
