import { Injectable } from '@nestjs/common';
import {
  formatTime,
  listDetails,
  type SearchHit,
  type SearchQuery,
  type StoryEvent,
  type StoryReader,
  type RecentMark,
  type RecentThing,
  type StoryFacts,
  type StoryThing,
} from '#insight';
import type { Connection } from '#connections';
import { toSubject } from '#journal';
import { Database, fillIn, isUuid } from '#platform';
import { CALL_EVENT, CALLS } from './call.packers.js';
import type { CallOutcome } from './port/index.js';
import { CallEntity } from './telephony.entity.js';
import { texts } from './telephony.texts.js';

interface FoundRow {
  id: string;
  connectionId: string;
  externalId: string;
  direction: string;
  outcome: string | null;
  endedAt: Date | null;
  startedAt: Date;
  matched: string;
}

const FOUND = `id, connection_id AS "connectionId", external_id AS "externalId", direction, outcome, ended_at AS "endedAt", started_at AS "startedAt"`;

/**
 * Each query uses its own index. $1: the text, $2: the text as an id, or null, $3: phones, $4: maximum rows
 * per query.
 */
export const CALL_SEARCH = `
  (SELECT ${FOUND}, 'call' AS matched FROM telephony_call WHERE id = $2::uuid)
  UNION ALL (SELECT ${FOUND}, 'id at the PBX' FROM telephony_call WHERE external_id = $1 LIMIT $4)
  UNION ALL (SELECT ${FOUND}, 'phone' FROM telephony_call WHERE phone = ANY ($3::text[]) ORDER BY started_at DESC LIMIT $4)`;

/** Describes calls for the operator. */
@Injectable()
export class CallStoryReader implements StoryReader {
  readonly integration = 'telephony';
  readonly kinds = ['call'] as const;
  readonly actions = {
    'telephony.call': 'make the call',
    [CALL_EVENT]: 'event of the call, shown to users immediately',
    [CALLS]: 'finished call',
  };

  constructor(private readonly database: Database) {}

  async search({ text, uuid, phones }: SearchQuery, most: number): Promise<SearchHit[]> {
    const rows = await this.database.query<FoundRow>(CALL_SEARCH, [text, uuid ?? null, phones, most]);
    return rows.map((row) => ({
      ...{ kind: 'call', id: row.id, connectionId: row.connectionId, title: nameCall(row), matched: row.matched },
      ...{ state: describeState(row), at: row.endedAt ?? row.startedAt },
    }));
  }

  /** Calls have no order. */
  listOfOrder(): Promise<StoryThing[]> {
    return Promise.resolve([]);
  }

  async listRecent({ id }: Pick<Connection, 'id'>, most: number): Promise<RecentThing[]> {
    const rows = await this.database.dataSource
      .getRepository(CallEntity)
      .find({ where: { connectionId: id }, order: { startedAt: 'DESC', id: 'DESC' }, take: most });
    return rows.map(({ id: call, direction, code, startedAt, endedAt, outcome }) => ({
      ...{ kind: 'call', id: call, title: nameInWords(direction, code) },
      ...(endedAt ? OUTCOMES[outcome ?? 'unknown'] : RUNNING),
      at: endedAt ?? startedAt,
    }));
  }

  /**
   * Uses the index of a connection's latest calls. The telephony page also shows the line and the statuses.
   */
  markRecent(connectionIds: readonly string[]): Promise<RecentMark[]> {
    return this.database.query<RecentMark>(
      `SELECT c.id AS "connectionId", concat_ws(' ', last.mark,
         (SELECT concat(l.connected, l.problem) FROM telephony_listener l WHERE l.connection_id = c.id),
         (SELECT concat(sum(s.version), max(s.applied_at), count(s.due_at)) FROM telephony_user_status s WHERE s.connection_id = c.id)) AS mark
       FROM unnest($1::uuid[]) AS c (id), LATERAL (
         SELECT concat(max(id::text), max(updated_at)) AS mark FROM (
           SELECT id, updated_at FROM telephony_call WHERE connection_id = c.id ORDER BY started_at DESC, id DESC LIMIT 10) latest) last`,
      [connectionIds],
    );
  }

  async describe(_kind: string, id: string): Promise<StoryFacts | undefined> {
    const row = isUuid(id) ? await this.database.dataSource.getRepository(CallEntity).findOneBy({ id }) : null;
    if (!row) return undefined;
    const { connectionId, externalId, pbxId, reference, recordDueAt, createdAt } = row;
    return {
      ...{
        kind: 'call',
        id,
        connectionId,
        title: nameCall(row),
        state: describeState(row),
        stateAt: row.endedAt ?? row.answeredAt ?? row.startedAt,
      },
      ids: {
        ...{ call: id, 'id at the PBX': externalId },
        ...(pbxId !== null && { 'id in webhooks': pbxId }),
        ...(reference !== null && { reference }),
        ...(row.fileId !== null && { 'file in the CRM': row.fileId }),
      },
      createdAt,
      operations: reference === null ? [] : [reference],
      outbox: [externalId],
      subjects: [id, externalId, pbxId, reference].flatMap((one) => (one === null ? [] : [toSubject('call', one)])),
      events: tellCall(row),
      notes: recordDueAt
        ? [`Its recording is copied to the CRM's files at ${formatTime(recordDueAt)} (started ${row.recordTries} times).`]
        : [],
    };
  }
}

function nameCall({ externalId, direction }: Pick<FoundRow, 'externalId' | 'direction'>): string {
  return `Call ${externalId} (${direction})`;
}

const RUNNING: Pick<RecentThing, 'state' | 'tone'> = { state: texts.outcomes.running, tone: 'waiting' };
const OUTCOMES: Readonly<Record<CallOutcome, Pick<RecentThing, 'state' | 'tone'>>> = {
  answered: { state: texts.outcomes.answered, tone: 'ok' },
  busy: { state: texts.outcomes.busy, tone: 'ok' },
  'no-answer': { state: texts.outcomes['no-answer'], tone: 'ok' },
  cancelled: { state: texts.outcomes.cancelled, tone: 'ok' },
  failed: { state: texts.outcomes.failed, tone: 'failed' },
  'not-allowed': { state: texts.outcomes['not-allowed'], tone: 'failed' },
  unknown: { state: texts.outcomes.unknown, tone: 'ok' },
};

/** The customer's number is left out, because the CRM shows it to permitted users. */
function nameInWords(direction: CallEntity['direction'], code: string | null): RecentThing['title'] {
  const at = code === null ? '' : ` (${code})`;
  return direction === 'in' ? fillIn(texts.incomingCall, { at }) : fillIn(texts.outgoingCall, { at });
}

function describeState({ outcome, endedAt }: Pick<FoundRow, 'outcome' | 'endedAt'>): string {
  return endedAt ? (outcome ?? 'ended') : 'running';
}

function tellCall({ direction, code, startedAt, answeredAt, endedAt, outcome }: CallEntity): StoryEvent[] {
  const event = { source: 'state' as const, outcome: 'ok' as const, details: listDetails({ direction, extension: code, result: outcome }) };
  return [
    { ...event, at: startedAt, title: 'The call started.' },
    ...(answeredAt ? [{ ...event, at: answeredAt, title: 'It was answered.' }] : []),
    ...(endedAt ? [{ ...event, at: endedAt, title: `It ended: ${outcome ?? 'unknown outcome'}.` }] : []),
  ];
}
