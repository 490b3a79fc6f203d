import { Injectable, Logger } from '@nestjs/common';
import { defineJob, HandleJob, JobQueue } from '#platform';
import { RegistrationService } from './registration.service.js';

/** Registers connections again whose registration would differ now. */
const checkRegistrations = defineJob<{ after?: string }>('housekeeping', 'registrations.check');

/** Also for accounts that were switched on again. */
const EVERY_MS = 600_000;

/** Between two batches, so that a new version is told to the CRM at some ten accounts a second. */
const PAUSE_MS = 5_000;

/** Compares all registrations with what they would be now. */
@Injectable()
export class RegistrationCheck {
  private readonly logger = new Logger(RegistrationCheck.name);

  constructor(
    private readonly registration: RegistrationService,
    private readonly queue: JobQueue,
  ) {}

  /** Requests a check now: an upgrade restarts workers, and may change what is registered. */
  start(): void {
    this.queue.wake(checkRegistrations, {}, { deduplicationId: checkRegistrations.name });
  }

  @HandleJob(checkRegistrations, { everyMs: EVERY_MS })
  async check({ after }: { after?: string }): Promise<void> {
    const { scheduled, next } = await this.registration.scheduleOutdated(after);
    if (scheduled > 0) this.logger.log(`${scheduled} connections are registered again`);
    // Named by its place: checks that run at once go on as one.
    const deduplicationId = `${checkRegistrations.name} ${next}`;
    if (next) this.queue.wake(checkRegistrations, { after: next }, { deduplicationId, delayMs: scheduled > 0 ? PAUSE_MS : 0 });
  }
}
