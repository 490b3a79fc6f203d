import { Injectable, Logger } from '@nestjs/common';
import { type Connection, isFirstProvider, ProviderContexts } from '#connections';
import { CallbackError, cleanText, Database, errorText, stringifyClean, toLogLine, toRows, type Transaction } from '#platform';
import { type ProviderContext, ProviderError, type ProviderWebhook, type WebhookReply, type WebhookRequest } from '#provider-kit';
import { shakeHands } from './handshake.js';
import { InboxEventEntity, type InboxState } from './inbox-event.entity.js';
import { InboxApplier } from './inbox-applier.js';
import { STORE } from './inbox-statements.js';

/** Maximum number of events replayed at the same time without ids. */
const MOST_AT_ONCE = 1_000;

/** Milliseconds that an event waits for a locked row before it is left to a worker. */
const MARK_MS = 1_000;
/** Milliseconds that `verify` may take to fetch a service's keys. */
const VERIFY_MS = 2_000;

/** An event to be stored. */
export interface InboxDraft {
  /** The provider's id of the event. */
  eventId: string;
  kind: string;
  payload: object;
  /**
   * Events of one subject are applied in order. An event that cannot be applied blocks only later events of
   * its subject. At most 500 characters.
   */
  subject?: string | undefined;
  /** Subjects of the event, such as `delivery:1` by the provider's id, to find it by. */
  about?: readonly string[] | undefined;
  /** Reply to the sender, also if it sends this event again. Default: 200 `{"success":true}`. */
  reply?: WebhookReply | undefined;
}

/** A verified webhook that could not be read (`webhook.identifyUnread`), unchanged. */
export interface UnreadWebhook {
  /** Reason why it could not be read. */
  problem: string;
  /** Same as in WebhookRequest. The body is UTF-8. */
  path: string;
  body: string;
}

/** Defines how an integration stores the events of its webhooks. */
export interface Reception<Event> {
  /** Kind of its inbox events. */
  readonly kind: string;
  /** Kind of inbox events with unreadable webhooks: an UnreadWebhook. Missing: such webhooks get 400. */
  readonly unreadKind?: string;
  /** Returns the stored part of an event. */
  toPayload(event: Event): object;
  /** Returns an event's subject for `InboxDraft.subject`. Default: none. */
  toSubject?(event: Event): string | undefined;
  /** Returns an event's subjects, such as `delivery:1` by the provider's id, to find it by. Default: none. */
  listSubjects?(event: Event): string[];
  /** The connection with other settings that a webhook may be signed for. */
  readonly others?: readonly Connection[];
  /**
   * Whether events are applied in the transaction that stores them, without a job. For handlers that only
   * mark rows. If that fails, a worker applies them. Default: false.
   */
  readonly appliesNow?: boolean;
  /** Returns the events to store. Default: all. */
  admit?(events: Event[]): Promise<Event[]>;
}

/** Result of replaying one event. */
export interface ReplayedEvent {
  id: string;
  outcome: 'queued' | 'not-failed' | 'not-found';
  /** Reason why it was not requeued. */
  reason?: string;
}

/** A new event, as stored. */
interface StoredEvent extends Pick<InboxEventEntity, 'kind' | 'payload'> {
  event_id: string;
}

/** Receives and stores verified events of providers. */
@Injectable()
export class InboxService {
  private readonly logger = new Logger(InboxService.name);

  constructor(
    private readonly database: Database,
    private readonly contexts: ProviderContexts,
    private readonly applier: InboxApplier,
  ) {}

  /**
   * Stores verified events, skipping known ones, and wakes a worker. Acknowledge the events once it resolves.
   * Returns the reply stored with the first event. For a known event that is the reply of the first time.
   * @param appliesNow see `Reception`
   */
  async keep(connection: Connection, drafts: InboxDraft[], appliesNow = false): Promise<WebhookReply | undefined> {
    const { id, module, request } = connection;
    const [first] = drafts;
    if (!first) return undefined;
    // Ids of two services may be equal.
    const prefix = isFirstProvider(module) ? '' : `${module.manifest.code}/`;
    const toOwn = (text: string): string => prefix + cleanText(text);
    const firstId = toOwn(first.eventId);
    const values = [
      id,
      drafts.map((draft) => toOwn(draft.eventId)),
      drafts.map((draft) => draft.kind),
      drafts.map((draft) => stringifyClean(draft.payload)),
      drafts.map((draft) => (draft.subject === undefined ? null : toOwn(draft.subject))),
      drafts.map((draft) => (draft.reply ? JSON.stringify(draft.reply) : null)),
      request ?? null,
      drafts.map(({ about }) => (about && about.length > 0 ? JSON.stringify(about.map(cleanText)) : null)),
    ];
    let stored = appliesNow ? await this.storeApplied(connection, values) : undefined;
    if (!stored) {
      stored = await this.database.query<StoredEvent>(STORE, [...values, 'pending']);
      this.applier.wake(id, request);
    }
    if (stored.some((row) => row.event_id === firstId)) return first.reply;
    // Reads without a lock, so that it does not wait for a worker that applies the event.
    const [known] = await this.database.query<{ reply: WebhookReply | null }>(
      'SELECT reply FROM inbox_event WHERE connection_id = $1 AND event_id = $2',
      [id, firstId],
    );
    return known ? (known.reply ?? undefined) : first.reply;
  }

