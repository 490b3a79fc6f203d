import type { Limit, Slot, SlotStore } from './rate-limiter.js';

/** The part of a `pg` pool or client that is used. */
export interface PostgresClient {
  query(query: { name: string; text: string; values: unknown[] }): Promise<{ rows: unknown[] }>;
  query(text: string, values?: unknown[]): Promise<unknown>;
}

const NOW = 'extract(epoch from clock_timestamp())::float8 * 1000';

/**
 * Slots counted in PostgreSQL, by its clock: one statement and one row lock for each call to the CRM. The
 * table is created if it is missing. It is unlogged, because its contents are useless after a second.
 */
export class PostgresSlots implements SlotStore {
  readonly #take: string;
  readonly #note: string;
  readonly #close: string;
  readonly #create: string;
  #created: Promise<unknown> | undefined;

  /** `table`: its name, optionally with a schema. Inserted into SQL unescaped. */
  constructor(
    private readonly pool: PostgresClient,
    table = 'crm_rate_slots',
  ) {
    if (!/^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?$/i.test(table)) throw new TypeError(`Not a table name: ${table}`);
    this.#create = `CREATE UNLOGGED TABLE IF NOT EXISTS ${table} (
      bucket text PRIMARY KEY, given float8[] NOT NULL, closed_until float8 NOT NULL, wait float8 NOT NULL, taken boolean NOT NULL)`;
    const newest = (at: string): string =>
      `(SELECT array_agg(g ORDER BY g) FROM (SELECT g FROM unnest(s.given || ${at}) g ORDER BY g DESC LIMIT $2::int) newest)`;
    // $2 calls, $3 window, $4 even, $5 maximum wait. The clock is read under the row's lock.
    this.#take = `INSERT INTO ${table} AS s (bucket, given, closed_until, wait, taken) VALUES ($1, ARRAY[${NOW}], 0, 0, true)
      ON CONFLICT (bucket) DO UPDATE SET (given, wait, taken) = (
        SELECT CASE WHEN at - now <= $5::float8
            THEN ${newest('at')}
            ELSE s.given END,
          at - now, at - now <= $5::float8
        FROM (SELECT now, greatest(now, s.closed_until, s.given[cardinality(s.given) - $2::int + 1] + $3::float8,
              CASE WHEN $4::boolean THEN s.given[cardinality(s.given)] + $3::float8 / $2::int END) AS at
            FROM (SELECT ${NOW} AS now) clock) slot)
      RETURNING wait, taken`;
    this.#note = `UPDATE ${table} AS s SET given = (SELECT ${newest('now')} FROM (SELECT ${NOW} AS now) clock) WHERE bucket = $1`;
    this.#close = `INSERT INTO ${table} AS s (bucket, given, closed_until, wait, taken) VALUES ($1, '{}', ${NOW} + $2::float8, 0, false)
      ON CONFLICT (bucket) DO UPDATE SET closed_until = greatest(s.closed_until, excluded.closed_until)`;
  }

  async take(bucket: string, limit: Limit, even: boolean, maxWait: number): Promise<Slot> {
    await this.#ready();
    const values = [bucket, limit.calls, limit.window, even, Math.min(maxWait, 1e12)];
    const { rows } = await this.pool.query({ name: 'crm-slot', text: this.#take, values });
    const row = rows[0] as Slot | undefined;
    if (!row) throw new Error('The table of the rate limiter returned no row');
    return { taken: row.taken, wait: row.wait };
  }

  async note(bucket: string, limit: Limit): Promise<void> {
    await this.#ready();
    await this.pool.query(this.#note, [bucket, limit.calls]);
  }

  async close(bucket: string, ms: number): Promise<void> {
    await this.#ready();
    await this.pool.query(this.#close, [bucket, ms]);
  }

  #ready(): Promise<unknown> {
    this.#created ??= this.pool.query(this.#create).catch((error: unknown) => {
      this.#created = undefined;
      // If two processes create the table at the same time, one gets one of these errors and the table
      // exists.
      if (!['23505', '42710', '42P07'].includes(String((error as { code?: string }).code))) throw error;
    });
    return this.#created;
  }
}
