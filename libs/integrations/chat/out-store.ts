import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import { DirectSender } from '#outbox';
import { Database, isUuid, newId, toRows, type Transaction } from '#platform';
import { lockChat } from './chat-lock.js';
import { ACK_AFTER_S, LOOK_AGAIN_S, SEND_PATIENCE_S } from './chat-times.js';
import type { MessageAction, MessageState } from './chat.entity.js';
import { passOnEarly } from './in-store.js';
import type { DeliveryCode, DeliveryFailure } from './port/index.js';

/** Kind of the outbox rows that acknowledge outcomes. Their subject is the dialogue. */
export const ACK = 'chat.ack';

/** Maximum number of a dialogue's messages that are read together. */
const BATCH = 50;
/** Placeholder for a chat's id until the messenger has created it. */
const toPlaceholder = (customer: string): string => `customer:${customer}`;

/** Outcome of a message, or of a change of one. */
export type Outcome =
  /** `later`: only accepted. The messenger reports whether it is sent, and the gateway waits for it. */
  | { state: 'sent'; ids?: readonly string[]; chat?: string; customer?: string; later?: boolean }
  | { state: 'failed'; code: DeliveryCode; problem: string; externalCode?: string }
  | { state: 'unknown'; problem: string; later?: boolean };

/** A messenger's report about a message: it was sent, or with `failure` it was not. */
export interface Report {
  /** The messenger's id. */
  message: string;
  failure?: DeliveryFailure;
}

/** State of a message, for the reply to the gateway. */
export interface Standing {
  id: string;
  state: MessageState;
  externalId: string | null;
  parts: string[] | null;
  code: DeliveryCode | null;
  problem: string | null;
  /** Whether its outcome is acknowledged later, although it has one. */
  isOpen: boolean;
  /** The messenger's new ids, and its own error code. */
  payload: { chat?: string; customer?: string; externalCode?: string } | null;
}

/** An outgoing message with the data to send it. */
export interface OutRow extends Standing {
  connectionId: string;
  dialogueId: string;
  channelId: string;
  action: MessageAction;
  payload: (Standing['payload'] & object) | null;
  tries: number;
  createdAt: Date;
  /** Whether its next try is due. */
  due: boolean;
  /** The account at the messenger. */
  account: string;
  /** Missing until the messenger has created it. */
  chat: string | undefined;
  customer: string | undefined;
}

/** Stored part of a webhook's event, with its place. */
export interface OutDraft {
  action: MessageAction;
  eventKey: string;
  channelId: string;
  externalId?: string;
  gatewayId?: number;
  payload: object;
}

/** An accepted message, with its state for the reply to the gateway. */
export interface Taken {
  row: Standing & { dialogueId: string };
  /** Whether it was unknown before. */
  isNew: boolean;
  /** Whether it is new, and no earlier message of its dialogue waits. */
  isFirst: boolean;
}

interface OutcomeRow {
  connection_id: string;
  channel_id: string;
  dialogue_id: string;
  external_id: string | null;
  promised: boolean;
  action: MessageAction;
  outcome: Report | null;
}

/** A message that a report is about. */
interface ReportedRow extends Pick<OutcomeRow, 'connection_id' | 'dialogue_id'> {
  id: string;
  state: MessageState;
  /** Whether its acknowledgement waits. */
  waits: boolean;
}

const STANDING = `m.id, m.state, m.external_id AS "externalId", m.parts, m.code, m.problem, m.payload,
  m.promised AND m.ack_due_at IS NOT NULL AS "isOpen"`;
const OUT = `SELECT ${STANDING}, m.connection_id AS "connectionId", m.dialogue_id AS "dialogueId", m.channel_id AS "channelId", m.action, m.tries, m.created_at AS "createdAt",
    coalesce(m.due_at <= now(), true) AS due, c.account, d.customer, CASE WHEN d.chat <> 'customer:' || coalesce(d.customer, '') THEN coalesce(d.address, d.chat) END AS chat
  FROM chat_message m JOIN chat_dialogue d ON d.id = m.dialogue_id JOIN chat_channel c ON c.id = m.channel_id`;

/** Stores messages to customers, in the tables `chat_dialogue` and `chat_message`. */
@Injectable()
export class OutStore {
  constructor(
    private readonly database: Database,
    private readonly direct: DirectSender,
  ) {}

