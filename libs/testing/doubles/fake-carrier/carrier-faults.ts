import type { HttpFault } from '../../double/faults.js';

/** The calls of the carrier's API, by name. */
export const CARRIER_CALLS = [
  'quotes',
  'services',
  'points',
  'docks',
  'createOrder',
  'findOrders',
  'getOrder',
  'changeOrder',
  'cancelOrder',
  'documents',
  'createShipment',
  'findShipments',
  'changeShipment',
  'cancelShipment',
  'events',
] as const;
export type CarrierCall = (typeof CARRIER_CALLS)[number];

/** Carrier faults besides the HTTP ones: `unauthorized` answers 401 and does nothing. */
export interface CarrierOwnFault {
  kind: 'unauthorized';
}
export type CarrierFault = HttpFault | CarrierOwnFault;
