import { Column, CreateDateColumn, Entity, PrimaryColumn, UpdateDateColumn } from 'typeorm';
import type { AccountSettings } from '#provider-kit';
import type { HealthState, Problems } from './problems.js';

/** The price of a marketplace module for the account, from the CRM (reference: BillingInfo). */
export interface BillingInfo {
  price?: number;
  priceWithDiscount?: number;
  /** ISO 4217. */
  currency?: string;
  billingType?: string;
  /** When the CRM returned it, ISO 8601. Missing if it was stored by a version before 0.2.0. */
  at?: string;
}

/** The address of a chat transport or bot of the account. Its token is stored separately, sealed. */
export interface ChatEndpoint {
  endpointUrl?: string;
}

/** The CRM's reply to a registration, without secrets. Empty members are left out. */
export interface RegistrationReply {
  /** Code of the delivery type that represents the module. */
  deliveryType?: string;
  mgTransport?: ChatEndpoint;
  mgBot?: ChatEndpoint;
  /** Users in the registration that the account does not have. */
  unknownUsers?: number[];
  /** Sites in the registration that the account does not have. */
  unknownSites?: string[];
  billingInfo?: BillingInfo;
  /** Present if the CRM rejected the widgets of the module, and accepted the module without them. */
  widgetsRejected?: RejectedWidgets;
}

/** Widgets in a registration that the CRM rejected. */
export interface RejectedWidgets {
  /** Hash of the rejected member. The same member is not sent again. */
  hash: string;
  /** The CRM's reason. */
  reason: string;
}

/** Hashes of the last sent values of registration members that the shop may change too, by name. */
export type SentChoices = Readonly<Record<string, string>>;

/** Default until an account's settings are known. */
export const UNKNOWN_ACCOUNT: AccountSettings = { timeZone: 'UTC', language: 'en', workTimes: [], nonWorkingDays: [] };

/** Totals of data dropped because a connection had too much of it, and the last time. */
export interface Overload {
  /** Dropped call events. */
  events: number;
  /** Finished calls that were not stored. */
  calls: number;
  /** ISO 8601. */
  lastAt: string;
}

/** The stored state of one provider of a combined module. */
export interface StoredState {
  /** Its settings as sealed JSON. Null: the defaults. */
  readonly settingsSealed: string | null;
  /** Calls at which it rejects the credentials (`provider-watch.ts`). */
  readonly rejectedCalls: string[];
  /** When the account last got a notice about it, ISO 8601. Null if never. */
  readonly credentialsNotifiedAt: string | null;
}

