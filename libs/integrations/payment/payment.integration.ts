import { defineIntegration } from '#integration-kit';
import { paymentReplies } from './payment-replies.js';
import { AutomaticCapture } from './automatic-capture.js';
import { CaptureCheck } from './capture-check.js';
import { InvoicePacker } from './invoice.packer.js';
import { Payments1764000000600 } from './migrations/1764000000600-payments.js';
import { PaymentPersonalData1764000200720 } from './migrations/1764000200720-payment-personal-data.js';
import { PaymentLists1764000400600 } from './migrations/1764000400600-payment-lists.js';
import { PaymentRetention1764000400610 } from './migrations/1764000400610-payment-retention.js';
import { PaymentDiscount1764000500610 } from './migrations/1764000500610-payment-discount.js';
import { SettledPayments1764000600320 } from './migrations/1764000600320-settled-payments.js';
import { PaymentDisputes1764000200110 } from './migrations/1764000200110-payment-disputes.js';
import { PaymentsOfBefore1764000600520 } from './migrations/1764000600520-payments-of-before.js';
import { PaymentPageController } from './page/payment-page.controller.js';
import { PaymentPageService } from './page/payment-page.service.js';
import { PaymentCallbacksController } from './payment-callbacks.controller.js';
import { PaymentEntity, PaymentEventEntity, PaymentRefundEntity } from './payment.entity.js';
import { PaymentImport } from './payment-import.js';
import { PaymentLookup } from './payment-lookup.js';
import { PaymentOperations } from './payment-operations.js';
import { PaymentOperatorController } from './payment-operator.controller.js';
import { PaymentDuties } from './payment-duties.js';
import { PaymentComparison } from './payment.comparison.js';
import { PaymentReader } from './payment-reader.js';
import { PaymentRegistration } from './payment.registration.js';
import { PaymentRetention } from './payment-retention.js';
import { PaymentShops } from './payment-shops.js';
import { PaymentService } from './payment.service.js';
import { PaymentStatesService } from './payment-states.service.js';
import { PaymentStore } from './payment-store.js';
import { PaymentWebhooksService } from './payment-webhooks.service.js';
import type { PaymentProvider } from './port/index.js';
import { paymentsHolding } from './payment.holding.js';
import { PaymentTeller } from './payment.teller.js';
import { PaymentSearch1764000700341 } from './migrations/1764000700341-payment-search.js';
import { PaymentTrial1764000900000 } from './migrations/1764000900000-payment-trial.js';
import { PaymentReceipts1764000920000 } from './migrations/1764000920000-payment-receipts.js';
import { RefundGoods1764000977000 } from './migrations/1764000977000-refund-goods.js';
import { RefundReplies1764000977100 } from './migrations/1764000977100-refund-replies.js';
import { TrialPageService } from './page/trial-page.service.js';
import { TrialPaymentEntity } from './trial/trial-payment.entity.js';
import { TrialPayments } from './trial/trial-payments.js';

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
    PaymentShops,
    TrialPayments,
    TrialPageService,
  ],
  registration: PaymentRegistration,
  teller: PaymentTeller,
  webhooks: PaymentWebhooksService,
  packers: [InvoicePacker],
  operations: [PaymentOperations],
  comparison: PaymentComparison,
  jobs: [PaymentReader, AutomaticCapture, PaymentDuties, PaymentRetention],
  imports: [PaymentImport],
  operatorLists: [PaymentOperatorController],
  entities: [PaymentEntity, PaymentRefundEntity, PaymentEventEntity, TrialPaymentEntity],
  holdings: [paymentsHolding],
  migrations: [
    Payments1764000000600,
    PaymentDisputes1764000200110,
    PaymentPersonalData1764000200720,
    PaymentLists1764000400600,
    PaymentRetention1764000400610,
    PaymentDiscount1764000500610,
    SettledPayments1764000600320,
    PaymentsOfBefore1764000600520,
    PaymentSearch1764000700341,
    PaymentTrial1764000900000,
    PaymentReceipts1764000920000,
    RefundGoods1764000977000,
    RefundReplies1764000977100,
  ],
});
