import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { StoredTemplate } from './gateway/gateway-template.js';
import type { TemplateState } from './port/index.js';

/** `wanted`: not at the gateway yet. `failed`: rejected by the gateway. `off`: deactivated there. */
export type ChannelState = 'wanted' | 'active' | 'failed' | 'off';

/** A messenger's account and the gateway's channel for it. */
@Entity('chat_channel')
export class ChannelEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid') connectionId!: string;
  /** The account's id at the messenger, unique in the connection. It is also the channel's external id. */
  @Column('text') account!: string;
  /** The gateway's id. Null: unknown yet. */
  @Column('bigint', { nullable: true }) mgId!: string | null;
  @Column('text') name!: string;
  /** Hash of the channel's settings as last sent to the gateway. Null: never sent. */
  @Column('text', { nullable: true }) settingsHash!: string | null;
  @Column('text') state!: ChannelState;
  /** Reason for the failure, in plain words. */
  @Column('text', { nullable: true }) problem!: string | null;
  /** When updates are fetched next, if the messenger cannot post them. */
  @Column('timestamptz') fetchAt!: Date;
  /** Where the last fetch of updates ended. Null: never fetched. */
  @Column('text', { nullable: true }) marker!: string | null;
  @Column('timestamptz') updatedAt!: Date;
}

/** When a connection's channels are next compared with the gateway's. */
@Entity('chat_channel_sync')
export class ChannelSyncEntity {
  @PrimaryColumn('uuid') connectionId!: string;
  /** Null: after the next change. */
  @Column('timestamptz', { nullable: true }) dueAt!: Date | null;
  /** Runs since the last successful one. */
  @Column('int') tries!: number;
  /** Grows with each run. Results of a run are dropped once another has started. */
  @Column('int') fence!: number;
  @Column('timestamptz') leaseUntil!: Date;
  /** Reason why the last run failed, in plain words. */
  @Column('text', { nullable: true }) problem!: string | null;
}

/** A manager's wish that the messenger has not fulfilled yet. `refused`: it has refused the creation. */
export type TemplateWish = 'create' | 'update' | 'delete' | 'refused';

/** A template of a channel. */
@Entity('chat_template')
export class TemplateEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid') connectionId!: string;
  @Column('uuid') channelId!: string;
  /** Ours, of language and name. Unique in the channel. */
  @Column('text') code!: string;
  @Column('jsonb') content!: StoredTemplate;
  @Column('jsonb') state!: TemplateState;
  @Column('text', { nullable: true }) wish!: TemplateWish | null;
  /** Grows with each wish. */
  @Column('int') version!: number;
  /** Hash of the template as last sent to the gateway. Null: never sent. */
  @Column('text', { nullable: true }) sentHash!: string | null;
  /** Reason why the gateway rejected it, in plain words. */
  @Column('text', { nullable: true }) problem!: string | null;
  @Column('timestamptz') updatedAt!: Date;
}

/** A customer's chat at an account of the messenger. */
@Entity('chat_dialogue')
export class DialogueEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid') connectionId!: string;
  @Column('uuid') channelId!: string;
  /**
   * The chat's id at the messenger. Until the messenger has created it: `customer:` and the customer's id.
   */
  @Column('text') chat!: string;
  /** The customer's id at the messenger. */
  @Column('text', { nullable: true }) customer!: string | null;
  /** Other ids under which the messenger has known the customer. */
  @Column('text', { array: true }) otherIds!: string[];
  /** The id under which the customer is reached now. Null: `chat`. */
  @Column('text', { nullable: true }) address!: string | null;
  /** Whether the customer has blocked the account. */
  @Column('boolean') blocked!: boolean;
  /** When its outgoing messages are checked if their wake-up is lost. Null: no message waits. */
  @Column('timestamptz', { nullable: true }) dueAt!: Date | null;
  /** When the dialogue was last changed. */
  @Column('timestamptz') usedAt!: Date;
  @Column('timestamptz') createdAt!: Date;
}

/**
 * `in` from the customer: `waiting` until it is at the gateway. `out` to the customer: `taken` until it is at
 * the messenger. `unknown`: its delivery cannot be determined. The others are final.
 */
export type MessageState = 'waiting' | 'taken' | 'sent' | 'failed' | 'unknown';

/** Sends a message, or changes a sent message. */
export type MessageAction = 'send' | 'edit' | 'delete' | 'read' | 'react';

/** A message in transit, and afterwards its ids. Texts are removed once it has arrived. */
@Entity('chat_message')
export class MessageEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid') dialogueId!: string;
  @Column('uuid') connectionId!: string;
  @Column('uuid') channelId!: string;
  @Column('text') direction!: 'in' | 'out';
  @Column('text') action!: MessageAction;
  /** Identifies repeats. Unique in the channel. */
  @Column('text') eventKey!: string;
  /** The messenger's id. For a change, the id of its message. */
  @Column('text', { nullable: true }) externalId!: string | null;
  /** The messenger's ids of all parts. */
  @Column('text', { array: true, nullable: true }) parts!: string[] | null;
  @Column('bigint', { nullable: true }) gatewayId!: string | null;
  @Column('text') state!: MessageState;
  /** For a customer's message: a short digest of its text, which detects an edit without changes. */
  @Column('text', { nullable: true }) textDigest!: string | null;
  /** Data needed to send it. Null once it was sent. */
  @Column('jsonb', { nullable: true }) payload!: object | null;
  /**
   * The gateway's error code. `early`: the row is about a message that has not arrived, and is passed on once
   * it has.
   */
  @Column('text', { nullable: true }) code!: string | null;
  /** Reason why it failed or is delayed, in plain words. */
  @Column('text', { nullable: true }) problem!: string | null;
  /** The outbox row of a customer's message. Null: none yet. */
  @Column('bigint', { nullable: true }) outboxId!: string | null;
  /** When its files are next transferred. Null: there are no files, or they were transferred. */
  @Column('timestamptz', { nullable: true }) mediaDueAt!: Date | null;
  /** The outcome that the messenger reported while the message was being sent. */
  @Column('jsonb', { nullable: true }) outcome!: object | null;
  /** When its outcome is acknowledged, unless it was returned to the gateway before. */
  @Column('timestamptz', { nullable: true }) ackDueAt!: Date | null;
  /** Earliest time of the next try. */
  @Column('timestamptz', { nullable: true }) dueAt!: Date | null;
  /** Whether the gateway was promised a later outcome. */
  @Column('boolean') promised!: boolean;
  @Column('int') tries!: number;
  @Column('timestamptz') createdAt!: Date;
  @Column('timestamptz') updatedAt!: Date;
}
