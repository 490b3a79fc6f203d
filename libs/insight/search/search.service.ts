import { Injectable } from '@nestjs/common';
import { ConnectionLists } from '#connections';
import { InboxService } from '#inbox';
import { type JournalHead, JournalReader, toSubject } from '#journal';
import { OperationLists } from '#operations';
import { OutboxService } from '#outbox';
import { isWithinScope, type Page } from '#platform';
import { StoryReaders } from '../story-reader.js';
import { readSearch, type SearchHit, type SearchHitKind, type SearchQuery } from './search-query.js';

/** Maximum number of hits per kind of match, over all pages. */
const MOST = 50;
/** Kinds in the order of the hits. Deliveries come before orders, which may be known only from calls. */
const KINDS: readonly SearchHitKind[] = [
  ...(['connection', 'delivery', 'payment', 'dialogue', 'call', 'order'] as const),
  ...(['operation', 'message', 'event', 'exchange'] as const),
];

/** Selects a part of the hits. */
export interface SearchPage {
  page?: number | undefined;
  limit?: number | undefined;
  connection?: string | undefined;
}

/** A search hit. */
export interface SearchHitView {
  kind: SearchHitKind;
  id: string;
  /** Id of the connection. */
  connection: string;
  /** Host of the shop. Missing if the connection no longer exists. */
  host?: string;
  /** Code of the connection's module. Missing if the connection no longer exists. */
  module?: string;
  /** Its name, such as `Delivery of order 7C`. */
  title: string;
  state: string;
  /** Time of the last state change, or of its creation. */
  at: Date;
  /** The property that matched, such as `track number`. */
  matched: string;
  /** Address of its story in the operator API. */
  story?: string;
}

/** Kinds of subjects of providers' events, whose ids belong to the provider. */
const EVENT_SUBJECTS = ['delivery', 'payment', 'call', 'dialogue'] as const;
const ORDER = toSubject('order', '');
/** `matched` if a host only begins with the text. */
const BEGINNING = 'beginning of the host';
/** Names of the kinds of records. */
const KIND_NAMES = { operation: 'Operation', message: 'Message to the CRM', event: 'Event of the provider' } as const;
/** The direction of a call, shown before the call's name. */
const CALL_NAMES: Readonly<Record<JournalHead['kind'], string>> = {
  callback: 'The CRM called',
  webhook: 'The service sent',
  provider: 'The service was called:',
  crm: 'The CRM was called:',
};
/** Kinds of operations whose subject is an order. */
const OF_ORDERS = /^(?:delivery|store)\./;

/** Searches all connections for an id, number, phone or host. */
@Injectable()
export class SearchService {
  constructor(
    private readonly storyReaders: StoryReaders,
    private readonly lists: ConnectionLists,
    private readonly operations: OperationLists,
    private readonly outbox: OutboxService,
    private readonly inbox: InboxService,
    private readonly journal: JournalReader,
  ) {}

  /**
   * Finds the meanings of a text: the id or number of an order, a track number, our own or a provider's id,
   * an invoice, a phone, a host, a connection, a request number. Each search uses an index. Hits are in the
   * order of their kinds, an exact host first, then the newest.
   * @param page from 1, of `limit` hits
   * @param connection only hits of this connection
   */
  async search(typed: string, { page = 1, limit = 50, connection }: SearchPage = {}): Promise<Page<SearchHitView>> {
    const query = readSearch(typed);
    if (query.text === '') return { items: [], total: 0 };
    const found = await Promise.all([
      ...this.storyReaders.all.map((reader) => reader.search(query, MOST)),
      this.searchConnections(query),
      this.searchRecords(query),
      this.searchOrders(query),
      this.searchJournal(query),
    ]);
    const all = found.flat().filter((hit) => connection === undefined || hit.connectionId === connection);
    const unique = [...new Map(all.map((hit) => [`${hit.kind} ${hit.id} ${hit.connectionId}`, hit])).values()].sort(compareHits);
    const modules = await this.lists.listModuleCodes([...new Set(unique.map(({ connectionId }) => connectionId))]);
    const visible = unique.filter(({ connectionId }) => isWithinScope(modules.get(connectionId) ?? ''));
    const hits = visible.slice((page - 1) * limit, page * limit);
    const hosts = await this.lists.listHosts([...new Set(hits.map(({ connectionId }) => connectionId))]);
    const items = hits.map(({ kind, id, connectionId, title, state, at, matched }) => {
      const story = toStory(kind, id, connectionId);
      const [host, module] = [hosts.get(connectionId), modules.get(connectionId)];
      return {
        ...{ kind, id, connection: connectionId },
        ...(host !== undefined && { host }),
        ...(module !== undefined && { module }),
        ...{ title, state, at, matched },
        ...(story !== undefined && { story }),
      };
    });
    return { items, total: visible.length };
  }

  private async searchConnections({ uuid, host }: SearchQuery): Promise<SearchHit[]> {
    const rows = await this.lists.search({ id: uuid, host }, MOST);
    return rows.map(({ id, code, systemUrl, active, frozen, frozenByOperatorAt, disconnectedAt, updatedAt }) => ({
      ...{ kind: 'connection' as const, id, connectionId: id, title: `${code} of ${new URL(systemUrl).host}`, at: updatedAt },
      state: disconnectedAt ? 'disconnected' : frozen || frozenByOperatorAt ? 'frozen' : active ? 'active' : 'inactive',
      matched: id === uuid ? 'connection' : new URL(systemUrl).hostname === host ? 'host' : BEGINNING,
    }));
  }

