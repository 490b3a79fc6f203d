import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import { DirectSender, OutboxService } from '#outbox';
import { Database, newId, sha256Hex, toRows, type Transaction } from '#platform';
import { lockChat } from './chat-lock.js';
import { HOLD_S, MEDIA_LEASE_S } from './chat-times.js';
import type { MessageAction, MessageState } from './chat.entity.js';
import { type StoredIn, type StoredMedia, toStoredIn } from './in-message.js';
import type { ChatEvent } from './port/index.js';

/** Kind of the outbox rows about customers' messages. The subject is the dialogue. */
export const CHAT_IN = 'chat.in';

const ACTIONS = { message: 'send', edit: 'edit', delete: 'delete', read: 'read', reaction: 'react' } as const satisfies Partial<
  Record<ChatEvent['type'], MessageAction>
>;

/** An event that is stored and passed on, or changes its dialogue. */
export type KeptEvent = Exclude<ChatEvent, { type: 'outcome' }>;

/** A customer's action, with the data to send to the gateway. */
export interface InRow {
  id: string;
  connectionId: string;
  action: MessageAction;
  state: MessageState;
  externalId: string | null;
  payload: StoredIn | null;
  tries: number;
  createdAt: Date;
  outboxId: string | null;
  /** The account at the messenger, and the gateway's id of its channel. */
  account: string;
  mgId: string | null;
  chat: string;
  customer: string | null;
}

/** A message that an action refers to. */
interface Target {
  id: string;
  direction: 'in' | 'out';
  textDigest: string | null;
}

/** The channel of an account is not at the gateway yet, so its events wait. */
export class ChannelMissing extends Error {}

/** Stores messages of customers, in the tables `chat_dialogue` and `chat_message`. */
@Injectable()
export class InStore {
  constructor(
    private readonly database: Database,
    private readonly direct: DirectSender,
    private readonly outbox: OutboxService,
  ) {}

  /**
   * Stores an event once, in the transaction that applies it, and queues it for the gateway. Returns the id
   * of a message whose files have to be transferred first.
   * @throws ChannelMissing
   */
  async keep(tx: Transaction, connection: Connection, event: KeptEvent): Promise<string | undefined> {
    const [channel] = toRows<{ id: string }>(
      await tx.query('SELECT id FROM chat_channel WHERE connection_id = $1 AND account = $2 AND mg_id IS NOT NULL', [
        connection.id,
        event.account,
      ]),
    );
    if (!channel) throw new ChannelMissing(`the account "${event.account}" has no channel at the message gateway yet`);
    const ids = [event.chat, ...(event.type === 'message' ? (event.customer.otherIds ?? []) : [])];
    for (const id of ids.toSorted()) await lockChat(tx, channel.id, id);
    const known = await this.findKnown(tx, channel.id, ids);
    const chat = known?.chat ?? event.chat;
    const customer = event.type === 'message' && event.by !== 'shop' ? event.customer.id : null;
    const isBlocked = event.type === 'blocked' ? true : event.type === 'unblocked' ? false : null;
    const [dialogue] = toRows<{ id: string }>(
      await tx.query(
        `INSERT INTO chat_dialogue AS d (id, connection_id, channel_id, chat, customer, blocked, other_ids) VALUES ($1, $2, $3, $4, $5, coalesce($6, false), $7)
         ON CONFLICT (channel_id, chat) DO UPDATE SET customer = coalesce($5, d.customer), blocked = coalesce($6, d.blocked), used_at = now(),
           other_ids = $7, address = CASE WHEN $8 THEN nullif($9, d.chat) ELSE d.address END
         RETURNING id`,
        [
          ...[newId(), connection.id, channel.id, chat, known && customer !== null ? (known.customer ?? customer) : customer, isBlocked],
          ...[[...new Set([...(known?.otherIds ?? []), ...ids])].filter((one) => one !== chat), event.type === 'message', event.chat],
        ],
      ),
    );
    if (!dialogue || event.type === 'blocked' || event.type === 'unblocked') return undefined;
    const stored = toStoredIn(event);
    if (event.type === 'reaction' && event.removed && event.emoji === '')
      stored.emoji = await this.findReaction(tx, dialogue.id, event.message);
    // The gateway keeps the first id of a customer.
    if (stored.customer && known?.customer) {
      const { id: other, otherIds = [] } = stored.customer;
      stored.customer = { ...stored.customer, id: known.customer, otherIds: [other, ...otherIds] };
    }
    const externalId = event.type === 'message' ? event.message.id : (event.message ?? null);
    const target = event.type === 'message' || externalId === null ? undefined : await this.findSent(tx, channel.id, externalId);
    const isEarly = event.type !== 'message' && externalId !== null && !target;
    const digest = stored.text === undefined ? null : digestText(stored.text);
    const captioned = event.type === 'message' ? event.message.captionOf : undefined;
    const edited = captioned === undefined ? event.type === 'edit' && target : await this.findSent(tx, channel.id, captioned);
    if (edited && edited.direction === 'in') {
      // Messengers also send edits without visible changes.
      if (edited.textDigest === digest) return undefined;
      await tx.query('UPDATE chat_message SET text_digest = $2 WHERE id = $1', [edited.id, digest]);
    }
    const id = newId();
    const [added] = toRows(
      await tx.query(
        // A repeated event or message is ignored.
        `INSERT INTO chat_message (id, dialogue_id, connection_id, channel_id, direction, action, event_key, external_id, parts, state, code, payload, media_due_at, text_digest, created_at)
         VALUES ($1, $2, $3, $4, 'in', $5, $6, $7, $8, $9, $10, $11, CASE WHEN $12 THEN now() END, $13, clock_timestamp())
         ON CONFLICT DO NOTHING RETURNING id`,
        [
          ...[id, dialogue.id, connection.id, channel.id, ACTIONS[event.type], `in:${event.id}`, externalId],
          ...[event.type === 'message' ? [externalId] : null, isEarly ? 'failed' : 'waiting', isEarly ? 'early' : null],
          ...[JSON.stringify(stored), stored.media !== undefined, event.type === 'message' ? digest : null],
        ],
      ),
    );
    if (!added || isEarly) return undefined;
    const lane = { connectionId: connection.id, kind: CHAT_IN };
    if (stored.media) {
      const outboxId = await this.outbox.addHeld(tx, { ...lane, subject: dialogue.id, payload: { message: id } }, HOLD_S);
      await tx.query('UPDATE chat_message SET outbox_id = $2 WHERE id = $1', [id, outboxId]);
    } else {
      const subject = target?.direction === 'out' || event.type === 'read' ? toMarks(dialogue.id) : dialogue.id;
      await this.direct.add(tx, [{ ...lane, subject, payload: { message: id } }]);
    }
    if (event.type === 'message') await passOnEarly(tx, this.direct, channel.id, event.message.id);
    return stored.media && id;
  }

