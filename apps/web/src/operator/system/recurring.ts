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
