import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { Database, type Retention } from '../database/index.js';
import type { JobQueue, MethodDiscovery } from '../queue/index.js';
import { reEncrypt } from '../keys/re-encryption.js';
import { TaskHandlers } from './handle-task.decorator.js';
import { defineTask, describeTask, type TaskDefinition, type TaskHandler } from './task-definition.js';
import type { TaskEntity } from './task.entity.js';
import { TaskRunner } from './task-runner.js';
import { TaskLost, TaskStore } from './task-store.js';
import { tasksSchema } from './tasks.module.js';
import { TasksService } from './tasks.service.js';

// Declared, it would be missing in each worker that another file starts in this process.
const counting: TaskDefinition<{ upTo: number }, number> = { kind: 'spec.count', title: 'counts' };

let spec: SpecDatabase | undefined;
let database: Database;
let tasks: TasksService;
let store: TaskStore;
/** Runs in a slice, after its row is written. */
let during: () => Promise<void>;

/** Writes one number in each slice. */
const count: TaskHandler<{ upTo: number }, number> = async (tx, { input, place = 1 }) => {
  await tx.query('INSERT INTO spec_counted VALUES ($1)', [place]);
  await during();
  return { done: 1, total: input.upTo, result: { [place % 2 ? 'odd' : 'even']: 1 }, ...(place < input.upTo && { next: place + 1 }) };
};

/** Continues in another process. */
const work = (stopping = new AbortController().signal): Promise<void> => {
  const handlers = new TaskHandlers({} as MethodDiscovery);
  handlers.register(counting, count);
  return new TaskRunner(store, handlers, {} as Retention, database).runDue({}, stopping);
};
const start = (upTo = 3, key?: string): Promise<TaskEntity> =>
  tasks.start(counting, { upTo }, { startedBy: 'ana', request: 'r-1', ...(key && { key }) });
const counted = async (): Promise<number[]> =>
  (await database.query<{ n: number }>('SELECT n FROM spec_counted ORDER BY n')).map(({ n }) => n);

beforeAll(async () => {
  spec = await createSpecDatabase([tasksSchema]);
  database = new Database(spec.source);
  store = new TaskStore(database);
  tasks = new TasksService(store, { wake: () => undefined } as unknown as JobQueue);
  await database.query('CREATE TABLE spec_counted (n int PRIMARY KEY)');
}, 60_000);
afterAll(() => spec?.remove());
beforeEach(() => {
  for (const level of ['log', 'warn'] as const) jest.spyOn(Logger.prototype, level).mockReturnValue(undefined);
  during = () => Promise.resolve();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await database.query('TRUNCATE spec_counted, task');
});

