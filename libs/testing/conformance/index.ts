export { runDeliveryConformance } from './delivery-conformance.js';
export type { DeliveryConformanceOptions, DeliverySubject, OptionalDeliveryMethod } from './delivery-conformance.js';
export { existingPayment, runPaymentConformance } from './payment-conformance.js';
export type { OptionalPaymentMethod, PaymentConformanceOptions, PaymentSubject } from './payment-conformance.js';
export * from './provider-conformance.js';
export * from './store-conformance.js';
export * from './webhook-conformance.js';
export * from './recommendation-conformance.js';
export * from './telephony-conformance.js';
