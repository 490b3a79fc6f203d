import { Injectable, Logger } from '@nestjs/common';
import { In } from 'typeorm';
import { type Connection, ConnectionStore, isLive } from '#connections';
import { type OutboxEntry, OutboxService } from '#outbox';
import { Database, errorText, HandleJob, textFor } from '#platform';
import { toMoney, toWireAmount } from '#provider-kit';
import { texts } from '../settlement.texts.js';
import { HAS_FEE } from '../register-store.js';
import { BookingEntity } from './booking.entity.js';
import { type BookingChoices, BookingSettings, type BookingSettingsDto, listScopes } from './booking-settings.js';
import { INVOICE_STATE } from './invoices.js';
import { book, COST, PAYMENT } from './kinds.js';

const EVERY_MS = 60_000;
/** Lines of one transaction. */
const BATCH = 500;
/** Lines that a preview shows. */
const MOST_SHOWN = 1_000;
/** Before every day. A preview without a first day shows all. */
const FIRST_DAY = '2000-01-01';
/** Fees that are never entered: the CRM has the carriage with the delivery. */
const CARRIAGE = 'delivery';

/**
 * `new`: it would be entered. `changed`: the CRM has another amount, or registers had lost the fee.
 * `waiting`: it is being sent. `booked`: the CRM has it. `other-currency`: it is not entered, because a cost
 * is not in the account's base currency, or a payment not in the order's. `no-order`: it is not entered,
 * because its order in the CRM is not known. `rejected`: the CRM rejected an invoice. `unclear`: the CRM did
 * not reply to an invoice, and did not show its payment as paid.
 */
export type BookingState = 'new' | 'changed' | 'waiting' | 'booked' | 'other-currency' | 'no-order' | 'rejected' | 'unclear';

/** A line that would be entered, was entered, or cannot be. */
export interface BookingLine {
  kind: 'cost' | 'payment' | 'invoice';
  /** `delivery:<uuid>`, `payment:<uuid>` or `invoice:<uuid>`. */
  subject: string;
  /** Number of the order, or its id. */
  order?: string;
  service: string;
  serviceTitle: string;
  /** Code of the fee, `cash` for a payment, the CRM's id of an invoice's payment. */
  code: string;
  /** The fee in the account's language. Missing for a payment. */
  fee?: string;
  day: string;
  amount: number;
  currency: string;
  state: BookingState;
}

/** Lines of the money since a day. */
export interface BookingPreview {
  lines: BookingLine[];
  /** Whether there are more lines than shown. */
  isCut: boolean;
}

/**
 * Fees of registers by subject, currency and code: of payouts, or else of bills, because a fee may be in
 * both. Then the cash that carriers reported as collected. $1: connection, $2: first day, $3: base currency,
 * $4 and $5: whether costs and payments are wanted.
 */
const LINES = `
  SELECT l.*, b.id AS booking_id, b.amount_minor AS booked_minor, b.sent_at,
    CASE WHEN l.order_ref !~ '^[1-9][0-9]{0,14}$' OR l.order_ref IS NULL THEN 'no-order'
      WHEN l.currency IS DISTINCT FROM l.wanted_currency THEN 'other-currency'
      WHEN b.id IS NULL THEN 'new'
      WHEN b.amount_minor <> l.amount_minor OR b.lost_at IS NOT NULL THEN 'changed'
      WHEN b.sent_at IS NULL THEN 'waiting' ELSE 'booked' END AS state
  FROM (
    SELECT 'cost' AS kind, f.subject, f.currency, f.code, f.service, f.day, coalesce(f.paid_minor, f.billed_minor) AS amount_minor,
      s.facts ->> 'order' AS order_ref, s.order_number, $3::text AS wanted_currency
    FROM (
      SELECT r.subject, g.currency, fee.code, min(g.service) AS service, min(g.date) AS day,
        sum(fee.minor) FILTER (WHERE g.kind = 'payout') AS paid_minor, sum(fee.minor) AS billed_minor
      FROM register g JOIN register_row r ON r.register_id = g.id AND r.replaced_at IS NULL AND r.subject <> ''
        CROSS JOIN LATERAL jsonb_to_recordset(r.fees) AS fee (code text, minor bigint)
      WHERE g.connection_id = $1 AND g.date >= $2 AND fee.code <> '${CARRIAGE}' AND $4
      GROUP BY r.subject, g.currency, fee.code) f
    JOIN LATERAL (SELECT facts, order_number FROM settlement WHERE connection_id = $1 AND subject = f.subject AND closed_at IS NULL LIMIT 1) s ON true
    UNION ALL
    SELECT 'payment', s.subject, s.facts #>> '{collected,currency}', 'cash', s.service, s.day, (s.facts #>> '{collected,minor}')::bigint,
      s.facts ->> 'order', s.order_number, s.facts #>> '{owed,currency}'
    FROM settlement s
    WHERE s.connection_id = $1 AND s.day >= $2 AND s.integration = 'delivery' AND s.closed_at IS NULL AND $5
      AND s.currency = s.facts #>> '{collected,currency}'
  ) l LEFT JOIN booking b ON b.connection_id = $1 AND b.key = concat_ws(':', l.kind, l.subject, l.currency, l.code)
  WHERE l.amount_minor > 0`;

