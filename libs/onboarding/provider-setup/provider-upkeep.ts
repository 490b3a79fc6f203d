import { Injectable, Logger } from '@nestjs/common';
import { ConnectionLists, ConnectionStore, HostedModules } from '#connections';
import { defineJob, HandleJob } from '#platform';
import { OutageLog } from '#provider-kit';
import { AllProviders } from './all-providers.js';

/** Refreshes data that providers keep for their connections, such as directories. */
const refreshProviders = defineJob<Record<string, never>>('housekeeping', 'providers.refresh');

const EVERY_MS = 60_000;
/** Timeout for one connection. */
const BUDGET_MS = 60_000;

/** Calls `refresh` of the providers that have it, for each working connection. */
@Injectable()
export class ProviderUpkeep {
  private readonly outages = new OutageLog(new Logger(ProviderUpkeep.name), 'refreshed');

  constructor(
    private readonly connections: ConnectionStore,
    private readonly lists: ConnectionLists,
    private readonly modules: HostedModules,
    private readonly providers: AllProviders,
  ) {}

  @HandleJob(refreshProviders, { everyMs: EVERY_MS })
  async refresh(_data: object, stopping: AbortSignal): Promise<void> {
    for (const module of this.modules.listByProvider()) {
      if (!this.providers.of({ module }).has({ module }, 'refresh')) continue;
      for (const id of await this.lists.listIds({ modules: [module.code], live: true })) {
        if (stopping.aborted) return;
        await this.refreshConnection(id, module.integration);
      }
    }
  }

  private async refreshConnection(id: string, integration: string): Promise<void> {
    const connection = await this.connections.findById(id, integration);
    if (!connection) return;
    const { code } = connection.module.manifest;
    try {
      await this.providers
        .of(connection)
        .call(connection, 'refresh', (provider, context) => provider.refresh(context), { budgetMs: BUDGET_MS });
      this.outages.recordSuccess(code, id);
    } catch (error) {
      this.outages.recordFailure(code, id, error);
    }
  }
}
