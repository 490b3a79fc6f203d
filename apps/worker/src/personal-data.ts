import { Injectable, Logger } from '@nestjs/common';
import { Database, Environment } from '#platform';

/** Rows emptied in one statement, and statements of one table in one run. */
const BATCH = { rows: 500, statements: 100 };

/** What is emptied of one table, of rows that began and last changed before the cutoff `$1`, at most `$2` of them; gives a row for each. */
interface Purge {
  table: string;
  statement: string;
}

const BUYER_PLACE = ['countryIso', 'region', 'regionId', 'city', 'cityId', 'terminal'];

/** `to` with no more than the place, so that lists and tariffs still say where. */
const PLACE = `jsonb_strip_nulls(jsonb_build_object(${BUYER_PLACE.map((name) => `'${name}', request -> 'to' -> '${name}'`).join(', ')}))`;

/** Selects due rows of a table; its index of the same condition makes that cheap. `condition` no longer holds of what was emptied. */
const due = (table: string, condition: string, began = 'created_at', changed = 'updated_at'): string =>
  `SELECT id FROM ${table} WHERE ${condition} AND ${began} < $1 AND ${changed} < $1 ORDER BY ${began} LIMIT $2 FOR UPDATE SKIP LOCKED`;

/**
 * Names, phones, addresses and e-mails of people in what is done. Ids, statuses, times, goods and money stay, which later callbacks and repeats need. An edit of an emptied
 * delivery stores a whole request again, and its time begins anew.
 */
const PERSONAL_DATA: readonly Purge[] = [
  {
    table: 'operation',
    statement: `UPDATE operation SET input = '{}', error = NULL
      WHERE id IN (${due('operation', `state IN ('done', 'refused') AND (input <> '{}' OR error IS NOT NULL)`)}) RETURNING id`,
  },
  {
    table: 'delivery',
    statement: `WITH emptied AS (
        UPDATE delivery SET extra_data = '{}', status_comment = NULL, request = request || '{"recipient":{},"manager":{},"extraData":{},"purged":true}'
          || CASE WHEN request ? 'to' THEN jsonb_build_object('to', ${PLACE}) ELSE '{}' END
        WHERE id IN (${due('delivery', `NOT request ? 'purged'`)}) RETURNING id
      ), quiet AS (UPDATE delivery_status SET comment = NULL WHERE delivery_id IN (SELECT id FROM emptied) AND comment IS NOT NULL)
      SELECT id FROM emptied`,
  },
  {
    table: 'shipment',
    statement: `UPDATE shipment SET extra_data = '{}', request = (request - 'comment') || '{"manager":{},"extraData":{},"purged":true}'
      WHERE id IN (${due('shipment', `NOT request ? 'purged'`)}) RETURNING id`,
  },
  {
    table: 'payment',
    statement: `UPDATE payment SET request = request || '{"purged":true}'
        || jsonb_build_object('buyer', jsonb_strip_nulls(jsonb_build_object('id', request -> 'buyer' -> 'id')))
      WHERE id IN (${due('payment', `NOT request ? 'purged' AND status NOT IN ('pending', 'waitingForCapture')`)}) RETURNING id`,
  },
  {
    table: 'telephony_call',
    statement: `UPDATE telephony_call SET phone = NULL WHERE id IN (${due('telephony_call', 'phone IS NOT NULL', 'ended_at', 'ended_at')}) RETURNING id`,
  },
];

/** Empties personal data that is older than RETENTION_DAYS. */
@Injectable()
export class PersonalData {
  private readonly logger = new Logger(PersonalData.name);

  constructor(
    private readonly database: Database,
    private readonly environment: Environment,
  ) {}

  /** Empties what is due, in small statements, until `stopping`. What is left is for the next run. */
  async empty(stopping: AbortSignal): Promise<void> {
    const days = this.environment.RETENTION_DAYS;
    if (days === 0) return;
    const [now] = await this.database.query<{ before: Date }>('SELECT now() - make_interval(days => $1) AS before', [days]);
    for (const { table, statement } of PERSONAL_DATA) {
      let emptied = 0;
      for (let at = 0; at < BATCH.statements && !stopping.aborted; at++) {
        const { length } = await this.database.query(statement, [now?.before, BATCH.rows]);
        emptied += length;
        if (length < BATCH.rows) break;
      }
      if (emptied > 0) this.logger.log(`personal data of ${emptied} rows of ${table} was emptied after ${days} days`);
    }
  }
}