/** One instance of a module in a CRM account. Secrets are sealed with SecretBox, bound to `id`. */
@Entity('connection')
export class ConnectionEntity {
  /** Public id: safe in logs, in webhook addresses and in the operator API. */
  @PrimaryColumn('uuid') id!: string;
  @Column('text') moduleCode!: string;
  /** Random part in the code of a further instance. Null for the account's first instance. */
  @Column('text', { nullable: true }) instance!: string | null;
  /**
   * The instance's code in the CRM, unique in the account: the module's code, followed by `-` and `instance`
   * for a further instance. The database generates it.
   */
  @Column({ type: 'text', insert: false, update: false }) code!: string;
  /** The shop's name for the instance. Null if it is not named. */
  @Column('text', { nullable: true }) name!: string | null;
  /** Origin of the account, `https://demo.retailcrm.pro`. */
  @Column('text') systemUrl!: string;
  /** SHA-256 of the clientId. Callbacks find the connection by it. */
  @Column('text') clientIdHash!: string;
  @Column('text') clientIdSealed!: string;
  @Column('text') apiKeySealed!: string;
  /** Scopes of the key that the CRM last returned. */
  @Column('text', { array: true }) scopes!: string[];
  /** Further scopes, for features that the shop has switched on. */
  @Column('text', { array: true }) chosenScopes!: string[];
  /**
   * Settings of the module's first provider as sealed JSON, unless `byProvider` has them. Null: the defaults.
   */
  @Column('text', { nullable: true }) settingsSealed!: string | null;
  /** The account's rules (`HostedModule.rules`) as sealed JSON. Null if there are no rules. */
  @Column('text', { nullable: true }) rulesSealed!: string | null;
  /** Data stored by providers' `connect` as sealed JSON, by the provider's code. Null if there is none. */
  @Column('text', { nullable: true }) serviceMemorySealed!: string | null;
  /**
   * Settings and rejected credentials of each provider of a combined module, by its code
   * (`provider-state.ts`).
   */
  @Column('jsonb') byProvider!: Readonly<Record<string, StoredState>>;
  @Column('jsonb') account!: AccountSettings;
  @Column('boolean') active!: boolean;
  /** Whether it is frozen by the CRM. */
  @Column('boolean') frozen!: boolean;
  /** Null: not frozen by the operator. */
  @Column('timestamptz', { nullable: true }) frozenByOperatorAt!: Date | null;
  /** When an operator or a user of the account disconnected the module. Inactive until it connects again. */
  @Column('timestamptz', { nullable: true }) disconnectedAt!: Date | null;
  /** Since when no process serves its module. Null if a process does. */
  @Column('timestamptz', { nullable: true }) retiredAt!: Date | null;
  /** A trial next to another module. It answers queries but has no effects. */
  @Column('boolean') shadow!: boolean;
  /** Grows with each change. Caches and guarded statements compare it. */
  @Column('int') version!: number;
  /** Hash of the registration that the CRM last accepted. Null if there was none. */
  @Column('text', { nullable: true }) registeredHash!: string | null;
  @Column('timestamptz', { nullable: true }) registeredAt!: Date | null;
  /** Why the last registration failed, in plain English. Null after a success. */
  @Column('text', { nullable: true }) registrationError!: string | null;
  /**
   * Hash of the registration, key and scopes that the CRM last accepted or rejected. The same registration is
   * not retried for a while.
   */
  @Column('text', { nullable: true }) attemptedHash!: string | null;
  @Column('timestamptz', { nullable: true }) attemptedAt!: Date | null;
  /** Hashes of the last sent values of choices that the shop may change too (`shop-choices.ts`). */
  @Column('jsonb') sentChoices!: SentChoices;
  /** The CRM's reply to the last registration. Null if there was none. */
  @Column('jsonb', { nullable: true }) registrationReply!: RegistrationReply | null;
  /** Tokens of that reply as sealed JSON (`ChatTokens`). */
  @Column('text', { nullable: true }) chatTokensSealed!: string | null;
  /** The price of the module for the account, as last returned by the CRM. */
  @Column('jsonb', { nullable: true }) billingInfo!: BillingInfo | null;
  /** Why the account's settings could not be read. Null if they could. */
  @Column('text', { nullable: true }) settingsError!: string | null;
  /** When the account's settings are requested again. */
  @Column('timestamptz', { nullable: true }) settingsDueAt!: Date | null;
  /** Number of failed requests for them. */
  @Column('int') settingsTries!: number;
  /** Calls at which the module's first provider rejects the credentials, unless `byProvider` has them. */
  @Column('text', { array: true }) rejectedCalls!: string[];
  /** When the account last got a notice about it, unless `byProvider` has the first provider. */
  @Column('timestamptz', { nullable: true }) credentialsNotifiedAt!: Date | null;
  /** Problems of the connection that do not follow from the other columns (`HealthStore`). */
  @Column('jsonb') problems!: Problems;
  /** Providers with incomplete required settings, by code: since when, ISO 8601 (`describeMissing`). */
  @Column('jsonb') notSetUp!: Readonly<Record<string, string>>;
  /** The database derives it from the other columns. */
  @Column({ type: 'text', insert: false, update: false }) health!: HealthState;
  /** Since when it has been in this state. */
  @Column({ type: 'timestamptz', insert: false, update: false }) healthSince!: Date;
  /** Null if nothing was dropped. A change does not increase the version. */
  @Column('jsonb', { nullable: true }) overload!: Overload | null;
  /** SHA-256 of the one-time token in the account page's address. */
  @Column('text', { nullable: true }) accountTokenHash!: string | null;
  @Column('timestamptz', { nullable: true }) accountTokenExpiresAt!: Date | null;
  /**
   * When a registration last switched it on although the CRM had switched it off or frozen it. Null if never.
   */
  @Column('timestamptz', { nullable: true }) switchedOnAgainAt!: Date | null;
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' }) createdAt!: Date;
  @UpdateDateColumn({ name: 'updated_at', type: 'timestamptz' }) updatedAt!: Date;
}