  /** Finds a connection's channel by the gateway's id. */
  async findChannel(connectionId: string, mgId: number): Promise<string | undefined> {
    const [row] = await this.database.query<{ id: string }>('SELECT id FROM chat_channel WHERE connection_id = $1 AND mg_id = $2', [
      connectionId,
      mgId,
    ]);
    return row?.id;
  }

  /** Finds a sent message of either side by its external id. Returns its dialogue. */
  async findSent(channelId: string, externalId: string): Promise<{ dialogueId: string } | undefined> {
    const [row] = await this.database.query<{ dialogueId: string }>(
      `SELECT dialogue_id AS "dialogueId" FROM chat_message WHERE channel_id = $1 AND external_id = $2 AND action = 'send'`,
      [channelId, externalId],
    );
    return row;
  }

  /** Returns the messenger's ids of a message, or its external id if it is no longer stored. */
  async listParts(channelId: string, externalId: string): Promise<string[]> {
    const [row] = await this.database.query<{ parts: string[] | null }>(
      `SELECT parts FROM chat_message WHERE channel_id = $1 AND external_id = $2 AND action = 'send'`,
      [channelId, externalId],
    );
    return row?.parts ?? [externalId];
  }

  /** Stores a manager's message once, after the earlier ones of its dialogue. `promised`: see `promise`. */
  take(connection: Connection, draft: OutDraft, place: { chat: string | undefined; customer: string }): Promise<Taken> {
    return this.database.transaction(async (tx) => {
      const dialogueId = await this.openDialogue(tx, connection.id, draft.channelId, place);
      const taken = await this.insert(tx, connection.id, dialogueId, draft);
      if (!taken.isNew) return taken;
      const [earlier] = toRows(
        await tx.query(
          `SELECT FROM chat_message WHERE dialogue_id = $1 AND direction = 'out' AND action = 'send' AND state = 'taken' AND id <> $2 LIMIT 1`,
          [dialogueId, taken.row.id],
        ),
      );
      if (earlier) await tx.query('UPDATE chat_message SET promised = true WHERE id = $1', [taken.row.id]);
      return { ...taken, isFirst: !earlier };
    }, connection.request);
  }

  /** Stores a manager's action on a message of a dialogue once. */
  takeAction(connection: Connection, draft: OutDraft, dialogueId: string): Promise<Taken> {
    return this.database.transaction(async (tx) => {
      // Locked first, so that a dialogue's rows are in the order in which they are stored.
      await tx.query('SELECT FROM chat_dialogue WHERE id = $1 FOR UPDATE', [dialogueId]);
      return this.insert(tx, connection.id, dialogueId, draft);
    }, connection.request);
  }

  /** Reads an outgoing message. */
  async find(id: string): Promise<OutRow | undefined> {
    return (await this.database.query<OutRow>(`${OUT} WHERE m.id = $1`, [id])).map(toOutRow)[0];
  }

  /** Lists waiting messages of a dialogue, in order. */
  async listTaken(dialogueId: string): Promise<OutRow[]> {
    const rows = await this.database.query<OutRow>(
      `${OUT} WHERE m.dialogue_id = $1 AND m.direction = 'out' AND m.state = 'taken' ORDER BY m.created_at, m.id LIMIT ${BATCH}`,
      [dialogueId],
    );
    return rows.map(toOutRow);
  }

  /**
   * Returns a message's state. A message without an outcome is promised to the gateway from now on, and its
   * outcome is acknowledged later.
   */
  async promise(id: string): Promise<Standing> {
    const [row] = await this.database.query<Standing>(
      `UPDATE chat_message m SET promised = promised OR state = 'taken' WHERE id = $1 RETURNING ${STANDING}`,
      [id],
    );
    if (!row) throw new Error(`message ${id} no longer exists`);
    return row;
  }

  /** Records that the gateway got the outcome as a reply, so it needs no acknowledgement. */
  async markAnswered(id: string): Promise<void> {
    await this.database.query('UPDATE chat_message SET ack_due_at = NULL WHERE id = $1 AND NOT promised', [id]);
  }

  /** Postpones the next try of a message to `seconds` from now. */
  async postpone(id: string, seconds: number, problem: string): Promise<void> {
    await this.database.query(
      `UPDATE chat_message SET tries = tries + 1, problem = $2, due_at = now() + make_interval(secs => $3), updated_at = now()
       WHERE id = $1 AND state = 'taken'`,
      [id, problem, seconds],
    );
  }

