import { defineIntegration } from '#integration-kit';
import { storeReplies } from './store-replies.js';
import { OutboxStockChanges } from './outbox-stock-changes.js';
import { StoreBaseline1765000001500 } from './migrations/1765000001500-store-baseline.js';
import { InventoryTerms1765000003500 } from './migrations/1765000003500-inventory-terms.js';
import { StockUpdatesStore } from './stock-updates-store.js';
import type { StoreProvider } from './port/index.js';
import { ReservationStore } from './reservation-store.js';
import { StockChanges } from './services/index.js';
import { StockUpdatesJob } from './stock-updates.js';
import { StockPacker } from './stock.packer.js';
import { StockComparison } from './stock.comparison.js';
import { StoreCallbacksController } from './store-callbacks.controller.js';
import { StoreReservationEntity, StoreStateEntity } from './store.entity.js';
import { StoreOperatorController } from './store-operator.controller.js';
import { StoreRegistration } from './store.registration.js';
import { StoreRetention } from './store-retention.js';
import { StoreService } from './store.service.js';
import { StoreWebhooksService } from './store-webhooks.service.js';
import { storeData } from './store.data.js';

/**
 * The warehouse integration. Its providers store the stock. The integration stores orders' reservations at
 * outside warehouses.
 */
export const store = defineIntegration<StoreProvider>({
  code: 'store',
  replies: storeReplies,
  controllers: [StoreCallbacksController],
  services: [ReservationStore, StockUpdatesStore],
  registration: StoreRegistration,
  webhooks: StoreWebhooksService,
  packers: [StockPacker],
  operations: [StoreService],
  comparison: StockComparison,
  jobs: [StockUpdatesJob, StoreRetention],
  operatorLists: [StoreOperatorController],
  ports: [{ provide: StockChanges, useClass: OutboxStockChanges }],
  entities: [StoreReservationEntity, StoreStateEntity],
  accountData: [storeData],
  migrations: [StoreBaseline1765000001500, InventoryTerms1765000003500],
});
