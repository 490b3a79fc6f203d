import { Injectable } from '@nestjs/common';
import { type Connection, isUuid } from '#connections';
import { InjectProviders, type Providers } from '#integration-kit';
import { Database, toFirstId } from '#platform';
import { type Register, toMoney } from '#provider-kit';
import { type MoneyFacts, type MoneyQuery, type MoneySource, toDay } from '#settlement';
import type { PaymentProvider } from './port/index.js';

/** Milliseconds before `from` in which a payment that changed since then was made. */
const LONGEST_MS = 365 * 86_400_000;
/** For the payouts of a day. */
const BUDGET_MS = 30_000;
/** Before every id. */
const FIRST_ID = '00000000-0000-0000-0000-000000000000';
const SUBJECT = 'payment:';

/** The columns of a payment's money. */
interface MoneyRow {
  id: string;
  externalId: string | null;
  order: string | null;
  orderNumber: string | null;
  status: string;
  currency: string;
  amount: string;
  captured: string | null;
  refunded: string;
  createdAt: Date;
  statusAt: Date;
  changedAt: Date;
}

const COLUMNS = `p.id, p.external_id AS "externalId", p.request ->> 'orderId' AS "order", p.order_number AS "orderNumber", p.status, p.currency,
  p.amount_minor AS amount, p.captured_minor AS captured, r.refunded, p.created_at AS "createdAt", p.status_at AS "statusAt",
  greatest(p.status_at, r.at) AS "changedAt"`;
const TABLES = `payment p CROSS JOIN LATERAL (SELECT coalesce(sum(amount_minor), 0) AS refunded, max(updated_at) AS at
  FROM payment_refund WHERE payment_id = p.id AND status = 'succeeded') r`;

/** The money of payments. */
@Injectable()
export class PaymentMoney implements MoneySource {
  readonly integration = 'payment';

  constructor(
    @InjectProviders('payment') private readonly providers: Providers<PaymentProvider>,
    private readonly database: Database,
  ) {}

  async listFacts(connection: Connection, query: MoneyQuery): Promise<MoneyFacts[]> {
    const rows = await ('from' in query ? this.listChanged(connection, query) : this.listByKeys(connection, query));
    return rows.map((row) => toMoneyFacts(row, connection));
  }

  canListRegisters(connection: Connection): boolean {
    return this.providers.has(connection, 'listPayouts');
  }

  listRegisters(connection: Connection, day: string): Promise<Register[]> {
    return this.providers.call(connection, 'listPayouts', (provider, context) => provider.listPayouts(day, context), {
      budgetMs: BUDGET_MS,
    });
  }

  private listChanged({ id }: Connection, { from, after, limit }: Extract<MoneyQuery, { from: Date }>): Promise<MoneyRow[]> {
    return this.database.query<MoneyRow>(
      `SELECT ${COLUMNS} FROM ${TABLES} WHERE p.connection_id = $1 AND p.id > greatest($2::uuid, $3::uuid) AND p.updated_at >= $4 ORDER BY p.id LIMIT $5`,
      [id, after?.slice(SUBJECT.length) ?? FIRST_ID, toFirstId(new Date(from.getTime() - LONGEST_MS)), from, limit],
    );
  }

  /** A reference is our id, or the order's number. Gateways have no other numbers. */
  private listByKeys({ id }: Connection, query: Exclude<MoneyQuery, { from: Date }>): Promise<MoneyRow[]> {
    return this.database.query<MoneyRow>(
      `SELECT ${COLUMNS} FROM ${TABLES} WHERE p.connection_id = $1 AND p.id = ANY (ARRAY(
         SELECT id FROM payment WHERE connection_id = $1 AND external_id = ANY ($2::text[])
         UNION SELECT id FROM payment WHERE id = ANY ($3::uuid[]) AND connection_id = $1
         UNION SELECT id FROM payment WHERE order_number = ANY ($4::text[]) AND connection_id = $1)) ORDER BY p.id`,
      [id, query.externalIds, query.references.filter(isUuid), query.references],
    );
  }
}

function toMoneyFacts(row: MoneyRow, connection: Connection): MoneyFacts {
  const { currency } = row;
  const ended = row.status === 'succeeded' || row.status === 'refundSucceeded' || row.status === 'canceled';
  const captured = Number(row.captured ?? 0);
  return {
    ...{ subject: `${SUBJECT}${row.id}`, reference: row.id },
    ...(row.externalId !== null && { externalId: row.externalId }),
    ...(row.order !== null && { order: row.order }),
    ...(row.orderNumber !== null && { orderNumber: row.orderNumber }),
    ...{ service: connection.module.manifest.code, day: toDay((ended ? row.statusAt : row.createdAt).getTime(), connection) },
    // The shop may have captured less than the invoice.
    owed: toMoney(ended ? captured : Number(row.amount), currency),
    ...(ended && { collected: toMoney(captured, currency) }),
    ...(Number(row.refunded) > 0 && { refunded: toMoney(Number(row.refunded), currency) }),
    ended,
    ...(ended && { endedAt: row.changedAt }),
  };
}
