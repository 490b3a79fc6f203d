import { Injectable, Logger } from '@nestjs/common';
import { ConnectionStore } from '#connections';
import { InjectProviders, type Providers } from '#integration-kit';
import { defineJob, HandleJob } from '#platform';
import { OutageLog } from '#provider-kit';
import type { DeliveryProvider } from './port/index.js';

/** Lets carriers see to what their connections need: subscriptions, directories. */
const refreshDeliveries = defineJob<Record<string, never>>('housekeeping', 'delivery.refresh');

const EVERY_MS = 60_000;
/** For one connection. */
const BUDGET_MS = 60_000;

/** Calls `refresh` of the carriers that have it, for each connection that works. */
@Injectable()
export class DeliveryRefresh {
  private readonly outages = new OutageLog(new Logger(DeliveryRefresh.name), 'refreshed');

  constructor(
    private readonly connections: ConnectionStore,
    @InjectProviders('delivery') private readonly providers: Providers<DeliveryProvider>,
  ) {}

  @HandleJob(refreshDeliveries, { everyMs: EVERY_MS })
  async refresh(_data: object, stopping: AbortSignal): Promise<void> {
    if (!this.providers.list().some((provider) => provider.refresh)) return;
    for (const id of await this.connections.listIds({ live: true })) {
      if (stopping.aborted) return;
      await this.refreshConnection(id);
    }
  }

  private async refreshConnection(id: string): Promise<void> {
    const connection = await this.connections.findById(id);
    if (connection?.module.integration !== 'delivery' || !this.providers.has(connection, 'refresh')) return;
    const { code } = this.providers.getManifest(connection);
    try {
      await this.providers.call(connection, 'refresh', (provider, context) => provider.refresh(context), { budgetMs: BUDGET_MS });
      this.outages.recordSuccess(code, id);
    } catch (error) {
      this.outages.recordFailure(code, id, error);
    }
  }
}
