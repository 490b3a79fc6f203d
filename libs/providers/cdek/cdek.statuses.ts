import { defineStatuses } from '#delivery/port';
import { texts } from './cdek.texts.js';

/** CDEK's reason of a delivery in part. */
const PARTIAL = '20';

/** The statuses in life order, and CDEK's codes: its lists have had two names for many of them. */
export const STATUSES = defineStatuses([
  { code: 'registering', name: texts.statuses.registering, isPreprocessing: true, from: ['ACCEPTED'] },
  { code: 'refused', name: texts.statuses.refused, isError: true, isEditable: true, from: ['INVALID'] },
  { code: 'change-refused', name: texts.statuses['change-refused'], isError: true, isEditable: true, from: 'adapter' },
  { code: 'created', name: texts.statuses.created, isEditable: true, from: ['CREATED'] },
  { code: 'accepted', name: texts.statuses.accepted, isTaken: true, from: ['RECEIVED_AT_SHIPMENT_WAREHOUSE'] },
  // Not a return to the shop: the carriage did not begin and will.
  {
    code: 'back-at-sender-warehouse',
    name: texts.statuses['back-at-sender-warehouse'],
    from: ['RETURNED_TO_SENDER_CITY_WAREHOUSE', 'RETURNED_TO_SENDER_WAREHOUSE'],
  },
  { code: 'unrecognised', name: texts.statuses.unrecognised, from: 'unknown' },
  {
    code: 'leaving',
    name: texts.statuses.leaving,
    isTaken: true,
    from: [
      'READY_FOR_SHIPMENT_IN_SENDER_CITY',
      'READY_TO_SHIP_AT_SENDING_OFFICE',
      'TAKEN_BY_TRANSPORTER_FROM_SENDER_CITY',
      'PASSED_TO_CARRIER_AT_SENDING_OFFICE',
    ],
  },
  {
    code: 'in-transit',
    name: texts.statuses['in-transit'],
    isTaken: true,
    from: [
      'SENT_TO_TRANSIT_CITY',
      'SEND_TO_TRANSIT_OFFICE',
      'ACCEPTED_IN_TRANSIT_CITY',
      'MET_AT_TRANSIT_OFFICE',
      'ACCEPTED_AT_TRANSIT_WAREHOUSE',
      'ACCEPTED_TO_OFFICE_TRANSIT_WAREHOUSE',
      'ENTERED_TO_OFFICE_TRANSIT_WAREHOUSE',
      'RETURNED_TO_TRANSIT_WAREHOUSE',
      'READY_FOR_SHIPMENT_IN_TRANSIT_CITY',
      'READY_TO_SHIP_IN_TRANSIT_OFFICE',
      'TAKEN_BY_TRANSPORTER_FROM_TRANSIT_CITY',
      'PASSED_TO_CARRIER_AT_TRANSIT_OFFICE',
      'SENT_TO_SENDER_CITY',
      'SEND_TO_SENDING_OFFICE',
      'ACCEPTED_IN_SENDER_CITY',
      'MET_AT_SENDING_OFFICE',
      'SENT_TO_RECIPIENT_CITY',
      'SEND_TO_RECIPIENT_OFFICE',
      'SHIPPED_TO_DESTINATION',
      'PASSED_TO_TRANSIT_CARRIER',
    ],
  },
  { code: 'in-customs', name: texts.statuses['in-customs'], isTaken: true, from: ['IN_CUSTOMS_INTERNATIONAL', 'IN_CUSTOMS_LOCAL'] },
  { code: 'customs-cleared', name: texts.statuses['customs-cleared'], isTaken: true, from: ['CUSTOMS_COMPLETE'] },
  {
    code: 'in-city',
    name: texts.statuses['in-city'],
    isTaken: true,
    from: [
      'ACCEPTED_IN_RECIPIENT_CITY',
      'MET_AT_RECIPIENT_OFFICE',
      'ENTERED_TO_DELIVERY_WAREHOUSE',
      'ENTERED_TO_WAREHOUSE_ON_DEMAND',
      'ACCEPTED_AT_RECIPIENT_CITY_WAREHOUSE',
      'ACCEPTED_AT_DELIVERY_WAREHOUSE',
    ],
  },
  {
    code: 'at-point',
    name: texts.statuses['at-point'],
    isTaken: true,
    from: ['ACCEPTED_AT_PICK_UP_POINT', 'ACCEPTED_AT_WAREHOUSE_ON_DEMAND'],
  },
  { code: 'in-locker', name: texts.statuses['in-locker'], isTaken: true, from: ['POSTOMAT_POSTED'] },
  { code: 'with-courier', name: texts.statuses['with-courier'], isTaken: true, from: ['TAKEN_BY_COURIER', 'ISSUED_FOR_DELIVERY'] },
  {
    code: 'attempt-failed',
    name: texts.statuses['attempt-failed'],
    isTaken: true,
    isError: true,
    from: ['RETURNED_TO_RECIPIENT_CITY_WAREHOUSE', 'RETURNED_TO_DELIVERY_WAREHOUSE'],
  },
  { code: 'returning', name: texts.statuses.returning, isTaken: true, isError: true, isReturning: true, from: ['POSTOMAT_SEIZED'] },
  // DELIVERED follows it.
  { code: 'collected', name: texts.statuses.collected, isTaken: true, from: ['POSTOMAT_RECEIVED'] },
  { code: 'delivered', name: texts.statuses.delivered, isFinal: true, from: ['DELIVERED'] },
  // DELIVERED with the reason 20.
  { code: 'partly-delivered', name: texts.statuses['partly-delivered'], isFinal: true, isPartial: true, from: 'adapter' },
  {
    ...{ code: 'not-delivered', name: texts.statuses['not-delivered'], isTaken: true, isError: true, isFinal: true, isReturning: true },
    from: ['NOT_DELIVERED'],
  },
  // A status of the return, if the setting follows returns.
  { code: 'returned', name: texts.statuses.returned, isFinal: true, isReturned: true, from: 'adapter' },
  { code: 'cancelled', name: texts.statuses.cancelled, isFinal: true, from: ['REMOVED'] },
]);

/** Code of one of them. */
export type StatusCode = (typeof STATUSES)['codes'][number];

export const { read: readStatus, getLifeIndex, getName: getStatusName } = STATUSES;

/** Our status for one of CDEK's with its reason. The account's rules go first. */
export function readReason(code: string, reason: string | undefined, rules?: Parameters<typeof readStatus>[1]): StatusCode {
  const status = readStatus(code, rules);
  return status === 'delivered' && code === 'DELIVERED' && reason === PARTIAL ? 'partly-delivered' : status;
}

/** Whether nothing can follow a status. */
export function isFinal(code: string): boolean {
  return STATUSES.has(code, 'isFinal');
}

/** Whether CDEK has the parcel, so that the order can be neither changed nor deleted. */
export function hasMoved(code: string): boolean {
  return STATUSES.isAfter(code, 'created');
}
