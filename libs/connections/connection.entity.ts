import { Column, CreateDateColumn, Entity, PrimaryColumn, UpdateDateColumn } from 'typeorm';
import type { AccountSettings } from '#provider-kit';
import type { HealthState, Problems } from './health/problems.js';

/** What a module of the marketplace costs the account, from the CRM (reference: BillingInfo). */
export interface BillingInfo {
  price?: number;
  priceWithDiscount?: number;
  /** ISO 4217. */
  currency?: string;
  billingType?: string;
}

/** Where a chat transport or bot of the account is reached. Its token is stored apart, sealed. */
export interface ChatEndpoint {
  endpointUrl?: string;
}

/** What the CRM answered to a registration, without secrets. Empty members are left out. */
export interface RegistrationReply {
  /** Code of the delivery type that stands for the module. */
  deliveryType?: string;
  mgTransport?: ChatEndpoint;
  mgBot?: ChatEndpoint;
  /** Users in the registration whom the account does not have. */
  unknownUsers?: number[];
  /** Sites in the registration that the account does not have. */
  unknownSites?: string[];
  billingInfo?: BillingInfo;
}

/** Hashes of what was last sent of the members of a registration that the shop may change too, by name. */
export type SentChoices = Readonly<Record<string, string>>;

/** Assumed until an account's settings are known. */
export const UNKNOWN_ACCOUNT: AccountSettings = { timeZone: 'UTC', language: 'en', workTimes: [], nonWorkingDays: [] };

/** Totals of what was dropped because a connection had too much, and when last. */
export interface Overload {
  /** Dropped call events. */
  events: number;
  /** Finished calls that were not kept. */
  calls: number;
  /** ISO 8601. */
  lastAt: string;
}

/** What is kept for one provider of a combined module. */
export interface StoredState {
  /** Its settings as sealed JSON; null: its defaults. */
  readonly settingsSealed: string | null;
  /** Calls at which it refuses the credentials (`service-watch.ts`). */
  readonly refusedCalls: string[];
  /** When the account last got a notice of that, ISO 8601; null: never. */
  readonly credentialsToldAt: string | null;
}

