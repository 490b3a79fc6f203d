import { Column, Entity, PrimaryColumn } from 'typeorm';

/** `wanted`: not at the gateway yet; `failed`: the gateway refuses it; `off`: switched off there. */
export type ChannelState = 'wanted' | 'active' | 'failed' | 'off';

/** A messenger's account and the gateway's channel for it. */
@Entity('chat_channel')
export class ChannelEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'connection_id' }) connectionId!: string;
  /** Its id at the messenger, unique in the connection: the channel's external id. */
  @Column('text') account!: string;
  /** The gateway's id; null: not known yet. */
  @Column('bigint', { name: 'mg_id', nullable: true }) mgId!: string | null;
  @Column('text') name!: string;
  /** Of what the gateway was last sent of it; null: nothing. */
  @Column('text', { name: 'settings_hash', nullable: true }) settingsHash!: string | null;
  @Column('text') state!: ChannelState;
  /** Why it failed, in plain words. */
  @Column('text', { nullable: true }) problem!: string | null;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt!: Date;
}

/** When a connection's channels are next compared with the gateway's. */
@Entity('chat_channel_sync')
export class ChannelSyncEntity {
  @PrimaryColumn('uuid', { name: 'connection_id' }) connectionId!: string;
  /** Null: when something changes. */
  @Column('timestamptz', { name: 'due_at', nullable: true }) dueAt!: Date | null;
  /** Runs since the last that succeeded. */
  @Column('int') tries!: number;
  /** Grows with each run: what a run stores after another began is dropped. */
  @Column('int') fence!: number;
  @Column('timestamptz', { name: 'lease_until' }) leaseUntil!: Date;
  /** Why the last run failed, in plain words. */
  @Column('text', { nullable: true }) problem!: string | null;
}

/** A customer's chat at an account of the messenger. */
@Entity('chat_dialogue')
export class DialogueEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'connection_id' }) connectionId!: string;
  @Column('uuid', { name: 'channel_id' }) channelId!: string;
  /** Its id at the messenger; `customer:` and the customer's until the messenger has made it. */
  @Column('text') chat!: string;
  /** The customer's id at the messenger. */
  @Column('text', { nullable: true }) customer!: string | null;
  /** The customer has blocked the account. */
  @Column('boolean') blocked!: boolean;
  /** When its outgoing messages are looked at, if their wake-up is lost; null: none waits. */
  @Column('timestamptz', { name: 'due_at', nullable: true }) dueAt!: Date | null;
  /** When something was last stored of it. */
  @Column('timestamptz', { name: 'used_at' }) usedAt!: Date;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
}

/**
 * `in` from the customer: `waiting` until the gateway has it. `out` to the customer: `taken` until the
 * messenger has it; `unknown`: nobody can say whether it has. The others are final.
 */
export type MessageState = 'waiting' | 'taken' | 'sent' | 'failed' | 'unknown';

/** What is done: a message, or something with a message that was sent. */
export type MessageAction = 'send' | 'edit' | 'delete' | 'read' | 'react';

/** A message on its way through, and afterwards its ids; texts leave once it has arrived. */
@Entity('chat_message')
export class MessageEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'dialogue_id' }) dialogueId!: string;
  @Column('uuid', { name: 'connection_id' }) connectionId!: string;
  @Column('uuid', { name: 'channel_id' }) channelId!: string;
  @Column('text') direction!: 'in' | 'out';
  @Column('text') action!: MessageAction;
  /** What it is known again by, unique in the channel. */
  @Column('text', { name: 'event_key' }) eventKey!: string;
  /** The messenger's id; of an action, that of its message. */
  @Column('text', { name: 'external_id', nullable: true }) externalId!: string | null;
  /** The messenger's ids of all parts. */
  @Column('text', { array: true, nullable: true }) parts!: string[] | null;
  @Column('bigint', { name: 'gateway_id', nullable: true }) gatewayId!: string | null;
  @Column('text') state!: MessageState;
  /** Of a customer's message: a short digest of its text, which tells an edit that changes nothing. */
  @Column('text', { name: 'text_digest', nullable: true }) textDigest!: string | null;
  /** What is needed to send it; null afterwards. */
  @Column('jsonb', { nullable: true }) payload!: object | null;
  /**
   * The gateway's code of a failure; `early`: about a message that is not known yet, passed on once it is.
   */
  @Column('text', { nullable: true }) code!: string | null;
  /** Why it failed, or was not sent yet, in plain words. */
  @Column('text', { nullable: true }) problem!: string | null;
  /** The outbox row of a customer's message; null: none yet. */
  @Column('bigint', { name: 'outbox_id', nullable: true }) outboxId!: string | null;
  /** When its files are passed on next; null: it has none, or they are. */
  @Column('timestamptz', { name: 'media_due_at', nullable: true }) mediaDueAt!: Date | null;
  /** When its outcome is acknowledged, unless the gateway was answered with it before. */
  @Column('timestamptz', { name: 'ack_due_at', nullable: true }) ackDueAt!: Date | null;
  /** Not to be tried before. */
  @Column('timestamptz', { name: 'due_at', nullable: true }) dueAt!: Date | null;
  /** The gateway was answered that the outcome comes later. */
  @Column('boolean') promised!: boolean;
  @Column('int') tries!: number;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt!: Date;
}
