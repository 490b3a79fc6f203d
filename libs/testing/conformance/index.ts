export { runDeliveryConformance } from './delivery-conformance.js';
export type { DeliveryConformanceOptions, DeliverySubject, ExpectedFailure, OptionalDeliveryMethod } from './delivery-conformance.js';
export { existingPayment, runPaymentConformance } from './payment-conformance.js';
export type { OptionalPaymentMethod, PaymentConformanceOptions, PaymentSubject } from './payment-conformance.js';
export * from './provider-conformance.js';
