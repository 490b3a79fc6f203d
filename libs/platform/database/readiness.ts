import { Injectable } from '@nestjs/common';
import { Database } from './database.js';

/** A write is repeated this long after the last one, however often it is asked for. */
const EVERY_MS = 10_000;

/** Whether the database takes writes: a full disk or a read-only one still answers `SELECT 1`. */
@Injectable()
export class Readiness {
  private last: { at: number; written: Promise<unknown> } | undefined;

  constructor(private readonly database: Database) {}

  /** Resolves when the last small write went well. Rejects with the database's error when it did not. */
  async check(): Promise<void> {
    if (!this.last || performance.now() - this.last.at >= EVERY_MS)
      this.last = {
        at: performance.now(),
        written: this.database.query(
          `INSERT INTO readiness (only_row, written_at) VALUES (true, now()) ON CONFLICT (only_row) DO UPDATE SET written_at = now()`,
        ),
      };
    await this.last.written;
  }
}