interface LineRow {
  kind: BookingLine['kind'];
  subject: string;
  currency: string;
  code: string;
  service: string;
  day: string;
  amount_minor: string;
  order_ref: string | null;
  order_number: string | null;
  state: BookingState;
}

/** Fees and collected cash that are entered in the CRM, each once: table `booking`. */
@Injectable()
export class Bookings {
  private readonly logger = new Logger(Bookings.name);

  constructor(
    private readonly database: Database,
    private readonly settings: BookingSettings,
    private readonly connections: ConnectionStore,
    private readonly outbox: OutboxService,
  ) {}

  /** Shows what these choices would enter, and what was entered. Enters nothing. */
  async preview(connection: Connection, choices: BookingSettingsDto): Promise<BookingPreview> {
    const rows = await this.database.query<LineRow>(
      `SELECT kind, subject, currency, code, service, day::text AS day, amount_minor, order_ref, order_number, state
       FROM (${LINES}) line
       UNION ALL SELECT kind, subject, currency, code, provider, day::text, amount_minor, order_ref, order_number, ${INVOICE_STATE}
       FROM booking b WHERE connection_id = $1 AND kind = 'invoice'
       ORDER BY day DESC, subject, kind, code LIMIT ${MOST_SHOWN + 1}`,
      toParams(connection, choices),
    );
    return {
      lines: rows.slice(0, MOST_SHOWN).map(({ amount_minor: minor, order_ref: ref, order_number: number, ...line }) => {
        const order = number ?? ref;
        const fee = line.kind === 'cost' && { fee: nameFee(connection, line.code) };
        const serviceTitle = nameService(connection, line.service);
        return {
          ...line,
          serviceTitle,
          ...fee,
          ...(order !== null && { order }),
          amount: toWireAmount(toMoney(Number(minor), line.currency)),
        };
      }),
      isCut: rows.length > MOST_SHOWN,
    };
  }

  @HandleJob(book, { everyMs: EVERY_MS })
  async bookAll(_data: object, stopping: AbortSignal): Promise<void> {
    for (const id of await this.settings.listOn()) {
      if (stopping.aborted) return;
      const connection = await this.connections.findById(id);
      if (!connection || !isLive(connection)) continue;
      try {
        await this.book(connection);
      } catch (error) {
        this.logger.warn(`bookings of connection ${id} are tried again later: ${errorText(error)}`);
      }
    }
  }

  /** Stores new and changed lines, and schedules their calls to the CRM. Returns how many. */
  async book(connection: Connection): Promise<number> {
    const choices = await this.settings.read(connection.id);
    if ((await this.settings.listMissingScopes(connection, listScopes(choices))).length > 0) return 0;
    for (let all = 0; ;) {
      const some = await this.bookSome(connection, choices);
      all += some;
      if (some < BATCH) return all;
    }
  }

