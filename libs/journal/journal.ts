import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { Counter } from 'prom-client';
import { Clock, Environment, errorText, getTracing, prepare } from '#platform';
import type { JournalEntry } from './journal-entry.js';
import { JournalPartitions } from './journal-partitions.js';
import { COLUMN_TYPES, COLUMNS, estimateBytes, type JournalRow, toArray, toRow } from './journal-row.js';
import { JournalHashes } from './journal-hashes.js';
import { KEPT_BYTES } from './mask/mask-body.js';
import { JournalShares, type ShareKind } from './journal-shares.js';

/** Maximum number of waiting entries. More are dropped. */
const MOST_WAITING = 5_000;
const MOST_BYTES = 16 * 1024 * 1024;
/** Maximum bytes of a row in the database: two bodies and its other columns. */
const MAX_ROW_BYTES = 2 * KEPT_BYTES + 1_500;
/** Rows per statement, and milliseconds until an incomplete batch is written. */
const BATCH = 200;
const LINGER_MS = 500;
/** Milliseconds of masking after which other work gets its turn. */
const SLICE_MS = 2;
/** Milliseconds after a failure without another attempt. */
const REST_MS = 1_000;
const LAST_MS = 3_000;
const LOG_MS = 60_000;
/** SQLSTATE of a row that has no part yet. */
const NO_PART = '23514';

/**
 * One parameter per column: an array, and for the bodies, which are longer, lines that may be empty.
 * PostgreSQL reads these faster than JSON or records.
 */
const INSERT = prepare(
  'journal-insert',
  `
    INSERT INTO journal_entry (${COLUMNS.join(', ')}, request_body, reply_body)
    SELECT ${COLUMNS.map((column, at) => `unnest($${at + 1}::text[])::${COLUMN_TYPES[column]}`).join(', ')},
      string_to_table($${COLUMNS.length + 1}, E'\\n', '')::json, string_to_table($${COLUMNS.length + 2}, E'\\n', '')::json`,
);

const written = new Counter({ name: 'journal_rows_written_total', help: 'Rows written to the journal' });
const writtenBytes = new Counter({
  name: 'journal_bytes_written_total',
  help: 'Bytes of rows written to the journal, as sent to the database',
});
const dropped = new Counter({
  name: 'journal_rows_dropped_total',
  help: 'Rows that the journal lost, by reason (share: too many of one account, or without a connection; full: too many waited; database: away or full; refused: a row it would not take)',
  labelNames: ['reason'],
});

type Lost = 'share' | 'full' | 'database' | 'refused';

/**
 * Stores exchanges with the CRM and providers, masked, for JOURNAL_DAYS. Nothing waits for it:
 * rows are written in batches over the journal's own connection, and lost if there is no room or no
 * database.
 */
@Injectable()
export class Journal implements OnApplicationShutdown {
  /** False if JOURNAL_DAYS is 0, so that nothing is recorded. */
  readonly isOn: boolean;
  private readonly logger = new Logger(Journal.name);
  private readonly pool: pg.Pool;
  private readonly shares: JournalShares;
  /** Raw entries. They are masked soon, because texts cost the garbage collector less than parsed values. */
  private raw: { readonly entry: JournalEntry; readonly at: number; readonly bytes: number }[] = [];
  /** Masked rows that are not written yet. */
  private rows: { readonly row: JournalRow; readonly bytes: number }[] = [];
  /** Bytes of both. */
  private bytes = 0;
  private masking: NodeJS.Immediate | undefined;
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> | undefined;
  private restUntil = 0;
  private readonly lost = new Map<Lost, { rows: number; saidAt: number }>();

  constructor(
    environment: Environment,
    private readonly clock: Clock,
    private readonly hashes: JournalHashes,
    private readonly partitions: JournalPartitions,
  ) {
    this.isOn = environment.JOURNAL_DAYS > 0;
    this.shares = new JournalShares(environment);
    this.pool = new pg.Pool({
      connectionString: environment.DATABASE_URL,
      application_name: 'crossdock-journal',
      max: 1,
      connectionTimeoutMillis: 3_000,
      idleTimeoutMillis: 60_000,
      query_timeout: 10_000,
      allowExitOnIdle: true,
      // The last rows before a crash of the database may be lost, and no row waits for the disk.
      // oxlint-disable-next-line typescript/no-misused-promises -- the pool awaits it
      onConnect: async (client) => {
        await client.query('SET synchronous_commit = off');
      },
    });
    this.pool.on('error', () => undefined);
  }

  /**
   * Records an exchange in about a microsecond. Never fails and never waits. Do not change its bodies
   * afterwards. Drops the exchange if its account, or all strangers together, have used up their share.
   */
  record(entry: JournalEntry): void {
    if (!this.isOn) return;
    const { connectionId, outcome } = entry;
    const bytes = estimateBytes(entry);
    const share = this.shares.take({ connectionId, outcome, bytes: Math.min(bytes, MAX_ROW_BYTES) }, performance.now());
    if (share) return this.lose(1, 'share', explainShare(share, connectionId));
    if (this.raw.length + this.rows.length >= MOST_WAITING || this.bytes + bytes > MOST_BYTES) return this.lose(1, 'full');
    const began = (entry.endedAt === undefined ? 0 : entry.endedAt - performance.now()) - entry.durationMs;
    this.raw.push({ entry, at: this.clock.now().getTime() + began, bytes });
    this.bytes += bytes;
    this.masking ??= setImmediate(() => this.maskSlice());
  }

