export { runDeliveryConformance } from './delivery/index.js';
export type {
  DeliveryConformanceOptions,
  CustomsPapers,
  CustomsSample,
  DeliverySubject,
  ExpectedFigures,
  OptionalDeliveryMethod,
} from './delivery/index.js';
export * from './lose-replies.js';
export { existingPayment, runPaymentConformance } from './payment/index.js';
export type { OptionalPaymentMethod, PaymentConformanceOptions, PaymentRefusals, PaymentSubject } from './payment/index.js';
export * from './provider/index.js';
export * from './store/index.js';
export * from './provider/webhook.js';
export * from './recommendation.js';
export * from './telephony/index.js';
export * from './chat/index.js';
export type { UntidyInvoices } from './payment/untidy-invoices.js';
export type { UntidyOrders } from './delivery/untidy-orders.js';
export type { Figure, ServiceFigures, ServiceParty } from './delivery/figures.js';
export type { LostCall, ServiceFaults } from './lost-calls.js';
