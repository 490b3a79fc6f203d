import { Injectable } from '@nestjs/common';
import { type ConnectionEntity, ConnectionStore, HostedModules } from '#connections';
import { type InboxEventEntity, InboxService } from '#inbox';
import { type JournalHead, JournalReader, toSubject } from '#journal';
import { type OperationEntity, OperationLists } from '#operations';
import { type OutboxEntity, type OutboxLaneEntity, OutboxService } from '#outbox';
import { BadInputError, Clock, isUuid, notFound } from '#platform';
import { type DifferenceEntity, DifferenceStore } from '#reconciliation';
import { type StoryFacts, StoryReaders } from '../story-reader.js';
import { listNextSteps } from './next-steps.js';
import { type Names, tellDifference, tellEvent, tellExchange, tellMessage, tellOperation } from './sentences.js';
import type { StoryEvent, StoryKind } from './story.js';
import { explainStop, explainWaiting, type WaitingFor } from './waiting.js';

/** Maximum number of rows to read of each kind, the latest first. */
const MOST_ROWS = 200;
/** Maximum number of events to show, the latest. */
const MOST_EVENTS = 500;

/** One thing in a story. */
export interface StoryHead {
  kind: StoryKind;
  id: string;
  /** Its name, such as `Delivery of order 7C`. */
  title: string;
  /** Its current state, with the time since when. */
  state: string;
  stateAt: Date;
  /** Its ids by the system that uses them, named in plain English. */
  ids: Readonly<Record<string, string>>;
  createdAt: Date;
}

/** Everything known about one thing, as a timeline. */
export interface Story {
  kind: StoryKind;
  id: string;
  title: string;
  /** The connection that it belongs to. */
  connection: {
    id: string;
    /** Host of the shop. */
    host: string;
    module: string;
    providers: string[];
    /** Why the connection does not work. Missing if it works. */
    stopped?: string;
  };
  /** The things in the story. For an order, everything that was made for it. */
  things: StoryHead[];
  /** Work that waits or was not completed, with reasons, in whole sentences. */
  waiting: string[];
  /** The operator's next steps. */
  nextSteps: string[];
  /** In chronological order. */
  events: StoryEvent[];
  /** Number of older events that are not shown. */
  omitted?: number;
}

/** The stored rows that a story is made of. */
interface StoryRows {
  operations: OperationEntity[];
  messages: OutboxEntity[];
  lanes: OutboxLaneEntity[];
  differences: DifferenceEntity[];
  events: InboxEventEntity[];
  exchanges: JournalHead[];
}

/** Tells the story of an order, a delivery, a payment, a call or a dialogue. */
@Injectable()
export class StoryService {
  constructor(
    private readonly storyReaders: StoryReaders,
    private readonly connections: ConnectionStore,
    private readonly modules: HostedModules,
    private readonly operations: OperationLists,
    private readonly outbox: OutboxService,
    private readonly inbox: InboxService,
    private readonly differences: DifferenceStore,
    private readonly journal: JournalReader,
    private readonly clock: Clock,
  ) {}

  /**
   * Returns a story. For an order, `id` is its id or number in the CRM, and the connection is required.
   * @throws CallbackError 404, or BadInputError for an order without a connection
   */
  async read(kind: StoryKind, id: string, connectionId?: string): Promise<Story> {
    if (kind === 'order') return this.readOrder(id, connectionId);
    const facts = await this.storyReaders.find(kind)?.describe(kind, id);
    const row = facts && (await this.connections.findRow(facts.connectionId));
    if (!facts || !row) throw notFound(kind, id);
    return this.compose(kind, facts.id, facts.title, row, [facts]);
  }

  private async readOrder(order: string, connectionId: string | undefined): Promise<Story> {
    if (connectionId === undefined || !isUuid(connectionId))
      throw new BadInputError({ connection: 'must be the id of the connection whose order it is' });
    const row = await this.connections.findRow(connectionId);
    if (!row) throw notFound('connection', connectionId);
    const places = await Promise.all(this.storyReaders.all.map((reader) => reader.listOfOrder(connectionId, order)));
    const things = await Promise.all(places.flat().map(async ({ kind, id }) => this.storyReaders.find(kind)?.describe(kind, id)));
    const facts = things.filter((thing) => thing !== undefined);
    const story = await this.compose('order', order, `Order ${order}`, row, facts, [
      ...new Set([order, ...facts.flatMap((thing) => thing.order ?? [])]),
    ]);
    if (facts.length === 0 && story.events.length === 0) throw notFound('order', order);
    return story;
  }

