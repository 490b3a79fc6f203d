import type { Schemas } from '../api.js';

type Count = Pick<Schemas['UsageCount'], 'kind' | 'count'>;
type Total = Schemas['UsageTotal'];

const CALLBACK = 'callback:';

/** Returns the count of a kind. */
export function countOf(counts: readonly Count[], kind: string): number {
  return counts.find((one) => one.kind === kind)?.count ?? 0;
}

/** Returns the number of answered callbacks, in total and by name, the most frequent first. */
export function countCallbacks(counts: readonly Count[]): { total: number; kinds: { name: string; count: number }[] } {
  const kinds = counts
    .filter(({ kind }) => kind.startsWith(CALLBACK))
    .map(({ kind, count }) => ({ name: kind.slice(CALLBACK.length), count }))
    .sort((left, right) => right.count - left.count);
  return { total: kinds.reduce((sum, { count }) => sum + count, 0), kinds };
}

/** Returns the number of facts of closed months. */
export function countLate(counts: readonly Pick<Schemas['UsageCount'], 'late'>[]): number {
  return counts.reduce((sum, { late }) => sum + late, 0);
}

/** Returns a row for each module. */
export function sumTotals(
  totals: readonly Total[],
): { module: string; delivery: number; invoice: number; call: number; callbacks: number }[] {
  return [...new Set(totals.map(({ module }) => module))].map((module) => {
    const counts = totals.filter((one) => one.module === module);
    return {
      module,
      delivery: countOf(counts, 'delivery'),
      invoice: countOf(counts, 'invoice'),
      call: countOf(counts, 'call'),
      callbacks: countCallbacks(counts).total,
    };
  });
}
