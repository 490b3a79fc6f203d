import { type DynamicModule, Global, Module } from '@nestjs/common';
import { type ProviderService, registryModule } from '#connections';
import type { Schema } from '#platform';
import { DeliveryCallbacksController } from './delivery-callbacks.controller.js';
import { DeliveryEntity, DeliveryStatusEntity, ShipmentEntity } from './delivery.entity.js';
import { DeliveryOperations } from './delivery-operations.js';
import { DeliveryOperatorController } from './delivery-operator.controller.js';
import { DeliveryPoll } from './delivery-poll.js';
import { DeliveryProviders } from './delivery-providers.js';
import { DeliveryRefresh } from './delivery-refresh.js';
import { DeliveryRegistration } from './delivery.registration.js';
import { DeliveryService } from './delivery.service.js';
import { DeliveryStatusesService } from './delivery-statuses.service.js';
import { DeliveryStore } from './delivery-store.js';
import { DeliveryWebhooksService } from './delivery-webhooks.service.js';
import { Deliveries1764000000500 } from './migrations/1764000000500-deliveries.js';
import { DeliveryPersonalData1764000200710 } from './migrations/1764000200710-delivery-personal-data.js';
import { ReportedTimes1764000200300 } from './migrations/1764000200300-reported-times.js';
import type { DeliveryProvider } from './port/index.js';
import { ShipmentService } from './shipment.service.js';
import { TrackingPacker } from './tracking.packer.js';

/** Entities and migrations of this folder. */
export const deliverySchema: Schema = {
  entities: [DeliveryEntity, DeliveryStatusEntity, ShipmentEntity],
  migrations: [Deliveries1764000000500, ReportedTimes1764000200300, DeliveryPersonalData1764000200710],
};

/** The providers, apart from the integration: what modules there are follows from them. `services` are Nest modules that export their provider's class. */
@Global()
@Module({})
export class DeliveryProvidersModule {
  static forRoot(adapters: readonly DeliveryProvider[], services: readonly ProviderService<DeliveryProvider>[]): DynamicModule {
    return registryModule(DeliveryProvidersModule, DeliveryProviders, adapters, services);
  }
}

/** The delivery integration. */
@Module({
  controllers: [DeliveryCallbacksController, DeliveryOperatorController],
  providers: [
    DeliveryStore,
    DeliveryService,
    ShipmentService,
    DeliveryOperations,
    DeliveryStatusesService,
    DeliveryPoll,
    DeliveryRefresh,
    DeliveryRegistration,
    DeliveryWebhooksService,
    TrackingPacker,
  ],
  exports: [DeliveryStatusesService],
})
export class DeliveryModule {}
