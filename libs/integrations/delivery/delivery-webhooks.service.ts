import { Injectable } from '@nestjs/common';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Connection } from '#connections';
import { type InboxHandler, InboxService, type WebhookReceiver } from '#inbox';
import { InjectProviders, type Providers } from '#integration-kit';
import { toSubject } from '#journal';
import { CallbackError, JobQueue, type Transaction } from '#platform';
import type { WebhookReply, WebhookRequest } from '#provider-kit';
import { pollDeliveries } from './delivery-poll.js';
import { DeliveryStore } from './delivery-store.js';
import { DeliveryStatusesService } from './delivery-statuses.service.js';
import type { CarrierReport, DeliveryProvider, WebhookEvent } from './port/index.js';
import { listContracts } from './rules/delivery-choices.js';
import { readStoredReport, type StoredReport } from './status-report.js';

const KIND = 'delivery.reports';
/** Of carriers that sign nothing: only that there is news. */
const NEWS = 'delivery.news';

/**
 * Unsigned webhooks a second and process: from one address to one connection, and to one connection in total.
 */
const LIMITS = { address: 20, connection: 100 };

/** Payload of an event. */
interface StoredReports {
  reports: StoredReport<CarrierReport>[];
}

/** Events of carriers: verified, stored, acknowledged, then applied by a worker. */
@Injectable()
export class DeliveryWebhooksService implements WebhookReceiver {
  readonly integration = 'delivery';
  readonly handlers = {
    [KIND]: ((tx, connection, event) => this.apply(tx, connection, event)) satisfies InboxHandler<StoredReports>,
    [NEWS]: ((tx, connection, event) => this.applyUnsigned(tx, connection, event)) satisfies InboxHandler<StoredReports>,
  };

  private readonly byAddress = new RateLimiterMemory({ points: LIMITS.address, duration: 1 });
  private readonly byConnection = new RateLimiterMemory({ points: LIMITS.connection, duration: 1 });

  constructor(
    @InjectProviders('delivery') private readonly providers: Providers<DeliveryProvider>,
    private readonly inbox: InboxService,
    private readonly statuses: DeliveryStatusesService,
    private readonly deliveries: DeliveryStore,
    private readonly queue: JobQueue,
  ) {}

  takes(connection: Connection): boolean {
    return this.providers.has(connection, 'webhook');
  }

  /**
   * Takes in a webhook and returns what to answer. Throws CallbackError 400 for a forged or stale one, 404
   * when the provider has none, 429 for too many unsigned ones, which the carrier then sends again.
   */
  async receive(connection: Connection, request: WebhookRequest): Promise<WebhookReply | undefined> {
    const webhook = this.providers.getMember(connection, 'webhook');
    const toPayload = ({ reports }: WebhookEvent): object => ({ reports });
    const others = listContracts(connection);
    const listSubjects = ({ reports }: WebhookEvent): string[] => reports.map(({ externalId }) => toSubject('delivery', externalId));
    if (!webhook?.unsigned) return this.inbox.receive(connection, webhook, request, { kind: KIND, toPayload, listSubjects, others });
    await this.limit(connection, request);
    return this.inbox.receive(connection, webhook, request, {
      kind: NEWS,
      toPayload,
      listSubjects,
      others,
      admit: (events) => this.keepOurs(connection, events),
    });
  }

  private apply(tx: Transaction, connection: Connection, { reports }: StoredReports): Promise<void> {
    return this.statuses.applyCarrierReports(
      tx,
      connection,
      reports.map((report) => readStoredReport<CarrierReport>(report)),
    );
  }

  /** Anyone may have sent it: the carrier is asked, also about a delivery whose end it had reported. */
  private async applyUnsigned(tx: Transaction, connection: Connection, { reports }: StoredReports): Promise<void> {
    await this.deliveries.markDue(tx, connection, listExternalIds(reports));
    tx.afterCommit(() => this.queue.wake(pollDeliveries, {}, { deduplicationId: 'delivery.poll' }));
  }

  private async limit(connection: Connection, { remoteAddress = '' }: WebhookRequest): Promise<void> {
    try {
      await this.byAddress.consume(`${connection.id} ${remoteAddress}`);
      await this.byConnection.consume(connection.id);
    } catch {
      throw new CallbackError(429, 'Too many webhooks at once; send this one again in a second.', undefined, 1);
    }
  }

  /**
   * Keeps events about the connection's deliveries. A carrier sends those of a whole contract, and anyone can
   * post.
   */
  private async keepOurs(connection: Connection, events: WebhookEvent[]): Promise<WebhookEvent[]> {
    const ours = await this.deliveries.findIds(connection, listExternalIds(events.flatMap(({ reports }) => reports)));
    return events.filter(({ reports }) => reports.some(({ externalId }) => ours.has(externalId)));
  }
}

function listExternalIds(reports: readonly Pick<CarrierReport, 'externalId'>[]): string[] {
  return reports.map(({ externalId }) => externalId);
}
