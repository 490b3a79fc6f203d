import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/**
 * `pending`: to be sent; `failed`: set aside for an operator; `dropped`: superseded or too late to matter.
 */
export type OutboxState = 'pending' | 'sent' | 'failed' | 'dropped';

/** A row to send to the CRM, in the order of `id` within a lane (connection and kind). */
@Entity('outbox')
export class OutboxEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id!: string;
  @Column('uuid', { name: 'connection_id' }) connectionId!: string;
  @Column('text') kind!: string;
  /** What it is about (a delivery's id): rows of one subject share an item of a call. */
  @Column('text') subject!: string;
  @Column('jsonb') payload!: object;
  @Column('text') state!: OutboxState;
  @Column('int') attempts!: number;
  /** Why it was last refused; stays when it was sent after all. */
  @Column('text', { name: 'last_error', nullable: true }) lastError!: string | null;
  /** Times the CRM refused it alone since it was added or replayed; meanwhile other subjects go first. */
  @Column('int') refusals!: number;
  /** The first of these refusals. */
  @Column('timestamptz', { name: 'refused_at', nullable: true }) refusedAt!: Date | null;
  /**
   * Not sent before this: a process sends it itself, what it waits for is missing, or the CRM refused it.
   */
  @Column('timestamptz', { name: 'held_until' }) heldUntil!: Date;
  /** What it has in common with others that failed alike (`groupError`). */
  @Column('text', { name: 'error_group', nullable: true }) errorGroup!: string | null;
  /** When it was set aside; null: never, or by an earlier version. */
  @Column('timestamptz', { name: 'failed_at', nullable: true }) failedAt!: Date | null;
  /** Name of the operator who discarded it, at `sentAt`. */
  @Column('text', { name: 'discarded_by', nullable: true }) discardedBy!: string | null;
  /** Number of the request that it comes from (`x-request-id`); null for work of our own. */
  @Column('text', { nullable: true }) request!: string | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'sent_at', nullable: true }) sentAt!: Date | null;
}

/** The worker that holds a lane, and when the lane may be tried again. */
@Entity('outbox_lane')
export class OutboxLaneEntity {
  @PrimaryColumn('uuid', { name: 'connection_id' }) connectionId!: string;
  @PrimaryColumn('text') kind!: string;
  /** Grows with each taking of the lane: a worker that lost it cannot mark rows any more. */
  @Column('bigint') fence!: string;
  @Column('timestamptz', { name: 'lease_until' }) leaseUntil!: Date;
  /** Not before this moment. */
  @Column('timestamptz', { name: 'due_at' }) dueAt!: Date;
  /** When the last call that passed began. */
  @Column('timestamptz', { name: 'passed_at', nullable: true }) passedAt!: Date | null;
  /** Failed attempts in a row. */
  @Column('int') failures!: number;
  /** The first and the last of them. */
  @Column('timestamptz', { name: 'failing_since', nullable: true }) failingSince!: Date | null;
  @Column('timestamptz', { name: 'failed_at', nullable: true }) failedAt!: Date | null;
  @Column('text', { name: 'last_error', nullable: true }) lastError!: string | null;
}
