import { Injectable, Logger } from '@nestjs/common';
import { Database, Environment, isLockConflict, toFirstId, type Transaction } from '#platform';

/** A partition has six hours: the unit that JOURNAL_MAX_MB drops, and few enough for a search of all. */
const PART_MS = 6 * 3_600_000;
const DAY_MS = 24 * 3_600_000;
/** Number of partitions that are created ahead. */
const AHEAD = 4;
/** A change of the partitions waits at most this long for rows that are being written or read. */
const LOCKING = `SET LOCAL lock_timeout = '2s'`;
const ONE_AT_A_TIME = `SELECT pg_advisory_xact_lock(hashtextextended('journal parts', 0))`;
const PREFIX = 'journal_entry_';
/** A source with more than this share of all bytes loses its own rows instead of the oldest partition. */
const FLOODING = 1 / 10;
/** Share of JOURNAL_MAX_MB that remains afterwards, so that the limit is not reached again soon. */
const TRIMMED = 0.9;
/** Stored bytes of a row's bodies, and an estimate of its other columns and index entries. */
const ROW_BYTES = `500 + coalesce(pg_column_size(request_body), 0) + coalesce(pg_column_size(reply_body), 0)`;
/** The free room of a smaller partition does not matter. */
const HOLLOW_BYTES = 1024 * 1024;
const TRIM_TIMEOUT = `SET LOCAL statement_timeout = '10min'`;

/** A partition of the journal's table. */
export interface JournalPartition {
  readonly table: string;
  /** Start of the partition, in milliseconds since 1970. */
  readonly from: number;
  readonly bytes: number;
}

/** Size of a source's rows in a partition. */
interface Content {
  readonly table: string;
  readonly connection: string | null;
  readonly bytes: number;
}

/** The partitions of the journal's table: created ahead and on demand, dropped as a whole. */
@Injectable()
export class JournalPartitions {
  private readonly logger = new Logger('Journal');

  constructor(
    private readonly database: Database,
    private readonly environment: Environment,
  ) {}

  /** Creates the partition for a time, in milliseconds since 1970, if there is none. */
  async make(at: number): Promise<void> {
    const from = Math.floor(at / PART_MS) * PART_MS;
    const table = nameOf(from);
    await this.change(async (tx) => {
      const [known] = await tx.query<{ known: boolean }[]>('SELECT to_regclass($1) IS NOT NULL AS known', [table]);
      if (known?.known) return;
      // Attached afterwards, because CREATE TABLE ... PARTITION OF would stop all writes for a moment.
      await tx.query(`CREATE TABLE ${table} (LIKE journal_entry INCLUDING DEFAULTS INCLUDING STORAGE INCLUDING COMPRESSION)`);
      const [first, next] = [from, from + PART_MS].map((time) => toFirstId(new Date(time)));
      await tx.query(`ALTER TABLE journal_entry ATTACH PARTITION ${table} FOR VALUES FROM ('${first}') TO ('${next}')`);
    });
  }

  /**
   * Creates the partitions of the next hours and drops partitions that are too old or too many. `now`:
   * milliseconds since 1970.
   */
  async keep(now: number): Promise<void> {
    const { JOURNAL_DAYS, JOURNAL_MAX_MB } = this.environment;
    if (JOURNAL_DAYS > 0) for (let partition = 0; partition <= AHEAD; partition++) await this.make(now + partition * PART_MS);
    const partitions = await this.list();
    const old = partitions.filter(({ from }) => JOURNAL_DAYS === 0 || from + PART_MS <= now - JOURNAL_DAYS * DAY_MS);
    for (const partition of old) await this.drop(partition);
    await this.keepWithin(JOURNAL_MAX_MB * 1024 * 1024, now);
  }

  /**
   * Deletes rows of the source that has the most bytes, the oldest first, until the journal has room again.
   * Drops the oldest partitions if no source has much more than others, or if that is not sufficient.
   */
  private async keepWithin(most: number, now: number): Promise<void> {
    let partitions = await this.list();
    if (sumBytes(partitions) <= most) return;
    const contents = await this.readContents();
    const isHollow = (partition: JournalPartition): boolean =>
      partition.bytes > HOLLOW_BYTES && partition.bytes > 2 * liveBytes(contents, partition);
    for (const partition of partitions) if (isHollow(partition)) await this.compact(partition.table);
    // An older transaction may hold the room of deleted rows for long. Other sources then lose no rows.
    const listFull = async (): Promise<JournalPartition[]> =>
      (await this.list()).map((partition) => (isHollow(partition) ? { ...partition, bytes: liveBytes(contents, partition) } : partition));
    partitions = await listFull();
    if (sumBytes(partitions) <= most || !(await this.trimFlood(partitions, contents, most * TRIMMED))) return;
    partitions = await listFull();
    let bytes = sumBytes(partitions);
    const tooMuch: JournalPartition[] = [];
    for (const partition of partitions) {
      if (bytes <= most || partition.from > now) break;
      tooMuch.push(partition);
      bytes -= partition.bytes;
    }
    for (const partition of tooMuch) await this.drop(partition);
    if (tooMuch.length > 0) {
      const upTo = new Date((tooMuch.at(-1)?.from ?? 0) + PART_MS).toISOString();
      this.logger.warn(
        `the journal took more than JOURNAL_MAX_MB (${this.environment.JOURNAL_MAX_MB}): what is from before ${upTo} was dropped`,
      );
    }
  }

