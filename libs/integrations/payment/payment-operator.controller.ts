import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { ConnectionStore, isUuid } from '#connections';
import { ApiQueryOf, Database, defineOperatorList, notFound, OperatorAccess, type Page, PageDto, readPage, WithinModules } from '#platform';
import { toMoney, toWireAmount } from '#provider-kit';
import { PaymentEntity, PaymentEventEntity } from './payment.entity.js';
import { toFacts } from './payment-rows.js';
import { computeRefundable } from './payment-facts.js';
import { PaymentStore } from './payment-store.js';
import { type ReportedView, toReportedView } from './reported.js';

/** Filter and page of the list of payments. */
export class PaymentListDto extends PageDto {
  /** The order's id or number in the CRM. */
  @IsOptional() @IsString() @MaxLength(255) order?: string;
  /** The CRM's id of the invoice. */
  @IsOptional() @IsString() @MaxLength(255) invoice?: string;
  @IsOptional() @IsString() @MaxLength(100) status?: string;
  @IsOptional() @IsString() @MaxLength(255) shop?: string;
  /** Payments with a dispute of this status: `inquiry`, `open`, `won` or `lost`. */
  @IsOptional() @IsIn(['inquiry', 'open', 'won', 'lost']) dispute?: string;
  /** Public id of the connection. */
  @IsOptional() @IsString() connection?: string;
}

/** A payment in the operator's API. Amounts are in `currency`. */
export interface PaymentView extends ReportedView {
  id: string;
  /** The CRM's `paymentId` if another module made the payment. */
  crmId?: string;
  connection: string;
  invoiceUuid: string;
  order?: string;
  orderNumber?: string;
  shop: string;
  capture: string;
  externalId?: string;
  status: string;
  statusAt: string;
  currency: string;
  amount: number;
  /** Chargebacks: payments that the buyer disputes at the bank. Left out if there are none. */
  disputes?: { externalId: string; status: string; amount?: number; reason?: string; since: string }[];
  createdAt: string;
  updatedAt: string;
}

/** A payment with its refunds, history and links. */
export interface PaymentDetails extends PaymentView {
  payUrl?: string;
  refundable: number;
  refunds: { id: string; externalId?: string; amount: number; status: string; comment?: string; createdAt: string }[];
  history: { code: string; at: string; moved: boolean; amount?: number; refundId?: string; comment?: string }[];
}

/** Payments, newest first. */
export const PAYMENT_LIST = defineOperatorList<PaymentListDto, PaymentEntity, PaymentView>({
  from: PaymentEntity,
  where: {
    // An array makes the planner read these few rows first instead of scanning the table.
    order: `row.id = ANY (ARRAY(SELECT id FROM payment WHERE order_number = :order UNION ALL SELECT id FROM payment WHERE request ->> 'orderId' = :order))`,
    invoice: 'row.invoiceUuid = :invoice',
    status: 'row.status = :status',
    shop: 'row.shop = :shop',
    dispute: `row.disputes @> jsonb_build_array(jsonb_build_object('status', :dispute::text))`,
    connection: 'row.connectionId = :connection',
  },
  order: { 'row.id': 'DESC' },
  view: toPaymentView,
});

/** Payments for the operator: a list, and a single payment with its refunds and history. */
@ApiTags('operator: payments')
@OperatorAccess()
@Controller('operator/api/payments')
export class PaymentOperatorController {
  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionStore,
    private readonly store: PaymentStore,
  ) {}

  /** Lists payments, latest first. */
  @Get()
  @WithinModules()
  @ApiQueryOf(PaymentListDto)
  listPayments(@Query() filter: PaymentListDto): Promise<Page<PaymentView>> {
    return readPage(this.database, PAYMENT_LIST, filter);
  }

  /** Returns a payment with its refunds and history. */
  @Get(':id')
  @WithinModules('payment')
  async readPayment(@Param('id') id: string): Promise<PaymentDetails> {
    const row = isUuid(id) ? await this.database.dataSource.getRepository(PaymentEntity).findOneBy({ id }) : null;
    if (!row) throw notFound('payment', id);
    const { refunds } = await this.store.loadRefunds(row);
    const facts = toFacts({ row, refunds });
    const events = await this.database.dataSource
      .getRepository(PaymentEventEntity)
      .find({ where: { paymentId: id }, order: { id: 'ASC' } });
    const connection = await this.connections.findById(row.connectionId, 'payment');
    const wire = (minor: string): number => toWireAmount(toMoney(Number(minor), row.currency));
    return {
      ...toPaymentView(row),
      ...(connection && { payUrl: this.store.buildPayUrl(connection, row.token) }),
      refundable: toWireAmount(computeRefundable(facts)),
      refunds: refunds.map((refund) => ({
        id: refund.id,
        ...(refund.externalId && { externalId: refund.externalId }),
        amount: wire(refund.amountMinor),
        status: refund.status,
        ...(refund.comment && { comment: refund.comment }),
        createdAt: refund.createdAt.toISOString(),
      })),
      history: events.map((event) => ({
        code: event.code,
        at: event.at.toISOString(),
        moved: event.moved,
        ...(event.amountMinor !== null && { amount: wire(event.amountMinor) }),
        ...(event.refundId && { refundId: event.refundId }),
        ...(event.comment && { comment: event.comment }),
      })),
    };
  }
}

function toPaymentView(row: PaymentEntity): PaymentView {
  const { amount, disputes, ...facts } = toFacts({ row, refunds: [] });
  return {
    id: row.id,
    ...(row.crmId && { crmId: row.crmId }),
    connection: row.connectionId,
    invoiceUuid: row.invoiceUuid,
    ...(row.request.orderId && { order: row.request.orderId }),
    ...(row.orderNumber && { orderNumber: row.orderNumber }),
    shop: row.shop,
    capture: row.capture,
    ...(row.externalId && { externalId: row.externalId }),
    status: row.status,
    statusAt: row.statusAt.toISOString(),
    currency: row.currency,
    amount: toWireAmount(amount),
    ...toReportedView(facts),
    ...(disputes.length > 0 && {
      disputes: disputes.map(({ amount: disputed, since, ...dispute }) => ({
        ...dispute,
        ...(disputed && { amount: toWireAmount(disputed) }),
        since: since.toISOString(),
      })),
    }),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
