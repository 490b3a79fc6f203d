import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * `running`: a process is working on it, under a lease. `unknown`: the provider may or may not have acted, to
 * be reconciled. `done`: it has a result. `refused`: it had no effect.
 */
export type OperationState = 'running' | 'unknown' | 'done' | 'refused';

/**
 * A call with an effect, stored before the provider is called (docs/architecture.md, "Keys of operations").
 */
@Entity('operation')
export class OperationEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid') connectionId!: string;
  /** `delivery.save`, `delivery.edit`, ... */
  @Column('text') kind!: string;
  /**
   * Unique in the connection, so that repeats find this row. Cleared when a repeat must be a new operation.
   */
  @Column('text', { nullable: true }) key!: string | null;
  /** Reference passed to the provider, for finding the call. */
  @Column('text', { nullable: true }) reference!: string | null;
  /** The id of its subject: an order, a delivery, a shipment. */
  @Column('text') subject!: string;
  @Column('text') state!: OperationState;
  /** Data for sending it again or finishing it. */
  @Column('jsonb') input!: object;
  @Column('jsonb', { nullable: true }) result!: object | null;
  @Column('text', { nullable: true }) error!: string | null;
  /** Groups operations of unknown outcome with a similar error (`groupError`). */
  @Column('text', { nullable: true }) errorGroup!: string | null;
  /** Grows each time a process takes it. A process that lost it can no longer finish it. */
  @Column('int') fence!: number;
  @Column('timestamptz') leaseUntil!: Date;
  /** The call cannot have been sent later than this. In the future while a call continues after its time. */
  @Column('timestamptz') sentAt!: Date;
  /** When housekeeping next checks an operation with an unknown outcome. */
  @Column('timestamptz') checkAt!: Date;
  @Column('int') checks!: number;
  /** Id of the request that it comes from (`x-request-id`). Null: it was started by Crossdock. */
  @Column('text', { nullable: true }) request!: string | null;
  /** Whether the CRM's callback started it, so that it is counted as answered when it is done. */
  @Column('boolean') fromCallback!: boolean;
  @Column('timestamptz') createdAt!: Date;
  @Column('timestamptz') updatedAt!: Date;
}
