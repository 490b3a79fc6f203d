import { Injectable } from '@nestjs/common';
import { ConnectionLeases, type Lease } from '#integration-kit';
import { Database, newId, toRows, type Transaction } from '#platform';
import { BOT_EVENT, type BotEvent } from './bot-message.js';
import { type AnswerState, BotAnswerEntity, BotEntity } from './bot.entity.js';

/** Seconds for which a worker has an answer to itself. Longer than its calls take. */
const CLAIM_S = 60;
/** Hours between two requests for a new token. */
const TOKEN_HOURS = 6;

/** State of a bot, for the operator. */
export interface BotState {
  connected: boolean;
  openedAt: Date | null;
  lastEventAt: Date | null;
  waiting: number;
  problem: string | null;
}

/**
 * $1: the connection, $2: the kind of its inbox events. `problem`: why it is not connected, else why an
 * answer waits or has failed.
 */
const STATE = `
  SELECT connected AND lease_until > now() AS connected, opened_at AS "openedAt",
    (SELECT created_at FROM inbox_event WHERE connection_id = $1 AND kind = $2 ORDER BY id DESC LIMIT 1) AS "lastEventAt",
    (SELECT count(*)::int FROM chat_bot_answer WHERE connection_id = $1 AND state = 'waiting') AS waiting,
    coalesce(problem, (SELECT a.problem FROM chat_bot_answer a WHERE connection_id = $1 AND state IN ('waiting', 'failed')
      AND a.problem IS NOT NULL ORDER BY message_id DESC LIMIT 1)) AS problem
  FROM chat_bot WHERE connection_id = $1 AND wanted`;

/** Assigns one listening process to each bot. */
@Injectable()
export class BotLeases extends ConnectionLeases {
  constructor(database: Database) {
    super(database, 'chat_bot', 'l.wanted');
  }

  /** Stores how far messages were read, and what is known of the bot, while the lease is held. */
  async keep(
    { connectionId, fence }: Lease,
    { lastMessageId, botId, setupHash, openedAt }: { lastMessageId?: number; botId?: number; setupHash?: string; openedAt?: Date },
  ): Promise<void> {
    await this.database.query(
      `UPDATE chat_bot SET last_message_id = coalesce($3, last_message_id), bot_id = coalesce($4, bot_id), setup_hash = coalesce($5, setup_hash),
         opened_at = coalesce($6, opened_at)
       WHERE connection_id = $1 AND fence = $2`,
      [connectionId, fence, lastMessageId ?? null, botId ?? null, setupHash ?? null, openedAt ?? null],
    );
  }
}

/** Stores bots and the messages that they answer: `chat_bot`, `chat_bot_answer`. */
@Injectable()
export class BotStore {
  constructor(private readonly database: Database) {}

  /** Notes whether a connection has a bot. A bot that is switched on again reads no earlier messages. */
  async want(tx: Transaction, connectionId: string, wanted: boolean): Promise<void> {
    if (wanted)
      await tx.query(
        `INSERT INTO chat_bot AS b (connection_id, wanted) VALUES ($1, true)
         ON CONFLICT (connection_id) DO UPDATE SET wanted = true, wanted_at = now() WHERE NOT b.wanted`,
        [connectionId],
      );
    // The gateway may give another id to a bot that is registered again.
    else
      await tx.query(
        `UPDATE chat_bot SET wanted = false, last_message_id = NULL, setup_hash = NULL, bot_id = NULL WHERE connection_id = $1 AND wanted`,
        [connectionId],
      );
  }

  /** Reads a wanted bot's state for the operator. Times are when it was connected and last asked. */
  async readState(connectionId: string): Promise<BotState | undefined> {
    const [state] = await this.database.query<BotState>(STATE, [connectionId, BOT_EVENT]);
    return state;
  }

  async find(connectionId: string): Promise<BotEntity | undefined> {
    return (await this.database.dataSource.getRepository(BotEntity).findOneBy({ connectionId })) ?? undefined;
  }

  /** Marks that the next registration requests a new token, at most once in some hours. Returns whether. */
  async askForToken(tx: Transaction, connectionId: string): Promise<boolean> {
    const asked = await tx.query(
      `UPDATE chat_bot SET needs_token = true, token_requested_at = now() WHERE connection_id = $1
         AND coalesce(token_requested_at <= now() - make_interval(hours => ${TOKEN_HOURS}), true) RETURNING 1`,
      [connectionId],
    );
    return toRows(asked).length > 0;
  }

  /** Notes that the CRM has answered a registration. */
  async endTokenRequest(tx: Transaction, connectionId: string): Promise<void> {
    await tx.query('UPDATE chat_bot SET needs_token = false WHERE connection_id = $1 AND needs_token', [connectionId]);
  }

  /** Adds a message to answer. A known message stays unchanged. */
  async add(tx: Transaction, connectionId: string, event: BotEvent): Promise<void> {
    const { message, chat, dialog, request, order, customer, user, at } = event;
    await tx.query(
      `INSERT INTO chat_bot_answer (id, connection_id, message_id, chat_id, dialog_id, request, order_number, customer_id, user_id, received_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (connection_id, message_id) DO NOTHING`,
      [newId(), connectionId, message, chat, dialog ?? null, request, order ?? null, customer ?? null, user ?? null, at],
    );
  }

