import { Injectable } from '@nestjs/common';
import { And, In, LessThanOrEqual, MoreThan, Not } from 'typeorm';
import type { Connection } from '#connections';
import { Database, prepare, toFirstId, type Transaction } from '#platform';
import { OperationEntity } from './operation.entity.js';

/** Maximum error of a process's clock, in milliseconds. */
const WRONG_CLOCK_MS = 60 * 60_000;

/** Operations of a connection about a subject, in SQL. Few, because the id is unique in all accounts. */
const LATEST = prepare(
  'operation-latest',
  `SELECT kind, state, error, created_at AS "createdAt" FROM (
     SELECT * FROM operation WHERE subject = $2 ORDER BY id DESC LIMIT 50
   ) latest WHERE connection_id = $1 AND kind <> $3 ORDER BY id DESC LIMIT 1`,
);
/** The same for an id that other accounts also have, such as an order's. */
const LATEST_NOT_DONE = prepare(
  'operation-latest-not-done',
  `SELECT kind, state, error, created_at AS "createdAt" FROM operation
   WHERE connection_id = $1 AND subject = $2 AND state <> 'done' ORDER BY id DESC LIMIT 1`,
);

/** The state of an operation, for people. */
export type LatestOperation = Pick<OperationEntity, 'kind' | 'state' | 'error' | 'createdAt'>;

/** Finds operations, and changes none. */
@Injectable()
export class OperationLists {
  constructor(private readonly database: Database) {}

  /** Returns the keys that have an operation of the connection with an open outcome. */
  async listOpen({ id }: Connection, keys: readonly string[]): Promise<Set<string>> {
    const rows = await this.database.query<{ key: string }>(
      `SELECT key FROM operation WHERE connection_id = $1 AND key = ANY ($2::text[]) AND state IN ('running', 'unknown')`,
      [id, keys],
    );
    return new Set(rows.map(({ key }) => key));
  }

  /** Returns the inputs of operations of one kind by their references. */
  async findInputs<Input extends object>(
    tx: Transaction,
    connection: Connection,
    kind: string,
    references: readonly string[],
  ): Promise<ReadonlyMap<string, Input>> {
    if (references.length === 0) return new Map();
    const found = await tx.getRepository(OperationEntity).find({
      select: { id: true, reference: true, input: true },
      where: { connectionId: connection.id, kind, reference: In([...references]) },
    });
    return new Map(found.flatMap(({ reference, input }) => (reference === null ? [] : [[reference, input as Input] as const])));
  }

  /** Returns operations of one kind that were started within a time and not rejected, oldest first. */
  async findBegun<Input extends object, Result extends object>(
    tx: Transaction,
    connection: Connection,
    kind: string,
    { after, until }: { after: Date; until: Date },
  ): Promise<{ reference: string | null; input: Input; result: Result | null }[]> {
    const found = await tx.getRepository(OperationEntity).find({
      select: { id: true, reference: true, input: true, result: true },
      where: {
        ...{ connectionId: connection.id, kind, state: Not('refused'), createdAt: And(MoreThan(after), LessThanOrEqual(until)) },
        // The index is by id, which starts with the time of the process that created it.
        id: MoreThan(toFirstId(new Date(after.getTime() - WRONG_CLOCK_MS))),
      },
      order: { createdAt: 'ASC', id: 'ASC' },
    });
    return found.map(({ reference, input, result }) => ({ reference, input: input as Input, result: result as Result | null }));
  }

  /** Whether an operation of a kind is running or has an unknown outcome. */
  isBusy({ id }: Pick<Connection, 'id'>, kind: string): Promise<boolean> {
    return this.database.dataSource.getRepository(OperationEntity).existsBy({ connectionId: id, kind, state: In(['running', 'unknown']) });
  }

  /** Finds operations of any connection by their id, or by the id of their request. */
  search({ id, request }: { id?: string | undefined; request: string }, most: number): Promise<OperationEntity[]> {
    return this.database.dataSource
      .getRepository(OperationEntity)
      .createQueryBuilder('o')
      .where(
        `o.id = ANY (ARRAY(SELECT id FROM operation WHERE id = :id::uuid UNION ALL (SELECT id FROM operation WHERE request = :request LIMIT ${most})))`,
        { id: id ?? null, request },
      )
      .getMany();
  }

  /** Returns the latest operation about a subject for each connection that has one. */
  searchSubject(subject: string, most: number): Promise<Pick<OperationEntity, 'connectionId' | 'kind' | 'state' | 'createdAt'>[]> {
    return this.database.query(
      `SELECT DISTINCT ON (connection_id) connection_id AS "connectionId", kind, state, created_at AS "createdAt"
       FROM (SELECT * FROM operation WHERE subject = $1 ORDER BY id DESC LIMIT 50) o ORDER BY connection_id, id DESC LIMIT $2`,
      [subject, most],
    );
  }

  /**
   * Returns the latest operation of a connection about a subject whose id is unique in all accounts.
   * @param exceptKind operations of this kind are left out.
   */
  async findLatest({ id }: Pick<Connection, 'id'>, subject: string, exceptKind: string): Promise<LatestOperation | undefined> {
    return (await this.database.run<LatestOperation>(LATEST, [id, subject, exceptKind]))[0];
  }

  /** Returns the latest operation of a connection about a subject that is not done. */
  async findLatestNotDone({ id }: Pick<Connection, 'id'>, subject: string): Promise<LatestOperation | undefined> {
    return (await this.database.run<LatestOperation>(LATEST_NOT_DONE, [id, subject]))[0];
  }

  /** Lists the latest operations of a connection about any of these subjects. */
  listOf(connectionId: string, subjects: readonly string[], most: number): Promise<OperationEntity[]> {
    return this.database.dataSource
      .getRepository(OperationEntity)
      .find({ where: { connectionId, subject: In([...subjects]) }, order: { id: 'DESC' }, take: most });
  }
}
