import type { Schemas } from '../api.js';
import { isSource, SOURCES } from '../failures/failure-words.js';
import type { HealthWords } from '../health-words.js';

/** Title and tone of each task state. */
export const TASK_STATES: Readonly<Record<Schemas['TaskState'], HealthWords>> = {
  running: { title: 'running', tone: 'plain' },
  done: { title: 'done', tone: 'good' },
  stopped: { title: 'stopped', tone: 'warn' },
  failed: { title: 'given up', tone: 'bad' },
};

const NAMES: Readonly<Record<string, string>> = {
  'failures.replay': 'Replay',
  'failures.discard': 'Discard',
  'keys.re-encrypt': 'Re-encryption',
};

/** Names a task, such as `Replay: Messages to the CRM`. */
export function nameTask({ kind, title, input }: Pick<Schemas['TaskView'], 'kind' | 'title' | 'input'>): string {
  const { what = '' } = input as { what?: string };
  if (!isSource(what)) return NAMES[kind] ?? title;
  const verb = what === 'operations' && kind === 'failures.replay' ? 'Check again' : (NAMES[kind] ?? title);
  return `${verb}: ${SOURCES[what].title}`;
}

/** Describes the result of a task, such as `12 queued, 1 no longer failed`. */
export function sayResult(result: Readonly<Record<string, number>>): string {
  return Object.entries(result)
    .map(([outcome, count]) => `${count} ${outcome}`)
    .join(', ');
}

/** Merges updated tasks into a list, new tasks first. A newer state in the list is kept. */
export function mergeTasks(tasks: readonly Schemas['TaskView'][], changed: readonly Schemas['TaskView'][]): Schemas['TaskView'][] {
  const latest = new Map(tasks.map((task) => [task.id, task]));
  const added = changed.filter(({ id }) => !latest.has(id)).reverse();
  for (const task of changed) if (task.updatedAt >= (latest.get(task.id)?.updatedAt ?? '')) latest.set(task.id, task);
  return [...added, ...tasks].map(({ id }) => latest.get(id)!);
}
