import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** `pending`: to be sent. `failed`: waits for an operator. `dropped`: superseded or too late to matter. */
export type OutboxState = 'pending' | 'sent' | 'failed' | 'dropped';

/** A row to send to the CRM, in the order of `id` within a lane (connection and kind). */
@Entity('outbox')
export class OutboxEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id!: string;
  @Column('uuid') connectionId!: string;
  @Column('text') kind!: string;
  /** The row's subject (a delivery's id). Rows of one subject share an item of a call. */
  @Column('text') subject!: string;
  @Column('jsonb') payload!: object;
  @Column('text') state!: OutboxState;
  @Column('int') attempts!: number;
  /** Reason of the last rejection. Stays if the row was sent later. */
  @Column('text', { nullable: true }) lastError!: string | null;
  /**
   * Number of times the CRM rejected the row on its own since it was added or replayed. Other subjects are
   * sent first in the meantime.
   */
  @Column('int') rejections!: number;
  /** Time of the first of these rejections. */
  @Column('timestamptz', { nullable: true }) rejectedAt!: Date | null;
  /**
   * Not sent before this time: a process sends it itself, it waits for other data, or the CRM rejected it.
   */
  @Column('timestamptz') notBefore!: Date;
  /** Groups rows with a similar error (`groupError`). */
  @Column('text', { nullable: true }) errorGroup!: string | null;
  /** When it failed. Null: never, or by an earlier version. */
  @Column('timestamptz', { nullable: true }) failedAt!: Date | null;
  /** Name of the operator who discarded it, at `sentAt`. */
  @Column('text', { nullable: true }) discardedBy!: string | null;
  /** Id of the request that it comes from (`x-request-id`). Null: it was created by Crossdock. */
  @Column('text', { nullable: true }) request!: string | null;
  @Column('timestamptz') createdAt!: Date;
  @Column('timestamptz', { nullable: true }) sentAt!: Date | null;
}

/** The worker that holds a lane, and when the lane may be tried again. */
@Entity('outbox_lane')
export class OutboxLaneEntity {
  @PrimaryColumn('uuid') connectionId!: string;
  @PrimaryColumn('text') kind!: string;
  /** Grows with each taking of the lane. A worker that lost it can no longer mark rows. */
  @Column('bigint') fence!: string;
  @Column('timestamptz') leaseUntil!: Date;
  /** Earliest time of the next try. */
  @Column('timestamptz') dueAt!: Date;
  /** When the last passed call started. */
  @Column('timestamptz', { nullable: true }) passedAt!: Date | null;
  /** Number of consecutive failed attempts. */
  @Column('int') failures!: number;
  /** Times of the first and the last of these failures. */
  @Column('timestamptz', { nullable: true }) failingSince!: Date | null;
  @Column('timestamptz', { nullable: true }) failedAt!: Date | null;
  @Column('text', { nullable: true }) lastError!: string | null;
}
