import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import { Clock, Database, fillIn, isUuid, type Language, type LocalText, textFor } from '#platform';
import { toMoney } from '#provider-kit';
import {
  formatMoment,
  formatMoney,
  type FoundOrder,
  type FoundProblem,
  isAfterPlace,
  type ProblemPlace,
  type RecordsRegistry,
  type RegistryPage,
  type RegistryRequest,
  type RegistryTab,
  selectPlace,
  toOrderLink,
} from '#widgets';
import type { InvoiceStatus } from './payment-facts.js';
import { PaymentStoryReader } from './payment.story-reader.js';
import { texts } from './payment.texts.js';
import { TONES } from './widget/payment-view.js';

/** Rows of a page. */
const PAGE = 25;
interface Row {
  id: string;
  order: string | null;
  number: string | null;
  status: InvoiceStatus;
  statusAt: Date;
  amountMinor: string;
  currency: string;
}

const COLUMNS = `id, request ->> 'orderId' AS "order", order_number AS number, status, status_at AS "statusAt", amount_minor AS "amountMinor", currency`;
/** $1: the connection, $2: the last id of the page before, or null, $3: ids or a status. Newest first. */
const PAYMENTS = {
  latest: buildPage(''),
  ofStatus: buildPage('AND status = $3'),
  ofIds: buildPage('AND id = ANY ($3::uuid[])'),
};

/** The tab with a connection's payments, newest first. */
@Injectable()
export class PaymentRegistry implements RecordsRegistry {
  constructor(
    private readonly database: Database,
    private readonly stories: PaymentStoryReader,
    private readonly clock: Clock,
  ) {}

  describe(_connection: Connection, language: Language): Promise<RegistryTab> {
    return Promise.resolve({ id: 'payments', label: textFor(texts.registry.tab, language) });
  }

  async read(connection: Connection, { search, filter, after }: RegistryRequest, language: Language): Promise<RegistryPage> {
    const text = (one: LocalText): string => textFor(one, language);
    const status = filter?.['status'];
    const page = [connection.id, after !== undefined && isUuid(after) ? after : null];
    const found = await (search
      ? this.database.query<Row>(PAYMENTS.ofIds, [...page, await this.listIds(connection, search)])
      : status
        ? this.database.query<Row>(PAYMENTS.ofStatus, [...page, status])
        : this.database.query<Row>(PAYMENTS.latest, page));
    const shown = found.slice(0, PAGE).filter((row) => !status || row.status === status);
    const last = found.length > PAGE ? found[PAGE - 1] : undefined;
    return {
      filters: [
        {
          id: 'status',
          label: text(texts.registry.columns.status),
          options: Object.entries<LocalText>(texts.states).map(([value, label]) => ({ value, label: text(label) })),
        },
      ],
      columns: (['order', 'amount', 'status', 'at'] as const).map((id) => ({ id, label: text(texts.registry.columns[id]) })),
      rows: shown.map((row) => ({
        id: row.id,
        cells: {
          order: row.number ?? row.order ?? '',
          amount: formatAmount(row, language),
          status: text(texts.states[row.status]),
          at: formatMoment(row.statusAt, this.clock.now(), connection, language),
        },
        tone: TONES[row.status],
        ...toOrderLink(row.order ?? undefined),
      })),
      ...(last && { next: last.id }),
      empty: text(search || status ? texts.registry.noneFound : texts.registry.none),
    };
  }

  /** A creation is about its invoice, and everything else about a payment. */
  async findOrders(connection: Connection, by: { subjects: readonly string[] } | { search: string }): Promise<FoundOrder[]> {
    const { id } = connection;
    const rows = await this.database.query<Row & { invoice: string }>(
      `SELECT id, invoice_uuid AS invoice, request ->> 'orderId' AS "order", order_number AS number FROM payment
       WHERE connection_id = $1 AND (id = ANY ($2::uuid[]) OR invoice_uuid = ANY ($3::text[]))`,
      'search' in by ? [id, await this.listIds(connection, by.search), []] : [id, by.subjects.filter(isUuid), by.subjects],
    );
    return rows.flatMap(({ order, number, ...row }) =>
      order === null ? [] : [row.id, row.invoice].map((subject) => ({ subject, id: order, number })),
    );
  }

  /** Lists holds that end within a day. */
  async listProblems(connection: Connection, { at, key }: ProblemPlace, most: number, language: Language): Promise<FoundProblem[]> {
    const name = `'payment:' || id`;
    const rows = await this.database.query<Row & ProblemPlace & { expiresAt: Date }>(
      `SELECT ${COLUMNS}, expires_at AS "expiresAt", ${selectPlace('status_at', name)} FROM payment
       WHERE connection_id = $1 AND status = 'waitingForCapture' AND expires_at < now() + interval '1 day' AND ${isAfterPlace('status_at', name, '$2', '$3')}
       ORDER BY status_at DESC, (${name}) COLLATE "C" DESC LIMIT $4`,
      [connection.id, at, key, most],
    );
    return rows.map((row) => {
      const end = formatMoment(row.expiresAt, this.clock.now(), connection, language);
      return {
        ...{ at: row.at, key: row.key, tone: 'warning' },
        ...(row.order !== null && { order: { id: row.order, number: row.number } }),
        text: textFor(fillIn(texts.registry.holdEnds, { amount: formatAmount(row, language), at: end }), language),
        advice: textFor(texts.registry.holdAdvice, language),
      };
    });
  }

  private async listIds({ id }: Connection, search: string): Promise<string[]> {
    return (await this.stories.listOfOrder(id, search)).map((thing) => thing.id);
  }
}

function buildPage(condition: string): string {
  return `SELECT ${COLUMNS} FROM payment WHERE connection_id = $1 AND ($2::uuid IS NULL OR id < $2) ${condition} ORDER BY id DESC LIMIT ${PAGE + 1}`;
}

function formatAmount({ amountMinor, currency }: Row, language: Language): string {
  return formatMoney(toMoney(Number(amountMinor), currency), language);
}
