import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * A line that is entered in the CRM: a cost of an order, a payment for cash that was collected, or an invoice
 * that was paid outside the CRM. The CRM has its `id` at the end of a cost's comment, or as a payment's
 * `externalId`, and of an invoice the gateway's number.
 */
@Entity('booking')
export class BookingEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid') connectionId!: string;
  @Column('text') kind!: 'cost' | 'payment' | 'invoice';
  /**
   * Unique in the connection, the same in every register: subject, currency and code. An invoice has the
   * provider and the gateway's number.
   */
  @Column('text') key!: string;
  /** `MoneyFacts.subject` of the delivery or payment. `invoice:<id>` of an invoice. */
  @Column('text') subject!: string;
  /** Id of the order in the CRM. */
  @Column('text', { name: 'order_ref' }) order!: string;
  /** Number of an invoice's order. Null: the CRM does not have it. */
  @Column('text', { nullable: true }) orderNumber!: string | null;
  /** Code of the provider. */
  @Column('text') provider!: string;
  /** `RegisterRow.fees[].code` of a cost, `cash` of a payment, the CRM's id of an invoice's payment. */
  @Column('text') code!: string;
  @Column('date') day!: string;
  @Column('bigint') amountMinor!: string;
  @Column('text') currency!: string;
  /** When the CRM accepted it. Null: not yet, or its amount has changed since. */
  @Column('timestamptz', { nullable: true }) sentAt!: Date | null;
  /** When the CRM was called with an invoice. Only a person repeats the call. */
  @Column('timestamptz', { nullable: true }) calledAt!: Date | null;
  /** Why the CRM rejected an invoice. It is not sent until a person chooses again. */
  @Column('text', { nullable: true }) problem!: string | null;
  /** When a comparison found that no register has the fee of this sent cost. Null: registers have it. */
  @Column('timestamptz', { nullable: true }) lostAt!: Date | null;
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
  /** Whether a person may enter payments that a gateway got outside the CRM. */
  @Column('boolean') invoices!: boolean;
  /** First day. Earlier money is not entered. */
  @Column('date') since!: string;
}