  /** Resolves when all entries recorded before are written or lost. */
  async flush(): Promise<void> {
    while (this.raw.length > 0 || this.rows.length > 0 || this.writing) {
      this.mask(Infinity);
      this.begin();
      await this.writing;
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.race([this.flush(), sleep(LAST_MS, undefined, { ref: false })]);
    clearTimeout(this.timer);
    clearImmediate(this.masking);
    const left = this.raw.length + this.rows.length;
    if (left > 0) this.lose(left, 'database');
    this.raw = [];
    this.rows = [];
    void this.pool.end();
  }

  private maskSlice(): void {
    this.mask(SLICE_MS);
    this.masking = this.raw.length > 0 ? setImmediate(() => this.maskSlice()) : undefined;
    if (this.rows.length >= BATCH) this.begin();
    else if (this.rows.length > 0) this.timer ??= setTimeout(() => this.begin(), LINGER_MS);
  }

  /** Masks recorded entries for at most `mostMs` milliseconds. */
  private mask(mostMs: number): void {
    const began = performance.now();
    let done = 0;
    for (const { entry, at, bytes } of this.raw) {
      done++;
      try {
        this.rows.push({ row: toRow(entry, at, this.hashes), bytes });
      } catch (error) {
        this.bytes -= bytes;
        this.lose(1, 'refused', error);
      }
      if (performance.now() - began > mostMs) break;
    }
    this.raw.splice(0, done);
  }

  private begin(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const write = (): Promise<void> => this.writeAll();
    const tracing = getTracing();
    // A batch has rows of many requests, so it must not belong to the trace of the request that started it.
    this.writing ??= (tracing ? tracing.apart(write) : write()).finally(() => {
      this.writing = undefined;
      if (this.rows.length > 0) this.timer ??= setTimeout(() => this.begin(), LINGER_MS);
    });
  }

  /** Writes full batches, then the rest. */
  private async writeAll(): Promise<void> {
    while (this.rows.length > 0) {
      const rest = this.restUntil - performance.now();
      if (rest > 0) await sleep(rest);
      const batch = this.rows.splice(0, BATCH);
      for (const { bytes } of batch) this.bytes -= bytes;
      try {
        await this.write(batch.map(({ row }) => row));
      } catch (error) {
        this.restUntil = performance.now() + REST_MS;
        this.lose(batch.length, 'database', error);
      }
    }
  }

  /** Writes rows. Loses only the rows that the database rejects. Throws if the database cannot be used. */
  private async write(rows: readonly JournalRow[], mayMakePart = true): Promise<void> {
    if (rows.length === 0) return;
    const values = [
      ...COLUMNS.map((column) => toArray(rows.map(({ columns }) => columns[column]))),
      rows.map(({ requestBody = '' }) => requestBody).join('\n'),
      rows.map(({ replyBody = '' }) => replyBody).join('\n'),
    ];
    try {
      await this.pool.query({ ...INSERT, values });
      written.inc(rows.length);
      writtenBytes.inc(values.reduce((sum, { length }) => sum + length, 0));
    } catch (error) {
      if ((error as { code?: unknown }).code === NO_PART && mayMakePart) {
        for (const row of [rows[0], rows.at(-1)]) if (row) await this.partitions.make(row.at);
        return this.write(rows, false);
      }
      if (!isOfRows(error)) throw error;
      if (rows.length === 1) return this.lose(1, 'refused', error);
      for (const row of rows) await this.write([row], mayMakePart);
    }
  }

  /** Counts lost rows. `cause`: the error, or the share that is used up. */
  private lose(rows: number, reason: Lost, cause?: unknown): void {
    dropped.inc({ reason }, rows);
    const lost = this.lost.get(reason) ?? { rows: 0, saidAt: -Infinity };
    lost.rows += rows;
    this.lost.set(reason, lost);
    const now = performance.now();
    if (now - lost.saidAt < LOG_MS) return;
    this.logger.warn(`${lost.rows} rows of the journal were lost, nothing else: ${explainLoss(reason, cause)}`);
    this.lost.set(reason, { rows: 0, saidAt: now });
  }
}

function explainShare(kind: ShareKind, connectionId: string | undefined): string {
  if (kind === 'strangers') return 'requests without a connection used up their part of JOURNAL_MAX_MB';
  return `of connection ${connectionId} more ${kind === 'failures' ? 'failed' : 'went well'} than JOURNAL_ACCOUNT_RATE allows for`;
}

function explainLoss(reason: Lost, cause: unknown): string {
  if (reason === 'share') return String(cause);
  if (reason === 'full') return 'more was recorded than could be written';
  return errorText(cause ?? 'the process ended before it was written');
}

/**
 * Whether a statement was rejected because of its rows. Any other error would affect every row.
 */
function isOfRows(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && /^2[23]/.test(code);
}
