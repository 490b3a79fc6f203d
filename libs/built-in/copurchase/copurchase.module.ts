import { Module } from '@nestjs/common';
import { ConnectionsModule } from '#connections';
import type { Schema } from '#platform';
import {
  CopurchaseItemEntity,
  CopurchaseOfferEntity,
  CopurchaseOrderEntity,
  CopurchasePairEntity,
  CopurchaseProductEntity,
  CopurchaseProductGroupEntity,
  CopurchaseSourceEntity,
} from './copurchase.entity.js';
import { CopurchaseCounts } from './copurchase-counts.js';
import { CopurchaseOperatorController } from './copurchase-operator.controller.js';
import { CopurchaseProvider } from './copurchase.provider.js';
import { CopurchaseRanking } from './copurchase-ranking.js';
import { CopurchaseReading } from './copurchase-reading.js';
import { CopurchaseStore } from './copurchase-store.js';
import { CopurchaseBaseline1765000002000 } from './migrations/1765000002000-copurchase-baseline.js';
import { copurchaseData } from './copurchase.data.js';

/** Entities and migrations of this folder. */
export const copurchaseSchema: Schema = {
  entities: [
    CopurchaseSourceEntity,
    CopurchaseProductEntity,
    CopurchaseProductGroupEntity,
    CopurchaseOfferEntity,
    CopurchaseOrderEntity,
    CopurchaseItemEntity,
    CopurchasePairEntity,
  ],
  accountData: [copurchaseData],
  migrations: [CopurchaseBaseline1765000002000],
};

/** The co-purchase service. */
@Module({
  imports: [ConnectionsModule],
  controllers: [CopurchaseOperatorController],
  providers: [CopurchaseStore, CopurchaseCounts, CopurchaseRanking, CopurchaseReading, CopurchaseProvider],
  exports: [CopurchaseProvider],
})
export class CopurchaseModule {}
