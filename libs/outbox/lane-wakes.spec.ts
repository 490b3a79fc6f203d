import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { JobQueue } from '#platform';
import { type Lane, LaneWakes } from './lane-wakes.js';
import { OutboxPackers } from './outbox-packer.js';

const LINGER_MS = 200;
/** Maximum extra delay of lanes that share a job, in milliseconds. */
const GRID_MS = 50;

let wakes: LaneWakes;
/** Connections of each job, in order. */
let jobs: string[][];
let isLong: boolean;

const slow = (...connectionIds: string[]): Lane[] => connectionIds.map((connectionId) => ({ connectionId, kind: 'slow' }));
const prompt = (...connectionIds: string[]): Lane[] => connectionIds.map((connectionId) => ({ connectionId, kind: 'prompt' }));
const urgent = (...connectionIds: string[]): Lane[] => connectionIds.map((connectionId) => ({ connectionId, kind: 'urgent' }));

beforeEach(() => {
  jest.useFakeTimers({ now: 0 });
  [jobs, isLong] = [[], false];
  const packers = new OutboxPackers();
  for (const [kind, lingerMs] of [
    ['slow', LINGER_MS],
    ['prompt', LINGER_MS],
    ['urgent', 0],
  ] as const)
    packers.add({ kind, lingerMs, isPrompt: kind === 'prompt', maxSubjects: 1, send: () => Promise.resolve() });
  const queue = {
    isLong: () => isLong,
    wakeAll: (_job: object, drafts: { data: { lanes: Lane[] } }[]) =>
      jobs.push(...drafts.map(({ data }) => data.lanes.map(({ connectionId }) => connectionId))),
  } as unknown as JobQueue;
  wakes = new LaneWakes(queue, packers);
});
afterEach(() => {
  jest.useRealTimers();
});

describe('lanes that are woken', () => {
  it('linger for the time of their kind, then share a job, each once', () => {
    wakes.add(slow('a'));
    jest.advanceTimersByTime(20);
    wakes.add(slow('b', 'a'));
    jest.advanceTimersByTime(LINGER_MS - 20 - 1);
    expect(jobs).toEqual([]);
    jest.advanceTimersByTime(GRID_MS + 20);
    expect(jobs.flat()).toEqual(['a', 'b']);
    wakes.add(slow('a'));
    jest.advanceTimersByTime(LINGER_MS + GRID_MS);
    expect(jobs.flat()).toEqual(['a', 'b', 'a']);
  });

  it('of a prompt kind do not linger when they were quiet, and share a job', () => {
    wakes.add(prompt('a'));
    wakes.add(prompt('b'));
    jest.advanceTimersByTime(GRID_MS);
    expect(jobs).toEqual([['a', 'b']]);
    // Both are busy now, and c is quiet.
    wakes.add(prompt('a', 'b', 'c'));
    jest.advanceTimersByTime(GRID_MS);
    expect(jobs.splice(0)).toEqual([['a', 'b'], ['c']]);
    jest.advanceTimersByTime(LINGER_MS - GRID_MS - 1);
    expect(jobs).toEqual([]);
    jest.advanceTimersByTime(GRID_MS + 1);
    expect(jobs.splice(0)).toEqual([['a', 'b']]);
    jest.advanceTimersByTime(LINGER_MS);
    wakes.add(prompt('a'));
    jest.advanceTimersByTime(GRID_MS);
    expect(jobs).toEqual([['a']]);
  });

  it('of a prompt kind are woken no more often than once in their lingering', () => {
    for (let ms = 0; ms < 10 * LINGER_MS; ms += 10) {
      wakes.add(prompt('a'));
      jest.advanceTimersByTime(10);
    }
    jest.advanceTimersByTime(LINGER_MS + GRID_MS);
    expect(jobs.length).toBeGreaterThan(5);
    expect(jobs.length).toBeLessThanOrEqual(11);
  });

  it('of an urgent kind share a job with rows that are added at that moment', () => {
    wakes.add(urgent('a'));
    wakes.add(urgent('b', 'a'));
    expect(jobs).toEqual([]);
    jest.advanceTimersByTime(0);
    expect(jobs).toEqual([['a', 'b']]);
  });

  it('are at most twenty in a job', () => {
    wakes.send(slow(...Array.from({ length: 45 }, (_, n) => String(n))));
    expect(jobs.map(({ length }) => length)).toEqual([20, 20, 5]);
  });

  it('are left to the sweeper while the queue is long', () => {
    isLong = true;
    wakes.add(urgent('a'));
    jest.advanceTimersByTime(0);
    isLong = false;
    wakes.add(urgent('a'));
    jest.advanceTimersByTime(0);
    expect(jobs).toEqual([['a']]);
  });

  it('do not linger in a process that is stopping', () => {
    wakes.add(slow('a'));
    wakes.beforeApplicationShutdown();
    expect(jobs).toEqual([['a']]);
    wakes.add(slow('b'));
    jest.advanceTimersByTime(0);
    expect(jobs).toEqual([['a'], ['b']]);
  });
});
