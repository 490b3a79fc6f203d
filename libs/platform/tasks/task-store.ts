import { Injectable } from '@nestjs/common';
import { newId } from '../crypto/index.js';
import { Database, isUniqueViolation, toRows, type Transaction } from '../database/index.js';
import { CallbackError } from '../errors/index.js';
import { isUuid } from '../validation/is-uuid.js';
import { describeTask, type TaskDefinition, type TaskRun, type TaskSlice } from './task-definition.js';
import { TaskEntity } from './task.entity.js';

/** Seconds that a run's lease lasts. The run renews it while it works. */
export const LEASE_S = 20;
/** Seconds to the next try after a failure, doubled with each: the first pause and the longest. */
const PAUSE_S = { first: 1, longest: 60 };

const LEASE = `now() + interval '${LEASE_S} seconds'`;

/** The right to continue a task, until another process has it. */
export interface TaskLease extends TaskRun<object, unknown> {
  readonly kind: string;
  readonly result: Readonly<Record<string, number>>;
  readonly fence: number;
  readonly tries: number;
}

/** Another process has taken the task over, or it was stopped: the results of this run are not stored. */
export class TaskLost extends Error {}

/** Tasks: table `task`. */
@Injectable()
export class TaskStore {
  constructor(private readonly database: Database) {}

  /** Stores a task that is to run. Throws CallbackError 409 while another with its key runs. */
  async add<Input extends object>(
    { kind }: TaskDefinition<Input, unknown>,
    input: Input,
    { startedBy, request, key }: { startedBy: string; request?: string | undefined; key?: string | undefined },
  ): Promise<TaskEntity> {
    const id = newId();
    try {
      await this.database.query('INSERT INTO task (id, kind, key, input, started_by, request) VALUES ($1, $2, $3, $4, $5, $6)', [
        ...[id, kind, key ?? null, JSON.stringify(input), startedBy, request ?? null],
      ]);
    } catch (error) {
      throw isUniqueViolation(error) ? await this.refuse(key) : error;
    }
    return (await this.find(id)) as TaskEntity;
  }

  private async refuse(key: string | null | undefined): Promise<CallbackError> {
    const [running] = await this.database.query<{ id: string; kind: string }>(
      `SELECT id, kind FROM task WHERE key = $1 AND state = 'running'`,
      [key],
    );
    const which = running ? `task ${running.id} (${describeTask(running.kind)})` : 'a task that has ended meanwhile';
    return new CallbackError(409, `This task is already running (${which}). Wait for it to finish, or stop it.`);
  }

  async find(id: string): Promise<TaskEntity | undefined> {
    if (!isUuid(id)) return undefined;
    return (await this.database.dataSource.getRepository(TaskEntity).findOneBy({ id })) ?? undefined;
  }

  /** Stops a running task. Returns whether it ran. */
  async stop(id: string): Promise<boolean> {
    const stopped = await this.database.query(
      `UPDATE task SET state = 'stopped', lease_until = '-infinity', updated_at = now(), ended_at = now() WHERE id = $1 AND state = 'running' RETURNING 1`,
      [id],
    );
    return stopped.length > 0;
  }

  /** Claims up to `most` tasks of these kinds that are due. */
  async claimDue(kinds: readonly string[], most: number): Promise<TaskLease[]> {
    const claimed = await this.database.query<TaskLease>(
      `UPDATE task SET tries = tries + 1, fence = fence + 1, lease_until = ${LEASE} WHERE id IN (
         SELECT id FROM task WHERE state = 'running' AND due_at <= now() AND lease_until <= now() AND kind = ANY ($1::text[])
         ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED
       ) RETURNING id, kind, input, place, started_at::text AS "startedAt", started_by AS "startedBy", request, done, total, result, fence, tries`,
      [kinds, most],
    );
    return claimed.map((lease) => ({ ...lease, place: lease.place ?? undefined }));
  }

  /** Renews a claim while a slice of it takes its time. */
  async renew({ id, fence }: TaskLease): Promise<void> {
    await this.database.query(`UPDATE task SET lease_until = ${LEASE} WHERE id = $1 AND fence = $2 AND state = 'running'`, [id, fence]);
  }

  /** Stores the outcome of a slice, in its transaction. Returns the updated claim. Throws TaskLost. */
  async keepSlice(tx: Transaction, lease: TaskLease, slice: TaskSlice<unknown>): Promise<TaskLease> {
    const result = { ...lease.result };
    for (const [outcome, count] of Object.entries(slice.result ?? {})) result[outcome] = (result[outcome] ?? 0) + count;
    const after = { ...lease, place: slice.next, done: lease.done + slice.done, total: slice.total ?? lease.total, result, tries: 0 };
    const isDone = slice.next === undefined;
    const kept = await tx.query(
      `UPDATE task SET place = $3, done = $4, total = $5, result = $6, problem = NULL, tries = 0, updated_at = now(), lease_until = ${LEASE},
         state = CASE WHEN $7 THEN 'done' ELSE state END, ended_at = CASE WHEN $7 THEN clock_timestamp() END
       WHERE id = $1 AND fence = $2 AND state = 'running' RETURNING 1`,
      [
        ...[lease.id, lease.fence, isDone ? null : JSON.stringify(slice.next)],
        ...[after.done, after.total ?? (isDone ? after.done : null), JSON.stringify(result), isDone],
      ],
    );
    if (toRows(kept).length === 0) throw new TaskLost();
    return after;
  }

  /** Ends a run that had no more time: another continues immediately. */
  async release({ id, fence }: TaskLease): Promise<void> {
    await this.database.query(
      `UPDATE task SET lease_until = '-infinity', due_at = now(), tries = 0 WHERE id = $1 AND fence = $2 AND state = 'running'`,
      [id, fence],
    );
  }

  /** Ends a run that failed: it is tried again after a pause that grows, or given up. */
  async failRun({ id, fence, tries }: TaskLease, problem: string, givenUp: boolean): Promise<void> {
    await this.database.query(
      `UPDATE task SET lease_until = '-infinity', problem = $3, updated_at = now(), due_at = now() + make_interval(secs => least($5, $6 * power(2, $7))),
         state = CASE WHEN $4 THEN 'failed' ELSE state END, ended_at = CASE WHEN $4 THEN now() END
       WHERE id = $1 AND fence = $2 AND state = 'running'`,
      [id, fence, problem, givenUp, PAUSE_S.longest, PAUSE_S.first, Math.max(tries - 1, 0)],
    );
  }
}
