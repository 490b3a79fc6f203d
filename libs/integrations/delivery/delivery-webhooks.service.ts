import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Connection } from '#connections';
import { type InboxHandler, InboxService, SecondBatch, UnreadableWebhookStore, type WebhookReceiver } from '#inbox';
import { InjectProviders, type Providers } from '#integration-kit';
import { toSubject } from '#journal';
import { CallbackError, Database, DatabaseQueue, errorText, JobQueue, toLogLine, type Transaction } from '#platform';
import { ProviderError, type WebhookReply, type WebhookRequest } from '#provider-kit';
import { pollDeliveries } from './delivery-poll.js';
import { DeliveryStore } from './delivery-store.js';
import { DeliveryStatusesService } from './delivery-statuses.service.js';
import type { CarrierReport, DeliveryProvider, WebhookEvent } from './port/index.js';
import { listContracts } from './rules/delivery-choices.js';
import { readStoredReport, type StoredReport } from './status-report.js';

const KIND = 'delivery.reports';
/** For carriers that sign nothing: a row only means that there is an update. */
const NEWS = 'delivery.news';

/**
 * Unsigned webhooks per second and process that are stored as events: from one address to one connection, and
 * to one connection in total. More are read, and only mark their deliveries as due: up to `read`.
 */
const LIMITS = { address: 20, connection: 100, read: 1_000 };
/** Bytes of an unsigned webhook: longer ones are not read. */
const MOST_BYTES = 64 * 1024;
/** Connections, and deliveries of each, in one batch of marks. */
const MOST_DUE = { keys: 1_000, items: 500 };

/** Payload of an event. */
interface StoredReports {
  reports: StoredReport<CarrierReport>[];
}

/** Events of carriers: verified, stored, acknowledged, then applied by a worker. */
@Injectable()
export class DeliveryWebhooksService implements WebhookReceiver, BeforeApplicationShutdown {
  readonly integration = 'delivery';
  readonly handlers = {
    [KIND]: ((tx, connection, event) => this.apply(tx, connection, event)) satisfies InboxHandler<StoredReports>,
    [NEWS]: ((tx, connection, event) => this.applyUnsigned(tx, connection, event)) satisfies InboxHandler<StoredReports>,
  };

  private readonly byAddress = new RateLimiterMemory({ points: LIMITS.address, duration: 1 });
  private readonly byConnection = new RateLimiterMemory({ points: LIMITS.connection, duration: 1 });
  private readonly read = new RateLimiterMemory({ points: LIMITS.read, duration: 1 });
  private readonly logger = new Logger(DeliveryWebhooksService.name);
  /** External ids by connection. */
  private readonly due = new SecondBatch<string>(
    (connectionId, { items }) => this.markDue(connectionId, items),
    (error) => this.logger.warn(`deliveries cannot be marked as due now: ${errorText(error)}`),
    MOST_DUE,
  );

  constructor(
    @InjectProviders('delivery') private readonly providers: Providers<DeliveryProvider>,
    private readonly inbox: InboxService,
    private readonly statuses: DeliveryStatusesService,
    private readonly deliveries: DeliveryStore,
    private readonly queue: JobQueue,
    private readonly database: Database,
    private readonly databaseQueue: DatabaseQueue,
    private readonly unreadable: UnreadableWebhookStore,
  ) {}

  takes(connection: Connection): boolean {
    return this.providers.has(connection, 'webhook');
  }

  takesUnderLoad(connection: Connection): boolean {
    return this.providers.getMember(connection, 'webhook')?.unsigned === true;
  }

