export { FakeCarrier } from './fake-carrier.js';
export type { FakeCarrierOptions } from './fake-carrier.js';
export type { CarrierModes } from './carrier-control.js';
export type { CarrierCall, CarrierFault } from './carrier-faults.js';
export { CARRIER_STATES } from './carrier-book.js';
export type { CarrierEvent, CarrierOrder, CarrierOrderRequest, CarrierParcel, CarrierShipment, CarrierStatusPush } from './carrier-book.js';
export { computeCarrierPrice } from './carrier-network.js';
export { SIGNATURE_HEADER, sign, TIMESTAMP_HEADER } from './carrier-webhooks.js';
export type { CarrierWebhookFlush, WebhookAttempt } from './carrier-webhooks.js';