  /**
   * Replies to a test of the address. Otherwise verifies a webhook by its raw body, stores its events and
   * wakes a worker. Returns the reply. Undefined: 200 `{"success":true}`.
   * @throws CallbackError 404 if the provider has no webhooks, 400 for a forged or stale one
   * @throws ProviderError `invalid` if the webhook cannot be read
   */
  async receive<S extends object, Event extends { id: string }>(
    connection: Connection,
    webhook: ProviderWebhook<S, Event> | undefined,
    request: WebhookRequest,
    {
      kind,
      unreadKind,
      toPayload,
      toSubject,
      listSubjects,
      others = [],
      appliesNow,
      admit = (events) => Promise.resolve(events),
    }: Reception<Event>,
  ): Promise<WebhookReply | undefined> {
    if (!webhook) throw new CallbackError(404, 'This provider has no webhooks.');
    const contexts = [connection, ...others].map((one) => this.contexts.contextFor<S>(one));
    for (const context of contexts) {
      const greeting = shakeHands(webhook, request, context);
      if (greeting) return greeting;
    }
    const context = await this.verify(webhook, request, contexts);
    let parsed: Event[];
    try {
      parsed = webhook.parse(request, context);
    } catch (error) {
      if (unreadKind === undefined || !(error instanceof ProviderError && error.kind === 'invalid')) throw error;
      const eventId = webhook.identifyUnread?.(request, context);
      if (eventId === undefined) throw error;
      const unread = {
        problem: errorText(error),
        path: request.path,
        body: new TextDecoder().decode(request.rawBody),
      } satisfies UnreadWebhook;
      return this.keep(connection, [{ eventId, kind: unreadKind, payload: unread, reply: await webhook.reply?.([], context) }]);
    }
    connection.subjects?.add(...parsed.flatMap((event) => listSubjects?.(event) ?? []));
    const events = await admit(parsed);
    const reply = await this.waitForReply(webhook.reply?.(events, context), context.signal, connection);
    if (events.length === 0) return reply;
    return this.keep(
      connection,
      events.map((event, index) => ({
        eventId: event.id,
        kind,
        payload: toPayload(event),
        subject: toSubject?.(event),
        about: listSubjects?.(event),
        reply: index === 0 ? reply : undefined,
      })),
      appliesNow,
    );
  }

  /**
   * Verifies and reads a webhook, and stores nothing. Throws CallbackError and ProviderError like `receive`.
   */
  async read<S extends object, Event>(
    connection: Connection,
    webhook: ProviderWebhook<S, Event>,
    request: WebhookRequest,
    others: readonly Connection[],
  ): Promise<Event[]> {
    const contexts = [connection, ...others].map((one) => this.contexts.contextFor<S>(one));
    return webhook.parse(request, await this.verify(webhook, request, contexts));
  }

  /** Stores and applies new events in one transaction. Returns undefined if that fails and stores nothing. */
  private async storeApplied(connection: Connection, values: readonly unknown[]): Promise<StoredEvent[] | undefined> {
    try {
      return await this.database.transaction(async (tx) => {
        // Otherwise a sender would wait for a reply as long as another transaction locks the marked row.
        await tx.query(`SET LOCAL lock_timeout = '${MARK_MS}ms'`);
        const stored = toRows<StoredEvent>(await tx.query(STORE, [...values, 'applied']));
        for (const event of stored)
          if (await this.applier.apply(tx, connection, event)) throw new Error(`an event of kind ${event.kind} has to be applied again`);
        return stored;
      }, connection.request);
    } catch (error) {
      this.logger.warn(toLogLine(`events of connection ${connection.id} are left to a worker: ${errorText(error)}`, connection.request));
      return undefined;
    }
  }

