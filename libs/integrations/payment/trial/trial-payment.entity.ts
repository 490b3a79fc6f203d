import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ProviderMemory } from '../port/index.js';

/** The test payment that a connection's account made last from its page; the CRM knows nothing of it. */
@Entity('payment_trial')
export class TrialPaymentEntity {
  @PrimaryColumn('uuid', { name: 'connection_id' }) connectionId!: string;
  /** The provider's reference. */
  @Column('uuid') id!: string;
  /** The unguessable end of its link. */
  @Column('text') token!: string;
  @Column('text') shop!: string;
  @Column('text') currency!: string;
  /** Minor units. */
  @Column('bigint', { name: 'amount_minor' }) amountMinor!: string;
  @Column('text', { name: 'external_id', nullable: true }) externalId!: string | null;
  @Column('jsonb') memory!: ProviderMemory;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  /** When it was seen to be paid. */
  @Column('timestamptz', { name: 'paid_at', nullable: true }) paidAt!: Date | null;
}
