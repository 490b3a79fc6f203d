import { InjectProviders, type Providers } from '#integration-kit';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { type Connection, ProviderContexts } from '#connections';
import { InboxService, type WebhookReceiver } from '#inbox';
import { CallbackError, Database, JobQueue } from '#platform';
import type { WebhookRequest } from '#provider-kit';
import { pollDeliveries } from './delivery-poll.js';
import { DeliveryStatusesService } from './delivery-statuses.service.js';
import type { CarrierReport, DeliveryProvider, WebhookEvent } from './port/index.js';
import { readStoredReport, type StoredReport } from './status-report.js';

const KIND = 'delivery.reports';
/** Of carriers that sign nothing: only that there is news. */
const NEWS = 'delivery.news';

/** Webhooks a second that nobody signed: of one address to one connection, and to one connection in all, counted by each process. */
const LIMITS = { address: 20, connection: 100 };

/** Payload of an event. */
interface StoredReports {
  reports: StoredReport<CarrierReport>[];
}

/** Events of carriers: verified, stored, acknowledged, then applied by a worker. */
@Injectable()
export class DeliveryWebhooksService implements WebhookReceiver, OnModuleInit {
  readonly integration = 'delivery';

  private readonly byAddress = new RateLimiterMemory({ points: LIMITS.address, duration: 1 });
  private readonly byConnection = new RateLimiterMemory({ points: LIMITS.connection, duration: 1 });

  constructor(
    @InjectProviders('delivery') private readonly providers: Providers<DeliveryProvider>,
    private readonly contexts: ProviderContexts,
    private readonly inbox: InboxService,
    private readonly statuses: DeliveryStatusesService,
    private readonly queue: JobQueue,
    private readonly database: Database,
  ) {}

  onModuleInit(): void {
    this.inbox.handle<StoredReports>(KIND, (tx, connection, { reports }) =>
      this.statuses.applyCarrierReports(
        tx,
        connection,
        reports.map((report) => readStoredReport<CarrierReport>(report)),
      ),
    );
    // Anyone may have sent it: the carrier is asked, also about a delivery whose end it had told.
    this.inbox.handle<StoredReports>(NEWS, async (tx, connection, { reports }) => {
      await tx.query(
        `UPDATE delivery SET poll_at = now() WHERE connection_id = $1 AND outside AND external_id = ANY ($2::text[]) AND deleted_at IS NULL`,
        [connection.id, reports.map((report) => report.externalId)],
      );
      tx.afterCommit(() => this.queue.wake(pollDeliveries, {}, { deduplicationId: 'delivery.poll' }));
    });
  }

  takes(connection: Connection): boolean {
    return this.providers.of(connection).webhook !== undefined;
  }

  /**
   * Takes a webhook in. Throws CallbackError 400 for one that is forged or stale, 404 when the provider has none, 429 for too many that nobody signed: the carrier
   * sends them again.
   */
  async receive(connection: Connection, request: WebhookRequest): Promise<void> {
    const { webhook } = this.providers.of(connection);
    const context = this.contexts.contextFor(connection);
    const payloadOf = ({ reports }: WebhookEvent): object => ({ reports });
    if (!webhook?.unsigned) return this.inbox.receive(connection, webhook, request, context, KIND, payloadOf);
    await this.limit(connection, request);
    return this.inbox.receive(connection, webhook, request, context, NEWS, payloadOf, (events) => this.ofOurs(connection, events));
  }

  private async limit(connection: Connection, { remoteAddress = '' }: WebhookRequest): Promise<void> {
    try {
      await this.byAddress.consume(`${connection.id} ${remoteAddress}`);
      await this.byConnection.consume(connection.id);
    } catch {
      throw new CallbackError(429, 'Too many webhooks at once; send this one again in a second.', undefined, 1);
    }
  }

  /** Events about deliveries of the connection. Others say nothing: a carrier tells of all orders of a contract, and anyone of what he likes. */
  private async ofOurs(connection: Connection, events: WebhookEvent[]): Promise<WebhookEvent[]> {
    const named = events.flatMap(({ reports }) => reports.map(({ externalId }) => externalId));
    if (named.length === 0) return [];
    const rows = await this.database.query<{ external_id: string }>(
      `SELECT external_id FROM delivery WHERE connection_id = $1 AND outside AND external_id = ANY ($2::text[]) AND deleted_at IS NULL`,
      [connection.id, named],
    );
    const ours = new Set(rows.map((row) => row.external_id));
    return events.filter(({ reports }) => reports.some(({ externalId }) => ours.has(externalId)));
  }
}
