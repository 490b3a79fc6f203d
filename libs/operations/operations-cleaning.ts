import { Injectable } from '@nestjs/common';
import { defineJob, Environment, HandleJob, Retention, RETENTION_EVERY_MS, selectOld } from '#platform';
import { OperationsService } from './operations.service.js';

const cleanOperations = defineJob<Record<string, never>>('housekeeping', 'operations.clean');

/** Results stay, because repeats are answered from them. */
const buildEmpty = (personalKinds: readonly string[]): string => `UPDATE operation SET input = '{}', error = NULL, error_group = NULL,
    key = CASE WHEN kind <> ALL ('{${personalKinds.join(',')}}'::text[]) THEN key END
  WHERE id IN (${selectOld('operation', `state IN ('done', 'refused') AND (input <> '{}' OR error IS NOT NULL)`)}) RETURNING id`;

/** Deletes finished operations that answer no repeats, and empties the personal data of all finished ones. */
@Injectable()
export class OperationsCleaning {
  constructor(
    private readonly retention: Retention,
    private readonly environment: Environment,
    private readonly operations: OperationsService,
  ) {}

  @HandleJob(cleanOperations, { everyMs: RETENTION_EVERY_MS })
  async clean(_data: object, stopping: AbortSignal): Promise<void> {
    // A finished operation with a key still answers repeats.
    const days = this.environment.OPERATION_RETENTION_DAYS;
    await this.retention.deleteOld('operation', `state IN ('done', 'refused') AND key IS NULL`, 'updated_at', days, stopping);
    await this.emptyPersonalData(stopping);
  }

  /** Empties inputs and errors that are older than RETENTION_DAYS. */
  emptyPersonalData(stopping: AbortSignal): Promise<void> {
    return this.retention.emptyPersonalData('operation', buildEmpty(this.operations.listPersonalKinds()), stopping);
  }
}