  /**
   * Deletes rows of a flooding source. Returns false if their room is still held, so that no other source
   * loses rows for it.
   */
  private async trimFlood(partitions: readonly JournalPartition[], contents: readonly Content[], most: number): Promise<boolean> {
    const sums = new Map<string | null, number>();
    for (const { connection, bytes } of contents) sums.set(connection, (sums.get(connection) ?? 0) + bytes);
    const [source, taken] = [...sums].reduce((a, b) => (b[1] > a[1] ? b : a), [null, 0]);
    // If the journal has only one source, it loses its oldest partition.
    if (sums.size < 2 || taken < sumBytes(contents) * FLOODING) return true;
    let bytes = sumBytes(partitions);
    let rows = 0;
    let isHeld = false;
    for (const partition of partitions) {
      if (bytes <= most || isHeld) break;
      const own = contents.find(({ table, connection }) => table === partition.table && connection === source);
      if (!own) continue;
      rows += await this.deleteOf(source, partition);
      const returned = partition.bytes - (await this.measure(partition));
      isHeld = own.bytes > HOLLOW_BYTES && returned < own.bytes / 2;
      bytes -= returned;
    }
    const whose = source === null ? 'requests without a connection' : `connection ${source}`;
    if (rows > 0)
      this.logger.warn(
        `the journal took more than JOURNAL_MAX_MB (${this.environment.JOURNAL_MAX_MB}): ${rows} rows of ${whose}, which had the most, were deleted` +
          (isHeld ? '; their bytes are returned once no older transaction may see them' : ''),
      );
    return !isHeld;
  }

  /** Estimates the number of bytes that each source has in each partition. */
  private async readContents(): Promise<Content[]> {
    const rows = await this.database.query<{ table: string; connection: string | null; bytes: string }>(
      `SELECT tableoid::regclass::text AS table, connection_id AS connection, sum(${ROW_BYTES}) AS bytes
       FROM journal_entry GROUP BY tableoid, connection_id`,
    );
    return rows.map(({ bytes, ...row }) => ({ ...row, bytes: Number(bytes) }));
  }

  /** Deletes the rows of one source from a partition and compacts it. Returns the number of rows. */
  private async deleteOf(connection: string | null, { table }: JournalPartition): Promise<number> {
    const deleted = await this.database.transaction(async (tx) => {
      await tx.query(TRIM_TIMEOUT);
      const result = await tx.queryRunner?.query(`DELETE FROM ${table} WHERE connection_id IS NOT DISTINCT FROM $1`, [connection], true);
      return result?.affected ?? 0;
    });
    await this.compact(table);
    return deleted;
  }

  /**
   * Rewrites a partition without the room of its deleted rows, unless an older transaction may still see
   * them. Its rows cannot be read or written in the meantime.
   */
  private async compact(table: string): Promise<void> {
    const client = await this.database.pool.connect();
    try {
      await client.query(`SET lock_timeout = '2s'; SET statement_timeout = '10min'`);
      await client.query(`VACUUM (FULL) ${table}`);
    } catch (error) {
      // The partition is being read. The room is used again, or freed the next time.
      if (!isLockConflict(error)) throw error;
    } finally {
      await client.query('RESET lock_timeout; RESET statement_timeout').then(
        () => client.release(),
        (error: unknown) => client.release(error as Error),
      );
    }
  }

  private async measure({ table }: JournalPartition): Promise<number> {
    const [row] = await this.database.query<{ bytes: string }>('SELECT pg_total_relation_size($1::regclass) AS bytes', [table]);
    return Number(row?.bytes);
  }

  /** Lists the partitions, the oldest first. */
  async list(): Promise<JournalPartition[]> {
    const rows = await this.database.query<{ table: string; bytes: string }>(
      `SELECT c.relname AS table, pg_total_relation_size(c.oid) AS bytes FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
       WHERE i.inhparent = 'journal_entry'::regclass ORDER BY c.relname`,
    );
    return rows.map(({ table, bytes }) => ({ table, from: readTime(table), bytes: Number(bytes) }));
  }

  private async drop({ table }: JournalPartition): Promise<void> {
    try {
      await this.change((tx) => tx.query(`DROP TABLE IF EXISTS ${table}`));
    } catch (error) {
      // The partition is being read. It is dropped the next time.
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

function sumBytes(those: readonly { readonly bytes: number }[]): number {
  return those.reduce((sum, { bytes }) => sum + bytes, 0);
}

function liveBytes(contents: readonly Content[], partition: JournalPartition): number {
  return sumBytes(contents.filter(({ table }) => table === partition.table));
}

/** Returns the name of a partition: `journal_entry_2026112718`. */
function nameOf(from: number): string {
  return PREFIX + new Date(from).toISOString().slice(0, 13).replace(/\D/g, '');
}

function readTime(table: string): number {
  const [, year, month, day, hour] = /(\d{4})(\d\d)(\d\d)(\d\d)$/.exec(table) ?? [];
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour));
}
