import { type DynamicModule, Global, Module } from '@nestjs/common';
import { type ProviderService, registryModule } from '#connections';
import { OutboxStockChanges } from './outbox-stock-changes.js';
import { StockChanges, type StoreProvider } from './port/index.js';
import { StockPacker } from './stock.packer.js';
import { StoreCallbacksController } from './store-callbacks.controller.js';
import { StoreProviders } from './store-providers.js';
import { StoreRegistration } from './store.registration.js';
import { StoreService } from './store.service.js';

/** The providers, apart from the integration: what modules there are follows from them. */
@Global()
@Module({})
export class StoreProvidersModule {
  static forRoot(adapters: readonly StoreProvider[], services: readonly ProviderService<StoreProvider>[]): DynamicModule {
    return registryModule(StoreProvidersModule, StoreProviders, adapters, services);
  }
}

/** The warehouse integration; global, because it fills StockChanges for the services behind its port. */
@Global()
@Module({
  controllers: [StoreCallbacksController],
  providers: [StoreService, StoreRegistration, StockPacker, { provide: StockChanges, useClass: OutboxStockChanges }],
  exports: [StockChanges],
})
export class StoreModule {}
