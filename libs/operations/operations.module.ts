import { Module } from '@nestjs/common';
import { ConnectionsModule } from '#connections';
import type { Schema } from '#platform';
import { OperationPersonalData1764000200700 } from './migrations/1764000200700-operation-personal-data.js';
import { OperationRequest1764000300210 } from './migrations/1764000300210-operation-request.js';
import { OperationLists1764000400220 } from './migrations/1764000400220-operation-lists.js';
import { OperationRetention1764000400230 } from './migrations/1764000400230-operation-retention.js';
import { CallSubjects1764000500210 } from './migrations/1764000500210-call-subjects.js';
import { OperationFailures1764000700330 } from './migrations/1764000700330-operation-failures.js';
import { Operations1764000000200 } from './migrations/1764000000200-operations.js';
import { OperationsUnknownLately1764000810320 } from './migrations/1764000810320-operations-unknown-lately.js';
import { OperationEntity } from './operation.entity.js';
import { OperationsCleaning } from './operations-cleaning.js';
import { OperationsService } from './operations.service.js';
import { operationsGauges } from './operations.gauges.js';
import { operationsHolding } from './operations.holding.js';

/** Entities and migrations of this folder. */
export const operationsSchema: Schema = {
  entities: [OperationEntity],
  holdings: [operationsHolding],
  gauges: operationsGauges,
  migrations: [
    Operations1764000000200,
    OperationPersonalData1764000200700,
    OperationRequest1764000300210,
    OperationLists1764000400220,
    OperationRetention1764000400230,
    CallSubjects1764000500210,
    OperationFailures1764000700330,
    OperationsUnknownLately1764000810320,
  ],
};

/** Operations: calls with an effect that are made once. */
@Module({ imports: [ConnectionsModule], providers: [OperationsService, OperationsCleaning], exports: [OperationsService] })
export class OperationsModule {}