  private async searchRecords({ text, uuid }: SearchQuery): Promise<SearchHit[]> {
    const [operations, messages, events] = await Promise.all([
      this.operations.search({ id: uuid, request: text }, MOST),
      this.outbox.search(text, MOST),
      this.inbox.search({ subjects: EVENT_SUBJECTS.map((kind) => toSubject(kind, text)), request: text }, MOST),
    ]);
    const toHit =
      (kind: 'operation' | 'message' | 'event', matched: string) =>
      (row: { id: string; connectionId: string; kind: string; state: string; createdAt: Date }): SearchHit => ({
        ...{
          kind,
          id: row.id,
          connectionId: row.connectionId,
          title: `${KIND_NAMES[kind]}: ${this.storyReaders.describe(row.kind)}`,
          state: row.state,
          at: row.createdAt,
          matched,
        },
      });
    return [
      ...operations.map((row) => toHit('operation', row.id === uuid ? 'operation' : 'request')(row)),
      ...messages.map(toHit('message', 'request')),
      ...events.map((row) => toHit('event', row.request === text ? 'request' : "provider's id")(row)),
    ];
  }

  /** Finds orders by their operations, including orders whose delivery or payment was never created. */
  private async searchOrders({ text }: SearchQuery): Promise<SearchHit[]> {
    const rows = await this.operations.searchSubject(text, MOST);
    return rows
      .filter(({ kind }) => OF_ORDERS.test(kind))
      .map(({ connectionId, kind, state, createdAt }) => ({
        ...{
          kind: 'order',
          id: text,
          connectionId,
          title: `Order ${text}`,
          state: `${this.storyReaders.describe(kind)}: ${state}`,
          at: createdAt,
          matched: 'order',
        },
      }));
  }

  /** Finds what only the journal has: orders whose callbacks were rejected, requests, phones. */
  private async searchJournal({ text, phones }: SearchQuery): Promise<SearchHit[]> {
    const [ofOrder, ofRequest, ...ofPhones] = await Promise.all([
      this.journal.list({ subjects: [toSubject('order', text)], kind: 'callback', limit: MOST }),
      this.journal.list({ requests: [text], limit: MOST }),
      ...phones.map((phone) => this.journal.list({ phone, limit: MOST })),
    ]);
    const exchanges = [
      ...ofRequest.items.map((row) => ({ row, matched: 'request' })),
      ...ofPhones.flatMap(({ items }) => items).map((row) => ({ row, matched: 'phone' })),
    ];
    return [
      ...ofOrder.items.flatMap(({ connectionId, name, outcome, at }): SearchHit[] =>
        connectionId === null
          ? []
          : [
              {
                kind: 'order',
                id: text,
                connectionId,
                title: `Order ${text}`,
                state: `the CRM called ${name}: ${outcome}`,
                at,
                matched: 'order',
              },
            ],
      ),
      ...ofPhones.flatMap(({ items }) => items.flatMap(listOrders)),
      ...exchanges.flatMap(({ row: { id, connectionId, kind, name, outcome, at, subjects }, matched }): SearchHit[] =>
        connectionId === null
          ? []
          : [
              {
                kind: 'exchange',
                id,
                connectionId,
                title: nameExchange(kind, name, subjects),
                state: outcome,
                at,
                matched,
              },
            ],
      ),
    ];
  }
}

function compareHits(one: SearchHit, other: SearchHit): number {
  return (
    KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind) ||
    Number(one.matched === BEGINNING) - Number(other.matched === BEGINNING) ||
    other.at.getTime() - one.at.getTime() ||
    (one.id < other.id ? -1 : 1)
  );
}

const TOLD: ReadonlySet<SearchHitKind> = new Set(['delivery', 'payment', 'call', 'dialogue']);

function toStory(kind: SearchHitKind, id: string, connectionId: string): string | undefined {
  if (TOLD.has(kind)) return `/operator/api/stories/${kind}/${id}`;
  return kind === 'order' ? `/operator/api/stories/order/${encodeURIComponent(id)}?connection=${connectionId}` : undefined;
}

/** Lists the order of a callback that contained a phone. Other exchanges, such as lists, have many phones. */
function listOrders({ connectionId, kind, name, outcome, at, subjects }: JournalHead): SearchHit[] {
  const order = subjects.find((subject) => subject.startsWith(ORDER) && !subject.startsWith(`${ORDER}~`));
  if (connectionId === null || kind !== 'callback' || order === undefined) return [];
  const id = order.slice(ORDER.length);
  return [{ kind: 'order', id, connectionId, title: `Order ${id}`, state: `the CRM called ${name}: ${outcome}`, at, matched: 'phone' }];
}

/** Names an exchange with its order. */
function nameExchange(kind: JournalHead['kind'], name: string, subjects: readonly string[] | null | undefined): string {
  const order = subjects?.find((subject) => subject.startsWith(ORDER));
  return `${CALL_NAMES[kind]} ${name}${order === undefined ? '' : ` (order ${order.slice(ORDER.length)})`}`;
}
