import type { DeliveryStatus } from '#delivery/port';
import { texts } from './fake-carrier.texts.js';

/** The statuses in life order. */
export const STATUSES = [
  { code: 'registering', name: texts.statuses.registering, isPreprocessing: true },
  { code: 'refused', name: texts.statuses.refused, isError: true, isEditable: true },
  { code: 'registered', name: texts.statuses.registered, isEditable: true },
  { code: 'collected', name: texts.statuses.collected },
  { code: 'in-transit', name: texts.statuses['in-transit'] },
  // For codes that this adapter does not know: the parcel is somewhere, and nothing is promised.
  { code: 'unrecognised', name: texts.statuses.unrecognised },
  { code: 'at-point', name: texts.statuses['at-point'] },
  { code: 'out-for-delivery', name: texts.statuses['out-for-delivery'] },
  { code: 'attempt-failed', name: texts.statuses['attempt-failed'], isError: true },
  { code: 'returning', name: texts.statuses.returning, isError: true },
  { code: 'delivered', name: texts.statuses.delivered, isFinal: true },
  { code: 'returned', name: texts.statuses.returned, isFinal: true },
  { code: 'lost', name: texts.statuses.lost, isError: true, isFinal: true },
  { code: 'cancelled', name: texts.statuses.cancelled, isFinal: true },
] as const satisfies readonly DeliveryStatus[];

/** Code of one of them. */
export type StatusCode = (typeof STATUSES)[number]['code'];

const BY_CARRIER_STATE: ReadonlyMap<string, StatusCode> = new Map([
  ['validating', 'registering'],
  ['refused', 'refused'],
  ['registered', 'registered'],
  ['collected', 'collected'],
  ['in_transit', 'in-transit'],
  ['at_point', 'at-point'],
  ['out_for_delivery', 'out-for-delivery'],
  ['attempt_failed', 'attempt-failed'],
  ['delivered', 'delivered'],
  ['returning', 'returning'],
  ['returned', 'returned'],
  ['cancelled', 'cancelled'],
  ['lost', 'lost'],
]);

/** Our status for the carrier's state. Total: an unknown one is `unrecognised`, never an end. */
export function readStatus(carrierState: string): StatusCode {
  return BY_CARRIER_STATE.get(carrierState) ?? 'unrecognised';
}

/** Whether the carrier still takes changes of an order in this status. */
export function isEditable(code: string): boolean {
  return STATUSES.some((status) => status.code === code && 'isEditable' in status);
}
