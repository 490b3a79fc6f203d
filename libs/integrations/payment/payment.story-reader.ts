import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import {
  formatTime,
  listDetails,
  type SearchHit,
  type SearchQuery,
  type StoryEvent,
  type StoryReader,
  type OrderThing,
  type RecentMark,
  type RecentThing,
  type StoryFacts,
  type StoryThing,
} from '#insight';
import type { Connection } from '#connections';
import { toSubject } from '#journal';
import { Database, fillIn, isUuid } from '#platform';
import { toMoney, toWireAmount } from '#provider-kit';
import type { InvoiceStatus } from './payment-facts.js';
import { PaymentStore } from './payment-store.js';
import { INVOICE } from './payment-states.service.js';
import { PaymentEntity, PaymentEventEntity, PaymentRefundEntity } from './payment.entity.js';
import { texts } from './payment.texts.js';

interface FoundRow {
  id: string;
  connectionId: string;
  invoiceUuid: string;
  order: string | null;
  orderNumber: string | null;
  status: string;
  statusAt: Date;
  matched: string;
}

const FOUND = `id, connection_id AS "connectionId", invoice_uuid AS "invoiceUuid", request ->> 'orderId' AS "order", order_number AS "orderNumber", status,
  status_at AS "statusAt"`;

/**
 * Each query uses its own index. $1: the text, $2: the text as an id, or null, $3: maximum rows per query.
 */
export const PAYMENT_SEARCH = `
  (SELECT ${FOUND}, 'payment' AS matched FROM payment WHERE id = $2::uuid)
  UNION ALL (SELECT ${FOUND}, 'invoice' FROM payment WHERE invoice_uuid = $1 LIMIT $3)
  UNION ALL (SELECT ${FOUND}, 'order' FROM payment WHERE request ->> 'orderId' BETWEEN $1 AND $1 ORDER BY request ->> 'orderId' LIMIT $3)
  UNION ALL (SELECT ${FOUND}, 'order number' FROM payment WHERE order_number BETWEEN $1 AND $1 ORDER BY order_number LIMIT $3)
  UNION ALL (SELECT ${FOUND}, 'payment of the module before' FROM payment WHERE crm_id = $1 LIMIT $3)
  UNION ALL (SELECT ${FOUND}, 'id at the gateway' FROM payment WHERE external_id = $1 LIMIT $3)
  UNION ALL (SELECT ${FOUND}, 'refund' FROM payment WHERE id = (SELECT payment_id FROM payment_refund WHERE id = $2::uuid))`;

/** Describes payments for the operator. */
@Injectable()
export class PaymentStoryReader implements StoryReader {
  readonly integration = 'payment';
  readonly kinds = ['payment'] as const;
  readonly actions = {
    'payment.create': 'make the payment',
    'payment.approve': 'capture the hold',
    'payment.cancel': 'cancel the payment',
    'payment.refund': 'refund money',
    'payment.give-back': 'return money that arrived after the cancellation',
    'payment.authorize': 'hold the money that the buyer approved',
    'payment.follow-up': 'follow-up of a payment, such as a receipt',
    'payment.press': 'perform an action of the widget',
    'payment.checkout': 'open the page where the buyer pays',
    [INVOICE]: 'state of the invoice',
    'payment.event': 'update of a payment',
  };

  constructor(
    private readonly database: Database,
    private readonly store: PaymentStore,
  ) {}

  async search({ text, uuid }: SearchQuery, most: number): Promise<SearchHit[]> {
    const rows = await this.database.query<FoundRow>(PAYMENT_SEARCH, [text, uuid ?? null, most]);
    return rows.map(({ id, connectionId, status, statusAt, matched, ...row }) => ({
      ...{ kind: 'payment', id, connectionId, title: namePayment(row), state: status, at: statusAt, matched },
    }));
  }

  async listOfOrder(connectionId: string, order: string): Promise<StoryThing[]> {
    const rows = await this.database.query<{ id: string }>(
      `SELECT id FROM payment WHERE connection_id = $1 AND id = ANY (ARRAY(
         SELECT id FROM payment WHERE order_number = $2 UNION ALL SELECT id FROM payment WHERE request ->> 'orderId' = $2)) ORDER BY created_at LIMIT 20`,
      [connectionId, order],
    );
    return rows.map(({ id }) => ({ kind: 'payment', id }));
  }

  async listRecent({ id }: Pick<Connection, 'id'>, most: number): Promise<RecentThing[]> {
    const rows = await this.database.dataSource
      .getRepository(PaymentEntity)
      .find({ where: { connectionId: id }, order: { id: 'DESC' }, take: most });
    return rows.map(toRecent);
  }

  async listOrderThings(connection: Connection, { number, id }: { number: string; id?: string }): Promise<OrderThing[]> {
    const found = await Promise.all([number, ...(id === undefined ? [] : [id])].map((one) => this.listOfOrder(connection.id, one)));
    const rows = await this.database.dataSource
      .getRepository(PaymentEntity)
      .find({ where: { id: In(found.flat().map((thing) => thing.id)) }, order: { id: 'ASC' } });
    return rows
      .filter((row) => row.orderNumber === number || (id !== undefined && row.request.orderId === id))
      .map((row) => ({ ...toRecent(row), ...(row.status === 'pending' && { url: this.store.buildPayUrl(connection, row.token) }) }));
  }

