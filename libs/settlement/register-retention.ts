import { Injectable } from '@nestjs/common';
import { Database, defineJob, Environment, HandleJob, repeatWithPauses, Retention, RETENTION_EVERY_MS } from '#platform';

const cleanRegisters = defineJob<Record<string, never>>('housekeeping', 'settlement.clean');

/** Deliveries or payments of one statement. */
const BATCH = 500;
/** Fewer days count as this: unknown rows are looked up for 180 days. */
const LEAST_DAYS = 181;
const OLD = 'now() - make_interval(days => $1)';
/** No comparison that began before the closing still runs. */
const CLOSED = `EXISTS (SELECT FROM settlement s WHERE s.connection_id = one.connection_id AND s.subject = one.subject
  AND s.closed_at < now() - interval '1 day')`;
/** SQL: whether a difference about a subject is open or dismissed. */
const explains = (subject: string, owner: string): string =>
  `EXISTS (SELECT FROM difference d WHERE d.connection_id = ${owner}.connection_id AND starts_with(d.kind, 'money.') AND d.subject = ${subject}
    AND d.state IN ('open', 'dismissed'))`;

/** Closes money whose rows are all old, unless a difference or an entry is open. */
const CLOSE = `UPDATE settlement SET closed_at = now() WHERE ctid = ANY (ARRAY(
  SELECT s.ctid FROM settlement s
  WHERE s.closed_at IS NULL AND s.day < ${OLD}
    AND NOT EXISTS (SELECT FROM settlement o WHERE o.connection_id = s.connection_id AND o.subject = s.subject AND o.differs)
    AND NOT EXISTS (SELECT FROM register_row r JOIN register g ON g.id = r.register_id
      WHERE r.connection_id = s.connection_id AND r.subject = s.subject AND r.replaced_at IS NULL AND (g.date >= ${OLD} OR r.created_at >= ${OLD}))
    AND NOT EXISTS (SELECT FROM booking b WHERE b.connection_id = s.connection_id AND b.subject = s.subject AND (b.sent_at IS NULL OR b.day >= ${OLD}))
    AND NOT ${explains(`split_part(s.subject, ':', 2)`, 's')}
  ORDER BY s.day LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)) RETURNING 1`;

/** Rows that were replaced long ago, that belong to nothing, or whose delivery or payment is closed. */
const ROWS = `(replaced_at < ${OLD} OR (replaced_at IS NULL AND (subject IS NULL OR subject = '' OR ${CLOSED})))
  AND NOT ${explains(`'register-row:' || one.id`, 'one')} AND NOT ${explains(`'register:' || one.register_id`, 'one')}`;

/**
 * Closes the money of deliveries and payments after REGISTER_RETENTION_DAYS, and deletes its rows of
 * registers and its entries. Its amounts stay, so figures of a month do not change. Registers stay without
 * their rows, so an old file is still recognized.
 */
@Injectable()
export class RegisterRetention {
  constructor(
    private readonly database: Database,
    private readonly retention: Retention,
    private readonly environment: Environment,
  ) {}

  @HandleJob(cleanRegisters, { everyMs: RETENTION_EVERY_MS })
  async clean(_data: object, stopping: AbortSignal): Promise<void> {
    const { REGISTER_RETENTION_DAYS } = this.environment;
    if (REGISTER_RETENTION_DAYS === 0) return;
    const days = Math.max(REGISTER_RETENTION_DAYS, LEAST_DAYS);
    await repeatWithPauses(stopping, async () => (await this.database.query(CLOSE, [days])).length === BATCH);
    await this.retention.deleteOld('register_row one', ROWS, 'created_at', days, stopping);
    await this.retention.deleteOld('booking one', CLOSED, 'day', days, stopping);
  }
}
