import { Injectable, Logger } from '@nestjs/common';
import { defineJob, HandleJob, JobQueue } from '#platform';
import { RegistrationService } from './registration.service.js';

/** Repeats registrations whose contents have changed. */
const checkRegistrations = defineJob<{ after?: string }>('housekeeping', 'registrations.check');

/** Also reaches accounts that were switched on again. */
const EVERY_MS = 600_000;

/** Pause between two batches. A new version registers about ten accounts per second with the CRM. */
const PAUSE_MS = 5_000;

/** Compares all registrations with their current contents. */
@Injectable()
export class RegistrationCheck {
  private readonly logger = new Logger(RegistrationCheck.name);

  constructor(
    private readonly registration: RegistrationService,
    private readonly queue: JobQueue,
  ) {}

  /** Requests a check now, because an upgrade restarts workers and may change registrations. */
  start(): void {
    this.queue.wake(checkRegistrations, {}, { deduplicationId: checkRegistrations.name });
  }

  @HandleJob(checkRegistrations, { everyMs: EVERY_MS })
  async check({ after }: { after?: string }): Promise<void> {
    const { scheduled, next } = await this.registration.scheduleOutdated(after);
    if (scheduled > 0) this.logger.log(`${scheduled} connections are registered again`);
    // The id contains the place, so that checks that run at the same time continue as one.
    const deduplicationId = `${checkRegistrations.name} ${next}`;
    if (next) this.queue.wake(checkRegistrations, { after: next }, { deduplicationId, delayMs: scheduled > 0 ? PAUSE_MS : 0 });
  }
}