  /** Claims due messages of a connection, oldest first. They are due again unless they are ended by then. */
  async claim(connectionId: string, most: number): Promise<BotAnswerEntity[]> {
    const rows = await this.database.query<{ id: string }>(
      `UPDATE chat_bot_answer SET tries = tries + 1, due_at = now() + make_interval(secs => ${CLAIM_S}) WHERE id IN (
         SELECT id FROM chat_bot_answer WHERE connection_id = $1 AND state = 'waiting' AND due_at <= now()
         ORDER BY message_id LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING id`,
      [connectionId, most],
    );
    if (rows.length === 0) return [];
    const { dataSource } = this.database;
    return dataSource
      .getRepository(BotAnswerEntity)
      .createQueryBuilder('a')
      .where('a.id = ANY (:ids)', { ids: rows.map(({ id }) => id) })
      .orderBy('a.messageId')
      .getMany();
  }

  /** Lists connections with due messages. */
  async listDue(): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      `SELECT DISTINCT connection_id AS id FROM chat_bot_answer WHERE state = 'waiting' AND due_at <= now() LIMIT 1000`,
    );
    return rows.map(({ id }) => id);
  }

  async findAnswer(id: string): Promise<BotAnswerEntity | undefined> {
    return (await this.database.dataSource.getRepository(BotAnswerEntity).findOneBy({ id })) ?? undefined;
  }

  /** Stores the answer to be sent. Returns false if the message no longer waits. */
  async decide(id: string, scope: 'public' | 'private', content: string, tx?: Transaction): Promise<boolean> {
    const rows = await (tx ?? this.database.dataSource).query(
      `UPDATE chat_bot_answer SET scope = $2, content = $3 WHERE id = $1 AND state = 'waiting' RETURNING 1`,
      [id, scope, content],
    );
    return toRows(rows).length > 0;
  }

  /**
   * Stores the answer to be sent to the customer, unless the dialogue has as many answers to them within an
   * hour, with decided ones. Returns whether it was stored.
   */
  decidePublic({ id, connectionId, dialogId }: BotAnswerEntity, content: string, most: number): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`bot ${connectionId} ${dialogId}`]);
      const [row] = toRows<{ count: number }>(
        await tx.query(
          `SELECT count(*)::int AS count FROM chat_bot_answer WHERE connection_id = $1 AND dialog_id = $2 AND scope = 'public' AND id <> $3
             AND (state = 'sent' AND updated_at > now() - interval '1 hour' OR state = 'waiting')`,
          [connectionId, dialogId, id],
        ),
      );
      return (row?.count ?? 0) < most && this.decide(id, 'public', content, tx);
    });
  }

  /** Takes the right to place a command's call. False: it was taken before, so the call may be placed. */
  async takeCall(id: string): Promise<boolean> {
    const rows = await this.database.query(
      `UPDATE chat_bot_answer SET called_at = now() WHERE id = $1 AND called_at IS NULL AND state = 'waiting' RETURNING 1`,
      [id],
    );
    return rows.length > 0;
  }

  /** Ends a waiting message, and removes the answer's text and who asked for which order. */
  async end(id: string, state: AnswerState, problem: string | null, answerId?: number, tx?: Transaction): Promise<void> {
    await (tx ?? this.database).query(
      `UPDATE chat_bot_answer SET state = $2, problem = $3, answer_id = coalesce($4, answer_id), content = NULL, order_number = NULL, customer_id = NULL,
         updated_at = now() WHERE id = $1 AND state = 'waiting'`,
      [id, state, problem?.slice(0, 500) ?? null, answerId ?? null],
    );
  }

  /** Tries again after some seconds. */
  async postpone(id: string, seconds: number, problem: string): Promise<void> {
    await this.database.query(
      `UPDATE chat_bot_answer SET due_at = now() + make_interval(secs => $2), problem = $3 WHERE id = $1 AND state = 'waiting'`,
      [id, seconds, problem.slice(0, 500)],
    );
  }

  /** Notes that the messenger could not deliver an answer, with the gateway's code. */
  async markUndelivered(connectionId: string, answerId: number, code: string): Promise<void> {
    await this.database.query(
      `UPDATE chat_bot_answer SET state = 'failed', problem = $3, updated_at = now() WHERE connection_id = $1 AND answer_id = $2 AND state = 'sent'`,
      [connectionId, answerId, code.slice(0, 100)],
    );
  }

  /** Returns which of these messages of a bot are known as answers. */
  async listKnown(connectionId: string, ids: readonly number[]): Promise<ReadonlySet<number>> {
    const rows = await this.database.query<{ id: string }>(
      'SELECT answer_id AS id FROM chat_bot_answer WHERE connection_id = $1 AND answer_id = ANY ($2::bigint[])',
      [connectionId, ids],
    );
    return new Set(rows.map(({ id }) => Number(id)));
  }
}
