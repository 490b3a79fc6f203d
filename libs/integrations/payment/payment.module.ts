import { type DynamicModule, Global, Module } from '@nestjs/common';
import { type ProviderService, registryModule } from '#connections';
import type { Schema } from '#platform';
import { AutomaticCapture } from './automatic-capture.js';
import { CaptureCheck } from './capture-check.js';
import { InvoicePacker } from './invoice.packer.js';
import { Payments1764000000600 } from './migrations/1764000000600-payments.js';
import { PaymentPersonalData1764000200720 } from './migrations/1764000200720-payment-personal-data.js';
import { PaymentDisputes1764000200110 } from './migrations/1764000200110-payment-disputes.js';
import { PaymentPageController } from './page/payment-page.controller.js';
import { PaymentPageService } from './page/payment-page.service.js';
import { PaymentCallbacksController } from './payment-callbacks.controller.js';
import { PaymentEntity, PaymentEventEntity, PaymentRefundEntity } from './payment.entity.js';
import { PaymentOperations } from './payment-operations.js';
import { PaymentOperatorController } from './payment-operator.controller.js';
import { PaymentProviders } from './payment-providers.js';
import { PaymentReader } from './payment-reader.js';
import { PaymentRegistration } from './payment.registration.js';
import { PaymentService } from './payment.service.js';
import { PaymentStatesService } from './payment-states.service.js';
import { PaymentStore } from './payment-store.js';
import { PaymentWebhooksService } from './payment-webhooks.service.js';
import type { PaymentProvider } from './port/index.js';

/** Entities and migrations of this folder. */
export const paymentSchema: Schema = {
  entities: [PaymentEntity, PaymentRefundEntity, PaymentEventEntity],
  migrations: [Payments1764000000600, PaymentDisputes1764000200110, PaymentPersonalData1764000200720],
};

/** The providers, apart from the integration: what modules there are follows from them. */
@Global()
@Module({})
export class PaymentProvidersModule {
  static forRoot(adapters: readonly PaymentProvider[], services: readonly ProviderService<PaymentProvider>[]): DynamicModule {
    return registryModule(PaymentProvidersModule, PaymentProviders, adapters, services);
  }
}

/** The payment integration. */
@Module({
  controllers: [PaymentCallbacksController, PaymentOperatorController, PaymentPageController],
  providers: [
    PaymentStore,
    PaymentStatesService,
    PaymentOperations,
    PaymentReader,
    CaptureCheck,
    PaymentService,
    AutomaticCapture,
    PaymentRegistration,
    PaymentWebhooksService,
    InvoicePacker,
    PaymentPageService,
  ],
})
export class PaymentModule {}
