import { Injectable, Logger } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Connection } from '#connections';
import { Database, Environment, errorText, groupError, toFirstId, toRows, type Transaction } from '#platform';
import { OperationEntity } from './operation.entity.js';

/** Longer than any call may take. A running operation beyond it belongs to a process that died. */
const LEASE_MARGIN_MS = 10_000;
/**
 * Seconds between checks of an unknown outcome: half its age. The CRM's repeats also check, and must not
 * delay it.
 */
const CHECK_S = { least: 2, most: 15 * 60 };

/** Longest time until the CRM repeats a callback, in milliseconds. */
const REPEAT_MS = 3_600_000;

/** Identity and input of an operation. */
export interface OperationDraft<Input> {
  key: string;
  reference?: string;
  subject: string;
  input: Input;
}

/** Stores operations and changes their state. A process that lost an operation to another changes nothing. */
@Injectable()
export class OperationStore {
  private readonly logger = new Logger(OperationStore.name);

  constructor(
    private readonly database: Database,
    private readonly environment: Environment,
  ) {}

  /** Stores a running operation under a lease. Returns undefined if another one has its key. */
  async begin(
    kind: string,
    { id: connectionId, request, budget }: Connection,
    draft: OperationDraft<object>,
  ): Promise<OperationEntity | undefined> {
    const id = uuidv7();
    const rows = await this.database.query<{ id: string }>(
      `INSERT INTO operation (id, connection_id, kind, key, reference, subject, state, input, request, from_callback, lease_until)
       VALUES ($1, $2, $3, $4, $5, $6, 'running', $7, $8, $9, now() + make_interval(secs => $10))
       ON CONFLICT (connection_id, key) WHERE key IS NOT NULL DO NOTHING RETURNING id`,
      [
        id,
        connectionId,
        kind,
        draft.key,
        draft.reference ?? null,
        draft.subject,
        JSON.stringify(draft.input),
        request ?? null,
        budget !== undefined,
        this.leaseSeconds,
      ],
    );
    return rows.length > 0 ? ((await this.findByKey(connectionId, draft.key)) ?? undefined) : undefined;
  }

  async findByKey(connectionId: string, key: string): Promise<OperationEntity | null> {
    return this.database.dataSource.getRepository(OperationEntity).findOneBy({ connectionId, key });
  }

  /** Takes over an open operation that no process holds. Returns undefined if another process was faster. */
  async takeOver(operation: OperationEntity): Promise<OperationEntity | undefined> {
    const rows = toRows(
      await this.database.dataSource.query(
        `UPDATE operation SET state = 'running', fence = fence + 1, lease_until = now() + make_interval(secs => $3)
         WHERE id = $1 AND fence = $2 AND (state = 'unknown' OR (state = 'running' AND lease_until <= now())) RETURNING id`,
        [operation.id, operation.fence, this.leaseSeconds],
      ),
    );
    if (rows.length === 0) return undefined;
    return (await this.database.dataSource.getRepository(OperationEntity).findOneBy({ id: operation.id })) ?? undefined;
  }

  /** Adds values that each repeat must send again to a running operation's input, before its call. */
  async amendInput<Input extends object>(
    operation: OperationEntity & { input: Input },
    added: Partial<Input>,
    tx?: Transaction,
  ): Promise<void> {
    Object.assign(operation.input, added);
    // Within a transaction, the operation is inserted at its end.
    if (tx) return;
    await this.database.query(`UPDATE operation SET input = input || $3, updated_at = now() WHERE id = $1 AND fence = $2`, [
      operation.id,
      operation.fence,
      JSON.stringify(added),
    ]);
  }

  /** Stores for how long a call may still be sent, in seconds from now. */
  async noteSent(id: string, inS: number): Promise<void> {
    await this.database
      .query(`UPDATE operation SET sent_at = now() + make_interval(secs => $2) WHERE id = $1 AND state IN ('running', 'unknown')`, [
        id,
        inS,
      ])
      .catch((error: unknown) => this.logger.warn(`a hanging operation cannot be stored: ${errorText(error)}`));
  }

