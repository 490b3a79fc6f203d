import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Connection, ConnectionsService } from '#connections';
import { InboxService } from '#inbox';
import { CallbackError, money } from '#platform';
import { DeliveryProviders } from './delivery-providers.js';
import { DeliveryStatusesService } from './delivery-statuses.service.js';
import type { StatusReport, WebhookRequest } from './port/index.js';

const KIND = 'delivery.reports';

interface StoredReports {
  reports: (Omit<StatusReport, 'updatedAt'> & { updatedAt: string })[];
}

/** Events of carriers: verified, stored, acknowledged, then applied by a worker. */
@Injectable()
export class DeliveryWebhooksService implements OnModuleInit {
  constructor(
    private readonly providers: DeliveryProviders,
    private readonly connections: ConnectionsService,
    private readonly inbox: InboxService,
    private readonly statuses: DeliveryStatusesService,
  ) {}

  onModuleInit(): void {
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
    const { webhook } = this.providers.of(connection);
    if (!webhook) throw new CallbackError(404, 'This provider sends no webhooks.');
    const context = this.connections.contextOf(connection);
    if (!webhook.verify(request, context)) throw new CallbackError(400, 'The signature does not match, or the event is too old.');
    const events = webhook.parse(request, context);
    await this.inbox.keep(
      connection.id,
      events.map((event) => ({ eventId: event.id, kind: KIND, payload: { reports: event.reports } })),
    );
  }
}
