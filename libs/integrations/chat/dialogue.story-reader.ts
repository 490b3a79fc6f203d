import { Injectable } from '@nestjs/common';
import {
  formatTime,
  listDetails,
  type SearchHit,
  type SearchQuery,
  type StoryEvent,
  type StoryOutcome,
  type StoryReader,
  type StoryFacts,
  type StoryThing,
} from '#insight';
import { toSubject } from '#journal';
import { Database, isUuid } from '#platform';
import { DialogueEntity, MessageEntity, type MessageState } from './chat.entity.js';
import { CHAT_IN, toMarks } from './in-store.js';
import { ACK } from './out-store.js';

interface FoundRow {
  id: string;
  connectionId: string;
  chat: string;
  blocked: boolean;
  usedAt: Date;
  matched: string;
}

const FOUND = `id, connection_id AS "connectionId", chat, blocked, used_at AS "usedAt"`;

/**
 * Each query uses its own index. $1: the text, $2: the text as an id, or null, $3: phones and the text, $4:
 * maximum rows per query.
 */
export const DIALOGUE_SEARCH = `
  (SELECT ${FOUND}, 'dialogue' AS matched FROM chat_dialogue WHERE id = $2::uuid)
  UNION ALL (SELECT ${FOUND}, 'chat at the messenger' FROM chat_dialogue WHERE chat = $1 LIMIT $4)
  UNION ALL (SELECT ${FOUND}, 'customer at the messenger' FROM chat_dialogue WHERE customer = ANY ($3::text[]) LIMIT $4)
  UNION ALL (SELECT ${FOUND}, 'other id of the customer' FROM chat_dialogue WHERE other_ids <> '{}' AND other_ids && $3::text[] LIMIT $4)
  UNION ALL (SELECT ${FOUND}, 'message' FROM chat_dialogue WHERE id = (SELECT dialogue_id FROM chat_message WHERE id = $2::uuid))`;

/** Maximum number of messages described, latest first. */
const MOST_MESSAGES = 200;

const OUTCOMES: Readonly<Record<MessageState, StoryOutcome>> = {
  waiting: 'waiting',
  taken: 'waiting',
  sent: 'ok',
  failed: 'failed',
  unknown: 'unknown',
};

/** Describes dialogues for the operator. */
@Injectable()
export class DialogueStoryReader implements StoryReader {
  readonly integration = 'chat';
  readonly kinds = ['dialogue'] as const;
  readonly actions = {
    'chat.send': 'send the message',
    'chat.answer': 'answer of the bot',
    'chat.bot': 'message that the bot answers',
    'chat.event': "messenger's updates",
    'chat.unread': "messenger's events that cannot be read",
    'chat.analytics': 'visits of the site',
    [CHAT_IN]: "customer's message",
    [ACK]: 'outcome of a message',
  };

  constructor(private readonly database: Database) {}

  async search({ text, uuid, phones }: SearchQuery, most: number): Promise<SearchHit[]> {
    // Messengers identify customers by phones without the plus.
    const customers = [text, ...phones, ...phones.map((phone) => phone.replace('+', ''))];
    const rows = await this.database.query<FoundRow>(DIALOGUE_SEARCH, [text, uuid ?? null, customers, most]);
    return rows.map(({ id, connectionId, blocked, usedAt, matched }) => ({
      ...{ kind: 'dialogue', id, connectionId, title: `Dialogue ${id}`, state: blocked ? 'blocked' : 'open', at: usedAt, matched },
    }));
  }

  /** Dialogues have no order. */
  listOfOrder(): Promise<StoryThing[]> {
    return Promise.resolve([]);
  }

  async describe(_kind: string, id: string): Promise<StoryFacts | undefined> {
    const row = isUuid(id) ? await this.database.dataSource.getRepository(DialogueEntity).findOneBy({ id }) : null;
    if (!row) return undefined;
    const messages = await this.database.dataSource
      .getRepository(MessageEntity)
      .find({ where: { dialogueId: id }, order: { createdAt: 'DESC' }, take: MOST_MESSAGES });
    return {
      ...{ kind: 'dialogue', id, connectionId: row.connectionId, title: `Dialogue ${id}`, state: row.blocked ? 'blocked' : 'open' },
      ...{ stateAt: row.usedAt, createdAt: row.createdAt, ids: { dialogue: id, channel: row.channelId } },
      operations: messages.filter(({ direction }) => direction === 'out').map((message) => message.id),
      outbox: [id, toMarks(id)],
      subjects: [id, row.chat].map((one) => toSubject('dialogue', one)),
      events: messages.flatMap(tellMessage),
      notes: row.blocked ? ['The customer has blocked the account, so messages cannot reach them.'] : [],
    };
  }
}

function tellMessage({ id, direction, action, state, problem, createdAt, updatedAt, dueAt, tries }: MessageEntity): StoryEvent[] {
  const what = `Message ${id} (${action} ${direction === 'in' ? 'from' : 'to'} the customer)`;
  const event = {
    source: 'state' as const,
    details: listDetails({ message: id, action, state, problem, tries: tries > 0 ? tries : null }),
  };
  const why = problem === null ? '' : `: ${problem}`;
  const again = dueAt && OUTCOMES[state] === 'waiting' ? ` The next try is at ${formatTime(dueAt)}.` : '';
  const first: StoryEvent = { ...event, at: createdAt, outcome: 'ok', title: `${what} was accepted.` };
  return [first, { ...event, at: updatedAt, outcome: OUTCOMES[state], title: `${what} is ${state}${why}.${again}` }];
}
