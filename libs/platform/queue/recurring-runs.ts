import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Database } from '../database/index.js';
import { errorText } from '../errors/index.js';

/** Milliseconds between two writings: some work recurs every second. */
const EVERY_MS = 15_000;
/** Characters of a problem. */
const PROBLEM_LENGTH = 500;

/** How recurring work ended last. */
export interface RecurringRun {
  readonly name: string;
  readonly endedAt: Date;
  /** How long it took. */
  readonly ms: number;
  /** Why it failed. Null if it did not. */
  readonly problem: string | null;
  /** When a run failed last, and why. Null if none has. */
  readonly failedAt: Date | null;
  readonly failure: string | null;
}

/** Runs that are not written yet. Times are on the clock of `performance.now()`. */
interface Ended {
  endedAt: number;
  ms: number;
  problem: string | null;
  failedAt: number | null;
  failure: string | null;
}

const WRITE = `INSERT INTO recurring_run AS r (name, ended_at, ms, problem, failed_at, failure)
  SELECT name, now() - make_interval(secs => ended / 1000), ms, problem, now() - make_interval(secs => failed / 1000), failure
  FROM json_to_recordset($1) AS e (name text, ended float8, ms int, problem text, failed float8, failure text) ORDER BY name
  ON CONFLICT (name) DO UPDATE SET ended_at = excluded.ended_at, ms = excluded.ms, problem = excluded.problem,
    failed_at = coalesce(excluded.failed_at, r.failed_at), failure = coalesce(excluded.failure, r.failure)
  WHERE r.ended_at < excluded.ended_at`;

/** Keeps how each recurring work ended last, in whichever worker. Written every 15 s. */
@Injectable()
export class RecurringRuns implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(RecurringRuns.name);
  private ended = new Map<string, Ended>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly database: Database) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.flush(), EVERY_MS).unref();
  }

  /** Notes that a run of `ms` milliseconds ended now. `error`: its failure. */
  note(name: string, ms: number, error?: unknown): void {
    const endedAt = performance.now();
    const problem = error === undefined ? null : errorText(error).slice(0, PROBLEM_LENGTH);
    const before = this.ended.get(name);
    const failed =
      problem === null ? { failedAt: before?.failedAt ?? null, failure: before?.failure ?? null } : { failedAt: endedAt, failure: problem };
    this.ended.set(name, { endedAt, ms: Math.round(ms), problem, ...failed });
  }

  /** Reads how all ended last. */
  list(): Promise<RecurringRun[]> {
    return this.database.query<RecurringRun>(
      'SELECT name, ended_at AS "endedAt", ms, problem, failed_at AS "failedAt", failure FROM recurring_run ORDER BY name',
    );
  }

  /** Writes the noted runs. Never fails: runs that cannot be written are written the next time. */
  async flush(): Promise<void> {
    const { ended } = this;
    if (ended.size === 0) return;
    this.ended = new Map();
    const now = performance.now();
    const rows = [...ended].map(([name, { endedAt, ms, problem, failedAt, failure }]) => ({
      ...{ name, ended: now - endedAt, ms, problem, failed: failedAt === null ? null : now - failedAt, failure },
    }));
    try {
      await this.database.query(WRITE, [JSON.stringify(rows)]);
    } catch (error) {
      this.logger.warn(`runs of recurring work are written later: ${errorText(error)}`);
      this.ended = new Map([...ended, ...this.ended]);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
  }
}