  /** Prevents tries of a message for `seconds`, also by workers that have already read it as due. */
  async hold(id: string, seconds: number): Promise<void> {
    await this.database.query(
      `UPDATE chat_message SET due_at = now() + make_interval(secs => $2), updated_at = now() WHERE id = $1 AND state = 'taken'`,
      [id, seconds],
    );
  }

  /** Like `finish`, in its own transaction. */
  async end(id: string, outcome: Outcome): Promise<void> {
    await this.database.transaction((tx) => this.finish(tx, id, outcome));
  }

  /** Stores the outcome of a message without one, and queues its acknowledgement if it was promised. */
  async finish(tx: Transaction, id: string, outcome: Outcome): Promise<void> {
    const { state } = outcome;
    // The reply to the gateway names a new chat, so it does not wait.
    const isLater = state !== 'failed' && outcome.later === true && (state === 'unknown' || outcome.chat === undefined);
    if (state === 'sent') await this.lockChatOf(tx, id, outcome.chat);
    const [parts, place] = state === 'sent' ? [outcome.ids ?? [], { chat: outcome.chat, customer: outcome.customer }] : [[], {}];
    const rest = state === 'failed' && outcome.externalCode !== undefined ? { externalCode: outcome.externalCode } : place;
    const [row] = toRows<OutcomeRow>(
      await tx.query(
        // If a messenger gives two messages the same id, the second is stored without an external id.
        `UPDATE chat_message m SET state = $2, parts = coalesce($3, parts), code = $4, problem = $5, payload = $6, due_at = NULL, updated_at = now(),
           external_id = CASE WHEN action <> 'send' THEN external_id WHEN $2 = 'sent' AND NOT EXISTS (
             SELECT FROM chat_message o WHERE o.channel_id = m.channel_id AND o.external_id = $7 AND o.action = 'send' AND o.id <> m.id
           ) THEN $7 END,
           promised = promised OR $9, ack_due_at = CASE WHEN action <> 'send' THEN NULL
             WHEN $9 THEN greatest(now(), created_at + make_interval(secs => $10)) WHEN NOT promised THEN now() + make_interval(secs => $8) END
         WHERE id = $1 AND state = 'taken' RETURNING connection_id, channel_id, dialogue_id, external_id, promised, action, outcome`,
        [
          id,
          state,
          parts.length > 0 ? parts : null,
          state === 'failed' ? outcome.code : state === 'unknown' ? 'general' : null,
          state === 'sent' ? null : outcome.problem,
          Object.values(rest).some((value) => value !== undefined) ? JSON.stringify(rest) : null,
          ...[parts[0] ?? id, ACK_AFTER_S, isLater, SEND_PATIENCE_S],
        ],
      ),
    );
    if (row?.action !== 'send') return;
    if (state === 'sent' && outcome.chat !== undefined) await this.nameDialogue(tx, row.dialogue_id, outcome.chat, outcome.customer);
    // A customer may have read the message before the messenger's reply arrived.
    if (row.external_id !== null) await passOnEarly(tx, this.direct, row.channel_id, row.external_id);
    if (row.promised && !isLater)
      await this.direct.add(tx, [{ connectionId: row.connection_id, kind: ACK, subject: row.dialogue_id, payload: { message: id } }]);
    if (row.outcome && state !== 'failed')
      await this.settle(tx, { id, state, waits: isLater, connection_id: row.connection_id, dialogue_id: row.dialogue_id }, row.outcome);
  }

  /**
   * Applies a messenger's report about a message, found by our reference or the messenger's id. While the
   * message is being sent, the report is stored. Reports about other programs' messages are ignored.
   */
  async report(tx: Transaction, place: { connectionId: string; account: string; reference?: string }, report: Report): Promise<void> {
    const reference = place.reference !== undefined && isUuid(place.reference) ? place.reference : null;
    const [row] = toRows<ReportedRow>(
      await tx.query(
        `SELECT m.id, m.state, m.promised AND m.ack_due_at IS NOT NULL AS waits, m.connection_id, m.dialogue_id
         FROM chat_message m JOIN chat_channel c ON c.id = m.channel_id
         WHERE c.connection_id = $1 AND c.account = $2 AND m.direction = 'out' AND m.action = 'send'
           AND (m.id = $3::uuid OR ($3::uuid IS NULL AND m.external_id = $4)) FOR UPDATE OF m`,
        [place.connectionId, place.account, reference, report.message],
      ),
    );
    if (row?.state === 'taken')
      await tx.query('UPDATE chat_message SET outcome = coalesce(outcome, $2) WHERE id = $1', [row.id, JSON.stringify(report)]);
    else if (row) await this.settle(tx, row, report);
  }

