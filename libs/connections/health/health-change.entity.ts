import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { HealthState } from '../problems.js';

/** A change of a connection's health. The database records it, and the operator is notified. */
@Entity('health_change')
export class HealthChangeEntity {
  @PrimaryColumn({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS' }) id!: string;
  @Column('uuid') connectionId!: string;
  @Column('text') from!: HealthState;
  @Column('text') to!: HealthState;
  /** Since when `to` holds. */
  @Column('timestamptz') since!: Date;
  /** Code of the provider whose service changed. Null for the CRM, or if neither is the cause. */
  @Column('text', { nullable: true }) provider!: string | null;
  /** The original message of the CRM or the service. */
  @Column('text', { nullable: true }) reason!: string | null;
  @Column('timestamptz') at!: Date;
  /** `sent`: the operator's webhook accepted it. `unsent`: there was no webhook, or it failed for days. */
  @Column('text') state!: 'waiting' | 'sent' | 'unsent';
  /** Id of the message with this change. Null if it has not been sent. */
  @Column('uuid', { nullable: true }) messageId!: string | null;
}

/** A message that the operator's webhook has not accepted. Every attempt contains the same changes. */
@Entity('operator_message')
export class OperatorMessageEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('timestamptz') createdAt!: Date;
  /** When it is sent, or tried again. */
  @Column('timestamptz') dueAt!: Date;
  @Column('int') tries!: number;
  @Column('text', { nullable: true }) lastError!: string | null;
}

/** The next check of a provider's service, or of the CRM (empty provider). */
@Entity('connection_check')
export class ConnectionCheckEntity {
  @PrimaryColumn('uuid') connectionId!: string;
  @PrimaryColumn('text') provider!: string;
  /** Null until a check is needed. */
  @Column('timestamptz', { nullable: true }) dueAt!: Date | null;
  /** Number of known failures in a row. */
  @Column('int') tries!: number;
  /** When the account's administrators were last notified that the service is unavailable. */
  @Column('timestamptz', { nullable: true }) notifiedAt!: Date | null;
}
