export * from './payment.integration.js';
export * from './payment.entity.js';
export * from './payment-retention.js';
export type { InvoiceStatus } from './payment-facts.js';
export type { PaymentDetails, PaymentView } from './payment-operator.controller.js';
