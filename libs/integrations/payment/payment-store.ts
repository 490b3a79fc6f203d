import { isDeepStrictEqual } from 'node:util';
import { InjectProviders, type Providers } from '#integration-kit';
import { Injectable } from '@nestjs/common';
import { type EntityManager, In, Not } from 'typeorm';
import { type Connection, isUuid } from '#connections';
import { Database, Environment, notFound, toRows, type Transaction } from '#platform';
import { PaymentEntity, PaymentRefundEntity } from './payment.entity.js';
import { toExistingPayment, type StoredPayment } from './payment-rows.js';
import type { ExistingPayment, PaymentProvider } from './port/index.js';
import type { InvoiceView } from './reply-mapper.js';

/** Locks a payment. Returns the versions of the payment and of its refunds, in the order of `loadRefunds`. */
const LOCK = `
  SELECT ARRAY[xmin::text] || ARRAY(SELECT r.xmin::text FROM payment_refund r WHERE r.payment_id = p.id ORDER BY r.created_at, r.id) AS versions
  FROM payment p WHERE id = $1 FOR UPDATE`;

/** Payments of an order that are shown. */
const MOST_OF_ORDER = 5;

/** Reads payments. Every query is bound to a connection, except for the buyer's link. */
@Injectable()
export class PaymentStore {
  constructor(
    private readonly database: Database,
    private readonly environment: Environment,
    @InjectProviders('payment') private readonly providers: Providers<PaymentProvider>,
  ) {}

  /**
   * Returns a payment of this connection by our id or the CRM's. With `tx` its row is locked. Throws
   * CallbackError 404.
   */
  async load(connection: Connection, id: string, tx?: Transaction): Promise<StoredPayment> {
    const query = (tx ?? this.database.dataSource.manager)
      .getRepository(PaymentEntity)
      .createQueryBuilder('p')
      .where(`p.connectionId = :connection AND (p.crmId = :id${isUuid(id) ? ' OR p.id = :uuid' : ''})`, {
        id,
        uuid: id,
        connection: connection.id,
      });
    const row = await (tx ? query.setLock('pessimistic_write') : query).getOne();
    if (!row) throw notFound('payment', id);
    return this.loadRefunds(row, tx);
  }

  /** Locks the row of a loaded payment. Loads the payment again if it or a refund has changed since. */
  async lock(tx: Transaction, connection: Connection, stored: StoredPayment): Promise<StoredPayment> {
    const [found] = toRows<{ versions: string[] }>(await tx.query(LOCK, [stored.row.id]));
    const versions = [stored.row, ...stored.refunds].map(({ version }) => version);
    return isDeepStrictEqual(found?.versions, versions) ? stored : this.load(connection, stored.row.id, tx);
  }

