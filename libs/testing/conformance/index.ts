export { runDeliveryConformance } from './delivery-conformance.js';
export type {
  DeliveryConformanceOptions,
  CustomsPapers,
  CustomsSample,
  DeliverySubject,
  ExpectedFigures,
  OptionalDeliveryMethod,
} from './delivery-conformance.js';
export * from './lose-replies.js';
export { existingPayment, runPaymentConformance } from './payment-conformance.js';
export type { OptionalPaymentMethod, PaymentConformanceOptions, PaymentRefusals, PaymentSubject } from './payment-conformance.js';
export * from './provider-conformance.js';
export * from './store-conformance.js';
export * from './webhook-conformance.js';
export * from './recommendation-conformance.js';
export * from './telephony-conformance.js';
export * from './chat-conformance.js';
export type { UntidyInvoices } from './untidy-invoices.js';
export type { UntidyOrders } from './untidy-orders.js';
export type { Figure, ServiceFigures, ServiceParty } from './figures.js';
export type { LostCall, ServiceFaults } from './lost-calls.js';