  /** Returns a customer's action. */
  async find(id: string): Promise<InRow | undefined> {
    const [row] = await this.database.query<InRow>(
      `SELECT m.id, m.connection_id AS "connectionId", m.action, m.state, m.external_id AS "externalId", m.payload, m.tries,
         m.created_at AS "createdAt", m.outbox_id AS "outboxId", c.account, c.mg_id AS "mgId", d.chat, d.customer
       FROM chat_message m JOIN chat_dialogue d ON d.id = m.dialogue_id JOIN chat_channel c ON c.id = m.channel_id WHERE m.id = $1`,
      [id],
    );
    return row;
  }

  /**
   * Marks an action as received by the gateway and removes its text. `gatewayId`: undefined if the gateway
   * does not send it.
   */
  async markSent(id: string, gatewayId?: number): Promise<void> {
    await this.database.query(
      // A reaction may be removed later without its emoji.
      `UPDATE chat_message SET state = 'sent', payload = CASE WHEN action = 'react' THEN payload END, problem = NULL, gateway_id = coalesce($2, gateway_id), updated_at = now() WHERE id = $1`,
      [id, gatewayId ?? null],
    );
  }

  /** Marks an action as finally rejected by the gateway. */
  async markFailed(id: string, problem: string): Promise<void> {
    await this.database.query(
      `UPDATE chat_message SET state = 'failed', payload = NULL, code = 'general', problem = $2, updated_at = now() WHERE id = $1`,
      [id, problem],
    );
  }

  /** Counts a rejection. Returns the number of rejections. */
  async countRejection(id: string, problem: string): Promise<number> {
    const [row] = await this.database.query<{ tries: number }>(
      'UPDATE chat_message SET tries = tries + 1, problem = $2, updated_at = now() WHERE id = $1 RETURNING tries',
      [id, problem],
    );
    return row?.tries ?? 0;
  }

