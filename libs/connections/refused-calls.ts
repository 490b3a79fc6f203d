import { Injectable } from '@nestjs/common';
import { Database, toRows, type Transaction } from '#platform';

/** Stores at which calls a provider refuses a connection's credentials. */
@Injectable()
export class RefusedCalls {
  constructor(private readonly database: Database) {}

  /**
   * Adds a call, unless it is known or a notice is younger than `quietHours` with no refusal since.
   * Returns whether to notify the account now; the row lock lets only one process do so.
   */
  async add(tx: Transaction, connectionId: string, call: string, quietHours: number): Promise<boolean> {
    const [row] = toRows<{ told: boolean }>(
      await tx.query(
        `UPDATE connection SET refused_calls = array_append(refused_calls, $2), version = version + 1,
           credentials_told_at = CASE WHEN cardinality(refused_calls) = 0 OR credentials_told_at < now() - make_interval(hours => $3)
             THEN now() ELSE credentials_told_at END
         WHERE id = $1 AND $2 <> ALL (refused_calls)
           AND (cardinality(refused_calls) > 0 OR credentials_told_at IS NULL OR credentials_told_at < now() - make_interval(hours => $3))
         RETURNING credentials_told_at = now() AS told`,
        [connectionId, call, quietHours],
      ),
    );
    return row?.told ?? false;
  }

  /** Removes a call at which the credentials were accepted. */
  async remove(connectionId: string, call: string): Promise<void> {
    await this.database.query(
      `UPDATE connection SET refused_calls = array_remove(refused_calls, $2), version = version + 1 WHERE id = $1 AND $2 = ANY (refused_calls)`,
      [connectionId, call],
    );
  }

  /** Forgets all calls and the notice to the account. */
  async clear(tx: Transaction, connectionId: string): Promise<void> {
    await tx.query(`UPDATE connection SET refused_calls = '{}', credentials_told_at = NULL, version = version + 1 WHERE id = $1`, [
      connectionId,
    ]);
  }
}
