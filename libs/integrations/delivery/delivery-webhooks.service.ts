import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Connection, ConnectionsService } from '#connections';
import { InboxService, type WebhookReceiver, WebhookReceivers } from '#inbox';
import { JobQueue, money, type WebhookRequest } from '#platform';
import { pollDeliveries } from './delivery-poll.js';
import { DeliveryProviders } from './delivery-providers.js';
import { DeliveryStatusesService } from './delivery-statuses.service.js';
import type { StatusReport } from './port/index.js';

const KIND = 'delivery.reports';
/** Of carriers that sign nothing: only that there is news. */
const NEWS = 'delivery.news';

interface StoredReports {
  reports: (Omit<StatusReport, 'updatedAt'> & { updatedAt: string })[];
}

/** Events of carriers: verified, stored, acknowledged, then applied by a worker. */
@Injectable()
export class DeliveryWebhooksService implements WebhookReceiver, OnModuleInit {
  readonly integration = 'delivery';

  constructor(
    private readonly providers: DeliveryProviders,
    private readonly connections: ConnectionsService,
    private readonly inbox: InboxService,
    private readonly receivers: WebhookReceivers,
    private readonly statuses: DeliveryStatusesService,
    private readonly queue: JobQueue,
  ) {}

  onModuleInit(): void {
    this.receivers.add(this);
    this.inbox.handle<StoredReports>(KIND, async (manager, connection, { reports }) => {
      const lanes = await this.statuses.applyProviderReports(
        manager,
        connection,
        reports.map((report) => ({
          ...report,
          updatedAt: new Date(report.updatedAt),
          ...(report.cost && { cost: money(report.cost.minor, report.cost.currency) }),
        })),
      );
      return () => this.statuses.wake(lanes);
    });
    // Anyone may have sent it: the carrier is asked, also about a delivery whose end it had told.
    this.inbox.handle<StoredReports>(NEWS, async (manager, connection, { reports }) => {
      await manager.query(
        `UPDATE delivery SET poll_at = now() WHERE connection_id = $1 AND outside AND external_id = ANY ($2::text[]) AND deleted_at IS NULL`,
        [connection.id, reports.map((report) => report.externalId)],
      );
      return () => this.queue.wake(pollDeliveries, {}, { deduplicationId: 'delivery.poll' });
    });
  }

  takes(connection: Connection): boolean {
    return this.providers.of(connection).webhook !== undefined;
  }

  /** Takes a webhook in. Throws CallbackError 400 for one that is forged or stale, 404 when the provider has none. */
  async receive(connection: Connection, request: WebhookRequest): Promise<void> {
    const { webhook } = this.providers.of(connection);
    const kind = webhook?.unsigned ? NEWS : KIND;
    await this.inbox.receive(webhook, request, this.connections.contextOf(connection), kind, ({ reports }) => ({ reports }));
  }
}
