import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { Database, Retention, RETENTION_EVERY_MS } from '../database/index.js';
import { errorText } from '../errors/index.js';
import { toLogLine } from '../logging/index.js';
import { defineJob, HandleJob } from '../queue/index.js';
import { TaskHandlers } from './handle-task.decorator.js';
import type { TaskHandler } from './task-definition.js';
import { LEASE_S, type TaskLease, TaskLost, TaskStore } from './task-store.js';

/** Continues the tasks that are due. */
export const runTasks = defineJob<Record<string, never>>('housekeeping', 'tasks.run');
const cleanTasks = defineJob<Record<string, never>>('housekeeping', 'tasks.clean');

const EVERY_MS = 5_000;
/** Tasks at the same time in one process. */
const AT_ONCE = 4;
/** Milliseconds after which a run ends and another continues. */
const RUN_MS = 30_000;
/** A pause as long as the slice before it took, and no longer than this: callbacks go first. */
const MOST_PAUSE_MS = 1_000;
/** Tries of one slice: some minutes. */
const MOST_TRIES = 10;
const KEEP_DAYS = 30;

/**
 * Does tasks slice by slice. A slice and its progress are stored in one transaction, so a task that was
 * killed continues at its place, in another worker, once its lease has expired. BullMQ and pg-boss store a
 * job's progress outside of the transaction of its work.
 */
@Injectable()
export class TaskRunner {
  private readonly logger = new Logger(TaskRunner.name);

  constructor(
    private readonly store: TaskStore,
    private readonly handlers: TaskHandlers,
    private readonly retention: Retention,
    private readonly database: Database,
  ) {}

  @HandleJob(runTasks, { everyMs: EVERY_MS })
  async runDue(_data: object, stopping: AbortSignal): Promise<void> {
    const endsAt = performance.now() + RUN_MS;
    for (let due = AT_ONCE; due > 0 && !stopping.aborted && performance.now() < endsAt;) {
      const leases = await this.store.claimDue(this.handlers.list(), AT_ONCE);
      await Promise.all(leases.map((lease) => this.run(lease, endsAt, stopping)));
      due = leases.length;
    }
  }

  @HandleJob(cleanTasks, { everyMs: RETENTION_EVERY_MS })
  clean(_data: object, stopping: AbortSignal): Promise<void> {
    return this.retention.deleteOld('task', `state <> 'running'`, 'ended_at', KEEP_DAYS, stopping);
  }

  private async run(lease: TaskLease, endsAt: number, stopping: AbortSignal): Promise<void> {
    if (lease.tries > MOST_TRIES) return this.store.failRun(lease, `it was interrupted ${MOST_TRIES} times at the same place`, true);
    const renewing = setInterval(() => void this.store.renew(lease).catch(() => undefined), (LEASE_S * 1000) / 3);
    try {
      await this.goOn(lease, this.handlers.find(lease.kind) as TaskHandler<object, unknown>, endsAt, stopping);
    } catch (error) {
      if (error instanceof TaskLost) return;
      const problem = errorText(error);
      this.logger.warn(toLogLine(`task ${lease.id} (${lease.kind}) cannot go on: ${problem}`, lease.request));
      await this.store.failRun(lease, problem, lease.tries >= MOST_TRIES);
    } finally {
      clearInterval(renewing);
    }
  }

  private async goOn(first: TaskLease, handler: TaskHandler<object, unknown>, endsAt: number, stopping: AbortSignal): Promise<void> {
    for (let lease = first; ;) {
      const began = performance.now();
      const { isDone, after } = await this.database.transaction(async (tx) => {
        const slice = await handler(tx, lease, stopping);
        return { isDone: slice.next === undefined, after: await this.store.keepSlice(tx, lease, slice) };
      }, lease.request ?? undefined);
      lease = after;
      if (isDone)
        return this.logger.log(
          toLogLine(`task ${lease.id} (${lease.kind}) is done: ${lease.done} of ${lease.total ?? lease.done}`, lease.request),
        );
      if (stopping.aborted || performance.now() > endsAt) return this.store.release(lease);
      await sleep(Math.min(performance.now() - began, MOST_PAUSE_MS), undefined, { signal: stopping }).catch(() => undefined);
    }
  }
}
