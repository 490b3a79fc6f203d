import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Database } from '../database/index.js';

/** Milliseconds between readings of the database's clock. */
const READ_MS = 5_000;
/** Maximum drift of this machine's clock, as a fraction of the elapsed time. */
const DRIFT = 1e-4;
/** Maximum difference of the machine's own clock, in milliseconds, before a warning is logged. */
const TOLERATED_MS = 5_000;
/** Readings in a row that must find the machine's clock wrong. */
const SURE_READINGS = 3;

/**
 * The current time by the database's clock, so that times from all processes compare. Synchronised
 * periodically and counted locally in between, so it costs no query and works while the database is down.
 */
@Injectable()
export class Clock implements OnApplicationShutdown {
  private readonly logger = new Logger(Clock.name);
  /** The database's time when `performance.now()` was 0. Until the first reading, the machine's time. */
  private origin = Date.now() - performance.now();
  /** By how much `origin` may have been wrong when it was read, and when that was. */
  private doubt = Infinity;
  private readAt = 0;
  private timer: NodeJS.Timeout | undefined;
  /** How far the machine's clock was ahead, in milliseconds, at the last readings that found it wrong. */
  private wrong: number[] = [];

  /** `mostSkewMs`: by how much the machine's clock may differ. */
  constructor(
    private readonly database: Pick<Database, 'query'>,
    readonly mostSkewMs = 30_000,
  ) {}

  /** A clock that has been read and is kept right. Rejects when the database cannot be reached. */
  static async follow(database: Database, mostSkewMs: number): Promise<Clock> {
    const clock = new Clock(database, mostSkewMs);
    // The first query may have to connect.
    for (let reading = 0; reading < SURE_READINGS; reading++) await clock.read();
    const ahead = Date.now() - clock.now().getTime();
    if (Math.abs(ahead) > TOLERATED_MS)
      clock.logger.warn(
        `this machine's clock is ${Math.round(Math.abs(ahead) / 1000)} s ${ahead > 0 ? 'ahead of' : 'behind'} the database's, which is used: correct it`,
      );
    clock.timer = setInterval(() => void clock.read().catch(() => undefined), READ_MS).unref();
    return clock;
  }

  now(): Date {
    return new Date(this.origin + performance.now());
  }

  /** The problem with this machine's clock. Undefined unless three readings in a row found it wrong. */
  get problem(): string | undefined {
    const ahead = this.wrong.at(-1);
    if (ahead === undefined || this.wrong.length < SURE_READINGS) return undefined;
    const how = `${Math.round(Math.abs(ahead) / 1000)} s ${ahead > 0 ? 'ahead of' : 'behind'}`;
    return `the machine's clock is ${how} PostgreSQL's, and may differ by ${this.mostSkewMs / 1000} s: correct it`;
  }

  /** Reads the database's clock. Kept when it is the surer reading, or when it contradicts the one before. */
  async read(): Promise<void> {
    const before = performance.now();
    const [row] = await this.database.query<{ ms: number }>('SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS ms');
    const [after, machine] = [performance.now(), Date.now()];
    if (!row) return;
    const origin = row.ms - (before + after) / 2;
    const doubt = (after - before) / 2;
    this.judge(machine - doubt - row.ms, doubt);
    const present = this.doubt + (after - this.readAt) * DRIFT;
    if (doubt > present && Math.abs(origin - this.origin) <= doubt + present) return;
    [this.origin, this.doubt, this.readAt] = [origin, doubt, after];
  }

  private judge(ahead: number, doubt: number): void {
    const before = this.problem;
    this.wrong = Math.abs(ahead) - doubt > this.mostSkewMs ? [...this.wrong, ahead].slice(-SURE_READINGS) : [];
    if (this.problem !== undefined && before === undefined) this.logger.error(this.problem);
    if (this.problem === undefined && before !== undefined) this.logger.log("the machine's clock is right again");
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }
}
