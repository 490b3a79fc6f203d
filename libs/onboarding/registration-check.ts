import { Injectable, Logger } from '@nestjs/common';
import { defineJob, HandleJob, JobQueue } from '#platform';
import { RegistrationService } from './registration.service.js';

/** Registers connections again whose registration would differ now. */
const checkRegistrations = defineJob<Record<string, never>>('housekeeping', 'registrations.check');

/** Also for accounts that were switched on again. */
const EVERY_MS = 600_000;

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
  async check(): Promise<void> {
    const scheduled = await this.registration.scheduleOutdated();
    if (scheduled > 0) this.logger.log(`${scheduled} connections are registered again`);
  }
}
