import { Injectable } from '@nestjs/common';
import { Clock, defineJob, HandleJob } from '#platform';
import { JournalPartitions } from './journal-partitions.js';

const keepJournal = defineJob<Record<string, never>>('housekeeping', 'journal.keep');

/** JOURNAL_MAX_MB may be exceeded by the rows of this time. */
const EVERY_MS = 60_000;

/** Keeps the journal within its days and megabytes. */
@Injectable()
export class JournalCleaning {
  constructor(
    private readonly partitions: JournalPartitions,
    private readonly clock: Clock,
  ) {}

  @HandleJob(keepJournal, { everyMs: EVERY_MS })
  async keep(): Promise<void> {
    await this.partitions.keep(this.clock.now().getTime());
  }
}
