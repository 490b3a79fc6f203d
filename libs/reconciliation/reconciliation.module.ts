import { Module } from '@nestjs/common';
import { ConnectionsModule } from '#connections';
import type { Schema } from '#platform';
import { Comparisons } from './comparison.js';
import { DifferenceStore } from './difference-store.js';
import { MendingService } from './mending.service.js';
import { StoreReconciliation1764000500862 } from './migrations/1764000500862-store-reconciliation.js';
import { Reconciliation1764000600600 } from './migrations/1764000600600-reconciliation.js';
import { ReconciliationCleaning } from './reconciliation-cleaning.js';
import { DifferenceEntity, ReconciliationEntity } from './reconciliation.entity.js';
import { reconciliationHolding } from './reconciliation.holding.js';
import { ReconciliationService } from './reconciliation.service.js';
import { ReconciliationStore } from './reconciliation-store.js';
import { RestoredGap } from './restored-gap.js';

/** Entities and migrations of this folder. */
export const reconciliationSchema: Schema = {
  entities: [ReconciliationEntity, DifferenceEntity],
  holdings: [reconciliationHolding],
  migrations: [StoreReconciliation1764000500862, Reconciliation1764000600600],
};

/** Reconciliation: differences between the CRM, our own data and providers, and their fixes. */
@Module({
  imports: [ConnectionsModule],
  providers: [
    Comparisons,
    ReconciliationStore,
    DifferenceStore,
    ReconciliationService,
    MendingService,
    ReconciliationCleaning,
    RestoredGap,
  ],
  exports: [Comparisons, ReconciliationService, MendingService, DifferenceStore, RestoredGap],
})
export class ReconciliationModule {}