/** One instance of a module in a CRM account. Secrets are sealed with SecretBox, bound to `id`. */
@Entity('connection')
export class ConnectionEntity {
  /** Public id: safe in logs, in webhook addresses and in the operator API. */
  @PrimaryColumn('uuid') id!: string;
  @Column('text', { name: 'module_code' }) moduleCode!: string;
  /** Random part of the code of a further instance; null: the account's first. */
  @Column('text', { nullable: true }) instance!: string | null;
  /**
   * By which the CRM knows the instance, one in an account: the module's code, and `-` with `instance` of a
   * further one. The database makes it.
   */
  @Column({ type: 'text', insert: false, update: false }) code!: string;
  /** What the shop calls the instance; null: it gave no name. */
  @Column('text', { nullable: true }) name!: string | null;
  /** Origin of the account, `https://demo.retailcrm.pro`. */
  @Column('text', { name: 'system_url' }) systemUrl!: string;
  /** SHA-256 of the clientId, by which callbacks find the connection. */
  @Column('text', { name: 'client_id_hash' }) clientIdHash!: string;
  @Column('text', { name: 'client_id_sealed' }) clientIdSealed!: string;
  @Column('text', { name: 'api_key_sealed' }) apiKeySealed!: string;
  /** Scopes of the key, as the CRM last said. */
  @Column('text', { array: true }) scopes!: string[];
  /**
   * Settings of the module's first provider as sealed JSON, unless `byProvider` has it; null: its defaults.
   */
  @Column('text', { name: 'settings_sealed', nullable: true }) settingsSealed!: string | null;
  /** What the account rules beside the settings (`HostedModule.rules`) as sealed JSON; null: nothing. */
  @Column('text', { name: 'rules_sealed', nullable: true }) rulesSealed!: string | null;
  /** What `connect` of a provider remembers as sealed JSON, by the provider's code; null: nothing. */
  @Column('text', { name: 'service_memory_sealed', nullable: true }) serviceMemorySealed!: string | null;
  /**
   * Settings and refused credentials of each provider of a combined module, by its code
   * (`provider-state.ts`).
   */
  @Column('jsonb', { name: 'by_provider' }) byProvider!: Readonly<Record<string, StoredState>>;
  @Column('jsonb') account!: AccountSettings;
  @Column('boolean') active!: boolean;
  /** By the CRM. */
  @Column('boolean') frozen!: boolean;
  /** Null: not frozen by the operator. */
  @Column('timestamptz', { name: 'frozen_by_operator_at', nullable: true }) frozenByOperatorAt!: Date | null;
  /** When the operator or the account's users took the module out; not active until it connects again. */
  @Column('timestamptz', { name: 'disconnected_at', nullable: true }) disconnectedAt!: Date | null;
  /** Since when no process serves its module; null: a process does. */
  @Column('timestamptz', { name: 'retired_at', nullable: true }) retiredAt!: Date | null;
  /** A trial beside another module: it answers questions and has no effect. */
  @Column('boolean') shadow!: boolean;
  /** Grows with each change; caches and guarded statements compare it. */
  @Column('int') version!: number;
  /** Hash of the registration the CRM last accepted; null: none yet. */
  @Column('text', { name: 'registered_hash', nullable: true }) registeredHash!: string | null;
  @Column('timestamptz', { name: 'registered_at', nullable: true }) registeredAt!: Date | null;
  /** Why the last registration failed, in plain words; null after a success. */
  @Column('text', { name: 'registration_error', nullable: true }) registrationError!: string | null;
  /**
   * Hash of the registration, key and scopes that the CRM last accepted or refused; the same is not retried
   * for a while.
   */
  @Column('text', { name: 'attempted_hash', nullable: true }) attemptedHash!: string | null;
  @Column('timestamptz', { name: 'attempted_at', nullable: true }) attemptedAt!: Date | null;
  /** Hashes of what was last sent of the choices that the shop may change too (`shop-choices.ts`). */
  @Column('jsonb', { name: 'sent_choices' }) sentChoices!: SentChoices;
  /** What the CRM answered to the last registration; null: none yet. */
  @Column('jsonb', { name: 'registration_reply', nullable: true }) registrationReply!: RegistrationReply | null;
  /** Tokens of that answer as sealed JSON (`ChatTokens`). */
  @Column('text', { name: 'chat_tokens_sealed', nullable: true }) chatTokensSealed!: string | null;
  /** What the module costs the account, as the CRM last said. */
  @Column('jsonb', { name: 'billing_info', nullable: true }) billingInfo!: BillingInfo | null;
  /** Why the account's settings could not be read; null: they were. */
  @Column('text', { name: 'settings_error', nullable: true }) settingsError!: string | null;
  /** When they are requested again. */
  @Column('timestamptz', { name: 'settings_due_at', nullable: true }) settingsDueAt!: Date | null;
  /** How often they were requested without success. */
  @Column('int', { name: 'settings_tries' }) settingsTries!: number;
  /** Calls at which the module's first provider refuses the credentials, unless `byProvider` has it. */
  @Column('text', { array: true, name: 'refused_calls' }) refusedCalls!: string[];
  /** When the account last got a notice of the refusal, unless `byProvider` has the first provider. */
  @Column('timestamptz', { name: 'credentials_told_at', nullable: true }) credentialsToldAt!: Date | null;
  /** What stands against it and does not follow from the other columns (`HealthStore`). */
  @Column('jsonb') problems!: Problems;
  /** By code of a provider that lacks required settings: since when, ISO 8601 (`describeMissing`). */
  @Column('jsonb', { name: 'not_set_up' }) notSetUp!: Readonly<Record<string, string>>;
  /** Judged by the database from the other columns, as they are. */
  @Column({ type: 'text', insert: false, update: false }) health!: HealthState;
  /** Since when it has been in this state. */
  @Column({ type: 'timestamptz', name: 'health_since', insert: false, update: false }) healthSince!: Date;
  /** Null: nothing was dropped. Changing it does not increase the version. */
  @Column('jsonb', { nullable: true }) overload!: Overload | null;
  /** SHA-256 of the one-time token of the account page's address. */
  @Column('text', { name: 'account_token_hash', nullable: true }) accountTokenHash!: string | null;
  @Column('timestamptz', { name: 'account_token_expires_at', nullable: true }) accountTokenExpiresAt!: Date | null;
  /**
   * When a registration last switched it on although the CRM had switched it off or frozen it; null: never.
   */
  @Column('timestamptz', { name: 'switched_on_again_at', nullable: true }) switchedOnAgainAt!: Date | null;
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' }) createdAt!: Date;
  @UpdateDateColumn({ name: 'updated_at', type: 'timestamptz' }) updatedAt!: Date;
}
