import { Injectable, Logger } from '@nestjs/common';
import { ConnectionLists, ConnectionStore, HostedModules } from '#connections';
import { Clock, defineJob, errorText, HandleJob } from '#platform';
import { VisitsStore } from './visits-store.js';
import { webvisitsManifest } from './webvisits.manifest.js';
import type { WebvisitsSettings } from './webvisits.settings.js';

/** Deletes visits that are older than their connection's settings allow. */
const purgeVisits = defineJob<Record<string, never>>('housekeeping', 'webvisits.purge', { optional: true });

const EVERY_MS = 600_000;

/** Applies the retention, also for connections that are switched off. */
@Injectable()
export class VisitsPurge {
  private readonly logger = new Logger(VisitsPurge.name);

  constructor(
    private readonly store: VisitsStore,
    private readonly connections: ConnectionStore,
    private readonly lists: ConnectionLists,
    private readonly modules: HostedModules,
    private readonly clock: Clock,
  ) {}

  /** Purges one connection after the other. A failure does not stop the others. */
  @HandleJob(purgeVisits, { everyMs: EVERY_MS })
  async purge(_data: object, stopping: AbortSignal): Promise<void> {
    const codes = this.modules.listCodes(webvisitsManifest.code);
    for (const id of await this.lists.listIds({ modules: codes })) {
      if (stopping.aborted) return;
      try {
        const connection = await this.connections.findById(id, 'chat');
        if (!connection) continue;
        const days = (connection.settings as WebvisitsSettings).retentionDays;
        const purged = await this.store.purge(id, new Date(this.clock.now().getTime() - days * 86_400_000), stopping);
        if (purged > 0) this.logger.log(`${purged} visits of connection ${id} were older than ${days} days and are deleted`);
      } catch (error) {
        this.logger.error(`old visits of connection ${id} cannot be deleted: ${errorText(error)}`);
      }
    }
  }
}
