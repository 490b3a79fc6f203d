import { InjectProviders, type Providers } from '#integration-kit';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Connection, isUuid } from '#connections';
import { Database, Environment, notFound, type Transaction } from '#platform';
import { PaymentEntity, PaymentRefundEntity } from './payment.entity.js';
import { toExistingPayment, type StoredPayment } from './payment-rows.js';
import type { ExistingPayment, PaymentProvider } from './port/index.js';
import type { InvoiceView } from './reply-mapper.js';

/** Reads payments; every query is bound to a connection, but for the buyer's link. */
@Injectable()
export class PaymentStore {
  constructor(
    private readonly database: Database,
    private readonly environment: Environment,
    @InjectProviders('payment') private readonly providers: Providers<PaymentProvider>,
  ) {}

  /** Returns a payment of this connection; with `tx` its row is locked. Throws CallbackError 404. */
  async load(connection: Connection, id: string, tx?: Transaction): Promise<StoredPayment> {
    if (!isUuid(id)) throw notFound('payment', id);
    const query = (tx ?? this.database.dataSource.manager)
      .getRepository(PaymentEntity)
      .createQueryBuilder('p')
      .where('p.id = :id AND p.connectionId = :connection', { id, connection: connection.id });
    const row = await (tx ? query.setLock('pessimistic_write') : query).getOne();
    if (!row) throw notFound('payment', id);
    return this.loadRefunds(row, tx);
  }

  /** The payment of an invoice of the CRM's. */
  async findByInvoice(
    connection: Connection,
    invoiceUuid: string,
    manager: EntityManager = this.database.dataSource.manager,
  ): Promise<PaymentEntity | undefined> {
    return (await manager.getRepository(PaymentEntity).findOneBy({ connectionId: connection.id, invoiceUuid })) ?? undefined;
  }

  /** The payment of a buyer's link. */
  async findByToken(token: string): Promise<PaymentEntity | undefined> {
    return (await this.database.dataSource.getRepository(PaymentEntity).findOneBy({ token })) ?? undefined;
  }

  /** The buyer's lasting link. */
  buildPayUrl(connection: Connection, token: string): string {
    return `${this.environment.publicUrl}/${connection.module.code}/pay/${token}`;
  }

  /** How the CRM sees a payment of this connection. */
  buildView(connection: Connection, { row }: StoredPayment): InvoiceView {
    return {
      payUrl: this.buildPayUrl(connection, row.token),
      timeZone: connection.account.timeZone,
      able: { cancel: this.providers.has(connection, 'cancel'), refund: this.providers.has(connection, 'refund') },
    };
  }

  /** A stored payment as providers see it. */
  toExisting(connection: Connection, stored: StoredPayment): ExistingPayment {
    return toExistingPayment(stored, this.buildPayUrl(connection, stored.row.token));
  }

  /** A row with its refunds, oldest first. */
  async loadRefunds(row: PaymentEntity, manager: EntityManager = this.database.dataSource.manager): Promise<StoredPayment> {
    return {
      row,
      refunds: await manager
        .getRepository(PaymentRefundEntity)
        .find({ where: { paymentId: row.id }, order: { createdAt: 'ASC', id: 'ASC' } }),
    };
  }
}
