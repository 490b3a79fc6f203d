import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import { InjectProviders, type Providers } from '#integration-kit';
import { Database, toFirstId } from '#platform';
import { type Register, toMoney } from '#provider-kit';
import { type MoneyFacts, type MoneyQuery, type MoneySource, toDay } from '#settlement';
import { NO_CURRENCY } from './collect.js';
import type { Collect, DeliveryProvider, DeliveryStatus } from './port/index.js';

/** Milliseconds before `from` in which a delivery that changed since then was made. */
const LONGEST_MS = 180 * 86_400_000;
/** Before every id. */
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** For the registers of a day. */
const BUDGET_MS = 30_000;

/** The columns of a delivery's money. */
interface MoneyRow {
  id: string;
  externalId: string;
  trackNumber: string | null;
  reference: string;
  order: string;
  orderNumber: string | null;
  status: string;
  statusAt: Date;
  createdAt: Date;
  deletedAt: Date | null;
  costMinor: string | null;
  costCurrency: string | null;
  collect: Collect | null;
  collected: { currency: string; total: number } | null;
}

const COLUMNS = `id, external_id AS "externalId", track_number AS "trackNumber", reference, order_ref AS "order", order_number AS "orderNumber",
  status, status_at AS "statusAt", created_at AS "createdAt", deleted_at AS "deletedAt", cost_minor AS "costMinor",
  cost_currency AS "costCurrency", request -> 'collect' AS collect,
  details -> 'collected' AS collected`;

/** The money of deliveries at carriers. Our own couriers pay nothing out. */
@Injectable()
export class DeliveryMoney implements MoneySource {
  readonly integration = 'delivery';

  constructor(
    @InjectProviders('delivery') private readonly providers: Providers<DeliveryProvider>,
    private readonly database: Database,
  ) {}

  async listFacts(connection: Connection, query: MoneyQuery): Promise<MoneyFacts[]> {
    const rows = await ('from' in query ? this.listChanged(connection, query) : this.listByKeys(connection, query));
    const { statuses, cancelledStatus } = this.providers.getManifest(connection);
    return rows.map((row) => {
      const status = statuses.find(({ code }) => code === row.status);
      return toMoneyFacts(row, connection, status, row.status === cancelledStatus);
    });
  }

  canListRegisters(connection: Connection): boolean {
    return this.providers.has(connection, 'listRegisters');
  }

  listRegisters(connection: Connection, day: string): Promise<Register[]> {
    return this.providers.call(connection, 'listRegisters', (provider, context) => provider.listRegisters(day, context), {
      budgetMs: BUDGET_MS,
    });
  }

  private listChanged({ id }: Connection, { from, after, limit }: Extract<MoneyQuery, { from: Date }>): Promise<MoneyRow[]> {
    return this.database.query<MoneyRow>(
      `SELECT ${COLUMNS} FROM delivery WHERE connection_id = $1 AND id > greatest($2::uuid, $3::uuid) AND outside AND updated_at >= $4 ORDER BY id LIMIT $5`,
      [id, after?.slice(SUBJECT.length) ?? FIRST_ID, toFirstId(new Date(from.getTime() - LONGEST_MS)), from, limit],
    );
  }

  /** A reference is ours, or the order's number. Each part goes along an index. */
  private listByKeys({ id }: Connection, query: Exclude<MoneyQuery, { from: Date }>): Promise<MoneyRow[]> {
    const orders = query.references.flatMap((reference) => [reference, reference.replace(/-\d+$/, '')]);
    return this.database.query<MoneyRow>(
      `SELECT ${COLUMNS} FROM delivery WHERE connection_id = $1 AND outside AND id = ANY (ARRAY(
         SELECT id FROM delivery WHERE connection_id = $1 AND external_id = ANY ($2::text[]) AND outside
         UNION SELECT id FROM delivery WHERE track_number = ANY ($3::text[]) AND connection_id = $1
         UNION SELECT id FROM delivery WHERE order_number = ANY ($4::text[]) AND connection_id = $1
         UNION SELECT id FROM delivery WHERE order_ref = ANY ($5::text[]) AND connection_id = $1 AND deleted_at IS NULL
         UNION SELECT id FROM delivery WHERE order_ref = ANY ($5::text[]) AND connection_id = $1 AND deleted_at IS NOT NULL)) ORDER BY id`,
      [id, query.externalIds, query.trackNumbers, query.references, orders],
    );
  }
}

const SUBJECT = 'delivery:';

function toMoneyFacts(row: MoneyRow, connection: Connection, status: DeliveryStatus | undefined, isCancelled: boolean): MoneyFacts {
  const ended = row.deletedAt !== null || status?.isFinal === true;
  const isLost = isCancelled || row.deletedAt !== null || status?.isError || status?.isReturning || status?.isReturned;
  const { collect } = row;
  const collected = row.collected ? toMoney(row.collected.total, row.collected.currency) : undefined;
  // A buyer who takes a part of the items pays a part, which only the carrier knows.
  const due = collect && collect.currency !== NO_CURRENCY ? toMoney(ended && isLost ? 0 : collect.total, collect.currency) : undefined;
  const owed = ended && status?.isPartial ? (collected ?? due) : due;
  const endedAt = row.deletedAt ?? row.statusAt;
  return {
    ...{ subject: `${SUBJECT}${row.id}`, externalId: row.externalId, reference: row.reference, order: row.order },
    ...(row.trackNumber && { trackNumber: row.trackNumber }),
    ...(row.orderNumber !== null && { orderNumber: row.orderNumber }),
    ...{ service: connection.module.manifest.code, day: toDay((ended ? endedAt : row.createdAt).getTime(), connection) },
    ...(owed && { owed }),
    ...(collected && { collected }),
    ...(row.costMinor !== null && row.costCurrency !== null && { quoted: toMoney(Number(row.costMinor), row.costCurrency) }),
    ended,
    ...(ended && { endedAt }),
  };
}