  private async compose(
    kind: StoryKind,
    id: string,
    title: string,
    row: ConnectionEntity,
    facts: readonly StoryFacts[],
    orders: readonly string[] = [],
  ): Promise<Story> {
    const names = this.name(row);
    const { operations, messages, lanes, differences, events, exchanges } = await this.readRows(row.id, facts, orders);
    const waitingFor: WaitingFor = {
      ...{ connection: row, host: names.host, lanes, now: this.clock.now() },
      rows: messages.filter(({ state }) => state === 'pending').reverse(),
    };
    const line = [
      ...facts.flatMap((thing) => thing.events),
      ...operations.flatMap((operation) => tellOperation(operation, names, waitingFor.now)),
      ...messages.flatMap((message) => tellMessage(message, names, () => explainWaiting(message, waitingFor))),
      ...events.flatMap((event) => tellEvent(event, names)),
      ...differences.flatMap((difference) => tellDifference(difference)),
      ...exchanges.map((exchange) => tellExchange(exchange, names)),
    ].sort((left, right) => left.at.getTime() - right.at.getTime());
    const stopped = explainStop(waitingFor);
    return {
      ...{ kind, id, title },
      connection: {
        ...{ id: row.id, host: names.host, module: row.moduleCode, providers: names.providers },
        ...(stopped !== undefined && { stopped }),
      },
      things: facts.map((thing) => ({
        ...{ kind: thing.kind, id: thing.id, title: thing.title, state: thing.state, stateAt: thing.stateAt },
        ...{ ids: thing.ids, createdAt: thing.createdAt },
      })),
      waiting: [
        ...(stopped === undefined ? [] : [stopped]),
        ...listRejectedCalls(row, names),
        ...facts.flatMap((thing) => thing.notes),
        ...waitingFor.rows.map(
          (message) =>
            `Message #${message.id} (${names.describe(message.kind)})${stopped === undefined ? `: ${explainWaiting(message, waitingFor)}` : ' waits until then.'}`,
        ),
        ...events.filter(({ state }) => state === 'pending').map((event) => tellEvent(event, names).at(-1)?.title ?? ''),
        ...operations
          .filter(({ state }) => state === 'unknown' || state === 'running')
          .map((operation) => tellOperation(operation, names, waitingFor.now).at(-1)?.title ?? ''),
      ],
      nextSteps: listNextSteps({ connection: row, operations, messages, events, exchanges }),
      events: line.slice(-MOST_EVENTS),
      ...(line.length > MOST_EVENTS && { omitted: line.length - MOST_EVENTS }),
    };
  }

  /** Reads the rows of a connection about things, or about orders by their ids in the CRM. */
  private async readRows(connection: string, facts: readonly StoryFacts[], orders: readonly string[]): Promise<StoryRows> {
    const list = (of: (thing: StoryFacts) => readonly string[]): string[] => [...new Set(facts.flatMap(of))];
    const subjects = list((thing) => thing.subjects);
    const [operations, messages, lanes, differences, events] = await Promise.all([
      this.operations.listOf(connection, [...list((thing) => thing.operations), ...orders], MOST_ROWS),
      this.outbox.listOf(
        connection,
        list((thing) => thing.outbox),
        MOST_ROWS,
      ),
      this.outbox.listLanes(connection),
      this.differences.listOf(
        connection,
        facts.map((thing) => thing.id),
        MOST_ROWS,
      ),
      this.inbox.listAbout(connection, subjects, MOST_ROWS),
    ]);
    const requests = [...operations, ...messages, ...events].flatMap(({ request }) => request ?? []);
    const exchanges = await this.listExchanges(connection, [...subjects, ...orders.map((order) => toSubject('order', order))], requests);
    return { operations, messages, lanes, differences, events, exchanges };
  }

  /** Lists the exchanges about these subjects, and exchanges of these requests without another subject. */
  private async listExchanges(connection: string, subjects: readonly string[], requests: readonly string[]): Promise<JournalHead[]> {
    if (subjects.length + requests.length === 0) return [];
    const { items } = await this.journal.list({
      ...{ connection, subjects, limit: 500 },
      ...(requests.length > 0 && { requests: [...new Set(requests)].slice(0, MOST_ROWS) }),
    });
    const ours = new Set(this.journal.listStored(subjects));
    return items.filter((row) => !row.subjects?.length || row.subjects.some((subject) => ours.has(subject)));
  }

  private name(row: ConnectionEntity): Names {
    const module = this.modules.get(row.moduleCode);
    const parts = module?.providers ?? [];
    const titleOf = (code: string | null): string =>
      parts.find(({ manifest }) => manifest.code === code)?.manifest.title.en ?? code ?? 'The provider';
    return {
      host: new URL(row.systemUrl).host,
      providers: parts.map(({ manifest }) => manifest.title.en),
      describe: (kind) => this.storyReaders.describe(kind),
      titleOf,
      providerOf: (kind) => {
        const integration = kind.split('.')[0] === 'shipment' ? 'delivery' : kind.split('.')[0];
        const part = parts.find((one) => one.integration === integration) ?? parts[0];
        return part?.manifest.title.en ?? 'The provider';
      },
    };
  }
}

function listRejectedCalls(row: ConnectionEntity, { titleOf }: Names): string[] {
  const calls = Object.entries(row.byProvider).map(([code, { rejectedCalls }]) => [titleOf(code), rejectedCalls] as const);
  return [[titleOf(null), row.rejectedCalls] as const, ...calls]
    .filter(([, rejected]) => rejected.length > 0)
    .map(([title, rejected]) => `${title} rejects the shop's credentials (at ${rejected.join(', ')}). The shop must correct its settings.`);
}
