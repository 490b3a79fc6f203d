import type { DeliveryStatus } from '#delivery/port';
import { texts } from './courier.texts.js';

/** Statuses of a courier delivery, in life order. */
export const COURIER_STATUSES = [
  { code: 'awaiting-confirmation', name: texts.statuses['awaiting-confirmation'], isPreprocessing: true },
  { code: 'created', name: texts.statuses.created, isEditable: true },
  { code: 'accepted', name: texts.statuses.accepted, isEditable: true },
  { code: 'sorting', name: texts.statuses.sorting, isEditable: true },
  { code: 'in-transit', name: texts.statuses['in-transit'], isTaken: true },
  { code: 'at-pickup-point', name: texts.statuses['at-pickup-point'], isTaken: true },
  { code: 'out-for-delivery', name: texts.statuses['out-for-delivery'], isTaken: true },
  { code: 'delivery-failed', name: texts.statuses['delivery-failed'], isTaken: true, isEditable: true, isError: true },
  { code: 'address-problem', name: texts.statuses['address-problem'], isEditable: true, isError: true },
  { code: 'rescheduled', name: texts.statuses.rescheduled, isEditable: true },
  { code: 'delivered', name: texts.statuses.delivered, isFinal: true },
  { code: 'refused', name: texts.statuses.refused, isTaken: true },
  { code: 'return-in-transit', name: texts.statuses['return-in-transit'], isTaken: true },
  { code: 'returned', name: texts.statuses.returned, isReturned: true, isFinal: true },
  { code: 'lost', name: texts.statuses.lost, isError: true, isFinal: true },
  { code: 'damaged', name: texts.statuses.damaged, isError: true, isFinal: true },
  { code: 'cancelled', name: texts.statuses.cancelled, isFinal: true },
] as const satisfies readonly DeliveryStatus[];

/** A status code in the list. */
export type CourierStatusCode = (typeof COURIER_STATUSES)[number]['code'];

export const CREATED_STATUS = 'created' satisfies CourierStatusCode;
export const CANCELLED_STATUS = 'cancelled' satisfies CourierStatusCode;

/** Statuses of a parcel that is returning or will not move again, so it cannot be cancelled. */
const PAST_CANCELLING: ReadonlySet<string> = new Set<CourierStatusCode>([
  'delivered',
  'refused',
  'return-in-transit',
  'returned',
  'lost',
  'damaged',
]);

const byCode: ReadonlyMap<string, DeliveryStatus> = new Map(COURIER_STATUSES.map((status) => [status.code, status]));

/** Returns the status of a code, or undefined if the list does not contain it. */
export function findStatus(code: string): DeliveryStatus | undefined {
  return byCode.get(code);
}

export function isCancellable(code: string): boolean {
  return byCode.has(code) && !PAST_CANCELLING.has(code);
}
