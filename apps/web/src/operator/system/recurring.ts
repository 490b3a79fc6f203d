import { formatSpan } from '../../kit/format.js';
import type { Schemas } from '../api.js';
import type { HealthWords } from '../health-words.js';

/** Seconds that work may be late: a worker that is restarted is late as well. */
const LATE_S = 60;

/** Says how recurring work stands: whether it runs, and how its last run ended. */
export function judgeRun({ lateSeconds, last }: Pick<Schemas['RecurringReport'], 'lateSeconds' | 'last'>): HealthWords {
  if (lateSeconds > LATE_S) return { title: `Late by ${formatSpan(lateSeconds * 1000)}`, tone: 'bad' };
  if (!last) return { title: 'Not written yet', tone: 'plain' };
  return last.outcome === 'ok' ? { title: 'Done', tone: 'good' } : { title: 'Failed', tone: 'bad' };
}

/** When work ran last, ISO 8601; null: not that anybody knows. */
export function findLastRun({ lastAt, last }: Pick<Schemas['RecurringReport'], 'lastAt' | 'last'>, now: number): string | null {
  // Work that has just been planned has its first run ahead, and counts its last one from there.
  return lastAt !== null && Date.parse(lastAt) <= now ? lastAt : (last?.endedAt ?? null);
}

const SEVERITY: readonly HealthWords['tone'][] = ['bad', 'warn', 'plain', 'good'];

/** Puts what does not run or fails before what does; each by name. */
export function sortRuns<Run extends Schemas['RecurringReport']>(runs: readonly Run[]): Run[] {
  const rank = (run: Run): number => Math.min(SEVERITY.indexOf(judgeRun(run).tone), 1);
  return [...runs].sort((one, other) => rank(one) - rank(other) || one.name.localeCompare(other.name));
}