  /**
   * Waits for a reply within the time of a call. Events are stored even if the provider never creates a
   * reply.
   */
  private async waitForReply(
    replied: WebhookReply | undefined | Promise<WebhookReply | undefined>,
    signal: AbortSignal,
    { id, request }: Connection,
  ): Promise<WebhookReply | undefined> {
    if (!(replied instanceof Promise)) return replied;
    const over = new Promise<undefined>((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }));
    const reply = await Promise.race([replied, over]);
    if (signal.aborted && reply === undefined)
      this.logger.warn(toLogLine(`connection ${id} did not create its reply to a webhook in time`, request));
    return reply;
  }

  private async verify<S extends object>(
    webhook: Pick<ProviderWebhook<S, unknown>, 'verify'>,
    request: WebhookRequest,
    contexts: readonly ProviderContext<S>[],
  ): Promise<ProviderContext<S>> {
    let context: ProviderContext<S> | undefined;
    for (const one of contexts) {
      const verdict = webhook.verify(request, one);
      if (!(typeof verdict === 'boolean' ? verdict : await waitForKeys(verdict))) continue;
      context = one;
      break;
    }
    if (!context) throw new CallbackError(400, 'The signature does not match, or the event is too old.');
    return context;
  }

  /**
   * Requeues failed events (by ids, or all or a connection's), for the initial number of attempts. Returns
   * the result for each id.
   * @param transaction to use. The connections are woken after its commit
   * @throws CallbackError 409 without any change if more than 1,000 would be replayed without ids
   */
  replay(which: { ids?: string[]; connectionId?: string }, transaction?: Transaction): Promise<ReplayedEvent[]> {
    return transaction ? this.replayIn(transaction, which) : this.database.transaction((tx) => this.replayIn(tx, which));
  }

  /** Discards failed events permanently, in the name of an operator. Returns how many were failed. */
  async discard(tx: Transaction, ids: readonly string[], by: string): Promise<number> {
    const discarded = await tx.query(
      `UPDATE inbox_event SET state = 'discarded', discarded_by = $2, discarded_at = now() WHERE id = ANY ($1::bigint[]) AND state = 'failed' RETURNING id`,
      [ids, by],
    );
    return toRows(discarded).length;
  }

  private async replayIn(tx: Transaction, { ids, connectionId }: { ids?: string[]; connectionId?: string }): Promise<ReplayedEvent[]> {
    const rows = toRows<{ id: string; connection_id: string; state: InboxState }>(
      await tx.query(
        `WITH named AS (
           SELECT id, connection_id, state FROM inbox_event WHERE (state = 'failed' OR id = ANY ($1))
             AND ($1::bigint[] IS NULL OR id = ANY ($1)) AND ($2::uuid IS NULL OR connection_id = $2)
           ORDER BY id LIMIT CASE WHEN $1::bigint[] IS NULL THEN ${MOST_AT_ONCE + 1} END FOR UPDATE
         ), queued AS (
           UPDATE inbox_event e SET state = 'pending', due_at = now(), failed_at = NULL FROM named WHERE e.id = named.id AND named.state = 'failed'
         )
         SELECT * FROM named ORDER BY id`,
        [ids ?? null, connectionId ?? null],
      ),
    );
    if (ids === undefined && rows.length > MOST_AT_ONCE)
      throw new CallbackError(
        409,
        `More than ${MOST_AT_ONCE} events have failed. Pass up to 1,000 ids, or start a task with POST /operator/api/failures/replay.`,
      );
    const woken = new Set(rows.filter((row) => row.state === 'failed').map((row) => row.connection_id));
    tx.afterCommit(() => woken.forEach((id) => this.applier.wake(id)));
    const known = new Map(rows.map((row) => [row.id, row]));
    return [...new Set(ids?.map((id) => String(BigInt(id))) ?? known.keys())].map((id) => {
      const state = known.get(id)?.state;
      if (state === undefined) return { id, outcome: 'not-found' };
      return state === 'failed' ? { id, outcome: 'queued' } : { id, outcome: 'not-failed', reason: `it is ${state}` };
    });
  }

  /** Finds events of any connection by any of the subjects, or by the id of their request. */
  search({ subjects, request }: { subjects: readonly string[]; request: string }, most: number): Promise<InboxEventEntity[]> {
    return this.database.dataSource
      .getRepository(InboxEventEntity)
      .createQueryBuilder('e')
      .where(
        `e.id = ANY (ARRAY((SELECT id FROM inbox_event WHERE about && :subjects::text[] LIMIT ${most}) UNION ALL
           (SELECT id FROM inbox_event WHERE request = :request LIMIT ${most})))`,
        { subjects: [...subjects], request },
      )
      .orderBy('e.id', 'DESC')
      .take(most)
      .getMany();
  }

  /** Lists the latest events of a connection about any of the subjects, such as `delivery:1`. */
  listAbout(connectionId: string, about: readonly string[], most: number): Promise<InboxEventEntity[]> {
    return this.database.dataSource
      .getRepository(InboxEventEntity)
      .createQueryBuilder('e')
      .where('e.about && :about::text[] AND e.connectionId = :connectionId', { about: [...about], connectionId })
      .orderBy('e.id', 'DESC')
      .take(most)
      .getMany();
  }
}

/** Waits for a verdict that needs published keys. Throws ProviderError `unavailable` if it takes too long. */
async function waitForKeys(verdict: Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    const fail = (): void =>
      reject(new ProviderError('unavailable', 'The keys of the service cannot be read right now. Send the webhook again later.'));
    timer = setTimeout(fail, VERIFY_MS);
  });
  try {
    return await Promise.race([verdict, over]);
  } finally {
    clearTimeout(timer);
  }
}
