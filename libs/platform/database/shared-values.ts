import { Injectable } from '@nestjs/common';
import { Database } from './database.js';

/** A value, and when it was read, by the database's clock. */
export interface SharedValue<Value> {
  readonly takenAt: Date;
  readonly value: Value;
}

/** A value that is costly to read. */
export interface SharedReading<Value extends object> {
  /** Unique in the project. */
  readonly name: string;
  /** Seconds for which it is good. */
  readonly goodS: number;
  /** Reads the value again. The result is kept as JSON. */
  take(): Promise<Value>;
}

/**
 * Values that all processes share: one process reads a value when it is requested and too old, and keeps it
 * in a row for the others. Values that are not requested are not read.
 */
@Injectable()
export class SharedValues {
  private readonly asked = new Map<string, Promise<SharedValue<object>>>();

  constructor(private readonly database: Database) {}

  /**
   * Returns a value, a few seconds older than its maximum age at most. Rejects while the database is
   * unavailable.
   */
  async read<Value extends object>(reading: SharedReading<Value>): Promise<SharedValue<Value>> {
    let asked = this.asked.get(reading.name);
    if (!asked) {
      asked = this.readOrTake(reading).finally(() => this.asked.delete(reading.name));
      this.asked.set(reading.name, asked);
    }
    return asked as Promise<SharedValue<Value>>;
  }

  private async readOrTake<Value extends object>(reading: SharedReading<Value>): Promise<SharedValue<Value>> {
    const kept = await this.readKept<Value>(reading);
    if (kept?.isGood) return kept;
    const take = async (): Promise<SharedValue<Value>> => {
      // Another process may have taken it since.
      const now = await this.readKept<Value>(reading);
      return now?.isGood ? now : this.takeAndKeep(reading);
    };
    // While another process reads the value, the kept one is nearly as good.
    return (await this.database.exclusively(`shared value ${reading.name}`, take)) ?? kept ?? take();
  }

  private async readKept<Value>({
    name,
    goodS,
  }: Pick<SharedReading<object>, 'name' | 'goodS'>): Promise<(SharedValue<Value> & { readonly isGood: boolean }) | undefined> {
    const [kept] = await this.database.query<SharedValue<Value> & { isGood: boolean }>(
      `SELECT taken_at AS "takenAt", value, taken_at > now() - make_interval(secs => $2) AS "isGood" FROM shared_value WHERE name = $1`,
      [name, goodS],
    );
    return kept;
  }

  private async takeAndKeep<Value extends object>({ name, take }: SharedReading<Value>): Promise<SharedValue<Value>> {
    // Returned in the database's form, which reorders members: all processes have the same order.
    const [row] = await this.database.query<SharedValue<Value>>(
      `INSERT INTO shared_value (name, taken_at, value) VALUES ($1, now(), $2)
       ON CONFLICT (name) DO UPDATE SET taken_at = excluded.taken_at, value = excluded.value RETURNING taken_at AS "takenAt", value`,
      [name, JSON.stringify(await take())],
    );
    if (!row) throw new Error(`the shared value ${name} was not kept`);
    return row;
  }
}
