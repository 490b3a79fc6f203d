export { FakeCarrier, SIGNATURE_HEADER, sign, TIMESTAMP_HEADER } from './fake-carrier.js';
export { CARRIER_STATES } from './carrier-book.js';
export type { CarrierOrder } from './carrier-book.js';
export { computeCarrierPrice } from './carrier-network.js';
export type { CarrierEvent, CarrierOrderRequest, CarrierParcel } from './carrier-wire.js';
