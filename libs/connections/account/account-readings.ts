import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '#platform';

/** Stores when the settings of an account are due to be read from its CRM. */
@Injectable()
export class AccountReadings {
  constructor(private readonly database: Database) {}

  /** Records that the account's settings could not be read (they are due in a minute), or that they could. */
  async noteRead(tx: Transaction, id: string, problem: string | undefined): Promise<void> {
    await tx.query(
      `UPDATE connection SET settings_error = $2, settings_tries = 0, version = version + 1,
         settings_due_at = CASE WHEN $2::text IS NULL THEN NULL ELSE now() + interval '1 minute' END
       WHERE id = $1 AND ($2::text IS NOT NULL OR settings_error IS NOT NULL)`,
      [id, problem ?? null],
    );
  }

  /**
   * Claims up to `most` live connections whose account settings are due to be read. The pause doubles with
   * each attempt, up to `longestPauseMin` minutes. Returns their ids.
   */
  async claimDue(most: number, longestPauseMin: number): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      `UPDATE connection SET settings_tries = settings_tries + 1, version = version + 1,
         settings_due_at = now() + make_interval(mins => least($1, power(2, least(settings_tries, 20) + 1)::int))
       WHERE id IN (
         SELECT id FROM connection WHERE settings_due_at <= now() AND id IN (SELECT id FROM served_connection) ORDER BY settings_due_at LIMIT $2 FOR UPDATE SKIP LOCKED
       ) RETURNING id`,
      [longestPauseMin, most],
    );
    return rows.map(({ id }) => id);
  }
}
