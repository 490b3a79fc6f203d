import { Injectable, Logger } from '@nestjs/common';
import { ConnectionLists } from '#connections';
import { defineJob, errorText, HandleJob, JobQueue } from '#platform';
import { RegistrationService } from './registration.service.js';

const tellRetired = defineJob<Record<string, never>>('housekeeping', 'registrations.retired');

/** Milliseconds until a CRM that did not respond is called again. */
const AGAIN_MS = 60_000;
/** Maximum number of connections in a run. */
const MOST = 100;

/**
 * Notifies CRMs that a retired module is off in an account that left it, or for which it is frozen. Any
 * worker can do this, because it needs no code of the module.
 */
@Injectable()
export class RetiredConnections {
  private readonly logger = new Logger(RetiredConnections.name);

  constructor(
    private readonly lists: ConnectionLists,
    private readonly registration: RegistrationService,
    private readonly queue: JobQueue,
  ) {}

  /** Requests the notices now. */
  wake(): void {
    this.queue.wake(tellRetired, {}, { deduplicationId: tellRetired.name });
  }

  @HandleJob(tellRetired, { everyMs: AGAIN_MS })
  async tellAll(_data: object, stopping: AbortSignal): Promise<void> {
    for (const row of await this.lists.listLeftRetired(MOST)) {
      if (stopping.aborted) return;
      await this.registration.deregisterRetired(row).catch((error: unknown) => {
        this.logger.warn(`the CRM of connection ${row.id} is called again in a minute: ${errorText(error)}`);
      });
    }
  }
}
