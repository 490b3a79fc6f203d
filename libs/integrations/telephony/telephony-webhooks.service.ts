import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { type Connection, TrafficStore, isLive, ProviderContexts } from '#connections';
import { type Again, type InboxHandler, InboxService, type WebhookReceiver } from '#inbox';
import { InjectProviders, type Providers } from '#integration-kit';
import { toSubject } from '#journal';
import { ProviderSetups } from '#onboarding';
import { Clock, Database, errorText, toLogLine, type Transaction } from '#platform';
import type { ProviderWebhook, WebhookReply, WebhookRequest } from '#provider-kit';
import { CallHistory } from './call-history.js';
import { LATE_MS } from './call.packers.js';
import { ANSWER_MS, CallerManagers } from './caller-managers.js';
import type { CallEvent, CallUpdate, Identify, TelephonyProvider, TelephonyWebhook, TrackedCall } from './port/index.js';
import { CallEntity } from './telephony.entity.js';

/** Inbox kind of webhooks' events, which contain customers' numbers. */
export const CALL_EVENT_KIND = 'telephony.event';

/** Milliseconds for the whole reply. The provider builds the reply in the time that lookups leave. */
const REPLY_MS = ANSWER_MS + 500;

/** Maximum number of events from a service's records stored together. */
const BATCH = 500;

/** Stored part of an event. */
interface StoredEvent {
  event: CallEvent;
  /** ISO 8601. */
  receivedAt: string;
  /** Whether it comes from the service's records, which contain only ended calls. */
  caughtUp?: boolean;
  hasWaited?: boolean;
}

/**
 * Calls of PBXs that report by webhook. Events are verified, stored and acknowledged. A worker applies the
 * events of one call in order, each in one transaction with the CRM's rows.
 */
@Injectable()
export class TelephonyWebhooksService implements WebhookReceiver {
  readonly integration = 'telephony';
  readonly handlers = {
    [CALL_EVENT_KIND]: ((tx, connection, event) => this.apply(tx, connection, event)) satisfies InboxHandler<StoredEvent>,
  };
  private readonly logger = new Logger(TelephonyWebhooksService.name);

  constructor(
    @InjectProviders('telephony') private readonly providers: Providers<TelephonyProvider>,
    private readonly database: Database,
    private readonly inbox: InboxService,
    private readonly history: CallHistory,
    private readonly managers: CallerManagers,
    private readonly traffic: TrafficStore,
    private readonly contexts: ProviderContexts,
    private readonly setups: ProviderSetups,
    private readonly clock: Clock,
  ) {}

  takes(connection: Connection): boolean {
    return this.providers.has(connection, 'webhook');
  }

  /**
   * Processes a webhook and returns the reply. Throws CallbackError 400 if it is forged or stale, 404 if the
   * provider has no webhooks. Nothing is stored for a connection that is not live.
   */
  receive(connection: Connection, request: WebhookRequest): Promise<WebhookReply | undefined> {
    const webhook = this.providers.getMember(connection, 'webhook');
    const receivedAt = this.clock.now().toISOString();
    return this.inbox.receive(connection, webhook && this.bind(connection, webhook), request, {
      kind: CALL_EVENT_KIND,
      toPayload: (event): StoredEvent => ({ event, receivedAt }),
      toSubject: ({ call }) => call,
      listSubjects: ({ call }) => [toSubject('call', call)],
      admit: (events) => Promise.resolve(isLive(connection) ? events : []),
    });
  }

  /** Stores events from the service's own records. Known ones are skipped. */
  async catchUp(connection: Connection, events: readonly CallEvent[]): Promise<void> {
    const receivedAt = this.clock.now().toISOString();
    for (let from = 0; from < events.length; from += BATCH)
      await this.inbox.keep(
        connection,
        events.slice(from, from + BATCH).map((event) => ({
          ...{ eventId: event.id, kind: CALL_EVENT_KIND, subject: event.call, about: [toSubject('call', event.call)] },
          payload: { event, receivedAt, caughtUp: true } satisfies StoredEvent,
        })),
      );
  }

