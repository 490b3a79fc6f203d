import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { HostedModules, ConnectionStore } from '#connections';
import { InjectProviders, type Providers } from '#integration-kit';
import { defineJob, errorText, HandleJob } from '#platform';
import { OutageLog, ProviderError } from '#provider-kit';
import { type CatchUp, CatchUpStore } from './catch-up-store.js';
import type { TelephonyProvider } from './port/index.js';
import { StaleCalls } from './stale-calls.js';
import { TelephonyWebhooksService } from './telephony-webhooks.service.js';

/** Reads PBXs' records of calls that are due, and ends calls whose end never arrived. */
const catchUp = defineJob<Record<string, never>>('housekeeping', 'telephony.catchup');

const EVERY_MS = 5_000;
/** Maximum number of PBXs read at the same time. */
const AT_ONCE = 20;
/** Timeout of one reading in milliseconds. */
const CALL_MS = 40_000;

/**
 * Imports calls whose webhooks were missed, from PBXs that keep records: when an api or a worker starts and
 * once per hour. Known events are skipped, so a run may be repeated.
 */
@Injectable()
export class TelephonyCatchUp implements OnApplicationBootstrap {
  private readonly outages = new OutageLog(new Logger(TelephonyCatchUp.name), 'read for missed calls');

  constructor(
    private readonly store: CatchUpStore,
    private readonly stale: StaleCalls,
    private readonly webhooks: TelephonyWebhooksService,
    private readonly connections: ConnectionStore,
    private readonly modules: HostedModules,
    @InjectProviders('telephony') private readonly providers: Providers<TelephonyProvider>,
  ) {}

  /** Webhooks may have been missed while this process was down. */
  async onApplicationBootstrap(): Promise<void> {
    const modules = this.listModules();
    if (modules.length > 0) await this.store.wakeAll(modules);
  }

  @HandleJob(catchUp, { everyMs: EVERY_MS })
  async run(_data: object, stopping: AbortSignal): Promise<void> {
    const modules = this.listModules();
    if (modules.length > 0) await this.askDue(modules, stopping);
    await this.stale.endAll(stopping);
  }

  private listModules(): string[] {
    return this.modules
      .listByProvider('telephony')
      .filter((module) => this.providers.has({ module }, 'catchUp'))
      .map(({ code }) => code);
  }

  private async askDue(modules: readonly string[], stopping: AbortSignal): Promise<void> {
    await this.store.followConnections(modules);
    let due: CatchUp[];
    do {
      due = await this.store.claimDue(modules, AT_ONCE);
      await Promise.all(due.map((one) => this.ask(one)));
    } while (due.length === AT_ONCE && !stopping.aborted);
  }

  private async ask(due: CatchUp): Promise<void> {
    const { connectionId, since } = due;
    const connection = await this.connections.findById(connectionId, 'telephony');
    if (!connection) return;
    const { code } = connection.module.manifest;
    try {
      if (this.providers.getManifest(connection).isConfigured(connection.settings)) {
        const ask = { budgetMs: CALL_MS };
        const events = await this.providers.call(connection, 'catchUp', (provider, context) => provider.catchUp(since, context), ask);
        await this.webhooks.catchUp(connection, events);
      }
      await this.store.endRun(due);
      this.outages.recordSuccess(code, connectionId);
    } catch (error) {
      this.outages.recordFailure(code, connectionId, error);
      const leastSeconds = error instanceof ProviderError ? (error.retryAfterMs ?? 0) / 1_000 : 0;
      await this.store.failRun(due, errorText(error), leastSeconds);
    }
  }
}
