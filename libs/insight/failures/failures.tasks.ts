import { Injectable } from '@nestjs/common';
import { InboxService } from '#inbox';
import { OperationsService } from '#operations';
import { OutboxService } from '#outbox';
import { defineTask, HandleTask, type TaskRun, type TaskSlice, toRows, type Transaction } from '#platform';
import { buildConditions, type FailureCriteria, FAILURES, type FailureSource } from './failure-rows.js';

/** The input of a task. */
interface FailuresInput extends FailureCriteria {
  readonly what: FailureSource;
}

/** Queues failures again. */
export const replayFailures = defineTask<FailuresInput>('failures.replay', 'puts what failed back in line');
/** Marks failures as dismissed for good. */
export const discardFailures = defineTask<FailuresInput>('failures.discard', 'discards what failed');

/** Rows per slice. Operations call their provider within the slice's transaction. */
const SLICE: Readonly<Record<FailureSource, number>> = { outbox: 500, inbox: 500, operations: 4 };
/** An id before the first row. */
const BEGINNING = { bigint: '0', uuid: '00000000-0000-0000-0000-000000000000' };

const NO_LONGER = 'no longer failed';

/** Replays and discards failures in the order of their rows, slice by slice. */
@Injectable()
export class FailuresTasks {
  constructor(
    private readonly outbox: OutboxService,
    private readonly inbox: InboxService,
    private readonly operations: OperationsService,
  ) {}

  @HandleTask(replayFailures)
  replay(tx: Transaction, run: TaskRun<FailuresInput, string>): Promise<TaskSlice<string>> {
    return this.runSlice(tx, run, (ids) => this.replayOf(tx, run.input.what, ids));
  }

  @HandleTask(discardFailures)
  discard(tx: Transaction, run: TaskRun<FailuresInput, string>): Promise<TaskSlice<string>> {
    const library = run.input.what === 'inbox' ? this.inbox : this.outbox;
    return this.runSlice(tx, run, async (ids) => {
      const discarded = await library.discard(tx, ids, run.startedBy);
      return { discarded, ...(discarded < ids.length && { [NO_LONGER]: ids.length - discarded }) };
    });
  }

  private async runSlice(
    tx: Transaction,
    { input: { what, ...criteria }, place, startedAt }: TaskRun<FailuresInput, string>,
    act: (ids: string[]) => Promise<Record<string, number>>,
  ): Promise<TaskSlice<string>> {
    const { table, condition, failedAt, id } = FAILURES[what];
    const { sql, values } = buildConditions(FAILURES[what], criteria, 2);
    // The operator has not seen later failures.
    const meant = `FROM ${table} AS f WHERE ${condition} AND ${failedAt} <= $1::timestamptz ${sql}`;
    const [counted] =
      place === undefined ? await tx.query<{ total: number }[]>(`SELECT count(*)::int AS total ${meant}`, [startedAt, ...values]) : [];
    const found = toRows<{ id: string }>(
      await tx.query(`SELECT f.id::text AS id ${meant} AND f.id > $${values.length + 2}::${id} ORDER BY f.id LIMIT ${SLICE[what]}`, [
        ...[startedAt, ...values, place ?? BEGINNING[id]],
      ]),
    );
    const ids = found.map((row) => row.id);
    const last = ids.at(-1);
    return {
      done: ids.length,
      ...(counted && { total: counted.total }),
      ...(last !== undefined && { result: await act(ids) }),
      ...(last !== undefined && ids.length === SLICE[what] && { next: last }),
    };
  }

  private async replayOf(tx: Transaction, what: FailureSource, ids: string[]): Promise<Record<string, number>> {
    if (what === 'operations') return this.lookAgain(ids);
    const items = await (what === 'outbox' ? this.outbox : this.inbox).replay({ ids }, tx);
    const result: Record<string, number> = {};
    for (const { outcome } of items) {
      const name = outcome === 'dropped' ? 'dropped: a newer one about the same was sent' : outcome === 'queued' ? 'queued' : NO_LONGER;
      result[name] = (result[name] ?? 0) + 1;
    }
    return result;
  }

  /** Checks operations at their providers. Each result is stored separately, so a repeat is safe. */
  private async lookAgain(ids: string[]): Promise<Record<string, number>> {
    const result: Record<string, number> = {};
    for (const operation of await Promise.all(ids.map((id) => this.operations.reconcile(id)))) {
      const name = operation ? (operation.state === 'unknown' ? 'unknown still' : operation.state) : NO_LONGER;
      result[name] = (result[name] ?? 0) + 1;
    }
    return result;
  }
}