  /** A failure also counts after the message was reported as sent. The gateway gets it if it still waits. */
  private async settle(tx: Transaction, row: ReportedRow, { message, failure }: Report): Promise<void> {
    const { id, state, waits, connection_id: connectionId, dialogue_id: subject } = row;
    if (failure && (state === 'sent' || state === 'unknown')) {
      const { code, text, externalCode } = failure;
      await tx.query(`UPDATE chat_message SET state = 'failed', code = $2, problem = $3, payload = $4, updated_at = now() WHERE id = $1`, [
        ...[id, code, text, externalCode === undefined ? null : JSON.stringify({ externalCode })],
      ]);
    } else if (state === 'unknown')
      await tx.query(
        `UPDATE chat_message SET state = 'sent', code = NULL, problem = NULL, external_id = $2, parts = ARRAY[$2], updated_at = now() WHERE id = $1`,
        [id, message],
      );
    if (!waits) return;
    await tx.query('UPDATE chat_message SET ack_due_at = NULL WHERE id = $1', [id]);
    await this.direct.add(tx, [{ connectionId, kind: ACK, subject, payload: { message: id } }]);
  }

  /** Queues acknowledgements of outcomes whose reply may not have arrived. */
  addDueAcks(): Promise<void> {
    return this.database.transaction(async (tx) => {
      const rows = toRows<{ id: string; connection_id: string; dialogue_id: string }>(
        await tx.query(
          `UPDATE chat_message SET ack_due_at = NULL WHERE id IN (
             SELECT id FROM chat_message WHERE ack_due_at <= now() ORDER BY ack_due_at LIMIT 500 FOR UPDATE SKIP LOCKED
           ) RETURNING id, connection_id, dialogue_id`,
        ),
      );
      await this.direct.add(
        tx,
        rows.map((row) => ({ connectionId: row.connection_id, kind: ACK, subject: row.dialogue_id, payload: { message: row.id } })),
      );
    });
  }

  /** Returns the data of an acknowledgement, or undefined if the message was deleted. */
  async findAck(id: string): Promise<(Standing & { mgId: string | null; gatewayId: string | null }) | undefined> {
    const [row] = await this.database.query<Standing & { mgId: string | null; gatewayId: string | null }>(
      `SELECT ${STANDING}, c.mg_id AS "mgId", m.gateway_id AS "gatewayId" FROM chat_message m JOIN chat_channel c ON c.id = m.channel_id WHERE m.id = $1`,
      [id],
    );
    return row;
  }