  /**
   * Throws BrokenReplyError if another payment that is not canceled has the same id at the provider, because
   * their events would be mixed up. Replies with the same id wait for each other until `tx` ends.
   */
  async refuseOther(
    tx: Transaction,
    connection: Connection,
    call: keyof PaymentProvider,
    { id, externalId }: { id: string; externalId: string },
  ): Promise<void> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [`payment ${connection.id} ${externalId}`]);
    const where = { connectionId: connection.id, externalId, status: Not('canceled' as const), id: Not(id) };
    const other = await tx.getRepository(PaymentEntity).findOneBy(where);
    if (!other) return;
    const problem = `is the id of the payment ${other.orderNumber === null ? other.id : `of order ${other.orderNumber}`}`;
    throw this.providers.refuseReply(connection, call, [{ field: 'externalId', problem }]);
  }

  /** Returns the payment of an invoice in the CRM. */
  async findByInvoice(
    connection: Connection,
    invoiceUuid: string,
    manager: EntityManager = this.database.dataSource.manager,
  ): Promise<PaymentEntity | undefined> {
    return (await manager.getRepository(PaymentEntity).findOneBy({ connectionId: connection.id, invoiceUuid })) ?? undefined;
  }

  /**
   * Lists ids of payments to compare, in ascending order after `after`: holds, unpaid payments that were
   * active within `pending` days, and payments that were settled or refunded within `settled` days.
   */
  async listToCompare(
    { id }: Connection,
    { after, limit, settled, pending }: { after: string; limit: number; settled: number; pending: number },
  ): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      `SELECT id FROM payment p WHERE connection_id = $1 AND id > $2 AND (
         status = 'waitingForCapture' OR (status = 'pending' AND active_at > now() - make_interval(days => $5))
         OR (status NOT IN ('pending', 'waitingForCapture') AND (status_at > now() - make_interval(days => $4) OR EXISTS (
           SELECT FROM payment_refund r WHERE r.payment_id = p.id AND (r.status = 'pending' OR r.created_at > now() - make_interval(days => $4))))))
       ORDER BY id LIMIT $3`,
      [id, after, limit, settled, pending],
    );
    return rows.map((row) => row.id);
  }

  /** Lists paid payments of an order, by its id in the CRM, that were not fully refunded. */
  async listPaid({ id }: Connection, orderId: string): Promise<{ id: string; invoiceUuid: string; paidAt: Date | undefined }[]> {
    const rows = await this.database.query<{ id: string; invoiceUuid: string; paidAt: Date | null }>(
      `SELECT id, invoice_uuid AS "invoiceUuid", paid_at AS "paidAt" FROM payment
       WHERE connection_id = $1 AND request ->> 'orderId' = $2 AND status = 'succeeded' ORDER BY id LIMIT 20`,
      [id, orderId],
    );
    return rows.map(({ paidAt, ...row }) => ({ ...row, paidAt: paidAt ?? undefined }));
  }

  /** Lists the latest payments of an order, by its id in the CRM, the latest first. */
  async listOfOrder({ id }: Connection, orderId: string): Promise<StoredPayment[]> {
    const rows = await this.database.dataSource
      .getRepository(PaymentEntity)
      .createQueryBuilder('p')
      .where(`p.connectionId = :id AND p.request ->> 'orderId' = :orderId`, { id, orderId })
      .orderBy('p.id', 'DESC')
      .take(MOST_OF_ORDER)
      .getMany();
    if (rows.length === 0) return [];
    const refunds = await this.database.dataSource
      .getRepository(PaymentRefundEntity)
      .find({ where: { paymentId: In(rows.map((row) => row.id)) }, order: { createdAt: 'ASC', id: 'ASC' } });
    return rows.map((row) => ({ row, refunds: refunds.filter(({ paymentId }) => paymentId === row.id) }));
  }

  /** Records that the reply with a refund was sent completely. */
  async noteReply({ id }: Connection, refundId: string, at: Date): Promise<void> {
    await this.database.query(
      `UPDATE payment_refund r SET replied_at = $3 FROM payment p WHERE r.id = $2 AND p.id = r.payment_id AND p.connection_id = $1`,
      [id, refundId, at],
    );
  }

  /** Returns the payment of a buyer's link. */
  async findByToken(token: string): Promise<PaymentEntity | undefined> {
    return (await this.database.dataSource.getRepository(PaymentEntity).findOneBy({ token })) ?? undefined;
  }

  /** Builds the buyer's permanent link. */
  buildPayUrl(connection: Connection, token: string): string {
    return `${this.environment.publicUrl}/${connection.module.code}/pay/${token}`;
  }

  /** Whether changes of the connection's payments are found only by readings. */
  lacksEvents(connection: Connection): boolean {
    return this.providers.getManifest(connection).hasEvents === false;
  }

  /** Returns the details that the CRM's view of a payment needs. */
  buildView(connection: Connection, { row }: StoredPayment): InvoiceView {
    return {
      payUrl: this.buildPayUrl(connection, row.token),
      timeZone: connection.account.timeZone,
      able: { cancel: this.providers.has(connection, 'cancel'), refund: this.providers.has(connection, 'refund') },
    };
  }

  /** Returns a stored payment in the port's format. */
  toExisting(connection: Connection, stored: StoredPayment): ExistingPayment {
    return toExistingPayment(stored, this.buildPayUrl(connection, stored.row.token));
  }

  /** Returns a payment with its refunds, oldest first. */
  async loadRefunds(row: PaymentEntity, manager: EntityManager = this.database.dataSource.manager): Promise<StoredPayment> {
    return {
      row,
      refunds: await manager
        .getRepository(PaymentRefundEntity)
        .find({ where: { paymentId: row.id }, order: { createdAt: 'ASC', id: 'ASC' } }),
    };
  }
}
