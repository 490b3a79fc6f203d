import { Injectable } from '@nestjs/common';
import { Database, defineJob, HandleJob } from '#platform';

/** The count of one kind in a module, in one month. */
export interface UsageTotal {
  module: string;
  /** `delivery`, `invoice`, `call`, or `callback:` and the name of the callback. */
  kind: string;
  count: number;
  /** Number of connections that have such facts. */
  connections: number;
}

/** Prices that the CRM last returned, of active connections with the same currency and type. */
export interface BillingSum {
  /** ISO 4217. Null if the CRM did not return it. */
  currency: string | null;
  /** `fixed`: for the module. `byChannel`: for each channel. The number of channels is not known. */
  billingType: string | null;
  connections: number;
  /** Exact sum of the prices with discounts, as decimal text. */
  sum: string;
  /** Oldest and latest day on which the CRM returned one of the prices, YYYY-MM-DD. Null if not known. */
  from: string | null;
  to: string | null;
}

/** Days after the end of a month until it is closed. Months of UTC-12 end last. */
const CLOSING = `interval '5 days 12 hours'`;
/** Minutes for which a process may still repeat the statement that stored an entry. */
const REPEATED_MIN = 5;
const BATCH = 20_000;

const foldUsage = defineJob<Record<string, never>>('housekeeping', 'usage.fold');

const FOLD = `WITH added AS (
    DELETE FROM usage_entry WHERE id IN (
      SELECT id FROM usage_entry WHERE stored_at < now() - interval '${REPEATED_MIN} minutes' LIMIT ${BATCH}
    ) RETURNING id
  ), folded AS (
    INSERT INTO usage_month AS m (connection, module_code, month, kind, count, late)
    SELECT connection, module_code, month, kind, sum(count), sum(late) FROM usage_placed WHERE id IN (SELECT id FROM added) GROUP BY 1, 2, 3, 4
    ON CONFLICT (month, connection, module_code, kind) DO UPDATE SET count = m.count + excluded.count, late = m.late + excluded.late
  ) SELECT count(*)::int AS entries FROM added`;

/** SQL: closes the latest month that ended long enough ago, and with it all earlier months. */
const CLOSE = `INSERT INTO usage_closed (month)
  SELECT (date_trunc('month', (now() - ${CLOSING}) AT TIME ZONE 'UTC') - interval '1 month')::date ON CONFLICT DO NOTHING`;

/** Adds up the entries of `Usage`, closes months, and reads the counts, which contain no personal data. */
@Injectable()
export class UsageStore {
  constructor(private readonly database: Database) {}

  /** Adds entries up, and closes months that ended. Entries that wait are read like the others. */
  @HandleJob(foldUsage, { everyMs: 60_000 })
  async fold(_data: object, stopping: AbortSignal): Promise<void> {
    let entries = BATCH;
    while (entries === BATCH && !stopping.aborted)
      entries = await this.database.transaction(async (tx) => {
        await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('usage', 0))`);
        const [folded] = (await tx.query(FOLD)) as { entries: number }[];
        if (folded?.entries !== BATCH) await tx.query(CLOSE);
        return folded?.entries ?? 0;
      });
  }

  /** Returns when a month, by its first day, was closed. Null if it is open. */
  async findClosing(month: string): Promise<Date | null> {
    const [closed] = await this.database.query<{ at: Date }>(
      'SELECT closed_at AS at FROM usage_closed WHERE month >= $1 ORDER BY month LIMIT 1',
      [month],
    );
    return closed?.at ?? null;
  }

  /** Sums the counts of a month, by its first day, for `modules` or all. */
  sum(month: string, modules?: readonly string[]): Promise<UsageTotal[]> {
    return this.database.query(
      `SELECT module_code AS module, kind, sum(count)::float8 AS count, count(DISTINCT connection)::int AS connections
       FROM usage_count WHERE month = $1 AND ($2::text[] IS NULL OR module_code = ANY ($2)) GROUP BY 1, 2 ORDER BY 1, 2`,
      [month, modules ?? null],
    );
  }

  /** Sums the prices that the CRM last returned for the active connections of `modules` or all. */
  sumBilling(modules?: readonly string[]): Promise<BillingSum[]> {
    return this.database.query(
      `SELECT billing_info->>'currency' AS currency, billing_info->>'billingType' AS "billingType", count(*)::int AS connections,
         sum(coalesce(billing_info->>'priceWithDiscount', billing_info->>'price', '0')::numeric)::text AS sum,
         left(min(billing_info->>'at'), 10) AS "from", left(max(billing_info->>'at'), 10) AS "to"
       FROM connection WHERE billing_info IS NOT NULL AND active AND NOT shadow AND ($1::text[] IS NULL OR module_code = ANY ($1))
       GROUP BY 1, 2 ORDER BY 1, 2`,
      [modules ?? null],
    );
  }
}
