import { Module } from '@nestjs/common';
import { ConnectionsModule } from '#connections';
import type { Schema } from '#platform';
import { OperationsBaseline1765000000800 } from './migrations/1765000000800-operations-baseline.js';
import { OperationsOfOrder1765000004300 } from './migrations/1765000004300-operations-of-order.js';
import { OperationsCallbacks1765000005001 } from './migrations/1765000005001-operations-callbacks.js';
import { OperationEntity } from './operation.entity.js';
import { OperationLists } from './operation-lists.js';
import { OperationStore } from './operation-store.js';
import { OperationsCleaning } from './operations-cleaning.js';
import { OperationsService } from './operations.service.js';
import { operationsGauges } from './operations.gauges.js';
import { operationsData } from './operations.data.js';

/** Entities and migrations of this folder. */
export const operationsSchema: Schema = {
  entities: [OperationEntity],
  accountData: [operationsData],
  gauges: operationsGauges,
  migrations: [OperationsBaseline1765000000800, OperationsOfOrder1765000004300, OperationsCallbacks1765000005001],
};

/** Operations: calls with an effect that are made once. */
@Module({
  imports: [ConnectionsModule],
  providers: [OperationsService, OperationStore, OperationLists, OperationsCleaning],
  exports: [OperationsService, OperationStore, OperationLists],
})
export class OperationsModule {}
