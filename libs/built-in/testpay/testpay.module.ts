import { Module } from '@nestjs/common';
import { ConnectionsModule } from '#connections';
import type { Schema } from '#platform';
import { TestpayBaseline1765000001800 } from './migrations/1765000001800-testpay-baseline.js';
import { TestpayTerms1765000003600 } from './migrations/1765000003600-testpay-terms.js';
import { TestpayEventEntity, TestpayPaymentEntity, TestpayRefundEntity } from './testpay.entity.js';
import { TestpayEvents } from './testpay.events.js';
import { TestpayGateway } from './testpay.gateway.js';
import { TestpayProvider } from './testpay.provider.js';
import { testpayData } from './testpay.data.js';

/** Entities and migrations of this folder. */
export const testpaySchema: Schema = {
  entities: [TestpayPaymentEntity, TestpayRefundEntity, TestpayEventEntity],
  accountData: [testpayData],
  migrations: [TestpayBaseline1765000001800, TestpayTerms1765000003600],
};

/** The test gateway. */
@Module({ imports: [ConnectionsModule], providers: [TestpayGateway, TestpayProvider, TestpayEvents], exports: [TestpayProvider] })
export class TestpayModule {}
