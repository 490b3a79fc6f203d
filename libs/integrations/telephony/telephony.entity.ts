import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CallDirection, CallOutcome, CallSnapshot, UserStatus } from './port/index.js';

/** Details of a call that are only passed on to the CRM. */
export type CallDetails = Pick<CallSnapshot, 'site' | 'campaign' | 'queryString' | 'source' | 'clientId'>;

/** A call with a customer, stored from its first event. */
@Entity('telephony_call')
export class CallEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid') connectionId!: string;
  /** The PBX's id, unique in the connection. Also its id in the CRM. */
  @Column('text') externalId!: string;
  /** The PBX's id in its webhooks. Null: `externalId`. */
  @Column('text', { nullable: true }) pbxId!: string | null;
  /** Our id of the click-to-call that placed it, once known. */
  @Column('text', { nullable: true }) reference!: string | null;
  @Column('text') direction!: CallDirection;
  /** The customer's number, normalised. Null if hidden. */
  @Column('text', { nullable: true }) phone!: string | null;
  /** The company's number, normalised. */
  @Column('text', { nullable: true }) externalPhone!: string | null;
  /** The manager's extension. */
  @Column('text', { nullable: true }) code!: string | null;
  /** The manager's id in the CRM, if the settings or the PBX contain it. */
  @Column('bigint', { nullable: true }) userId!: string | null;
  @Column('timestamptz') startedAt!: Date;
  @Column('timestamptz', { nullable: true }) answeredAt!: Date | null;
  /** Null while the call is running. */
  @Column('timestamptz', { nullable: true }) endedAt!: Date | null;
  @Column('text', { nullable: true }) outcome!: CallOutcome | null;
  /** The recording's reference at the provider. */
  @Column('text', { nullable: true }) record!: string | null;
  /** Other data from the PBX for the CRM. */
  @Column('jsonb', { nullable: true }) details!: CallDetails | null;
  /** The provider's data for tracking the call. Null once it has ended. */
  @Column('jsonb', { nullable: true }) memory!: object | null;
  /**
   * When the recording is next copied to the CRM's files. Null: it is not copied, or there are no more tries.
   */
  @Column('timestamptz', { nullable: true }) recordDueAt!: Date | null;
  /** Number of started copies. */
  @Column('int') recordTries!: number;
  /** The CRM's file with the recording. */
  @Column('bigint', { nullable: true }) fileId!: string | null;
  @Column('timestamptz') createdAt!: Date;
  @Column('timestamptz') updatedAt!: Date;
}

/** The process that listens to a connection's PBX. */
@Entity('telephony_listener')
export class ListenerEntity {
  @PrimaryColumn('uuid') connectionId!: string;
  /** Grows with each lease. Updates from a listener that lost its lease are not stored. */
  @Column('bigint') fence!: string;
  /** The process. */
  @Column('uuid') holder!: string;
  @Column('timestamptz') leaseUntil!: Date;
  @Column('boolean') connected!: boolean;
  /** Reason why it is not connected, in plain words. */
  @Column('text', { nullable: true }) problem!: string | null;
  /** When the PBX was last listened to. */
  @Column('timestamptz', { nullable: true }) seenAt!: Date | null;
}

/** A manager's last status, and whether the PBX has it. */
@Entity('telephony_user_status')
export class UserStatusEntity {
  @PrimaryColumn('uuid') connectionId!: string;
  /** Id in the CRM. */
  @PrimaryColumn('bigint') userId!: string;
  /** The extension. Null if neither the CRM nor the settings contain one. */
  @Column('text', { nullable: true }) code!: string | null;
  @Column('text') status!: UserStatus;
  /** Grows with each change. */
  @Column('int') version!: number;
  @Column('timestamptz') changedAt!: Date;
  /** The version that the PBX has. */
  @Column('int') appliedVersion!: number;
  @Column('timestamptz', { nullable: true }) appliedAt!: Date | null;
  /** When the PBX is next updated. Null: it is up to date. */
  @Column('timestamptz', { nullable: true }) dueAt!: Date | null;
  @Column('int') attempts!: number;
  @Column('text', { nullable: true }) problem!: string | null;
}

/** How far a PBX's own records of calls were read. */
@Entity('telephony_catchup')
export class CatchUpEntity {
  @PrimaryColumn('uuid') connectionId!: string;
  /** Calls that ended before this time are known. */
  @Column('timestamptz') until!: Date;
  @Column('timestamptz') dueAt!: Date;
  /** Number of tries since the last success. */
  @Column('int') tries!: number;
  @Column('text', { nullable: true }) problem!: string | null;
}
