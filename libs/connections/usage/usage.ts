import { randomUUID } from 'node:crypto';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Counter } from 'prom-client';
import { Clock, Database, errorText, type Transaction } from '#platform';
import type { Connection } from '../connection.js';

/** A counted fact: a delivery made, an invoice paid, a call, or an answered callback by its name. */
export type UsageKind = 'delivery' | 'invoice' | 'call' | `callback:${string}`;

/** A module in an account, and the time zone of its months. */
export type Counted = Pick<Connection, 'id' | 'module' | 'account' | 'shadow'>;

/** Milliseconds between two writes of the answered callbacks. */
const EVERY_MS = 1_000;
/** Months change only at a quarter of an hour, in every time zone. */
const QUARTER_MS = 900_000;

const counter = new Counter({
  name: 'crossdock_usage_total',
  help: 'Facts counted for partners by module and kind (delivery, invoice, call, callback:...)',
  labelNames: ['module', 'kind'],
});

/** SQL: stores an entry. A repeat of the same statement adds nothing. */
const ADD = `INSERT INTO usage_entry (id, connection, module_code, kind, month, counted_month, count)
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::date[], $6::date[], $7::int[]) ON CONFLICT (id) DO NOTHING`;

/** Facts of one kind and one month. `month` is its first day, YYYY-MM-DD. */
interface Entry {
  readonly id: string;
  readonly of: Counted;
  readonly kind: UsageKind;
  readonly month: string;
  count: number;
}

/**
 * Counts facts for partners, per module, account and month. Each fact is one appended row in the transaction
 * that stores it, so no row is shared. `UsageStore` adds the rows up. Trials are not counted.
 */
@Injectable()
export class Usage implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(Usage.name);
  private readonly months = new Map<string, { quarter: number; month: string }>();
  /** Callbacks that are counted with their operation. */
  private readonly counted = new Set<string>();
  private callbacks = new Map<string, Entry>();
  private unwritten: Entry[] = [];
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.flush(), EVERY_MS).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
  }

  /** Counts `count` facts of `at` (default: now) in the transaction that stores them. */
  async add(
    tx: Transaction,
    of: Counted,
    kind: UsageKind,
    { count = 1, at }: { count?: number; at?: Date | undefined } = {},
  ): Promise<void> {
    if (of.shadow || count === 0) return;
    const now = this.clock.now();
    const month = this.readMonth(of, at && at < now ? at : now);
    await tx.query(ADD, this.toColumns([{ id: randomUUID(), of, kind, month, count }]));
    tx.afterCommit(() => this.measure(of, kind, count));
  }

  /** Adds committed facts to the metric, for statements that store their entries themselves. */
  measure({ module }: Pick<Counted, 'module'>, kind: UsageKind, count = 1): void {
    counter.inc({ module: module.code, kind }, count);
  }

  /** Returns the first day (YYYY-MM-DD) of an account's month. UTC for a time zone that is not known. */
  readMonth({ account: { timeZone } }: Pick<Counted, 'account'>, at = this.clock.now()): string {
    const quarter = Math.floor(at.getTime() / QUARTER_MS);
    let known = this.months.get(timeZone);
    if (known?.quarter !== quarter) this.months.set(timeZone, (known = { quarter, month: formatMonth(at, timeZone) }));
    return known.month;
  }

  /** Declares that a callback, such as `delivery.save`, is counted in the transaction of its operation. */
  countByOperation(callback: string): void {
    this.counted.add(callback);
  }

  /** Counts an answered callback without an operation. It is written within a second. */
  noteCallback(of: Counted, callback: string): void {
    if (of.shadow || this.counted.has(callback)) return;
    const month = this.readMonth(of);
    const key = `${of.id} ${month} ${callback}`;
    const entry = this.callbacks.get(key);
    if (entry) entry.count++;
    else this.callbacks.set(key, { id: randomUUID(), of, kind: `callback:${callback}`, month, count: 1 });
  }

  /** Writes the callbacks so far. Never fails: entries that cannot be written are written the next time. */
  flush(): Promise<void> {
    return (this.writing = this.writing.then(() => this.write()));
  }

  private async write(): Promise<void> {
    this.unwritten.push(...this.callbacks.values());
    this.callbacks = new Map();
    const entries = this.unwritten;
    if (entries.length === 0) return;
    try {
      // Entries keep their ids, because a lost reply does not show whether they were stored.
      await this.database.query(ADD, this.toColumns(entries));
      this.unwritten = [];
      for (const { of, kind, count } of entries) this.measure(of, kind, count);
    } catch (error) {
      this.logger.warn(`answered callbacks are counted later: ${errorText(error)}`);
    }
  }

  private toColumns(entries: readonly Entry[]): unknown[] {
    return [
      entries.map(({ id }) => id),
      entries.map(({ of }) => of.id),
      entries.map(({ of }) => of.module.code),
      entries.map(({ kind }) => kind),
      entries.map(({ month }) => month),
      entries.map(({ of }) => this.readMonth(of)),
      entries.map(({ count }) => count),
    ];
  }
}

function formatMonth(at: Date, timeZone: string): string {
  try {
    return `${new Intl.DateTimeFormat('sv', { timeZone, year: 'numeric', month: '2-digit' }).format(at)}-01`;
  } catch {
    return formatMonth(at, 'UTC');
  }
}
