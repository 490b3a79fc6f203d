import { Injectable } from '@nestjs/common';
import { ConnectionStore } from '#connections';
import { CallbackError, defineJob, HandleJob, JobQueue } from '#platform';
import { ReconciliationService } from '#reconciliation';
import { RegisterStore } from './register-store.js';

const compareImported = defineJob<Record<string, never>>('housekeeping', 'settlement.compare');
const EVERY_MS = 30_000;
/** Connections of one run. */
const BATCH = 50;

/** Compares the money of connections whose files were imported. */
@Injectable()
export class ImportedRegisters {
  constructor(
    private readonly store: RegisterStore,
    private readonly connections: ConnectionStore,
    private readonly reconciliation: ReconciliationService,
    private readonly queue: JobQueue,
  ) {}

  wake(): void {
    this.queue.wake(compareImported, {}, { deduplicationId: compareImported.name });
  }

  /** A connection that is being compared, or is disabled, is tried again later. */
  @HandleJob(compareImported, { everyMs: EVERY_MS })
  async compare(): Promise<void> {
    for (const { connectionId, registers } of await this.store.listNew(BATCH)) {
      const connection = await this.connections.findById(connectionId);
      if (!connection) continue;
      try {
        await this.reconciliation.begin(connection, [], 'money');
        await this.store.noteCompared(registers);
      } catch (error) {
        if (!(error instanceof CallbackError)) throw error;
      }
    }
  }
}
