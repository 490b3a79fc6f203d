import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ProviderMemory } from '../port/index.js';

/** The test payment that a connection's account last made from its page. It is never sent to the CRM. */
@Entity('payment_trial')
export class TrialPaymentEntity {
  @PrimaryColumn('uuid') connectionId!: string;
  /** The provider's reference. */
  @Column('uuid') id!: string;
  /** The random last part of its link. */
  @Column('text') token!: string;
  @Column('text') shop!: string;
  @Column('text') currency!: string;
  /** In minor units. */
  @Column('bigint') amountMinor!: string;
  @Column('text', { nullable: true }) externalId!: string | null;
  @Column('jsonb') memory!: ProviderMemory;
  @Column('timestamptz') createdAt!: Date;
  /** When the payment was found to be paid. */
  @Column('timestamptz', { nullable: true }) paidAt!: Date | null;
}
