import { defineIntegration } from '#integration-kit';
import { BuyerDocuments } from './buyer-documents.js';
import { deliveryReplies } from './delivery-replies.js';
import { DeliveryCallbacksController } from './delivery-callbacks.controller.js';
import { DeliveryComparison } from './delivery.comparison.js';
import { DeliveryEntity, DeliveryStatusEntity, ShipmentEntity } from './delivery.entity.js';
import { deliveryData } from './delivery.data.js';
import { DeliveryDeletion } from './delivery-deletion.js';
import { DeliveryHistory } from './delivery-history.js';
import { DeliveryMoney } from './delivery.money.js';
import { DeliveryMoveIn } from './delivery-move-in.js';
import { DeliveryOperations } from './delivery-operations.js';
import { DeliveryOperatorController } from './delivery-operator.controller.js';
import { DeliveryPhones } from './delivery-phones.js';
import { DeliveryPoll } from './delivery-poll.js';
import { DeliveryRegistry } from './delivery.registry.js';
import { DeliveryRegistration } from './delivery.registration.js';
import { DeliveryRetention } from './delivery-retention.js';
import { DeliveryPrintService } from './delivery-print.service.js';
import { DeliverySaveService } from './delivery-save.service.js';
import { DeliveryService } from './delivery.service.js';
import { DeliveryStoryReader } from './delivery.story-reader.js';
import { DeliveryStatusesService } from './delivery-statuses.service.js';
import { DeliveryStore } from './delivery-store.js';
import { DeliveryWebhooksService } from './delivery-webhooks.service.js';
import { DeliveryBaseline1765000001200 } from './migrations/1765000001200-delivery-baseline.js';
import { DeliveryDetails1765000004500 } from './migrations/1765000004500-delivery-details.js';
import { DeliveryStock1765000005701 } from './migrations/1765000005701-delivery-stock.js';
import type { DeliveryProvider } from './port/index.js';
import { describeRules } from './rules/rules.dto.js';
import { DeliveryRulesContributor } from './rules/rules.contributor.js';
import { ShipmentOperations } from './shipment-operations.js';
import { ShipmentService } from './shipment.service.js';
import { ShipmentStore } from './shipment-store.js';
import { DeliveryStock } from './stock/delivery-stock.js';
import { TrackingPacker } from './tracking.packer.js';
import { DeliveryWidget } from './widget/delivery.widget.js';

/** The delivery integration. */
export const delivery = defineIntegration<DeliveryProvider>({
  code: 'delivery',
  replies: deliveryReplies,
  controllers: [DeliveryCallbacksController],
  services: [
    ...[BuyerDocuments, DeliveryStore, DeliveryHistory, ShipmentStore, DeliveryStatusesService],
    ...[DeliveryService, DeliverySaveService, DeliveryPrintService, ShipmentService, DeliveryRegistry],
  ],
  registration: DeliveryRegistration,
  rules: { describe: describeRules, contributor: DeliveryRulesContributor },
  webhooks: DeliveryWebhooksService,
  packers: [TrackingPacker],
  operations: [DeliveryOperations, ShipmentOperations, DeliveryWidget],
  comparison: DeliveryComparison,
  money: DeliveryMoney,
  storyReader: DeliveryStoryReader,
  widgets: DeliveryWidget,
  jobs: [DeliveryPoll, DeliveryStock, DeliveryPhones, DeliveryRetention, DeliveryDeletion],
  moveIns: [DeliveryMoveIn],
  operatorLists: [DeliveryOperatorController],
  entities: [DeliveryEntity, DeliveryStatusEntity, ShipmentEntity],
  accountData: deliveryData,
  migrations: [DeliveryBaseline1765000001200, DeliveryDetails1765000004500, DeliveryStock1765000005701],
});
