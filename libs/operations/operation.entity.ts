import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * `running`: a process is at it, under a lease; `unknown`: the provider may or may not have acted, to be
 * reconciled; `done`: has its result; `refused`: nothing was done.
 */
export type OperationState = 'running' | 'unknown' | 'done' | 'refused';

/**
 * A call with an effect, stored before the provider is called (docs/architecture.md, "Keys of operations").
 */
@Entity('operation')
export class OperationEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'connection_id' }) connectionId!: string;
  /** `delivery.save`, `delivery.edit`, ... */
  @Column('text') kind!: string;
  /**
   * Unique in the connection, so that repeats find this row; cleared when a repeat must be a new operation.
   */
  @Column('text', { nullable: true }) key!: string | null;
  /** What the provider was given to know it by. */
  @Column('text', { nullable: true }) reference!: string | null;
  /** The id of what it is about: an order, a delivery, a shipment. */
  @Column('text') subject!: string;
  @Column('text') state!: OperationState;
  /** What is needed to send it again or to finish it. */
  @Column('jsonb') input!: object;
  @Column('jsonb', { nullable: true }) result!: object | null;
  @Column('text', { nullable: true }) error!: string | null;
  /** What it has in common with others of unknown outcome (`groupError`). */
  @Column('text', { name: 'error_group', nullable: true }) errorGroup!: string | null;
  /** Grows each time a process takes it: one that lost it cannot finish it any more. */
  @Column('int') fence!: number;
  @Column('timestamptz', { name: 'lease_until' }) leaseUntil!: Date;
  /** Nothing of the call can have left later. In the future while a call goes on after its time. */
  @Column('timestamptz', { name: 'sent_at' }) sentAt!: Date;
  /** When housekeeping looks at an unknown one next. */
  @Column('timestamptz', { name: 'check_at' }) checkAt!: Date;
  @Column('int') checks!: number;
  /** Number of the request that it comes from (`x-request-id`); null for work of our own. */
  @Column('text', { nullable: true }) request!: string | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt!: Date;
}
