import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Connection, ConnectionsService } from '#connections';
import { InboxService, type WebhookReceiver, WebhookReceivers } from '#inbox';
import { money, type WebhookRequest } from '#platform';
import { DeliveryProviders } from './delivery-providers.js';
import { DeliveryStatusesService } from './delivery-statuses.service.js';
import type { StatusReport } from './port/index.js';

const KIND = 'delivery.reports';

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
  }

  /** Takes a webhook in. Throws CallbackError 400 for one that is forged or stale, 404 when the provider has none. */
  async receive(connection: Connection, request: WebhookRequest): Promise<void> {
    await this.inbox.receive(
      this.providers.of(connection).webhook,
      request,
      this.connections.contextOf(connection),
      KIND,
      ({ reports }) => ({ reports }),
    );
  }
}