  /**
   * Receives a webhook and returns the reply. An unsigned webhook is acknowledged under any load, and also if
   * it cannot be read, because a carrier may delete its subscription after another reply.
   * @throws CallbackError 400 for a forged or stale one, 404 when the provider has no webhooks
   */
  async receive(connection: Connection, request: WebhookRequest): Promise<WebhookReply | undefined> {
    const webhook = this.providers.getMember(connection, 'webhook');
    const toPayload = ({ reports }: WebhookEvent): object => ({ reports });
    const others = listContracts(connection);
    const listSubjects = ({ reports }: WebhookEvent): string[] => reports.map(({ externalId }) => toSubject('delivery', externalId));
    if (!webhook?.unsigned) return this.inbox.receive(connection, webhook, request, { kind: KIND, toPayload, listSubjects, others });
    if (request.rawBody.length > MOST_BYTES) return this.setUnreadable(connection, request, `is longer than ${MOST_BYTES} bytes`);
    const room = await this.findRoom(connection, request);
    if (room === 'none') return undefined;
    const mark = async (): Promise<void> => {
      const events = await this.inbox.read(connection, webhook, request, others);
      this.due.add(connection.id, listExternalIds(events.flatMap(({ reports }) => reports)));
    };
    try {
      if (room === 'inbox')
        return await this.inbox.receive(connection, webhook, request, {
          kind: NEWS,
          toPayload,
          listSubjects,
          others,
          admit: (events) => this.keepOurs(connection, events),
        });
      await mark();
      return undefined;
    } catch (error) {
      if (error instanceof ProviderError && error.kind === 'invalid') return this.setUnreadable(connection, request, error.message);
      if (error instanceof ProviderError || (error instanceof CallbackError && error.status < 500)) throw error;
      // Not stored: its deliveries are marked as soon as the database is there again.
      this.logger.warn(toLogLine(`an unsigned webhook was not stored: ${errorText(error)}`, connection.request));
      await mark();
      return undefined;
    }
  }

  /** Stores the gathered events. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.due.flush();
  }

  private setUnreadable(connection: Connection, request: WebhookRequest, problem: string): undefined {
    this.unreadable.record(connection, request, problem);
  }

  private async markDue(connectionId: string, externalIds: readonly string[]): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.deliveries.markDue(tx, { id: connectionId }, externalIds);
      tx.afterCommit(() => this.wakePoll());
    });
  }

  private wakePoll(): void {
    this.queue.wake(pollDeliveries, {}, { deduplicationId: 'delivery.poll' });
  }

  private apply(tx: Transaction, connection: Connection, { reports }: StoredReports): Promise<void> {
    return this.statuses.applyCarrierReports(
      tx,
      connection,
      reports.map((report) => readStoredReport<CarrierReport>(report)),
    );
  }

  /** Anyone may have sent it: the carrier is queried, even about a delivery whose end it had reported. */
  private async applyUnsigned(tx: Transaction, connection: Connection, { reports }: StoredReports): Promise<void> {
    await this.deliveries.markDue(tx, connection, listExternalIds(reports));
    tx.afterCommit(() => this.wakePoll());
  }

  /** Decides how much is done for a webhook in this second: an event, a mark at its delivery, or nothing. */
  private async findRoom(connection: Connection, { remoteAddress = '' }: WebhookRequest): Promise<'inbox' | 'mark' | 'none'> {
    const takes = (limiter: RateLimiterMemory, key: string): Promise<boolean> =>
      limiter.consume(key).then(
        () => true,
        () => false,
      );
    if (!(await takes(this.read, connection.id))) return 'none';
    if (this.databaseQueue.isLong) return 'mark';
    const isEvent = (await takes(this.byAddress, `${connection.id} ${remoteAddress}`)) && (await takes(this.byConnection, connection.id));
    return isEvent ? 'inbox' : 'mark';
  }

  /**
   * Keeps events about the connection's deliveries. A carrier sends the events of a whole contract, and
   * anyone can post.
   */
  private async keepOurs(connection: Connection, events: WebhookEvent[]): Promise<WebhookEvent[]> {
    const ours = await this.deliveries.findIds(connection, listExternalIds(events.flatMap(({ reports }) => reports)));
    return events.filter(({ reports }) => reports.some(({ externalId }) => ours.has(externalId)));
  }
}

function listExternalIds(reports: readonly Pick<CarrierReport, 'externalId'>[]): string[] {
  return reports.map(({ externalId }) => externalId);
}