  private bookSome(connection: Connection, choices: BookingChoices): Promise<number> {
    return this.database.transaction(async (tx) => {
      const rows = await tx.query<{ id: string; kind: BookingLine['kind'] }[]>(
        `INSERT INTO booking (id, connection_id, kind, key, subject, order_ref, provider, code, day, amount_minor, currency)
           SELECT coalesce(booking_id, gen_random_uuid()), $1, kind, concat_ws(':', kind, subject, currency, code), subject, order_ref, service, code, day, amount_minor, currency
           FROM (${LINES}) line WHERE state IN ('new', 'changed') LIMIT ${BATCH}
         ON CONFLICT (connection_id, key) DO UPDATE SET amount_minor = EXCLUDED.amount_minor, sent_at = NULL, lost_at = NULL
         RETURNING id, kind`,
        toParams(connection, choices),
      );
      await this.outbox.add(
        tx,
        rows.map(({ id, kind }) => ({ connectionId: connection.id, kind: kind === 'cost' ? COST : PAYMENT, subject: id, payload: {} })),
      );
      return rows.length;
    });
  }

  /** Loads the lines of outbox rows. */
  load(connectionId: string, entries: readonly OutboxEntry<object>[]): Promise<BookingEntity[]> {
    const id = In([...new Set(entries.map(({ subject }) => subject))]);
    return this.database.dataSource.getRepository(BookingEntity).findBy({ connectionId, id });
  }

  /** Returns the ids of costs whose fees registers no longer have. */
  async listLost(lines: readonly BookingEntity[]): Promise<ReadonlySet<string>> {
    const rows = await this.database.query<{ id: string }>(`SELECT id FROM booking b WHERE id = ANY ($1::uuid[]) AND NOT ${HAS_FEE}`, [
      lines.map(({ id }) => id),
    ]);
    return new Set(rows.map(({ id }) => id));
  }

  /**
   * Drops lost costs that the CRM does not have.
   * @param lines `minor`: the amount of a cost that the CRM has. The next comparison reports it.
   */
  async endLost(lines: readonly { readonly id: string; readonly minor: number | undefined }[]): Promise<void> {
    await this.database.query(
      `WITH lost AS (SELECT l.id, l.minor FROM unnest($1::uuid[], $2::bigint[]) AS l (id, minor) JOIN booking b USING (id) WHERE b.sent_at IS NULL AND NOT ${HAS_FEE}),
         kept AS (UPDATE booking SET sent_at = now(), amount_minor = lost.minor FROM lost WHERE booking.id = lost.id AND lost.minor IS NOT NULL)
       DELETE FROM booking USING lost WHERE booking.id = lost.id AND lost.minor IS NULL`,
      [lines.map(({ id }) => id), lines.map(({ minor }) => minor ?? null)],
    );
  }

  /** Notes that the CRM has these lines with these amounts. */
  async markSent(lines: readonly BookingEntity[]): Promise<void> {
    await this.database.query(
      `UPDATE booking SET sent_at = now() FROM unnest($1::uuid[], $2::bigint[]) AS sent (id, minor)
       WHERE booking.id = sent.id AND booking.amount_minor = sent.minor`,
      [lines.map(({ id }) => id), lines.map(({ amountMinor }) => amountMinor)],
    );
  }
}

function toParams({ id, account }: Connection, { costItem, paymentType, since }: Partial<BookingChoices> | BookingSettingsDto): unknown[] {
  return [id, since || FIRST_DAY, account.currency ?? null, Boolean(costItem), Boolean(paymentType)];
}

/** Returns a provider's title in the account's language, or its code if the module no longer has it. */
export function nameService({ views, account }: Connection, service: string): string {
  const manifest = views.find(({ module }) => module.manifest.code === service)?.module.manifest;
  return manifest ? textFor(manifest.title, account.language) : service;
}

/** Returns a fee in the account's language, or its code if it is one of the service or the shop. */
export function nameFee({ account }: Connection, code: string): string {
  return code in texts.fees ? textFor(texts.fees[code as keyof typeof texts.fees], account.language) : code;
}
