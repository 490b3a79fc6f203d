import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import type { InvoiceStatus, ReceiptFacts } from './payment-facts.js';
import type { CaptureMode, CreateRequest, DisputeStatus, GoodsLine, ProviderMemory, RefundStatus, Reported } from './port/index.js';

/** A stored dispute. `amount` is in minor units of the payment's currency, `since` is ISO 8601. */
export interface StoredDispute {
  externalId: string;
  status: DisputeStatus;
  amount?: number;
  reason?: string;
  since: string;
}

/** Facts that no payment is found or sorted by. `capturing` and `fee` are in minor units. */
export interface PaymentDetails extends Pick<Reported, 'cancellation' | 'declined'> {
  capturing?: number;
  fee?: number;
  /** The `externalId` of the last attempt whose capture was declined. */
  declinedId?: string;
}

/**
 * A stored payment. `id` is the provider's reference. It is also the CRM's `paymentId`, unless `crmId` is
 * set. Amounts are in minor units.
 */
@Entity('payment')
export class PaymentEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid') connectionId!: string;
  /** The CRM's `paymentId` from the previous module. Null: the CRM has `id`. */
  @Column('text', { nullable: true }) crmId!: string | null;
  /** The CRM's id of the invoice. An invoice has one payment. */
  @Column('text') invoiceUuid!: string;
  @Column('text') shop!: string;
  @Column('text') capture!: CaptureMode;
  /** The random last part of the buyer's link. */
  @Column('text') token!: string;
  @Column('text', { nullable: true }) externalId!: string | null;
  @Column('text') status!: InvoiceStatus;
  @Column('timestamptz') statusAt!: Date;
  @Column('text') currency!: string;
  /** The invoice's amount. */
  @Column('bigint') amountMinor!: string;
  /** Discount granted by the service. */
  @Column('bigint', { nullable: true }) discountMinor!: string | null;
  @Column('bigint', { nullable: true }) heldMinor!: string | null;
  @Column('bigint', { nullable: true }) capturedMinor!: string | null;
  @Column('timestamptz', { nullable: true }) paidAt!: Date | null;
  /** Time until which the hold can be approved. */
  @Column('timestamptz', { nullable: true }) expiresAt!: Date | null;
  /** As in `details`, for the previous version, which reads and writes only this column. */
  @Column('text', { nullable: true }) cancellation!: string | null;
  @Column('jsonb') details!: PaymentDetails;
  @Column('jsonb') request!: Omit<CreateRequest, 'payUrl' | 'doneUrl'>;
  @Column('jsonb') memory!: ProviderMemory;
  @Column('jsonb') disputes!: StoredDispute[];
  @Column('jsonb') receipts!: ReceiptFacts[];
  @Column('text', { nullable: true }) orderNumber!: string | null;
  /** Last visit, event or change. The older it is, the less often the provider is read. */
  @Column('timestamptz') activeAt!: Date;
  /** Time of the next reading at the provider. Null: no more readings. */
  @Column('timestamptz', { nullable: true }) readAt!: Date | null;
  /** Time when the hold of a one-stage payment is due for capture. Null: there is no such hold. */
  @Column('timestamptz', { nullable: true }) captureAt!: Date | null;
  @Column('timestamptz') createdAt!: Date;
  @Column('timestamptz') updatedAt!: Date;
  /** Differs after each change of the row. */
  @Column({ type: 'text', name: 'xmin', insert: false, update: false }) version!: string;
}

/**
 * A refund. `id` is the CRM's id of the refund and, for refunds made here, the provider's idempotency key.
 */
@Entity('payment_refund')
export class PaymentRefundEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid') paymentId!: string;
  @Column('text', { nullable: true }) externalId!: string | null;
  @Column('bigint') amountMinor!: string;
  /** True: requested by the CRM. False: found at the provider. */
  @Column('boolean') requested!: boolean;
  @Column('text') status!: RefundStatus;
  /** Chosen before the call. Null: the refund was made elsewhere or by an older version. */
  @Column('jsonb', { nullable: true }) goods?: GoodsLine[] | null;
  /** When the last reply with the refund was started. Null: no reply was started. */
  @Column('timestamptz', { nullable: true }) replyAt?: Date | null;
  /**
   * When the reply was sent completely, or when a refund made elsewhere was found. Null: the CRM may lack the
   * reply.
   */
  @Column('timestamptz', { nullable: true }) repliedAt?: Date | null;
  @Column('text', { nullable: true }) comment!: string | null;
  @Column('timestamptz') createdAt!: Date;
  @Column('timestamptz') updatedAt!: Date;
  /** Differs after each change of the row. */
  @Column({ type: 'text', name: 'xmin', insert: false, update: false }) version?: string;
}

/** One line of a payment's history. */
@Entity('payment_event')
export class PaymentEventEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id!: string;
  @Column('uuid') paymentId!: string;
  /** A status of the payment, or a code of `Happening`. */
  @Column('text') code!: string;
  @Column('bigint', { nullable: true }) amountMinor!: string | null;
  @Column('uuid', { nullable: true }) refundId!: string | null;
  @Column('text', { nullable: true }) comment!: string | null;
  /** False: the event came after a final status that it contradicts, and was only noted. */
  @Column('boolean') moved!: boolean;
  @Column('timestamptz') at!: Date;
}
