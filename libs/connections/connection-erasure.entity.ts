import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * `leaving`: CRM and service are being told; `erasing`: the connection is gone, and what it had is going;
 * `erased`: what came late is looked for once more.
 */
export type ErasureState = 'leaving' | 'erasing' | 'erased';

/** A connection that is being erased. */
@Entity('connection_erasure')
export class ConnectionErasureEntity {
  /** The connection's. */
  @PrimaryColumn('uuid') id!: string;
  @Column('text') state!: ErasureState;
  @Column('timestamptz', { name: 'requested_at' }) requestedAt!: Date;
  /** Name of the holding that is being erased. */
  @Column('text', { nullable: true }) part!: string | null;
  /** Erased until now. */
  @Column('bigint') rows!: string;
  /** When it goes on. */
  @Column('timestamptz', { name: 'due_at' }) dueAt!: Date;
  /** Until when one process works on it alone. */
  @Column('timestamptz', { name: 'lease_until' }) leaseUntil!: Date;
}
