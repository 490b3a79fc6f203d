export { runDeliveryConformance } from './delivery-conformance.js';
export type { DeliveryConformanceOptions, DeliverySubject, ExpectedFailure, OptionalDeliveryMethod } from './delivery-conformance.js';
