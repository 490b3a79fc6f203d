import { Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { Pool, QueryResultRow } from 'pg';
import { DataSource, type EntityManager, QueryRunnerAlreadyReleasedError } from 'typeorm';
import { sha256Hex } from '../crypto/index.js';
import { errorTrace } from '../errors/index.js';
import { toLogLine } from '../logging/index.js';

/**
 * A statement of the hot path, prepared once per database connection. (A pooler in front of PostgreSQL must
 * be in session mode.)
 */
export interface PreparedStatement {
  readonly name: string;
  readonly text: string;
}

/** Defines a prepared statement. Its name ends in a hash, because a name must never have another text. */
export function prepare(name: string, text: string): PreparedStatement {
  return { name: `${name}-${sha256Hex(text).slice(0, 12)}`, text };
}

/** The manager of one transaction, and the work after its commit. */
export interface Transaction extends EntityManager {
  /** Number of the request that caused the work, stored with its rows. Undefined for background work. */
  request: string | undefined;

  /**
   * Runs `work` after the commit, in call order and once for each `key`, but never after a rollback. For
   * wake-ups that a sweeper repeats when lost: errors are only logged.
   */
  afterCommit(work: () => void, key?: string): void;
}

/** The database features that entities and repositories lack: prepared statements, transactions, locks. */
@Injectable()
export class Database {
  private readonly logger = new Logger(Database.name);

  constructor(@InjectDataSource() readonly dataSource: DataSource) {}

  /** The pool below TypeORM. */
  get pool(): Pool {
    return (this.dataSource.driver as unknown as { master: Pool }).master;
  }

  /** Opens up to `count` connections, so that the first requests of a process do not wait for them. */
  async openConnections(count: number): Promise<void> {
    await Promise.allSettled(Array.from({ length: count }, () => this.pool.query('SELECT 1')));
  }

  /** Runs a prepared statement in its own transaction and returns its rows. */
  async run<Row extends QueryResultRow>(statement: PreparedStatement, values: unknown[]): Promise<Row[]> {
    const result = await this.pool.query<Row>({ name: statement.name, text: statement.text, values });
    return result.rows;
  }

  /** Runs a query outside a transaction and returns its rows. */
  async query<Row>(text: string, values: unknown[] = []): Promise<Row[]> {
    return toRows<Row>(await this.dataSource.query(text, values));
  }

  /**
   * Runs `work` in a transaction and returns its result after all `afterCommit` work. Rolls back when it
   * throws.
   * @param request number of the request that caused the work
   */
  async transaction<T>(work: (tx: Transaction) => Promise<T>, request?: string): Promise<T> {
    const following = new Map<string | symbol, () => void>();
    const afterCommit = (task: () => void, key: string | symbol = Symbol()): void => {
      if (!following.has(key)) following.set(key, task);
    };
    // TypeORM makes a manager for each transaction, so the manager is not shared.
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

  /** Runs `work`. Returns undefined immediately if another process runs work with this `name`. */
  async exclusively<T>(name: string, work: () => Promise<T>): Promise<T | undefined> {
    return this.dataSource.transaction(async (manager) => {
      const [row] = toRows<{ locked: boolean }>(
        await manager.query('SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS locked', [name]),
      );
      return row?.locked ? work() : undefined;
    });
  }
}

/** TypeORM returns `[rows, count]` for UPDATE and DELETE ... RETURNING, and the rows for all else. */
export function toRows<Row>(result: unknown): Row[] {
  if (!Array.isArray(result)) return [];
  if (result.length === 2 && Array.isArray(result[0]) && typeof result[1] === 'number') return result[0] as Row[];
  return result as Row[];
}

/** Whether a statement failed because a row with the same unique values exists. */
export function isUniqueViolation(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === '23505';
}

/** Whether a statement was refused because a value does not fit its type. */
export function isDataException(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && code.startsWith('22');
}

/** Whether a statement waited too long for a lock, or in a circle (SQLSTATE 55P03, 40P01). */
export function isLockConflict(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return code === '55P03' || code === '40P01';
}

const UNREACHABLE = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
/**
 * SQLSTATEs after which a statement may succeed later: read-only, deadlock, cancelled and the like, and all
 * of the classes 08 (connection), 53 (disk, memory, connections) and 57P (shut down, starting).
 */
const PASSING = /^(?:08...|53...|57P..|25006|25P03|25P04|40001|40P01|55P03|57014|58000|58030)$/;

/** Whether a statement waited in vain for a connection of the pool: all were in use. */
export function isPoolExhausted(error: unknown): boolean {
  return error instanceof Error && error.message.includes('timeout exceeded when trying to connect');
}

/** Whether the disk of the database is full (SQLSTATE 53100). */
export function isDiskFull(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === '53100';
}

/** Whether the database is unreachable or not working now, rather than refusing a statement. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as { code?: unknown }).code;
  if (typeof code === 'string' && (UNREACHABLE.has(code) || PASSING.test(code))) return true;
  // TypeORM releases a lost connection, and COMMIT then fails with this.
  if (error instanceof QueryRunnerAlreadyReleasedError) return true;
  if (isPoolExhausted(error) || /Connection terminated|Client has encountered a connection error|Client was closed/.test(error.message))
    return true;
  const inner =
    (error as { driverError?: unknown; errors?: unknown[] }).driverError ?? (error as { errors?: unknown[] }).errors?.[0] ?? error.cause;
  return inner !== undefined && inner !== error && isDatabaseUnavailable(inner);
}