  /** Lists messages whose files are due. */
  async listDueMedia(): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      'SELECT id FROM chat_message WHERE media_due_at <= now() ORDER BY media_due_at LIMIT 200',
    );
    return rows.map(({ id }) => id);
  }

  /**
   * Claims a message's files for transfer. Returns false if another worker has them, or if they are not due.
   */
  async claimMedia(id: string): Promise<boolean> {
    const rows = await this.database.query(
      `UPDATE chat_message SET media_due_at = now() + make_interval(secs => $2), tries = tries + 1 WHERE id = $1 AND media_due_at <= now() RETURNING id`,
      [id, MEDIA_LEASE_S.length],
    );
    return rows.length > 0;
  }

  /** Renews the claim on a message's files during a transfer. */
  async renewMedia(id: string): Promise<void> {
    await this.database.query(
      'UPDATE chat_message SET media_due_at = now() + make_interval(secs => $2) WHERE id = $1 AND media_due_at IS NOT NULL',
      [id, MEDIA_LEASE_S.length],
    );
  }

  /** Stores the result of one file. */
  async keepMedia(id: string, index: number, media: StoredMedia): Promise<void> {
    await this.database.query('UPDATE chat_message SET payload = jsonb_set(payload, $2, $3), updated_at = now() WHERE id = $1', [
      id,
      ['media', String(index)],
      JSON.stringify(media),
    ]);
  }

  /** Postpones a message's files by a number of seconds. The message continues to wait for them. */
  async postponeMedia({ id, outboxId }: InRow, seconds: number, problem: string): Promise<void> {
    await this.database.query(
      'UPDATE chat_message SET media_due_at = now() + make_interval(secs => $2), problem = $3 WHERE id = $1 AND media_due_at IS NOT NULL',
      [id, seconds, problem],
    );
    if (outboxId !== null) await this.outbox.hold(outboxId, HOLD_S);
  }

  /** Ends the wait for files once each was transferred or has failed. The message is sent. */
  async endMedia({ id, connectionId, outboxId }: InRow): Promise<void> {
    await this.database.transaction(async (tx) => {
      await tx.query('UPDATE chat_message SET media_due_at = NULL, tries = 0, updated_at = now() WHERE id = $1', [id]);
      if (outboxId !== null) await this.outbox.release(tx, { connectionId, kind: CHAT_IN }, outboxId);
    });
  }

  /** Finds the customer's last reaction to a message. Empty if it is no longer stored. */
  private async findReaction(tx: Transaction, dialogueId: string, message: string): Promise<string> {
    const [row] = toRows<{ emoji: string | null }>(
      await tx.query(
        `SELECT payload ->> 'emoji' AS emoji FROM chat_message
         WHERE dialogue_id = $1 AND external_id = $2 AND action = 'react' AND direction = 'in' ORDER BY created_at DESC, id DESC LIMIT 1`,
        [dialogueId, message],
      ),
    );
    return row?.emoji ?? '';
  }

  /** Finds the dialogue of a person by any of their ids. */
  private async findKnown(
    tx: Transaction,
    channelId: string,
    ids: readonly string[],
  ): Promise<{ chat: string; customer: string | null; otherIds: string[] } | undefined> {
    const [row] = toRows<{ chat: string; customer: string | null; otherIds: string[] }>(
      await tx.query(
        `SELECT chat, customer, other_ids AS "otherIds" FROM (
           SELECT * FROM chat_dialogue WHERE channel_id = $1 AND chat = ANY ($2)
           UNION ALL SELECT * FROM chat_dialogue WHERE other_ids <> '{}' AND other_ids && $2 AND channel_id = $1
         ) d ORDER BY created_at LIMIT 1`,
        [channelId, ids],
      ),
    );
    return row;
  }

  private async findSent(tx: Transaction, channelId: string, externalId: string): Promise<Target | undefined> {
    const [row] = toRows<Target>(
      await tx.query(
        `SELECT id, direction, text_digest AS "textDigest" FROM chat_message WHERE channel_id = $1 AND external_id = $2 AND action = 'send'`,
        [channelId, externalId],
      ),
    );
    return row;
  }
}

/** The digest is short, so the deleted text cannot be derived from it. */
function digestText(text: string): string {
  return sha256Hex(text).slice(0, 8);
}

/** Subject of outbox rows about read receipts and reactions in a dialogue, which do not wait for messages. */
export function toMarks(dialogueId: string): string {
  return `${dialogueId} marks`;
}

/** Sends actions that arrived before their message, in the transaction that stores the message. */
export async function passOnEarly(tx: Transaction, direct: DirectSender, channelId: string, externalId: string): Promise<void> {
  const rows = toRows<{ id: string; connection_id: string; dialogue_id: string; isOut: boolean }>(
    await tx.query(
      `UPDATE chat_message m SET state = 'waiting', code = NULL, updated_at = now() FROM chat_message t
       WHERE m.channel_id = $1 AND m.external_id = $2 AND m.code = 'early' AND t.channel_id = $1 AND t.external_id = $2 AND t.action = 'send'
       RETURNING m.id, m.connection_id, m.dialogue_id, t.direction = 'out' AS "isOut"`,
      [channelId, externalId],
    ),
  );
  // Ids are in order of arrival.
  rows.sort((left, right) => (left.id < right.id ? -1 : 1));
  await direct.add(
    tx,
    rows.map((row) => ({
      ...{ connectionId: row.connection_id, kind: CHAT_IN, payload: { message: row.id } },
      subject: row.isOut ? toMarks(row.dialogue_id) : row.dialogue_id,
    })),
  );
}
