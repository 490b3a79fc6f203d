import { describe, expect, it } from '@jest/globals';
import { mergeTasks, nameTask, sayResult } from './task-words.js';

type Task = Parameters<typeof mergeTasks>[0][number];

const task = (id: string, updatedAt: string, done: number): Task =>
  ({ id, updatedAt, done, kind: 'failures.replay', title: 'puts what failed back in line', input: { what: 'outbox' } }) as unknown as Task;

describe('tasks', () => {
  it('have the name of their action and its target', () => {
    expect(nameTask(task('a', '', 0))).toBe('Replay: Messages to the CRM');
    expect(nameTask({ kind: 'failures.replay', title: '', input: { what: 'operations' } })).toBe('Check again: Unconfirmed calls');
    expect(nameTask({ kind: 'new.kind', title: 'does it', input: {} })).toBe('does it');
    expect(sayResult({ queued: 12, gone: 1 })).toBe('12 queued, 1 gone');
  });

  it('apply updates, new tasks first, and ignore older ones', () => {
    const known = [task('b', '2026-11-27T08:00:05Z', 5), task('a', '2026-11-27T08:00:05Z', 5)];
    const told = [task('a', '2026-11-27T08:00:04Z', 4), task('b', '2026-11-27T08:00:06Z', 6), task('c', '2026-11-27T08:00:06Z', 0)];
    expect(mergeTasks(known, told).map(({ id, done }) => [id, done])).toEqual([
      ['c', 0],
      ['b', 6],
      ['a', 5],
    ]);
  });
});
