import { defineIntegration } from '#integration-kit';
import { deliveryReplies } from './delivery-replies.js';
import { DeliveryCallbacksController } from './delivery-callbacks.controller.js';
import { DeliveryComparison } from './delivery.comparison.js';
import { DeliveryEntity, DeliveryStatusEntity, ShipmentEntity } from './delivery.entity.js';
import { deliveryHoldings } from './delivery.holding.js';
import { DeliveryErasure } from './delivery-erasure.js';
import { DeliveryHistory } from './delivery-history.js';
import { DeliveryImport } from './delivery-import.js';
import { DeliveryOperations } from './delivery-operations.js';
import { DeliveryOperatorController } from './delivery-operator.controller.js';
import { DeliveryPhones } from './delivery-phones.js';
import { DeliveryPoll } from './delivery-poll.js';
import { DeliveryRegistration } from './delivery.registration.js';
import { DeliveryRetention } from './delivery-retention.js';
import { DeliveryPrintService } from './delivery-print.service.js';
import { DeliverySaveService } from './delivery-save.service.js';
import { DeliveryService } from './delivery.service.js';
import { DeliveryTeller } from './delivery.teller.js';
import { DeliveryStatusesService } from './delivery-statuses.service.js';
import { DeliveryStore } from './delivery-store.js';
import { DeliveryWebhooksService } from './delivery-webhooks.service.js';
import { Deliveries1764000000500 } from './migrations/1764000000500-deliveries.js';
import { DeliveryPersonalData1764000200710 } from './migrations/1764000200710-delivery-personal-data.js';
import { DeliveryLists1764000400500 } from './migrations/1764000400500-delivery-lists.js';
import { DeliveryRetention1764000400510 } from './migrations/1764000400510-delivery-retention.js';
import { DeliveryOrderIndexes1764000400520 } from './migrations/1764000400520-delivery-order-indexes.js';
import { DeliveryChoices1764000600410 } from './migrations/1764000600410-delivery-choices.js';
import { ReportedTimes1764000200300 } from './migrations/1764000200300-reported-times.js';
import { DeliverySearch1764000700340 } from './migrations/1764000700340-delivery-search.js';
import { DeliveryRowsAsWritten1764000960410 } from './migrations/1764000960410-delivery-rows-as-written.js';
import { DeliveryPhones1764000970000 } from './migrations/1764000970000-delivery-phones.js';
import { DeliveriesOfBefore1764000600510 } from './migrations/1764000600510-deliveries-of-before.js';
import { UnansweredDeliveries1764000974000 } from './migrations/1764000974000-unanswered-deliveries.js';
import type { DeliveryProvider } from './port/index.js';
import { describeRules } from './rules/rules.dto.js';
import { DeliveryRulesPart } from './rules/rules.part.js';
import { ShipmentOperations } from './shipment-operations.js';
import { ShipmentService } from './shipment.service.js';
import { ShipmentStore } from './shipment-store.js';
import { TrackingPacker } from './tracking.packer.js';

/** The delivery integration. */
export const delivery = defineIntegration<DeliveryProvider>({
  code: 'delivery',
  replies: deliveryReplies,
  controllers: [DeliveryCallbacksController],
  services: [
    ...[DeliveryStore, DeliveryHistory, ShipmentStore, DeliveryStatusesService],
    ...[DeliveryService, DeliverySaveService, DeliveryPrintService, ShipmentService],
  ],
  registration: DeliveryRegistration,
  rules: { describe: describeRules, part: DeliveryRulesPart },
  webhooks: DeliveryWebhooksService,
  packers: [TrackingPacker],
  operations: [DeliveryOperations, ShipmentOperations],
  comparison: DeliveryComparison,
  teller: DeliveryTeller,
  jobs: [DeliveryPoll, DeliveryPhones, DeliveryRetention, DeliveryErasure],
  imports: [DeliveryImport],
  operatorLists: [DeliveryOperatorController],
  entities: [DeliveryEntity, DeliveryStatusEntity, ShipmentEntity],
  holdings: deliveryHoldings,
  migrations: [
    Deliveries1764000000500,
    ReportedTimes1764000200300,
    DeliveryPersonalData1764000200710,
    DeliveryLists1764000400500,
    DeliveryRetention1764000400510,
    DeliveryOrderIndexes1764000400520,
    DeliveryChoices1764000600410,
    DeliveriesOfBefore1764000600510,
    DeliverySearch1764000700340,
    DeliveryRowsAsWritten1764000960410,
    DeliveryPhones1764000970000,
    UnansweredDeliveries1764000974000,
  ],
});
