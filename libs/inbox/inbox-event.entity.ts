import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { WebhookReply } from '#provider-kit';

/**
 * `pending`: to be applied. `applied`. `failed`: waits for an operator. `discarded`: dropped by an operator,
 * and never applied.
 */
export type InboxState = 'pending' | 'applied' | 'failed' | 'discarded';

/** A verified event of a provider, stored before it was acknowledged. */
@Entity('inbox_event')
export class InboxEventEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id!: string;
  @Column('uuid') connectionId!: string;
  /** The provider's id of the event, unique in the connection. */
  @Column('text') eventId!: string;
  @Column('text') kind!: string;
  @Column('jsonb') payload!: object;
  @Column('text') state!: InboxState;
  @Column('int') attempts!: number;
  @Column('text', { nullable: true }) lastError!: string | null;
  @Column('timestamptz') dueAt!: Date;
  /** Subjects of the event, such as `delivery:1` by the provider's id. Null: unknown. */
  @Column('text', { array: true, nullable: true }) about!: string[] | null;
  /** Groups events with a similar error (`groupError`). */
  @Column('text', { nullable: true }) errorGroup!: string | null;
  /** When it failed. Null: never, or by an earlier version. */
  @Column('timestamptz', { nullable: true }) failedAt!: Date | null;
  /** Name of the operator who discarded it. */
  @Column('text', { nullable: true }) discardedBy!: string | null;
  @Column('timestamptz', { nullable: true }) discardedAt!: Date | null;
  /** Id of the request that it comes from (`x-request-id`). Null: it was created by Crossdock. */
  @Column('text', { nullable: true }) request!: string | null;
  /** Events of one subject are applied in order. Null: the event has no subject. */
  @Column('text', { nullable: true }) subject!: string | null;
  /** The reply sent to the sender. Null: 200 `{"success":true}`. Only the first event of a webhook has it. */
  @Column('json', { nullable: true }) reply!: WebhookReply | null;
  @Column('timestamptz') createdAt!: Date;
}
