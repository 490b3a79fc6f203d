import { Injectable } from '@nestjs/common';
import { Database } from './database.js';

/** Milliseconds after which a write is repeated, however often readiness is checked. */
const EVERY_MS = 10_000;

/**
 * A sort that writes two megabytes to a temporary file and reads nothing. On a full disk it fails, although a
 * row may still be changed in place.
 */
const FILL = [
  `SELECT set_config('work_mem', '64kB', true)`,
  `SELECT count(*) FROM (SELECT repeat(md5(n::text), 4) AS text FROM generate_series(1, 12000) n ORDER BY 1 OFFSET 1) sorted`,
];

/** Whether the database accepts writes: a full disk or a read-only one still responds to `SELECT 1`. */
@Injectable()
export class Readiness {
  private last: { at: number; written: Promise<unknown> } | undefined;

  constructor(private readonly database: Database) {}

  /** Resolves when the last small writes went well. Rejects with the database's error when they did not. */
  async check(): Promise<void> {
    if (!this.last || performance.now() - this.last.at >= EVERY_MS) this.last = { at: performance.now(), written: this.write() };
    await this.last.written;
  }

  private write(): Promise<void> {
    return this.database.transaction(async (tx) => {
      for (const statement of FILL) await tx.query(statement);
      await tx.query(
        `INSERT INTO readiness (only_row, written_at) VALUES (true, now()) ON CONFLICT (only_row) DO UPDATE SET written_at = now()`,
      );
    });
  }
}
