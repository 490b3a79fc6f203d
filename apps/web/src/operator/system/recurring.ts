import { formatSpan } from '../../kit/format.js';
import type { Schemas } from '../api.js';
import type { HealthWords } from '../health-words.js';

/** Seconds that a recurring job may be late, because a restart of the worker delays it. */
const LATE_S = 60;

/** Describes a recurring job: whether it runs on time, and how its last run ended. */
export function judgeRun({ lateSeconds, last }: Pick<Schemas['RecurringReport'], 'lateSeconds' | 'last'>): HealthWords {
  if (lateSeconds > LATE_S) return { title: `Late by ${formatSpan(lateSeconds * 1000)}`, tone: 'bad' };
  if (!last) return { title: 'Not run yet', tone: 'plain' };
  return last.outcome === 'ok' ? { title: 'Done', tone: 'good' } : { title: 'Failed', tone: 'bad' };
}

/** Returns the time of a job's last run, ISO 8601. Null if it is unknown. */
export function findLastRun({ lastAt, last }: Pick<Schemas['RecurringReport'], 'lastAt' | 'last'>, now: number): string | null {
  // A job that has just been scheduled counts its last run from its first one, which is in the future.
  return lastAt !== null && Date.parse(lastAt) <= now ? lastAt : (last?.endedAt ?? null);
}

const SEVERITY: readonly HealthWords['tone'][] = ['bad', 'warn', 'plain', 'good'];

/** Sorts jobs that are late or fail before the others, then by name. */
export function sortRuns<Run extends Schemas['RecurringReport']>(runs: readonly Run[]): Run[] {
  const rank = (run: Run): number => Math.min(SEVERITY.indexOf(judgeRun(run).tone), 1);
  return [...runs].sort((one, other) => rank(one) - rank(other) || one.name.localeCompare(other.name));
}
