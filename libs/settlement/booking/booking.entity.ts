import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * A line that is entered in the CRM: a cost of an order, or a payment for cash that was collected. The CRM
 * has its `id`: at the end of the cost's comment, or as the payment's `externalId`.
 */
@Entity('booking')
export class BookingEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid') connectionId!: string;
  @Column('text') kind!: 'cost' | 'payment';
  /** Unique in the connection, the same in every register: subject, currency and code. */
  @Column('text') key!: string;
  /** `MoneyFacts.subject` of the delivery or payment. */
  @Column('text') subject!: string;
  /** Id of the order in the CRM. */
  @Column('text', { name: 'order_ref' }) order!: string;
  /** Code of the provider. */
  @Column('text') provider!: string;
  /** `RegisterRow.fees[].code` of a cost, `cash` of a payment. */
  @Column('text') code!: string;
  @Column('date') day!: string;
  @Column('bigint') amountMinor!: string;
  @Column('text') currency!: string;
  /** When the CRM accepted it. Null: not yet, or its amount has changed since. */
  @Column('timestamptz', { nullable: true }) sentAt!: Date | null;
}

/** A shop's choices of entries in its CRM. Without a row: none. */
@Entity('booking_setting')
export class BookingSettingEntity {
  @PrimaryColumn('uuid') connectionId!: string;
  /** Code of the item of costs. Null: no costs are entered. */
  @Column('text', { nullable: true }) costItem!: string | null;
  /** Code of the payment type. Null: no payments are entered. */
  @Column('text', { nullable: true }) paymentType!: string | null;
  /** Code of the status of these payments. Null: the CRM's default. */
  @Column('text', { nullable: true }) paymentStatus!: string | null;
  /** First day. Earlier money is not entered. */
  @Column('date') since!: string;
}