  /** Uses the index of a connection's lists. */
  markRecent(connectionIds: readonly string[]): Promise<RecentMark[]> {
    return this.database.query<RecentMark>(
      `SELECT c.id AS "connectionId", last.mark FROM unnest($1::uuid[]) AS c (id), LATERAL (
         SELECT concat(max(id::text), max(updated_at)) AS mark FROM (
           SELECT id, updated_at FROM payment WHERE connection_id = c.id ORDER BY id DESC LIMIT 10) latest) last`,
      [connectionIds],
    );
  }

  async describe(_kind: string, id: string): Promise<StoryFacts | undefined> {
    const row = isUuid(id) ? await this.database.dataSource.getRepository(PaymentEntity).findOneBy({ id }) : null;
    if (!row) return undefined;
    const [events, refunds] = await Promise.all([
      this.database.dataSource.getRepository(PaymentEventEntity).find({ where: { paymentId: id }, order: { id: 'ASC' }, take: 500 }),
      this.database.dataSource.getRepository(PaymentRefundEntity).find({ where: { paymentId: id }, order: { id: 'ASC' }, take: 100 }),
    ]);
    const order = row.request.orderId;
    return {
      ...{ kind: 'payment', id, connectionId: row.connectionId, createdAt: row.createdAt, order },
      title: namePayment({ ...row, order: order ?? null }),
      state: row.status,
      stateAt: row.statusAt,
      ids: listIds(row, refunds),
      operations: [row.invoiceUuid, id],
      outbox: [id],
      subjects: [
        ...[id, row.invoiceUuid, row.externalId, row.crmId].flatMap((one) => (one === null ? [] : [toSubject('payment', one)])),
        ...[order, row.orderNumber].flatMap((one) => (one ? [toSubject('order', one)] : [])),
      ],
      events: events.map((event) => tellEvent(event, row.currency)),
      notes: [
        ...(row.readAt ? [`The next reading at the gateway is at ${formatTime(row.readAt)}.`] : []),
        ...(row.captureAt ? [`The hold is captured at ${formatTime(row.captureAt)}.`] : []),
        ...(row.expiresAt ? tellEnd(row.status, formatTime(row.expiresAt)) : []),
      ],
    };
  }
}

/** States until when something may still happen. Nothing happens once money was captured. */
function tellEnd(status: InvoiceStatus, at: string): string[] {
  if (status === 'waitingForCapture') return [`The hold ends at ${at}.`];
  return status === 'canceled' ? [`A payment that the buyer has started may arrive until ${at}. It is returned.`] : [];
}

function namePayment({ invoiceUuid, order, orderNumber }: Pick<FoundRow, 'invoiceUuid' | 'order' | 'orderNumber'>): string {
  const of = orderNumber ?? order;
  return `Payment of invoice ${invoiceUuid}${of === null ? '' : `, order ${of}`}`;
}

const STATES: Readonly<Record<InvoiceStatus, Pick<RecentThing, 'state' | 'tone'>>> = {
  pending: { state: texts.states.pending, tone: 'waiting' },
  waitingForCapture: { state: texts.states.waitingForCapture, tone: 'waiting' },
  succeeded: { state: texts.states.succeeded, tone: 'ok' },
  canceled: { state: texts.states.canceled, tone: 'ok' },
  refundSucceeded: { state: texts.states.refundSucceeded, tone: 'ok' },
};

function toRecent(row: PaymentEntity): RecentThing {
  return { kind: 'payment', id: row.id, title: nameInWords(row), ...STATES[row.status], at: row.statusAt };
}

function nameInWords({ orderNumber, request, amountMinor, currency }: PaymentEntity): RecentThing['title'] {
  const amount = `${toWireAmount(toMoney(Number(amountMinor), currency))} ${currency}`;
  const order = orderNumber ?? request.orderId;
  if (!order) return fillIn(texts.paymentOf, { amount });
  return fillIn(texts.paymentOfOrder, { order, amount });
}

function listIds(row: PaymentEntity, refunds: readonly PaymentRefundEntity[]): Record<string, string> {
  return {
    payment: row.id,
    ...(row.crmId !== null && { 'payment in the CRM': row.crmId }),
    invoice: row.invoiceUuid,
    ...(row.request.orderId && { order: row.request.orderId }),
    ...(row.orderNumber !== null && { 'order number': row.orderNumber }),
    ...(row.externalId !== null && { 'id at the gateway': row.externalId }),
    ...(refunds.length > 0 && { refunds: refunds.map(({ id }) => id).join(', ') }),
  };
}

/** Events that are not states of the payment. */
const OTHER_TITLES: Readonly<Record<string, string>> = {
  declined: 'The gateway declined the money. The buyer can pay again.',
  'receipt.failed': 'A receipt was not registered.',
  'receipt.registered': 'A receipt was registered later.',
  missed: 'The deadline of the gateway passed before the money was captured.',
};

function tellEvent({ code, at, moved, amountMinor, refundId, comment }: PaymentEventEntity, currency: string): StoryEvent {
  const amount = amountMinor === null ? null : toWireAmount(toMoney(Number(amountMinor), currency));
  const told = `${code}${amount === null ? '' : ` of ${amount} ${currency}`}`;
  return {
    at,
    source: 'state',
    outcome: 'ok',
    title:
      OTHER_TITLES[code] ??
      (moved ? `The payment changed to ${told}.` : `The gateway reported ${told} after a final state, so it was only noted.`),
    details: listDetails({ status: code, amount, moved, refund: refundId, reason: comment }),
  };
}
