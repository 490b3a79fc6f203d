import { Module } from '@nestjs/common';
import { ConnectionsModule } from '#connections';
import type { Schema } from '#platform';
import { Comparisons } from './comparison.js';
import { DifferenceStore } from './difference-store.js';
import { MendingService } from './mending.service.js';
import { ReconciliationBaseline1765000001100 } from './migrations/1765000001100-reconciliation-baseline.js';
import { ReconciliationTerms1765000003300 } from './migrations/1765000003300-reconciliation-terms.js';
import { ReconciliationScopes1765000005200 } from './migrations/1765000005200-reconciliation-scopes.js';
import { ReconciliationMoney1765000005700 } from './migrations/1765000005700-reconciliation-money.js';
import { ReconciliationCleaning } from './reconciliation-cleaning.js';
import { DifferenceEntity, ReconciliationEntity } from './reconciliation.entity.js';
import { reconciliationData } from './reconciliation.data.js';
import { ReconciliationService } from './reconciliation.service.js';
import { ReconciliationStore } from './reconciliation-store.js';
import { RestoredGap } from './restored-gap.js';

/** Entities and migrations of this folder. */
export const reconciliationSchema: Schema = {
  entities: [ReconciliationEntity, DifferenceEntity],
  accountData: [reconciliationData],
  migrations: [
    ReconciliationBaseline1765000001100,
    ReconciliationTerms1765000003300,
    ReconciliationScopes1765000005200,
    ReconciliationMoney1765000005700,
  ],
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
