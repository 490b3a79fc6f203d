import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { QueryRunner } from 'typeorm';
import { errorText } from '../errors/index.js';
import { Database } from './database.js';

/** How a restore was recognized. `operator`: an operator marked it. */
export type RestoreReason = 'another-cluster' | 'another-timeline' | 'another-table' | 'operator';

/** The last restore of the database. */
export interface Restore {
  /** When it was recognized. Null if it never was. */
  restoredAt: Date | null;
  reason: RestoreReason | null;
}

/** The real identity of the database. Null if the role may not read it. */
interface Origin {
  system: string | null;
  timeline: string | null;
  table: string;
}

/** The comparison is repeated at most this often. */
const EVERY_MS = 5_000;
/** Numbers issued since the backup must not be issued again. More are never issued between two backups. */
const SKIPPED_NUMBERS = 1_000_000;
const GRANT = 'GRANT EXECUTE ON FUNCTION pg_control_system() TO the role of DATABASE_URL';

/**
 * Recognizes a database that was restored: its row `database_origin` has another cluster, timeline or oid of
 * its table than the real ones. A copy of the cluster's files has the same ones: an operator reports it.
 */
@Injectable()
export class Restores implements OnApplicationBootstrap {
  private readonly logger = new Logger(Restores.name);
  private last: { at: number; checked: Promise<void> } | undefined;
  private hasWarned = false;

  constructor(private readonly database: Database) {}

  /** Compares at the start. The process continues if this fails: the next reading compares again. */
  async onApplicationBootstrap(): Promise<void> {
    await this.check().catch((error: unknown) => {
      this.logger.error(`cannot compare the database with its origin: ${errorText(error)}`);
    });
  }

  /** Returns the last restore, after a comparison. */
  async read(): Promise<Restore> {
    if (!this.last || performance.now() - this.last.at >= EVERY_MS) this.last = { at: performance.now(), checked: this.check() };
    try {
      await this.last.checked;
    } catch (error) {
      this.last = undefined;
      throw error;
    }
    const [row] = await this.database.query<Restore>(`SELECT restored_at AS "restoredAt", reason FROM database_origin`);
    return row ?? { restoredAt: null, reason: null };
  }

  /** Marks the database as restored. For copies of files, which a comparison does not recognize. */
  async declare(): Promise<Restore> {
    const origin = await this.readOrigin();
    await this.inTransaction((runner) => this.mark(runner, origin, 'operator'));
    return this.read();
  }

  private async check(): Promise<void> {
    const origin = await this.readOrigin();
    await this.inTransaction(async (runner) => {
      await runner.query(
        `INSERT INTO database_origin (only_row, system_identifier, timeline, table_oid) VALUES (true, $1, $2, $3) ON CONFLICT DO NOTHING`,
        [origin.system, origin.timeline, origin.table],
      );
      const [known] = (await runner.query(
        `SELECT system_identifier AS system, timeline, table_oid::text AS "table" FROM database_origin FOR UPDATE`,
      )) as Origin[];
      const reason = known && findReason(known, origin);
      if (reason) await this.mark(runner, origin, reason);
      // A role that may read more now.
      else if (known && (known.system ?? known.timeline) === null) await this.keep(runner, origin);
    });
  }

  private async mark(runner: QueryRunner, origin: Origin, reason: RestoreReason): Promise<void> {
    await this.keep(runner, origin);
    await runner.query(`UPDATE database_origin SET restored_at = now(), reason = $1`, [reason]);
    await runner.query(
      `SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, least(last_value + ${SKIPPED_NUMBERS}, max_value))
       FROM pg_sequences WHERE schemaname = current_schema() AND last_value IS NOT NULL`,
    );
    this.logger.warn(
      `This database was restored (${reason}). Until the comparison of a shop is done, its refunds and invoices are looked up at the gateway first. Start it: POST /operator/api/reconciliations`,
    );
  }

  private async keep(runner: QueryRunner, { system, timeline, table }: Origin): Promise<void> {
    await runner.query(`UPDATE database_origin SET system_identifier = $1, timeline = $2, table_oid = $3`, [system, timeline, table]);
  }

  private async readOrigin(): Promise<Origin> {
    const [row] = await this.database.query<{ table: string }>(`SELECT 'database_origin'::regclass::oid::text AS "table"`);
    // The timeline of the log that is written now: the one of the last checkpoint may be the one before.
    const timeline = await this.readValue(`SELECT left(pg_walfile_name(pg_current_wal_lsn()), 8) AS value`);
    const system = await this.readValue(`SELECT system_identifier::text AS value FROM pg_control_system()`);
    if (!this.hasWarned && (system === null || timeline === null)) {
      this.hasWarned = true;
      this.logger.warn(`The role may not read the identity of the cluster, so some restores are not recognized. ${GRANT}.`);
    }
    return { system, timeline, table: row?.table ?? '0' };
  }

  private async readValue(query: string): Promise<string | null> {
    try {
      const [row] = await this.database.query<{ value: string }>(query);
      return row?.value ?? null;
    } catch (error) {
      if ((error as { code?: string }).code === '42501') return null;
      throw error;
    }
  }

  private async inTransaction(work: (runner: QueryRunner) => Promise<void>): Promise<void> {
    await this.database.dataSource.transaction(async ({ queryRunner }) => {
      if (queryRunner) await work(queryRunner);
    });
  }
}

function findReason(known: Origin, real: Origin): RestoreReason | undefined {
  const differs = (one: string | null, other: string | null): boolean => one !== null && other !== null && one !== other;
  if (differs(known.system, real.system)) return 'another-cluster';
  if (differs(known.table, real.table)) return 'another-table';
  return differs(known.timeline, real.timeline) ? 'another-timeline' : undefined;
}