  /** Returns when the PBX last reported an event that is still stored, or undefined for never. */
  async findLastEvent(connectionId: string): Promise<Date | undefined> {
    const [row] = await this.database.query<{ at: Date }>(
      `SELECT created_at AS at FROM inbox_event WHERE connection_id = $1 AND kind = $2 AND payload->>'caughtUp' IS NULL ORDER BY id DESC LIMIT 1`,
      [connectionId, CALL_EVENT_KIND],
    );
    return row?.at;
  }

  /** Passes the lookup of callers to the provider's `reply`. */
  private bind(connection: Connection, webhook: TelephonyWebhook<object>): ProviderWebhook<object, CallEvent> {
    return {
      verify: (request, context) => webhook.verify(request, context),
      parse: (request, context) => webhook.parse(request, context),
      ...(webhook.handshake && { handshake: (request, context) => webhook.handshake?.(request, context) }),
      ...(webhook.reply && { reply: (events, context) => this.reply(connection, webhook, events, context) }),
    };
  }

  /** Events are stored even if the reply fails, because a PBX may not send them again. */
  private async reply(
    connection: Connection,
    webhook: TelephonyWebhook<object>,
    ...[events, context]: Parameters<NonNullable<ProviderWebhook<object, CallEvent>['reply']>>
  ): Promise<WebhookReply | undefined> {
    const signal = AbortSignal.timeout(ANSWER_MS);
    const identify: Identify = (phone, question) => this.managers.identify(connection, phone, question, signal);
    try {
      const work = async (): Promise<WebhookReply | undefined> => webhook.reply?.(events, context, identify);
      const replied = this.providers.observe(connection, 'webhook.reply', work);
      return await Promise.race([replied, sleep(REPLY_MS, undefined, { ref: false })]);
    } catch (error) {
      this.logger.warn(toLogLine(`no reply to a webhook of connection ${connection.id}: ${errorText(error)}`, connection.request));
      return undefined;
    }
  }

  private async apply(tx: Transaction, connection: Connection, stored: StoredEvent): Promise<Again | void> {
    const { event, receivedAt, caughtUp = false, hasWaited = false } = stored;
    const track = this.providers.getMember(connection, 'track');
    if (!track) return;
    const known = await this.lockCall(tx, connection, event.call);
    const at = new Date(receivedAt);
    const update = track({ ...event, hasWaited }, known, at, this.contexts.contextFor(connection));
    if (!update) return;
    // A call from the records counts from its start, so that its click is searched before that.
    const heardAt = caughtUp && update.call.startedAt < at ? update.call.startedAt : at;
    const isLate = caughtUp || this.clock.now().getTime() - at.getTime() >= LATE_MS;
    const told = isLate ? this.leaveOutRings(connection, update) : update;
    const dropped = await this.history.keep(tx, connection, [told], { pbxId: event.call, at: heardAt });
    if (update.concernsAccount) tx.afterCommit(() => this.lookAgain(connection));
    if (dropped > 0) tx.afterCommit(() => this.countDropped(connection, dropped));
    if (update.waitS !== undefined) return { afterS: update.waitS, payload: { ...stored, hasWaited: true } satisfies StoredEvent };
  }

  private async lockCall(tx: Transaction, { id: connectionId }: Connection, pbxId: string): Promise<TrackedCall | undefined> {
    const call = await tx.getRepository(CallEntity).findOne({
      select: { id: true, externalId: true, memory: true, endedAt: true },
      where: [
        { connectionId, externalId: pbxId },
        { connectionId, pbxId },
      ],
      lock: { mode: 'pessimistic_write' },
    });
    return call
      ? { externalId: call.externalId, ...(call.memory && { memory: call.memory }), ...(call.endedAt && { endedAt: call.endedAt }) }
      : undefined;
  }

  /** A ring that waited for a worker is outdated. The call itself and its end are not. */
  private leaveOutRings(connection: Connection, update: CallUpdate): CallUpdate {
    this.history.leaveOut(connection.id, update);
    return { ...update, signals: update.signals.filter(({ type }) => type === 'hangup') };
  }

  private lookAgain(connection: Connection): void {
    this.setups
      .lookAgain(connection)
      .catch((error: unknown) => this.logger.warn(`the set-up at the service is checked later: ${errorText(error)}`));
  }

  private countDropped(connection: Connection, events: number): void {
    this.traffic
      .markOverload(connection.id, { events, calls: 0 })
      .catch((error: unknown) => this.logger.warn(`dropped rings are not counted: ${errorText(error)}`));
  }
}
