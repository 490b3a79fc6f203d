import { Column, Entity, PrimaryColumn, UpdateDateColumn } from 'typeorm';
import type { ConnectReport } from '#provider-kit';

/** What a check of settings came to. Texts are in the account's language. */
export interface CheckOutcome {
  /**
   * `errors`: the service does not accept the settings. `away`: the service did not answer.
   * `empty`: the settings lack what a call of the service needs.
   */
  state: 'ok' | 'errors' | 'away' | 'empty';
  /** Who the account is at the service. */
  account?: string;
  /** By path of the settings; `''` is the whole. */
  errors: Readonly<Record<string, string>>;
  warnings: Readonly<Record<string, string>>;
  /** Why the service could not be called, or what the settings lack. */
  message?: string;
  /** ISO 8601. */
  at: string;
}

/** What stands at the service. `unset`: nothing was tried yet; `failed`: it is tried again. */
export type ServiceState = 'unset' | 'connected' | 'conflict' | 'manual' | 'failed' | 'removed';

/** What a connection needs at the service of a provider, and what is there. */
@Entity('connection_service')
export class ConnectionServiceEntity {
  @PrimaryColumn('uuid', { name: 'connection_id' }) connectionId!: string;
  /** Code of its manifest. */
  @PrimaryColumn('text') provider!: string;
  /** Whether it is to be set up; false: taken down. */
  @Column('boolean') wanted!: boolean;
  @Column('text') state!: ServiceState;
  /** Webhook address of the last report; null: none yet. */
  @Column('text', { nullable: true }) address!: string | null;
  /** Of the last report. */
  @Column('jsonb', { nullable: true }) detail!: Omit<ConnectReport, 'memory'> | null;
  /** Why the last try failed, in the account's language; null after a success. */
  @Column('text', { nullable: true }) problem!: string | null;
  @Column('jsonb', { name: 'check_report', nullable: true }) checkReport!: CheckOutcome | null;
  @Column('timestamptz', { name: 'checked_at', nullable: true }) checkedAt!: Date | null;
  /** When a worker looks at it again; null: not before something changes. */
  @Column('timestamptz', { name: 'due_at', nullable: true }) dueAt!: Date | null;
  /** How often it was tried since the last success. */
  @Column('int') tries!: number;
  @UpdateDateColumn({ name: 'updated_at', type: 'timestamptz' }) updatedAt!: Date;
}
