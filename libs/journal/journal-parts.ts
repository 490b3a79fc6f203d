import { Injectable, Logger } from '@nestjs/common';
import { Database, Environment, isLockConflict, toFirstId, type Transaction } from '#platform';

/** A part holds six hours: what JOURNAL_MAX_MB gives back at once, and few enough for a search of all. */
const PART_MS = 6 * 3_600_000;
const DAY_MS = 24 * 3_600_000;
/** Parts that are made ahead. */
const AHEAD = 4;
/** Whoever changes the parts waits this long for the rows that are being written or read. */
const LOCKING = `SET LOCAL lock_timeout = '2s'`;
const ONE_AT_A_TIME = `SELECT pg_advisory_xact_lock(hashtextextended('journal parts', 0))`;
const PREFIX = 'journal_entry_';

/** A part of the journal's table. */
export interface JournalPart {
  readonly table: string;
  /** When it begins, milliseconds since 1970. */
  readonly from: number;
  readonly bytes: number;
}

/** The parts of the journal's table: made ahead and on demand, dropped whole. */
@Injectable()
export class JournalParts {
  private readonly logger = new Logger('Journal');

  constructor(
    private readonly database: Database,
    private readonly environment: Environment,
  ) {}

  /** Makes the part of a time, milliseconds since 1970, if there is none. */
  async make(at: number): Promise<void> {
    const from = Math.floor(at / PART_MS) * PART_MS;
    const table = nameOf(from);
    await this.change(async (tx) => {
      const [known] = await tx.query<{ known: boolean }[]>('SELECT to_regclass($1) IS NOT NULL AS known', [table]);
      if (known?.known) return;
      // Attached, as CREATE TABLE ... PARTITION OF would stop all writing for a moment.
      await tx.query(`CREATE TABLE ${table} (LIKE journal_entry INCLUDING DEFAULTS INCLUDING STORAGE INCLUDING COMPRESSION)`);
      const [first, next] = [from, from + PART_MS].map((time) => toFirstId(new Date(time)));
      await tx.query(`ALTER TABLE journal_entry ATTACH PARTITION ${table} FOR VALUES FROM ('${first}') TO ('${next}')`);
    });
  }

  /**
   * Makes the parts of the next hours and drops what is too old or too much. `now`: milliseconds since
   * 1970.
   */
  async keep(now: number): Promise<void> {
    const { JOURNAL_DAYS, JOURNAL_MAX_MB } = this.environment;
    if (JOURNAL_DAYS > 0) for (let part = 0; part <= AHEAD; part++) await this.make(now + part * PART_MS);
    const parts = await this.list();
    const old = parts.filter(({ from }) => JOURNAL_DAYS === 0 || from + PART_MS <= now - JOURNAL_DAYS * DAY_MS);
    const kept = parts.slice(old.length);
    const most = JOURNAL_MAX_MB * 1024 * 1024;
    let bytes = kept.reduce((sum, part) => sum + part.bytes, 0);
    const tooMuch: JournalPart[] = [];
    for (const part of kept) {
      if (bytes <= most || part.from > now) break;
      tooMuch.push(part);
      bytes -= part.bytes;
    }
    for (const part of [...old, ...tooMuch]) await this.drop(part);
    if (tooMuch.length > 0) {
      const upTo = new Date((tooMuch.at(-1)?.from ?? 0) + PART_MS).toISOString();
      this.logger.warn(`the journal took more than JOURNAL_MAX_MB (${JOURNAL_MAX_MB}): what is from before ${upTo} was dropped`);
    }
  }

  /** Lists the parts, the oldest first. */
  async list(): Promise<JournalPart[]> {
    const rows = await this.database.query<{ table: string; bytes: string }>(
      `SELECT c.relname AS table, pg_total_relation_size(c.oid) AS bytes FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
       WHERE i.inhparent = 'journal_entry'::regclass ORDER BY c.relname`,
    );
    return rows.map(({ table, bytes }) => ({ table, from: readTime(table), bytes: Number(bytes) }));
  }

  private async drop({ table }: JournalPart): Promise<void> {
    try {
      await this.change((tx) => tx.query(`DROP TABLE IF EXISTS ${table}`));
    } catch (error) {
      // Somebody reads it: the next time will do.
      if (!isLockConflict(error)) throw error;
    }
  }

  private change(work: (tx: Transaction) => Promise<unknown>): Promise<unknown> {
    return this.database.transaction(async (tx) => {
      await tx.query(LOCKING);
      await tx.query(ONE_AT_A_TIME);
      await work(tx);
    });
  }
}

/** `journal_entry_2026112718`. */
function nameOf(from: number): string {
  return PREFIX + new Date(from).toISOString().slice(0, 13).replace(/\D/g, '');
}

function readTime(table: string): number {
  const [, year, month, day, hour] = /(\d{4})(\d\d)(\d\d)(\d\d)$/.exec(table) ?? [];
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour));
}
