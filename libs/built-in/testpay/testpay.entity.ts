import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { RefundStatus } from '#payment/port';

/**
 * `open`: awaits a card. `confirming`: second step. `processing`: settles at `dueAt`. `held` until `dueAt`.
 */
export type TestpayState = 'open' | 'confirming' | 'processing' | 'held' | 'captured' | 'canceled';

/** A payment at the test gateway. Amounts are minor units. */
@Entity('testpay_payment')
export class TestpayPaymentEntity {
  /** The reference under which it was created. */
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid') connectionId!: string;
  @Column('text') shop!: string;
  @Column('text') currency!: string;
  @Column('bigint') amountMinor!: string;
  @Column('bigint', { nullable: true }) capturedMinor!: string | null;
  @Column('text') state!: TestpayState;
  /** Digits of the test card entered last. */
  @Column('text', { nullable: true }) card!: string | null;
  /** Reason why the last card was declined. */
  @Column('text', { nullable: true }) decline!: 'declined' | 'unknown' | 'unconfirmed' | null;
  /** Reason why it was ended. */
  @Column('text', { nullable: true }) cancellation!: 'shop' | 'expired' | null;
  /** When its state changes automatically. */
  @Column('timestamptz', { nullable: true }) dueAt!: Date | null;
  /** End of the hold. Kept afterwards. */
  @Column('timestamptz', { nullable: true }) heldUntil!: Date | null;
  @Column('timestamptz', { nullable: true }) capturedAt!: Date | null;
  @Column('timestamptz') createdAt!: Date;
}

/** A refund at the test gateway. */
@Entity('testpay_refund')
export class TestpayRefundEntity {
  /** The reference under which it was created. */
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid') paymentId!: string;
  @Column('bigint') amountMinor!: string;
  @Column('text') status!: RefundStatus;
  /** When a pending refund ends. */
  @Column('timestamptz', { nullable: true }) dueAt!: Date | null;
  @Column('timestamptz') createdAt!: Date;
}

/** A webhook to be sent. */
@Entity('testpay_event')
export class TestpayEventEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid') connectionId!: string;
  @Column('uuid') paymentId!: string;
  /** `payment.held` and so on. */
  @Column('text') type!: string;
  /** Number of times it is sent. */
  @Column('int') copies!: number;
  @Column('int') attempts!: number;
  /** Earliest time of sending. */
  @Column('timestamptz') dueAt!: Date;
  @Column('timestamptz', { nullable: true }) sentAt!: Date | null;
  @Column('timestamptz') createdAt!: Date;
}
