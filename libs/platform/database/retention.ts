import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { Environment } from '../config/index.js';
import { Database, type Transaction } from './database.js';
import type { AccountTable } from './account-data.js';

/** Milliseconds between two cleanings of a library. */
export const RETENTION_EVERY_MS = 3_600_000;

/** Rows of one statement. */
const BATCH = { delete: 1_000, erase: 500, empty: 500 };
/** A pause as a multiple of its batch's time: deleting years of rows leaves the database to callbacks. */
const PAUSE = { times: 4, mostMs: 5_000 };

const CUTOFF = 'now() - make_interval(days => $1)';

/** A row that `eraseOld` read, and its place in the walk. */
export interface OldRow {
  readonly id: string;
  /** As text: a Date would lose the microseconds. */
  readonly createdAt: string;
}

/** Rows to erase, in SQL. */
export interface OldRows {
  /** Columns to read of each row, besides OldRow. */
  readonly columns: string;
  readonly tables: string;
  /** Name in `tables` of the table with `id`, `created_at` and `updated_at`. */
  readonly row: string;
  readonly condition: string;
}

/**
 * Deletes old rows and erases personal data in small statements with pauses between them. Each library cleans
 * its own tables with it.
 */
@Injectable()
export class Retention {
  private readonly logger = new Logger(Retention.name);

  constructor(
    private readonly database: Database,
    private readonly environment: Environment,
  ) {}

  /**
   * Deletes rows that meet an SQL condition and whose `changed` is over `days` ago, until `stopping`; 0 keeps
   * them. Needs an index on `changed` for the condition.
   */
  async deleteOld(table: string, condition: string, changed: string, days: number, stopping: AbortSignal): Promise<void> {
    if (days === 0) return;
    // From where the last batch ended: what it deleted is still in the index until a vacuum.
    const old = `SELECT id FROM ${table} WHERE ${condition} AND ${changed} >= $3 AND ${changed} < ${CUTOFF} ORDER BY ${changed} LIMIT $2 FOR UPDATE SKIP LOCKED`;
    const statement = `WITH gone AS (DELETE FROM ${table} WHERE id = ANY (ARRAY(${old})) RETURNING ${changed} AS changed)
      SELECT count(*)::int AS rows, max(changed)::text AS place FROM gone`;
    let place = '-infinity';
    await repeatWithPauses(stopping, async () => {
      const [gone] = await this.database.query<{ rows: number; place: string | null }>(statement, [days, BATCH.delete, place]);
      place = gone?.place ?? place;
      return gone?.rows === BATCH.delete;
    });
  }

  /**
   * Goes once through rows begun and last changed over `days` ago, until `stopping`; 0 keeps them. `erase`
   * takes each batch, locked, in a transaction, deletes what it may and returns the number of deleted rows.
   * Returns their sum. Needs an index on `created_at, id` for the condition.
   */
  async eraseOld<Row extends OldRow>(
    { columns, tables, row, condition }: OldRows,
    days: number,
    erase: (tx: Transaction, rows: Row[]) => Promise<number>,
    stopping: AbortSignal,
  ): Promise<number> {
    if (days === 0) return 0;
    const statement = `
      SELECT ${row}.id, ${row}.created_at::text AS "createdAt", ${columns} FROM ${tables}
      WHERE ${condition} AND ${row}.created_at < ${CUTOFF} AND ${row}.updated_at < ${CUTOFF} AND (${row}.created_at, ${row}.id) > ($3, $4)
      ORDER BY ${row}.created_at, ${row}.id LIMIT $2 FOR UPDATE OF ${row} SKIP LOCKED`;
    let place: OldRow = { createdAt: '-infinity', id: '00000000-0000-0000-0000-000000000000' };
    let erased = 0;
    await repeatWithPauses(stopping, () =>
      this.database.transaction(async (tx) => {
        const rows = await tx.query<Row[]>(statement, [days, BATCH.erase, place.createdAt, place.id]);
        place = rows.at(-1) ?? place;
        if (rows.length > 0) erased += await erase(tx, rows);
        return rows.length === BATCH.erase;
      }),
    );
    return erased;
  }

  /**
   * Deletes a connection's rows of a table, of any age, until `stopping`. `onBatch` receives the number of
   * rows of each batch. Skips locked rows until the next time.
   */
  async deleteHeld(
    { table, where = 'connection_id = $1', key = 'ctid', also }: AccountTable,
    connectionId: string,
    onBatch: (rows: number) => Promise<void>,
    stopping: AbortSignal,
  ): Promise<void> {
    const statement = `WITH gone AS (
        DELETE FROM ${table} WHERE ${key} = ANY (ARRAY(SELECT ${key} FROM ${table} WHERE ${where} LIMIT ${BATCH.delete} FOR UPDATE SKIP LOCKED)) RETURNING *
      )${also === undefined ? '' : `, also AS (${also})`} SELECT count(*)::int AS rows FROM gone`;
    await repeatWithPauses(stopping, async () => {
      const [gone] = await this.database.query<{ rows: number }>(statement, [connectionId]);
      const rows = gone?.rows ?? 0;
      await onBatch(rows);
      return rows === BATCH.delete;
    });
  }

  /**
   * Erases personal data older than RETENTION_DAYS, until `stopping`. `statement` empties the rows of
   * `selectOld`, returns one row for each and must leave them unselectable.
   */
  async emptyPersonalData(table: string, statement: string, stopping: AbortSignal): Promise<void> {
    const days = this.environment.RETENTION_DAYS;
    if (days === 0) return;
    let emptied = 0;
    await repeatWithPauses(stopping, async () => {
      const { length } = await this.database.query(statement, [days, BATCH.empty]);
      emptied += length;
      return length === BATCH.empty;
    });
    if (emptied > 0) this.logger.log(`personal data of ${emptied} rows of ${table} was emptied after ${days} days`);
  }
}

/**
 * Returns SQL for ids of rows begun and last changed over `$1` days ago, at most `$2`. Needs an index on
 * `began`.
 */
export function selectOld(table: string, condition: string, { began = 'created_at', changed = 'updated_at' } = {}): string {
  return `SELECT id FROM ${table} WHERE ${condition} AND ${began} < ${CUTOFF} AND ${changed} < ${CUTOFF} ORDER BY ${began} LIMIT $2 FOR UPDATE SKIP LOCKED`;
}

/**
 * Does one batch after the other until it returns false or `stopping`, with a pause after each that is four
 * times as long as the batch took.
 */
export async function repeatWithPauses(stopping: AbortSignal, doBatch: () => Promise<boolean>): Promise<void> {
  while (!stopping.aborted) {
    const began = performance.now();
    if (!(await doBatch())) return;
    const pauseMs = Math.min((performance.now() - began) * PAUSE.times, PAUSE.mostMs);
    await sleep(pauseMs, undefined, { signal: stopping }).catch(() => undefined);
  }
}