describe('a task', () => {
  it('runs in slices and reports its progress', async () => {
    const { id } = await start();
    expect(await tasks.get(id)).toMatchObject({ state: 'running', done: 0, total: null, startedBy: 'ana', request: 'r-1' });
    await work();
    expect(await tasks.get(id)).toMatchObject({ state: 'done', done: 3, total: 3, result: { odd: 2, even: 1 }, problem: null });
    expect(await counted()).toEqual([1, 2, 3]);
  });

  it('whose lease is over is claimed by another process, after which the first one stores nothing', async () => {
    const { id } = await start();
    const [first] = await store.claimDue([counting.kind], 1);
    expect(await store.claimDue([counting.kind], 1)).toEqual([]);
    await database.query('UPDATE task SET lease_until = now()');
    const [second] = await store.claimDue([counting.kind], 1);
    const keep = (lease = first): Promise<unknown> => database.transaction((tx) => store.keepSlice(tx, lease!, { done: 1, next: 2 }));
    await expect(keep(first)).rejects.toThrow(TaskLost);
    await store.release(first!);
    await store.failRun(first!, 'the first one ended', true);
    await keep(second);
    expect(await tasks.get(id)).toMatchObject({ state: 'running', done: 1, problem: null });
  });

  it('that was killed within a slice goes on there once its lease has run out, and does nothing twice', async () => {
    const { id } = await start();
    let reached = (): void => undefined;
    const isReached = new Promise<void>((resolve) => (reached = resolve));
    let die = (_error: Error): void => undefined;
    during = async () => {
      if ((await tasks.get(id)).done < 1) return;
      reached();
      // Like a process that died: nothing of the transaction remains.
      await new Promise<void>((_, reject) => (die = reject));
    };
    const killed = work();
    await isReached;
    await work();
    const { fence } = await tasks.get(id);
    expect(await tasks.get(id)).toMatchObject({ state: 'running', done: 1 });
    await database.query(`UPDATE task SET lease_until = now()`);
    during = () => Promise.resolve();
    const other = work();
    // The failure of the killed run must not postpone the task.
    while ((await tasks.get(id)).fence === fence) await new Promise((resolve) => setTimeout(resolve, 10));
    die(new Error('gone'));
    await Promise.all([killed, other]);
    expect(await tasks.get(id)).toMatchObject({ state: 'done', done: 3, result: { odd: 2, even: 1 } });
    expect(await counted()).toEqual([1, 2, 3]);
  });

  it('that another process took over stores nothing more', async () => {
    const { id } = await start(1);
    during = async () => {
      during = () => Promise.resolve();
      await database.query('UPDATE task SET fence = fence + 1');
    };
    await work();
    expect([await tasks.get(id), await counted()]).toMatchObject([{ state: 'running', done: 0 }, []]);
  });

  it('stops on request, and keeps what it has done', async () => {
    const { id } = await start();
    during = async () => {
      if ((await tasks.get(id)).done === 1) await tasks.stop(id);
    };
    await work();
    expect(await tasks.get(id)).toMatchObject({ state: 'stopped', done: 1, result: { odd: 1 } });
    expect(await counted()).toEqual([1]);
    expect(await tasks.stop(id)).toMatchObject({ state: 'stopped' });
  });

  it('that fails is tried again after a growing pause, and given up after ten tries with its reason', async () => {
    const { id } = await start(1);
    during = () => Promise.reject(new Error('the disk is full'));
    await work();
    expect(await tasks.get(id)).toMatchObject({ state: 'running', tries: 1, problem: 'the disk is full' });
    const readPause = async (): Promise<number | undefined> =>
      (await database.query<{ s: number }>(`SELECT extract(epoch FROM due_at - updated_at)::int AS s FROM task WHERE id = $1`, [id]))[0]?.s;
    const pauses = [await readPause()];
    for (const tries of [3, 8]) {
      await database.query(`UPDATE task SET due_at = now(), tries = $1`, [tries]);
      await work();
      pauses.push(await readPause());
    }
    expect(pauses).toEqual([1, 8, 60]);
    await database.query(`UPDATE task SET due_at = now(), tries = 9`);
    await work();
    expect(await tasks.get(id)).toMatchObject({ state: 'failed', problem: 'the disk is full', done: 0 });
    await expect(tasks.stop(id)).rejects.toMatchObject({ status: 409 });
  });

  it('ends its run when the process is to stop, and another goes on', async () => {
    const { id } = await start();
    const stopping = new AbortController();
    during = () => Promise.resolve(stopping.abort());
    await work(stopping.signal);
    expect(await tasks.get(id)).toMatchObject({ state: 'running', done: 1 });
    during = () => Promise.resolve();
    await work();
    expect(await tasks.get(id)).toMatchObject({ state: 'done', done: 3 });
  });

  it('runs once for a key at a time', async () => {
    const { id } = await start(1, 'one');
    await expect(start(1, 'one')).rejects.toMatchObject({
      status: 409,
      message: `This task is already running (task ${id} (spec.count)). Wait for it to finish, or stop it.`,
    });
    await tasks.stop(id);
    await expect(start(1, 'one')).resolves.toMatchObject({ state: 'running' });
  });

  it('is declared once, with a title', () => {
    expect(() => defineTask(reEncrypt.kind, 'again')).toThrow('declared twice');
    expect(describeTask(reEncrypt.kind)).toBe('re-encrypts with the first key');
  });

  it('has a handler, or the worker does not start', () => {
    const handlers = new TaskHandlers({} as MethodDiscovery);
    expect(() => handlers.assertComplete([counting])).toThrow('spec.count');
    handlers.register(counting, count);
    expect(() => handlers.register(counting, count)).toThrow('two handlers');
    expect(() => handlers.assertComplete([counting])).not.toThrow();
  });
});
