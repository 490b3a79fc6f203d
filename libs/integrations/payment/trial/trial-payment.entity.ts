import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ProviderMemory } from '../port/index.js';

/** The test payment that a connection's account last made from its page. It is never sent to the CRM. */
@Entity('payment_trial')
export class TrialPaymentEntity {
  @PrimaryColumn('uuid', { name: 'connection_id' }) connectionId!: string;
  /** The provider's reference. */
  @Column('uuid') id!: string;
  /** The random last part of its link. */
  @Column('text') token!: string;
  @Column('text') shop!: string;
  @Column('text') currency!: string;
  /** In minor units. */
  @Column('bigint', { name: 'amount_minor' }) amountMinor!: string;
  @Column('text', { name: 'external_id', nullable: true }) externalId!: string | null;
  @Column('jsonb') memory!: ProviderMemory;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  /** When the payment was found to be paid. */
  @Column('timestamptz', { name: 'paid_at', nullable: true }) paidAt!: Date | null;
}
