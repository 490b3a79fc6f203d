import { Injectable, Logger } from '@nestjs/common';
import { Environment } from '../config/index.js';
import { Database } from './database.js';

/** Milliseconds between two cleanings of a library. */
export const RETENTION_EVERY_MS = 3_600_000;

/** Rows of one statement, and statements of one table in one run; what is left is for the next run. */
const DELETE = { rows: 1_000, statements: Infinity };
const EMPTY = { rows: 500, statements: 100 };

/**
 * Deletes old rows and erases personal data in small statements; each library cleans its own tables with it.
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
    const cutoff = 'now() - make_interval(days => $1)';
    const old = `SELECT id FROM ${table} WHERE ${condition} AND ${changed} < ${cutoff} ORDER BY ${changed} LIMIT $2 FOR UPDATE SKIP LOCKED`;
    await this.repeat(`DELETE FROM ${table} WHERE id = ANY (ARRAY(${old})) RETURNING id`, days, DELETE, stopping);
  }

  /**
   * Erases personal data older than RETENTION_DAYS, until `stopping`. `statement` empties the rows of
   * `selectOld`, returns one row for each and must leave them unselectable.
   */
  async emptyPersonalData(table: string, statement: string, stopping: AbortSignal): Promise<void> {
    const days = this.environment.RETENTION_DAYS;
    if (days === 0) return;
    const emptied = await this.repeat(statement, days, EMPTY, stopping);
    if (emptied > 0) this.logger.log(`personal data of ${emptied} rows of ${table} was emptied after ${days} days`);
  }

  private async repeat(statement: string, days: number, most: typeof EMPTY, stopping: AbortSignal): Promise<number> {
    let changed = 0;
    for (let at = 0; at < most.statements && !stopping.aborted; at++) {
      const { length } = await this.database.query(statement, [days, most.rows]);
      changed += length;
      if (length < most.rows) break;
    }
    return changed;
  }
}

/**
 * Returns SQL for ids of rows begun and last changed over `$1` days ago, at most `$2`; needs an index on
 * `began`.
 */
export function selectOld(table: string, condition: string, { began = 'created_at', changed = 'updated_at' } = {}): string {
  const cutoff = 'now() - make_interval(days => $1)';
  return `SELECT id FROM ${table} WHERE ${condition} AND ${began} < ${cutoff} AND ${changed} < ${cutoff} ORDER BY ${began} LIMIT $2 FOR UPDATE SKIP LOCKED`;
}
