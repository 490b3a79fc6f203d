import { defineIntegration } from '#integration-kit';
import { paymentReplies } from './payment-replies.js';
import { AutomaticCapture } from './automatic-capture.js';
import { CaptureCheck } from './capture-check.js';
import { InvoicePacker } from './invoice.packer.js';
import { PaymentBaseline1765000001300 } from './migrations/1765000001300-payment-baseline.js';
import { PaymentDetails1765000003000 } from './migrations/1765000003000-payment-details.js';
import { PaymentTerms1765000003400 } from './migrations/1765000003400-payment-terms.js';
import { PaymentsOfOrder1765000004400 } from './migrations/1765000004400-payments-of-order.js';
import { PaymentPageController } from './page/payment-page.controller.js';
import { PaymentPageService } from './page/payment-page.service.js';
import { PaymentCallbacksController } from './payment-callbacks.controller.js';
import { PaymentEntity, PaymentEventEntity, PaymentRefundEntity } from './payment.entity.js';
import { PaymentMoney } from './payment.money.js';
import { PaymentMoveIn } from './payment-move-in.js';
import { PaymentLookup } from './payment-lookup.js';
import { PaymentOperations } from './payment-operations.js';
import { PaymentOperatorController } from './payment-operator.controller.js';
import { PaymentDuties } from './payment-duties.js';
import { PaymentComparison } from './payment.comparison.js';
import { PaymentReader } from './payment-reader.js';
import { PaymentRegistryIndex1765000004100 } from './migrations/1765000004100-payment-registry-index.js';
import { PaymentRegistry } from './payment.registry.js';
import { PaymentRegistration } from './payment.registration.js';
import { PaymentRetention } from './payment-retention.js';
import { PaymentShops } from './payment-shops.js';
import { PaymentService } from './payment.service.js';
import { PaymentStatesService } from './payment-states.service.js';
import { PaymentStore } from './payment-store.js';
import { PaymentWebhooksService } from './payment-webhooks.service.js';
import type { PaymentProvider } from './port/index.js';
import { paymentsData } from './payment.data.js';
import { PaymentStoryReader } from './payment.story-reader.js';
import { TrialPageService } from './page/trial-page.service.js';
import { TrialPaymentEntity } from './trial/trial-payment.entity.js';
import { TrialPayments } from './trial/trial-payments.js';
import { PaymentWidget } from './widget/payment.widget.js';

export const payment = defineIntegration<PaymentProvider>({
  code: 'payment',
  replies: paymentReplies,
  controllers: [PaymentCallbacksController, PaymentPageController],
  services: [
    PaymentStore,
    PaymentLookup,
    PaymentStatesService,
    CaptureCheck,
    PaymentService,
    PaymentPageService,
    PaymentRegistry,
    PaymentShops,
    TrialPayments,
    TrialPageService,
  ],
  registration: PaymentRegistration,
  storyReader: PaymentStoryReader,
  widgets: PaymentWidget,
  webhooks: PaymentWebhooksService,
  packers: [InvoicePacker],
  operations: [PaymentOperations, PaymentWidget],
  comparison: PaymentComparison,
  money: PaymentMoney,
  jobs: [PaymentReader, AutomaticCapture, PaymentDuties, PaymentRetention],
  moveIns: [PaymentMoveIn],
  operatorLists: [PaymentOperatorController],
  entities: [PaymentEntity, PaymentRefundEntity, PaymentEventEntity, TrialPaymentEntity],
  accountData: [paymentsData],
  migrations: [
    PaymentBaseline1765000001300,
    PaymentDetails1765000003000,
    PaymentTerms1765000003400,
    PaymentRegistryIndex1765000004100,
    PaymentsOfOrder1765000004400,
  ],
});