  /** Whether the operation before it, of the same kind and subject within an hour, had the same input. */
  async isRepeat(tx: Transaction, { id, connectionId, kind, subject, input, createdAt }: OperationEntity): Promise<boolean> {
    const [before] = toRows<{ same: boolean }>(
      await tx.query(
        `SELECT input = $5::jsonb AS same FROM operation WHERE connection_id = $1 AND subject = $2 AND kind = $3 AND id < $4 AND id > $6 AND state = 'done'
         ORDER BY id DESC LIMIT 1`,
        [connectionId, subject, kind, id, JSON.stringify(input), toFirstId(new Date(createdAt.getTime() - REPEAT_MS))],
      ),
    );
    return before?.same === true;
  }

  /** Stores the result. Returns no row if another process took over the operation. */
  markDone(tx: Transaction, { id, fence }: OperationEntity, result: object, keepsKey: boolean): Promise<unknown> {
    return tx.query(
      `UPDATE operation SET state = 'done', result = $3, error = NULL, key = CASE WHEN $4 THEN key END, updated_at = now()
       WHERE id = $1 AND fence = $2 AND state IN ('running', 'unknown') RETURNING id`,
      [id, fence, JSON.stringify(result), keepsKey],
    );
  }

  /** Records that nothing was done, which frees the key. */
  async markRefused(operation: OperationEntity, reason: string): Promise<void> {
    await this.database.query(
      `UPDATE operation SET state = 'refused', key = NULL, error = $3, updated_at = now() WHERE id = $1 AND fence = $2 AND state IN ('running', 'unknown')`,
      [operation.id, operation.fence, reason],
    );
  }

  /** Records an unknown outcome. `sentInS`: the call was sent, or may be sent within that many seconds. */
  async markUnknown(operation: OperationEntity, error: unknown, { sentInS }: { sentInS?: number } = {}): Promise<void> {
    const text = error === undefined ? null : errorText(error);
    await this.database.query(
      `UPDATE operation SET state = 'unknown', sent_at = coalesce(now() + make_interval(secs => $6::float8), sent_at), lease_until = '-infinity', error = coalesce($3, error), error_group = coalesce($7, error_group), checks = checks + 1, updated_at = now(),
         check_at = now() + make_interval(secs => least(greatest($4::float8, extract(epoch FROM now() - created_at)::float8 / 2), $5::float8))
       WHERE id = $1 AND fence = $2 AND state IN ('running', 'unknown')`,
      [...[operation.id, operation.fence, text, CHECK_S.least, CHECK_S.most, sentInS ?? null], text === null ? null : groupError(text)],
    );
  }

  /**
   * Frees the key of an unknown operation that had no effect according to an operator. Returns false if it
   * was not unknown.
   */
  async release(id: string): Promise<boolean> {
    const rows = toRows(
      await this.database.dataSource.query(
        `UPDATE operation SET state = 'refused', key = NULL, error = 'released by an operator', updated_at = now() WHERE id = $1 AND state = 'unknown' RETURNING id`,
        [id],
      ),
    );
    return rows.length > 0;
  }

  /**
   * Frees the key of a finished operation. `olderThanS`: only if it was created at least that many seconds
   * ago.
   */
  async freeKey(
    connection: Connection,
    key: string,
    { tx, olderThanS = 0 }: { tx?: Transaction; olderThanS?: number } = {},
  ): Promise<void> {
    await (tx ?? this.database.dataSource).query(
      `UPDATE operation SET key = NULL WHERE connection_id = $1 AND key = $2 AND state = 'done' AND created_at <= now() - make_interval(secs => $3)`,
      [connection.id, key, olderThanS],
    );
  }

  /**
   * Deletes finished operations by their keys, in the transaction that deletes the records that they answer
   * with.
   */
  async forget(tx: Transaction, done: readonly { connectionId: string; key: string }[]): Promise<void> {
    if (done.length === 0) return;
    await tx.query(
      `DELETE FROM operation o USING unnest($1::uuid[], $2::text[]) AS d (connection_id, key)
       WHERE o.connection_id = d.connection_id AND o.key = d.key AND o.state = 'done'`,
      [done.map(({ connectionId }) => connectionId), done.map(({ key }) => key)],
    );
  }

  private get leaseSeconds(): number {
    return (this.environment.PROVIDER_BUDGET_MS + LEASE_MARGIN_MS) / 1000;
  }
}
