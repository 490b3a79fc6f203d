import { Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { Pool, QueryResultRow } from 'pg';
import { DataSource, type EntityManager } from 'typeorm';
import { errorTrace } from '../errors/index.js';
import { toLogLine } from '../logging/index.js';

/**
 * A statement of the hot path, prepared once per database connection: `name` must be unique in the project
 * and change with the text. (A pooler in front of PostgreSQL must be in session mode.)
 */
export interface PreparedStatement {
  readonly name: string;
  readonly text: string;
}

/** The manager of one transaction, and what is to follow its commit. */
export interface Transaction extends EntityManager {
  /**
   * Number of the request that the work belongs to, for the rows that others finish; undefined for work of
   * our own. Set it where only the transaction finds it out.
   */
  request: string | undefined;

  /**
   * Runs `work` once the transaction is committed, in the order of the calls; never when it is rolled back.
   * For wake-ups, which a sweeper makes good when they are lost: an error is logged. Of several with one
   * `key` only the first runs.
   */
  afterCommit(work: () => void, key?: string): void;
}

/** The database, for what entities and repositories do not say: prepared statements, transactions, locks. */
@Injectable()
export class Database {
  private readonly logger = new Logger(Database.name);

  constructor(@InjectDataSource() readonly dataSource: DataSource) {}

  /** The pool below TypeORM. */
  get pool(): Pool {
    return (this.dataSource.driver as unknown as { master: Pool }).master;
  }

  /** Runs a prepared statement in a transaction of its own and returns its rows. */
  async run<Row extends QueryResultRow>(statement: PreparedStatement, values: unknown[]): Promise<Row[]> {
    const result = await this.pool.query<Row>({ name: statement.name, text: statement.text, values });
    return result.rows;
  }

  /** Runs a query outside a transaction and returns its rows. */
  async query<Row>(text: string, values: unknown[] = []): Promise<Row[]> {
    return toRows<Row>(await this.dataSource.query(text, values));
  }

  /**
   * Runs `work` in one transaction: committed when it resolves, rolled back when it throws. Resolves with its
   * result after everything that `afterCommit` asked for has run. `request`: number of the request that the
   * work belongs to.
   */
  async transaction<T>(work: (tx: Transaction) => Promise<T>, request?: string): Promise<T> {
    const following = new Map<string | symbol, () => void>();
    const afterCommit = (task: () => void, key: string | symbol = Symbol()): void => {
      if (!following.has(key)) following.set(key, task);
    };
    // TypeORM makes a manager for each transaction, so nothing of it is shared.
    const result = await this.dataSource.transaction((manager) => work(Object.assign(manager, { request, afterCommit })));
    for (const task of following.values()) this.follow(task, request);
    return result;
  }

  private follow(task: () => void, request: string | undefined): void {
    try {
      task();
    } catch (error) {
      this.logger.error(toLogLine(`what follows a commit failed: ${errorTrace(error)}`, request));
    }
  }

  /**
   * Runs `work` while no other process runs a work of the same `name`; returns undefined at once when one
   * does.
   */
  async exclusively<T>(name: string, work: () => Promise<T>): Promise<T | undefined> {
    return this.dataSource.transaction(async (manager) => {
      const [row] = toRows<{ locked: boolean }>(
        await manager.query('SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS locked', [name]),
      );
      return row?.locked ? work() : undefined;
    });
  }
}

/** TypeORM answers UPDATE and DELETE ... RETURNING with `[rows, count]`, all else with the rows. */
export function toRows<Row>(result: unknown): Row[] {
  if (!Array.isArray(result)) return [];
  if (result.length === 2 && Array.isArray(result[0]) && typeof result[1] === 'number') return result[0] as Row[];
  return result as Row[];
}

/** Whether a statement was refused because a row with the same unique values is there already. */
export function isUniqueViolation(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === '23505';
}

const UNREACHABLE = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
/**
 * SQLSTATEs under which the same statement may pass later: read-only, a transaction that was ended, a
 * deadlock, a lock that was not got, a cancelled statement, a failed disk. Of the classes 08 (connection), 53
 * (disk, memory, connections) and 57P (shut down, starting) every one.
 */
const PASSING = /^(?:08...|53...|57P..|25006|25P03|25P04|40001|40P01|55P03|57014|58000|58030)$/;

/**
 * Whether an error says that the database cannot be reached, or cannot do anything of the kind, just now (as
 * opposed to a statement it refused).
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as { code?: unknown }).code;
  if (typeof code === 'string' && (UNREACHABLE.has(code) || PASSING.test(code))) return true;
  if (/Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(error.message))
    return true;
  const inner =
    (error as { driverError?: unknown; errors?: unknown[] }).driverError ?? (error as { errors?: unknown[] }).errors?.[0] ?? error.cause;
  return inner !== undefined && inner !== error && isDatabaseUnavailable(inner);
}
