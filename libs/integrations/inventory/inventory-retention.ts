import { Injectable } from '@nestjs/common';
import { defineJob, Environment, HandleJob, Retention, RETENTION_EVERY_MS } from '#platform';

const cleanStore = defineJob<Record<string, never>>('housekeeping', 'inventory.clean');

/** Deletes reservations that ended long ago. */
@Injectable()
export class InventoryRetention {
  constructor(
    private readonly retention: Retention,
    private readonly environment: Environment,
  ) {}

  @HandleJob(cleanStore, { everyMs: RETENTION_EVERY_MS })
  async clean(_data: object, stopping: AbortSignal): Promise<void> {
    const days = this.environment.OPERATION_RETENTION_DAYS;
    await this.retention.deleteOld('inventory_reservation', `packs = '[]'`, 'updated_at', days, stopping);
  }
}
