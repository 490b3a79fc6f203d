import { defineIntegration } from '#integration-kit';
import { OutboxStockChanges } from './outbox-stock-changes.js';
import { StockChanges, type StoreProvider } from './port/index.js';
import { StockPacker } from './stock.packer.js';
import { StoreCallbacksController } from './store-callbacks.controller.js';
import { StoreRegistration } from './store.registration.js';
import { StoreService } from './store.service.js';

/** The warehouse integration. It keeps nothing: its providers do. */
export const store = defineIntegration<StoreProvider>({
  code: 'store',
  controllers: [StoreCallbacksController],
  services: [],
  registration: StoreRegistration,
  packers: [StockPacker],
  operations: [StoreService],
  ports: [{ provide: StockChanges, useClass: OutboxStockChanges }],
  entities: [],
  migrations: [],
});
