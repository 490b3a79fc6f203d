import { Column, Entity, PrimaryColumn, UpdateDateColumn } from 'typeorm';
import type { ConnectReport } from '#provider-kit';

/** The result of a check of settings. Texts are in the account's language. */
export interface CheckOutcome {
  /**
   * `errors`: the service does not accept the settings. `away`: the service did not respond.
   * `empty`: the settings lack what a call of the service needs.
   */
  state: 'ok' | 'errors' | 'away' | 'empty';
  /** The account's identity at the service. */
  account?: string;
  /** Messages by path of the settings. The path `''` stands for the settings as a whole. */
  errors: Readonly<Record<string, string>>;
  warnings: Readonly<Record<string, string>>;
  /** Why the service could not be called, or what the settings lack. */
  message?: string;
  /** ISO 8601. */
  at: string;
}

/** The state of the setup at the service. `unset`: not tried yet. `failed`: it will be tried again. */
export type ProviderSetupState = 'unset' | 'connected' | 'conflict' | 'manual' | 'failed' | 'removed';

/** The setup that a connection needs at a provider's service, and its state. */
@Entity('provider_setup')
export class ProviderSetupEntity {
  @PrimaryColumn('uuid') connectionId!: string;
  /** Code of the provider. */
  @PrimaryColumn('text') provider!: string;
  /** Whether the service must be set up. If false, the setup must be removed. */
  @Column('boolean') wanted!: boolean;
  @Column('text') state!: ProviderSetupState;
  /** Webhook address of the last report. Null if there was no report. */
  @Column('text', { nullable: true }) address!: string | null;
  /** Details of the last report. */
  @Column('jsonb', { nullable: true }) detail!: Omit<ConnectReport, 'memory'> | null;
  /** Why the last attempt failed, in the account's language. Null after a success. */
  @Column('text', { nullable: true }) problem!: string | null;
  @Column('jsonb', { nullable: true }) checkReport!: CheckOutcome | null;
  @Column('timestamptz', { nullable: true }) checkedAt!: Date | null;
  /** When a worker checks it again. Null until a change. */
  @Column('timestamptz', { nullable: true }) dueAt!: Date | null;
  /** Number of attempts since the last success. */
  @Column('int') tries!: number;
  @UpdateDateColumn({ name: 'updated_at', type: 'timestamptz' }) updatedAt!: Date;
}