  /** Claims dialogues whose messages are due, for a wake-up. */
  async claimDue(): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      `UPDATE chat_dialogue SET due_at = now() + interval '${LOOK_AGAIN_S} seconds' WHERE id IN (
         SELECT id FROM chat_dialogue WHERE due_at <= now() ORDER BY due_at LIMIT 500 FOR UPDATE SKIP LOCKED
       ) RETURNING id`,
    );
    return rows.map(({ id }) => id);
  }

  /** Schedules the next check of a dialogue. Returns the milliseconds until then, if a message waits. */
  async keepDue(dialogueId: string): Promise<number | undefined> {
    return this.database.transaction(async (tx) => {
      // The next statement also sees a message that is being stored.
      await tx.query('SELECT FROM chat_dialogue WHERE id = $1 FOR UPDATE', [dialogueId]);
      const [row] = toRows<{ ms: number | null }>(
        await tx.query(
          `UPDATE chat_dialogue d SET due_at = (
             SELECT min(greatest(coalesce(m.due_at, now()), now() + interval '1 second')) FROM chat_message m
             WHERE m.dialogue_id = d.id AND m.direction = 'out' AND m.state = 'taken'
           ) WHERE id = $1 RETURNING (extract(epoch FROM due_at - now()) * 1000)::float8 AS ms`,
          [dialogueId],
        ),
      );
      return row?.ms ?? undefined;
    });
  }

  /** `newChat`: the chat's new id at the messenger. */
  private async lockChatOf(tx: Transaction, id: string, newChat: string | undefined): Promise<void> {
    const [row] = toRows<{ channel: string; chat: string }>(
      await tx.query(
        'SELECT m.channel_id AS channel, d.chat FROM chat_message m JOIN chat_dialogue d ON d.id = m.dialogue_id WHERE m.id = $1',
        [id],
      ),
    );
    if (row) await lockChat(tx, row.channel, newChat ?? row.chat);
  }

  /** Returns the dialogue of a chat, locked. Without a chat, returns the customer's latest one. */
  private async openDialogue(
    tx: Transaction,
    connectionId: string,
    channelId: string,
    { chat, customer }: { chat: string | undefined; customer: string },
  ): Promise<string> {
    if (chat === undefined) {
      const [latest] = toRows<{ id: string }>(
        await tx.query('SELECT id FROM chat_dialogue WHERE channel_id = $1 AND customer = $2 ORDER BY created_at DESC LIMIT 1 FOR UPDATE', [
          channelId,
          customer,
        ]),
      );
      if (latest) return latest.id;
    }
    await lockChat(tx, channelId, chat ?? toPlaceholder(customer));
    const [row] = toRows<{ id: string }>(
      await tx.query(
        `INSERT INTO chat_dialogue (id, connection_id, channel_id, chat, customer) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (channel_id, chat) DO UPDATE SET customer = excluded.customer, used_at = now() RETURNING id`,
        [newId(), connectionId, channelId, chat ?? toPlaceholder(customer), customer],
      ),
    );
    if (!row) throw new Error('the dialogue was not stored');
    return row.id;
  }

  private async insert(tx: Transaction, connectionId: string, dialogueId: string, draft: OutDraft): Promise<Taken> {
    const { channelId, action, eventKey, externalId, gatewayId, payload } = draft;
    const [added] = toRows<Taken['row']>(
      await tx.query(
        // `now()` is when the transaction started, possibly earlier than its wait for the dialogue ended.
        `INSERT INTO chat_message AS m (id, dialogue_id, connection_id, channel_id, direction, action, event_key, external_id, gateway_id, state, payload, created_at)
         VALUES ($1, $2, $3, $4, 'out', $5, $6, $7, $8, 'taken', $9, clock_timestamp()) ON CONFLICT (channel_id, event_key) DO NOTHING
         RETURNING ${STANDING}, m.dialogue_id AS "dialogueId"`,
        [newId(), dialogueId, connectionId, channelId, action, eventKey, externalId ?? null, gatewayId ?? null, JSON.stringify(payload)],
      ),
    );
    if (added) {
      await tx.query(`UPDATE chat_dialogue SET due_at = least(due_at, now() + make_interval(secs => $2)), used_at = now() WHERE id = $1`, [
        dialogueId,
        LOOK_AGAIN_S,
      ]);
      return { row: added, isNew: true, isFirst: false };
    }
    const [known] = toRows<Taken['row']>(
      await tx.query(`SELECT ${STANDING}, m.dialogue_id AS "dialogueId" FROM chat_message m WHERE channel_id = $1 AND event_key = $2`, [
        channelId,
        eventKey,
      ]),
    );
    if (!known) throw new Error('a known message no longer exists');
    return { row: known, isNew: false, isFirst: false };
  }

  /** Stores the id of a new chat. Another dialogue may have been started for it in the meantime. */
  private async nameDialogue(tx: Transaction, id: string, chat: string, customer: string | undefined): Promise<void> {
    const [other] = toRows<{ id: string }>(
      await tx.query(
        `SELECT o.id FROM chat_dialogue d JOIN chat_dialogue o ON o.channel_id = d.channel_id AND o.chat = $2 WHERE d.id = $1 AND o.id <> d.id FOR UPDATE OF o`,
        [id, chat],
      ),
    );
    if (!other) {
      await tx.query('UPDATE chat_dialogue SET chat = $2, customer = coalesce($3, customer) WHERE id = $1', [id, chat, customer ?? null]);
      return;
    }
    await tx.query('UPDATE chat_message SET dialogue_id = $2 WHERE dialogue_id = $1', [id, other.id]);
    await tx.query(
      `UPDATE chat_dialogue o SET customer = coalesce($3, d.customer, o.customer), due_at = now() FROM chat_dialogue d WHERE o.id = $2 AND d.id = $1`,
      [id, other.id, customer ?? null],
    );
    await tx.query('DELETE FROM chat_dialogue WHERE id = $1', [id]);
  }
}

function toOutRow(row: OutRow): OutRow {
  return { ...row, chat: row.chat ?? undefined, customer: row.customer ?? undefined };
}
