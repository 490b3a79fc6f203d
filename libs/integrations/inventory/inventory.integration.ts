import { defineIntegration } from '#integration-kit';
import { inventoryReplies } from './inventory-replies.js';
import { OutboxStockChanges } from './outbox-stock-changes.js';
import { StoreBaseline1765000001500 } from './migrations/1765000001500-store-baseline.js';
import { InventoryTerms1765000003500 } from './migrations/1765000003500-inventory-terms.js';
import { StockUpdatesStore } from './stock-updates-store.js';
import type { StoreProvider } from './port/index.js';
import { ReservationStore } from './reservation-store.js';
import { StockChanges } from './services/index.js';
import { StockMoves } from './stock-moves.js';
import { StockUpdatesJob } from './stock-updates.js';
import { StockPacker } from './stock.packer.js';
import { StockFigures } from './stock-figures.js';
import { StockWidget } from './stock.widget.js';
import { InventoryFigures1765000004000 } from './migrations/1765000004000-inventory-figures.js';
import { StockComparison } from './stock.comparison.js';
import { InventoryCallbacksController } from './inventory-callbacks.controller.js';
import { InventoryReservationEntity, InventoryStateEntity, StockFigureEntity } from './inventory.entity.js';
import { InventoryOperatorController } from './inventory-operator.controller.js';
import { InventoryRegistration } from './inventory.registration.js';
import { InventoryRetention } from './inventory-retention.js';
import { InventoryService } from './inventory.service.js';
import { InventoryWebhooksService } from './inventory-webhooks.service.js';
import { inventoryData } from './inventory.data.js';

/**
 * The warehouse integration. Its providers store the stock. The integration stores orders' reservations at
 * outside warehouses.
 */
export const inventory = defineIntegration<StoreProvider>({
  code: 'store',
  replies: inventoryReplies,
  controllers: [InventoryCallbacksController],
  services: [ReservationStore, StockFigures, StockUpdatesStore],
  registration: InventoryRegistration,
  webhooks: InventoryWebhooksService,
  packers: [StockPacker],
  operations: [InventoryService, StockMoves],
  stockKeeper: StockMoves,
  widgets: StockWidget,
  comparison: StockComparison,
  jobs: [StockUpdatesJob, InventoryRetention],
  operatorLists: [InventoryOperatorController],
  ports: [{ provide: StockChanges, useClass: OutboxStockChanges }],
  entities: [InventoryReservationEntity, InventoryStateEntity, StockFigureEntity],
  accountData: [inventoryData],
  migrations: [StoreBaseline1765000001500, InventoryTerms1765000003500, InventoryFigures1765000004000],
});
