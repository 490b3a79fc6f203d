import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A connection's bot at the message gateway, and the process that listens to its events. */
@Entity('chat_bot')
export class BotEntity {
  @PrimaryColumn('uuid') connectionId!: string;
  /** Whether the module is registered with a bot. */
  @Column('boolean') wanted!: boolean;
  /** Since when it is wanted: earlier messages are not read. */
  @Column('timestamptz') wantedAt!: Date;
  @Column('bigint') fence!: string;
  /** The process. */
  @Column('uuid', { nullable: true }) holder!: string | null;
  @Column('timestamptz') leaseUntil!: Date;
  @Column('boolean') connected!: boolean;
  /** Reason why it is not connected, in plain words. */
  @Column('text', { nullable: true }) problem!: string | null;
  /** When it was last connected. */
  @Column('timestamptz', { nullable: true }) seenAt!: Date | null;
  /** When its socket was last opened. */
  @Column('timestamptz', { nullable: true }) openedAt!: Date | null;
  /** The gateway's id of the bot. Null: not read yet. */
  @Column('bigint', { nullable: true }) botId!: string | null;
  /** Hash of name, picture, roles and commands that the gateway has. */
  @Column('text', { nullable: true }) setupHash!: string | null;
  /** All messages up to this one were read. Null: none. */
  @Column('bigint', { nullable: true }) lastMessageId!: string | null;
  /** Whether the next registration requests a new token. */
  @Column('boolean') needsToken!: boolean;
  /** When a new token was last requested. */
  @Column('timestamptz', { nullable: true }) tokenRequestedAt!: Date | null;
}

/** The purpose of a message: a customer's question about an order, or a manager's command. */
export type BotRequest = 'order' | 'delivery' | 'pay' | 'call';

/**
 * `waiting`: it has to be answered. `sent`: it was answered. `skipped`: it gets no answer. `late`: the
 * dialogue has gone on. `failed`: the gateway rejected the answer, or the messenger could not deliver it.
 */
export type AnswerState = 'waiting' | 'sent' | 'skipped' | 'late' | 'failed';

/** A message that a bot answers, without the message's text. */
@Entity('chat_bot_answer')
export class BotAnswerEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid') connectionId!: string;
  /** The gateway's id of the message, unique in the connection. */
  @Column('bigint') messageId!: string;
  @Column('bigint') chatId!: string;
  /** Null: the message belongs to no dialogue. */
  @Column('bigint', { nullable: true }) dialogId!: string | null;
  @Column('text') request!: BotRequest;
  /** Number of the order in the message. */
  @Column('text', { nullable: true }) orderNumber!: string | null;
  /** The gateway's id of the customer who asks. */
  @Column('bigint', { nullable: true }) customerId!: string | null;
  /** The CRM's id of the manager who asks. */
  @Column('bigint', { nullable: true }) userId!: string | null;
  @Column('timestamptz') receivedAt!: Date;
  @Column('text') state!: AnswerState;
  /** Null: not decided yet. */
  @Column('text', { nullable: true }) scope!: 'public' | 'private' | null;
  /** The answer until it was sent. */
  @Column('text', { nullable: true }) content!: string | null;
  /** When a call was requested: a command places at most one. */
  @Column('timestamptz', { nullable: true }) calledAt!: Date | null;
  /** The gateway's id of the answer. */
  @Column('bigint', { nullable: true }) answerId!: string | null;
  /** Why it was not sent, or delayed: a word, a code of the gateway, or its text. */
  @Column('text', { nullable: true }) problem!: string | null;
  @Column('int') tries!: number;
  @Column('timestamptz') dueAt!: Date;
  @Column('timestamptz') updatedAt!: Date;
}
