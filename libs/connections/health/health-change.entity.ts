import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { HealthState } from './problems.js';

/** A change of a connection's health, which the database keeps; the operator is told of it. */
@Entity('health_change')
export class HealthChangeEntity {
  @PrimaryColumn({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS' }) id!: string;
  @Column('uuid', { name: 'connection_id' }) connectionId!: string;
  @Column('text') from!: HealthState;
  @Column('text') to!: HealthState;
  /** Since when `to` holds. */
  @Column('timestamptz') since!: Date;
  /** Code of the provider whose service it is; null: the CRM's, or nobody's. */
  @Column('text', { nullable: true }) provider!: string | null;
  /** What the CRM or the service said. */
  @Column('text', { nullable: true }) reason!: string | null;
  @Column('timestamptz') at!: Date;
  /** `told`: the operator's webhook took it; `untold`: there was none, or it took nothing for days. */
  @Column('text') state!: 'waiting' | 'told' | 'untold';
  /** Message that it is part of; null: not sent yet. */
  @Column('uuid', { name: 'message_id', nullable: true }) messageId!: string | null;
}

/** A message to the operator's webhook that was not taken yet; the same changes at every try. */
@Entity('operator_message')
export class OperatorMessageEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  /** When it is sent, or tried again. */
  @Column('timestamptz', { name: 'due_at' }) dueAt!: Date;
  @Column('int') tries!: number;
  @Column('text', { name: 'last_error', nullable: true }) lastError!: string | null;
}

/** When a provider's service, or the CRM (empty), is asked how it is. */
@Entity('connection_probe')
export class ConnectionProbeEntity {
  @PrimaryColumn('uuid', { name: 'connection_id' }) connectionId!: string;
  @PrimaryColumn('text') provider!: string;
  /** Null: not before something happens. */
  @Column('timestamptz', { name: 'due_at', nullable: true }) dueAt!: Date | null;
  /** Failures in a row that are known. */
  @Column('int') tries!: number;
  /** When the account's administrators were last told that the service is away. */
  @Column('timestamptz', { name: 'told_at', nullable: true }) toldAt!: Date | null;
}
